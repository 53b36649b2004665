"""The sources put together: what ``sources.toml`` names is read from the world, and published."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from structlog.stdlib import BoundLogger

from services.ingest.fence import Fence
from services.ingest.fetch import HttpFetcher
from services.ingest.polling import Poller, Polling
from services.ingest.publish import Publisher
from services.ingest.sources.file import SourcesFile
from services.ingest.sources.journal import Journal
from shared import clock
from shared.errors import Unavailable
from shared.redis_log import RedisLog
from shared.redis_state import RedisPolls
from shared.settings import Settings

PAUSE_S = 1.0
"""Between two looks at the file while nothing is due, and between two tries while Redis is away."""


async def read_sources(
    chosen: Settings,
    log: RedisLog,
    fence: Fence,
    logger: BoundLogger,
    is_stopping: Callable[[], bool],
) -> None:
    """Read every source when it is due, until told to stop.

    Raises:
        UnsafeLog: as the log says at the start.
    """
    file = SourcesFile(chosen.sources_file)
    polls = RedisPolls(chosen.redis_url, chosen.desk)
    async with AsyncExitStack() as held:
        held.push_async_callback(polls.close)
        await _wait_for_sources(file, logger, is_stopping)
        if is_stopping():
            return
        fetcher = await held.enter_async_context(HttpFetcher(chosen))
        publisher, journal = Publisher(log, clock.now), Journal(log, clock.now)
        poller = Poller(fetcher, fence, publisher, journal, polls, clock.now, logger)
        polling = Polling(poller)
        held.push_async_callback(polling.end)
        await _follow(file, polling, logger, is_stopping)


async def _wait_for_sources(
    file: SourcesFile, logger: BoundLogger, is_stopping: Callable[[], bool]
) -> None:
    """A desk that only takes pushes needs no connections for sources."""
    while not is_stopping():
        if file.has_changed() and file.problem:
            logger.warning("sources_unreadable", problem=file.problem)
        if file.sources:
            return
        await asyncio.sleep(PAUSE_S)


async def _follow(
    file: SourcesFile, polling: Polling, logger: BoundLogger, is_stopping: Callable[[], bool]
) -> None:
    is_loaded, is_configured = False, False
    while not is_stopping():
        if file.has_changed():
            is_configured = False
            if file.problem:
                logger.warning("sources_unreadable", problem=file.problem)
        try:
            if not is_loaded:
                await polling.poller.load()
                is_loaded = True
            if not is_configured:
                await polling.poller.configure(file.sources)
                is_configured = True
                logger.info("sources_read", sources=len(file.sources))
            await polling.step(file.sources)
        except Unavailable as error:
            logger.warning("sources_wait", error=str(error))
        if not polling.under_way:
            await asyncio.sleep(PAUSE_S)
