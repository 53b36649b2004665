"""The sources put together: what ``sources.toml`` names is read, and what hubs send of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from fastapi import APIRouter
from structlog.stdlib import BoundLogger

from services.ingest.ending import together
from services.ingest.fetch import Failed, HttpFetcher
from services.ingest.polling import Parser, Poller, Polling
from services.ingest.publish import Publisher
from services.ingest.push.requests import Desk
from services.ingest.rejects import Rejects
from services.ingest.sources.file import SourcesFile
from services.ingest.sources.journal import Journal
from services.ingest.websub.door import Deliveries, router
from services.ingest.websub.subscriber import Subscriber
from services.ingest.websub.words import Refused
from shared import clock
from shared.errors import Unavailable
from shared.polls import Poll
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.settings import Settings
from shared.state import POLLS, SUBSCRIPTIONS
from shared.subscriptions import Subscription

PAUSE_S: Final = 1.0
"""Between two looks at the file while nothing is due, and between two tries while Redis is away."""


@dataclass(slots=True)
class Guarded:
    """Forms for hubs, sent as everything is sent to the world."""

    fetcher: HttpFetcher

    async def post(self, url: str, form: Mapping[str, str]) -> Refused | None:
        """See Poster.post."""
        outcome = await self.fetcher.submit(url, form)
        if isinstance(outcome, Failed):
            return Refused(outcome.detail, outcome.retry_after_s)
        return None


@dataclass(slots=True)
class Reading:
    """Reads every source when it is due, and takes what hubs send. An async context manager."""

    chosen: Settings
    log: RedisLog
    parser: Parser
    logger: BoundLogger
    rejects: Rejects = field(default_factory=Rejects)
    file: SourcesFile = field(init=False)
    _fetcher: HttpFetcher = field(init=False)
    _polls: RedisTable[Poll] = field(init=False)
    _subscriptions: RedisTable[Subscription] = field(init=False)
    _subscriber: Subscriber | None = field(init=False)
    _deliveries: Deliveries | None = field(init=False, default=None)
    _polling: Polling = field(init=False)

    def __post_init__(self) -> None:
        chosen = self.chosen
        self.file = SourcesFile(chosen.sources_file)
        self._fetcher = HttpFetcher(chosen)
        self._polls = RedisTable(POLLS, chosen.redis_url, chosen.desk)
        self._subscriptions = RedisTable(SUBSCRIPTIONS, chosen.redis_url, chosen.desk)
        self._subscriber = (
            Subscriber(
                chosen.websub_url, self._subscriptions, self.poster, clock.now,
                self.logger,
            )
            if chosen.websub_url
            else None
        )  # fmt: skip
        publisher, journal = Publisher(self.log, clock.now), Journal(self.log, clock.now)
        poller = Poller(
            self._fetcher, self.parser, publisher, journal, self._polls, clock.now, self.logger,
            self._subscriber, self.rejects,
        )  # fmt: skip
        self._polling = Polling(poller)

    async def __aenter__(self) -> Self:
        """Itself, with a fetcher that may be used."""
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is under way, and every connection."""
        await self._polling.end()
        await self._fetcher.__aexit__(kind, error, trace)
        await self._polls.close()
        await self._subscriptions.close()

    @property
    def poster(self) -> Guarded:
        """What sends forms to hubs, within the politeness that fetching keeps."""
        return Guarded(self._fetcher)

    def routers(self, desk: Desk) -> tuple[APIRouter, ...]:
        """What answers hubs at the push door; nothing where the world cannot reach it."""
        if self._subscriber is None:
            return ()
        self._deliveries = Deliveries(self._deliver, desk)
        return (router(self._subscriber, self._deliveries),)

    async def run(self, is_stopping: Callable[[], bool]) -> None:
        """Read, and publish what hubs sent, until told to stop.

        Raises:
            UnsafeLog: as the log says at the start.
        """
        parts = [self._follow(is_stopping)]
        if self._subscriber:
            parts.append(self._ask_hubs(self._subscriber, is_stopping))
        if self._deliveries:
            parts.append(self._deliveries.run())
        await together(*parts)

    async def _ask_hubs(self, subscriber: Subscriber, is_stopping: Callable[[], bool]) -> None:
        """Ask hubs when it is time, beside the sources: a hub that is slow holds up none."""
        while not is_stopping():
            try:
                await subscriber.step()
            except Unavailable as error:
                self.logger.warning("hubs_wait", error=str(error))
            await asyncio.sleep(PAUSE_S)

    async def _follow(self, is_stopping: Callable[[], bool]) -> None:
        is_loaded, is_configured = False, False
        while not is_stopping():
            if self.file.has_changed():
                is_configured = False
                if self.file.problem:
                    self.logger.warning("sources_unreadable", problem=self.file.problem)
            try:
                if not is_loaded:
                    await self._load()
                    is_loaded = True
                if not is_configured and self.file.is_known:
                    await self._configure()
                    is_configured = True
                await self._polling.step(self.file.sources)
            except Unavailable as error:
                self.logger.warning("sources_wait", error=str(error))
                await asyncio.sleep(PAUSE_S)
            else:
                if not self._polling.under_way:
                    await asyncio.sleep(PAUSE_S)

    async def _load(self) -> None:
        await self._polling.poller.load()
        if self._subscriber:
            await self._subscriber.load()

    async def _configure(self) -> None:
        await self._polling.poller.configure(self.file.sources)
        if self._subscriber:
            await self._subscriber.configure({one.id for one in self.file.sources if one.enabled})
        self.logger.info("sources_read", sources=len(self.file.sources))

    async def _deliver(self, source: str, body: bytes, media_type: str | None) -> None:
        """See Deliver."""
        config = next((one for one in self.file.sources if one.id == source), None)
        if config is not None and config.enabled:
            await self._polling.poller.delivered(config, body, media_type)
