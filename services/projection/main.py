"""The projection put together: ``run`` follows the wire, the other verbs fold it afresh."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Final

from services.projection.projector import Projector
from services.projection.rebuild import back, rebuild
from services.projection.verify import lines, verify
from shared import broker, clock, settings, telemetry
from shared.errors import NewswireError
from shared.poison import RunOfFailuresError
from shared.redis_log import RedisLog
from shared.version import VERSION


def run() -> int:
    """Follow the wire until told to stop; the exit code."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("projection", chosen.log_level)
    log = RedisLog(chosen.redis_url, chosen.desk)
    projector = Projector(chosen.views_dir, log, VERSION, logger)
    try:
        return asyncio.run(broker.work("projection", [projector], log, chosen, logger))
    finally:
        projector.close()


VERIFY_ANSWER_S_MAX: Final = 3
"""A person waits: sooner told that Redis hangs than a worker is."""


async def verify_views() -> int:
    """Print how the live views compare with the log; exit code 1: they differ, 2: cannot tell."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("projection", "error")
    log = RedisLog(chosen.redis_url, chosen.desk, VERIFY_ANSWER_S_MAX)
    try:
        result = await verify(chosen.views_dir, log, VERSION, logger)
    except (NewswireError, RunOfFailuresError) as error:
        sys.stdout.write(f"cannot verify: {error}\n")
        return 2
    finally:
        await log.close()
    sys.stdout.write("\n".join(lines(result)) + "\n")
    return 0 if result.is_clean else 1


PROGRESS_S: Final = 1.0
"""Between two lines of a rebuild."""


async def rebuild_views() -> int:
    """Fold the log into a new view file and publish it; exit code 1: nothing has changed."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("projection", "error")
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        at = await rebuild(chosen.views_dir, log, VERSION, logger, _progress())
    except (NewswireError, RunOfFailuresError) as error:
        sys.stderr.write(f"not rebuilt, the views are as they were: {error}\n")
        return 1
    finally:
        await log.close()
    sys.stdout.write(f"rebuilt to seq {at.seq}; `newswire rebuild --back` takes it back\n")
    return 0


async def restore_views() -> int:
    """Publish the previous view file again; exit code 1: nothing has changed."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("projection", "error")
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        file = await back(chosen.views_dir, log, VERSION, logger, _progress())
    except (NewswireError, RunOfFailuresError) as error:
        sys.stderr.write(f"not taken back: {error}\n")
        return 1
    finally:
        await log.close()
    sys.stdout.write(f"{file.name} is live again\n")
    return 0


def _progress() -> Callable[[int, int], None]:
    """Tells a person at once, and then once a second, how far a rebuild is."""
    told_at_s = clock.monotonic_s() - PROGRESS_S

    def told(seq: int, head: int) -> None:
        nonlocal told_at_s
        if clock.monotonic_s() - told_at_s >= PROGRESS_S or seq == head:
            told_at_s = clock.monotonic_s()
            sys.stderr.write(f"folded {seq} of {head} events\n")

    return told
