"""The projection put together: ``run`` follows the wire, ``verify`` folds it afresh."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Final

from services.projection.projector import Projector
from services.projection.verify import lines, verify
from shared import broker, settings, telemetry
from shared.errors import NewswireError
from shared.poison import RunOfFailuresError
from shared.redis_log import RedisLog
from shared.version import VERSION


def run() -> int:
    """Follow the wire until told to stop; the exit code."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("projection", chosen.log_level)
    log = RedisLog(chosen.redis_url, chosen.desk)
    projector = Projector(chosen.views_dir, VERSION, logger)
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
