"""The projection put together: ``run`` follows the wire, the other verbs fold it afresh."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from structlog.stdlib import BoundLogger

from services.projection.projector import Projector
from services.projection.rebuild import back, rebuild
from services.projection.verify import lines, verify
from shared import broker, clock, settings, telemetry
from shared.errors import NewswireError
from shared.poison import RunOfFailuresError
from shared.printing import flushed
from shared.redis_client import ANSWER_S_MAX
from shared.redis_log import RedisLog
from shared.settings import Settings
from shared.version import VERSION

_T = TypeVar("_T")
Work = Callable[[Settings, RedisLog, BoundLogger], Awaitable[_T]]
"""What is done with a log."""


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
    try:
        result = await _asked(
            lambda chosen, log, logger: verify(chosen.views_dir, log, VERSION, logger),
            VERIFY_ANSWER_S_MAX,
        )
        _print("\n".join(lines(result)))
    except (NewswireError, RunOfFailuresError) as error:
        sys.stderr.write(f"cannot verify: {error}\n")
        return 2
    return 0 if result.is_clean else 1


PROGRESS_S: Final = 1.0
"""Between two lines of a rebuild."""


async def rebuild_views() -> int:
    """Fold the log into a new view file and publish it; exit code 1: nothing has changed.

    Raises:
        Rejected: it is done, and stdout does not take the sentence that says so.
    """

    async def work(chosen: Settings, log: RedisLog, logger: BoundLogger) -> str:
        at = await rebuild(chosen.views_dir, log, VERSION, logger, _progress())
        return f"rebuilt to seq {at.seq}; `newswire rebuild --back` takes it back"

    return await _swapped(work, "not rebuilt, the views are as they were")


async def restore_views() -> int:
    """Publish the previous view file again; exit code 1: nothing has changed.

    Raises:
        Rejected: as ``rebuild_views``.
    """

    async def work(chosen: Settings, log: RedisLog, logger: BoundLogger) -> str:
        file = await back(chosen.views_dir, log, VERSION, logger, _progress())
        return f"{file.name} is live again"

    return await _swapped(work, "not taken back")


async def _swapped(work: Work[str], failed: str) -> int:
    """Do what swaps view files and print what it says of it; the exit code."""
    try:
        done = await _asked(work)
    except (NewswireError, RunOfFailuresError) as error:
        sys.stderr.write(f"{failed}: {error}\n")
        return 1
    _print(done)
    return 0


async def _asked(work: Work[_T], answer_s_max: float = ANSWER_S_MAX) -> _T:
    """What a piece of work gives that has a log; the log is closed behind it."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("projection", "error")
    log = RedisLog(chosen.redis_url, chosen.desk, answer_s_max)
    try:
        return await work(chosen, log, logger)
    finally:
        await log.close()


def _print(text: str) -> None:
    """Print, whether somebody still reads it or not.

    Raises:
        Rejected: stdout takes no more.
    """
    with flushed():
        sys.stdout.write(f"{text}\n")


def _progress() -> Callable[[int, int], None]:
    """Tells a person at once, and then once a second, how far a rebuild is.

    Whoever does not hear it wants the rebuild all the same.
    """
    told_at_s = clock.monotonic_s() - PROGRESS_S

    def told(seq: int, head: int) -> None:
        nonlocal told_at_s
        if clock.monotonic_s() - told_at_s >= PROGRESS_S or seq == head:
            told_at_s = clock.monotonic_s()
            with suppress(OSError):
                sys.stderr.write(f"folded {seq} of {head} events\n")

    return told
