"""Ingest put together: ``run`` watches the inbox, ``replay`` publishes a recording."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console

from services.ingest import report
from services.ingest.inbox import Inbox, watch
from services.ingest.parse.document import Problem
from services.ingest.publish import Publisher
from services.ingest.replay import naming, patiently, records, replay, say, summary
from shared import clock, settings, telemetry
from shared.errors import Unavailable, UnsafeLog
from shared.redis_log import RedisLog


async def run() -> int:
    """Watch the inbox until SIGTERM or SIGINT."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("ingest", chosen.log_level)
    log = RedisLog(chosen.redis_url, chosen.desk)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    inbox = Inbox(chosen.inbox_dir, Publisher(log, clock.now), logger)
    try:
        await watch(inbox, log, chosen, stopping.is_set)
    except UnsafeLog as error:
        logger.error("stopped", error=str(error))  # noqa: TRY400  # the sentence is all there is
        return 1
    finally:
        await log.close()
    return 0


async def replay_path(path: Path, source: str | None) -> int:
    """Publish a recording; exit code 1: nothing of it could be read, or the log is away."""
    chosen = settings.read(os.environ)
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without Cyrillic: no reason to end
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(stderr=False, soft_wrap=True)
    found = records(path, source)
    if isinstance(found, Problem):
        say(console, report.problem_text(found))
        return 1
    if named := naming(path, found, source):
        say(console, named)
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        await patiently(lambda: log.check_durability(chosen.durability))
        done = await replay(found, Publisher(log, clock.now), console)
    except (Unavailable, UnsafeLog) as error:
        say(console, str(error))
        say(console, "Replay again: what was published stays once.")
        return 1
    finally:
        await log.close()
    for line in summary(done):
        say(console, line)
    return 1 if done.problems and not done.outcomes else 0
