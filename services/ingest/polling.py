"""Polling: each source is read when it is due, and what it offers is published.

A source costs itself alone: whatever it answers is noted as its own, and the others go on.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from structlog.stdlib import BoundLogger

from services.ingest import report
from services.ingest.ending import ended
from services.ingest.fetch import (
    Failed,
    Fetched,
    Fetcher,
    Outcome,
    Unmodified,
    Validators,
    redacted,
    shown_url,
    without_secrets,
)
from services.ingest.fetch import Kind as Asked
from services.ingest.observe import Sighting
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.kinds import Kind
from services.ingest.publish import Publisher
from services.ingest.rejects import Rejects
from services.ingest.sources import health, looks
from services.ingest.sources.config import WEB, SourceConfig
from services.ingest.sources.config import Kind as Expected
from services.ingest.sources.journal import Journal
from services.ingest.sources.looks import Look
from services.ingest.sources.schedule import first_at
from services.ingest.websub.leases import poll_at
from services.ingest.websub.subscriber import Subscriber
from shared.errors import Unavailable, UnsafeLog
from shared.log import Appended
from shared.polls import Poll, PollStore

POLLS_MAX: Final = 32
"""Sources that are read at a time."""
POLLS_OF_HOST_MAX: Final = 2
"""Of them at one host: it is asked for one while another is parsed. More would only wait for their
turn there, and a publisher of many feeds that hangs would keep all others from being read."""
START_SPREAD_S: Final = 30
"""Sources that were never read are read within so long after the start."""
WAIT_S_MAX: Final = 0.5
"""Between two looks at what is due; each takes 34 ms with the most sources that a desk may have. A
source that is due waits so long while the poll of another one, which may drip, is under way."""

KINDS: Final[Mapping[Expected, Kind]] = {
    "auto": "feed", "feed": "feed", "page": "page", "list": "list",
}  # fmt: skip
"""Of a source of rates, whatever it is: its bank, or its form, says how it is read."""


class Parser(Protocol):
    """Reads documents: the fence, or the parsers themselves in tests."""

    async def parse(self, data: bytes, arrival: Arrival, kind: Kind) -> Parsed:
        """What a document holds, and what was wrong with it; Unavailable: nothing can read now."""
        ...


def arrival_of(config: SourceConfig, answer: Fetched, now: datetime) -> Arrival:
    """How a document of a source came."""
    return Arrival(
        observed_on=now.date(),
        url=answer.url,
        charset=answer.charset,
        media_type=answer.media_type,
        zone=config.zone,
        bank=config.bank,
        asked_on=config.day_at(now) if config.is_dated else None,
    )


@dataclass(slots=True)
class Poller:
    """Reads sources.

    Every method raises Unavailable when log or state are away; the same look is then taken again,
    and nothing is published twice.
    """

    fetcher: Fetcher
    parser: Parser
    publisher: Publisher
    journal: Journal
    polls: PollStore
    now: Callable[[], datetime]
    logger: BoundLogger
    subscriber: Subscriber | None = None
    """Who asks hubs to send; None: nobody does."""
    rejects: Rejects = field(default_factory=Rejects)
    poll_by_source: dict[str, Poll] = field(default_factory=dict)
    _publishing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """The publisher folds what it knows of listings, one at a time."""

    async def load(self) -> None:
        """Take up what is known from before, also which hosts asked to be left alone."""
        self.poll_by_source = {poll.source: poll for poll in await self.polls.all()}
        now = self.now()
        for poll in self.poll_by_source.values():
            for host, until in looks.closed_hosts(poll, now):
                self.fetcher.leave_alone(host, until - int(now.timestamp()))

    async def configure(self, sources: Sequence[SourceConfig]) -> None:
        """Record how sources are read from here on, and forget those that are gone."""
        for event in await self.journal.configured(sources):
            self.logger.info("source_changed", source=event.source, change=event.change)
        for gone in self.poll_by_source.keys() - {one.id for one in sources}:
            await self.polls.forget(gone)
            del self.poll_by_source[gone]

    def due(self, sources: Sequence[SourceConfig]) -> list[SourceConfig]:
        """Sources to be read now, the longest due first."""
        now = self.now()
        found = [(self._next_at(one, now), one) for one in sources if one.enabled]
        return [one for at, one in sorted(found, key=lambda each: each[0]) if at <= now]

    def host_of(self, config: SourceConfig) -> str:
        """The host that is asked for a source now."""
        poll = self.poll_by_source.get(config.id, Poll(config.id))
        found = WEB.fullmatch(Look(config, poll, self.now()).address)
        return found["host"].lower() if found else config.id

    def _next_at(self, config: SourceConfig, now: datetime) -> datetime:
        poll = self.poll_by_source.setdefault(config.id, Poll(config.id))
        if poll.next_at is None:
            at = first_at(config.id, now, START_SPREAD_S)
            self.poll_by_source[config.id] = replace(poll, next_at=at)
            return at
        if looks.is_rewritten(config, poll):
            return now
        if config.every is not None and poll.polled_at is not None and not poll.failures:
            # A shorter time that the operator has written counts at once.
            return min(poll.next_at, poll.polled_at + timedelta(seconds=config.every))
        subscription = self.subscriber.of(config.id) if self.subscriber else None
        return poll_at(poll.next_at, poll.polled_at, subscription)

    async def poll(self, config: SourceConfig) -> Poll:
        """One look at a source: fetched, read, published, and noted."""
        before = self.poll_by_source.get(config.id, Poll(config.id))
        look = Look(config, before, self.now())
        await self._keep(look.claimed())
        answer = await self._fetch(config, look.address, look.validators)
        self.rejects.counts.add("fetches", type(answer).__name__.lower())
        match answer:
            case Failed():
                after = look.failed(answer)
                self.logger.info(
                    "source_failed", source=config.id, reason=answer.reason, detail=answer.detail
                )
            case Unmodified():
                after = look.unmodified(answer)
            case Fetched():
                after = await self._read(look, answer)
        latest = self.poll_by_source.get(config.id)
        if latest is None:
            return after  # taken away meanwhile: nothing is kept of it
        judged, changes = health.judged(looks.with_beside(after, latest), self.now())
        await self.journal.record(changes)
        for change in changes:
            self.logger.warning("source_health", source=config.id, change=type(change).__name__)
        await self._keep(judged)
        return judged

    async def judge_all(self) -> None:
        """Say which sources have become silent since they were read last."""
        for poll in list(self.poll_by_source.values()):
            judged, changes = health.judged(poll, self.now())
            if changes:
                await self.journal.record(changes)
                await self._keep(judged)

    async def _fetch(
        self, config: SourceConfig, url: str, validators: Validators, kind: Asked = "feed"
    ) -> Outcome:
        """See Fetcher.fetch; a host that asks to be left alone is left alone over a restart too."""
        answer = await self.fetcher.fetch(url, validators, kind)
        latest = self.poll_by_source.get(config.id)
        if isinstance(answer, Failed) and answer.closed_host and latest:
            seconds = answer.retry_after_s or 0
            await self._keep(looks.with_closed(latest, answer.closed_host, seconds, self.now()))
        return answer

    async def _keep(self, poll: Poll) -> None:
        await self.polls.put(poll)
        self.poll_by_source[poll.source] = poll

    async def _read(self, look: Look, answer: Fetched) -> Poll:
        config = look.config
        as_read = look.read(answer, None, is_new=False)
        if as_read.body_sha256 == look.claimed().body_sha256:
            return as_read  # the same bytes, though the publisher did not say so
        kind = KINDS.get(config.format, "any")
        arrival = arrival_of(config, answer, look.now)
        # What lies at the source's own address, or refers to it, is published under an address:
        # a key that the operator was given must not stand in it.
        arrival = replace(arrival, url=without_secrets(answer.url))
        parsed = await self.parser.parse(answer.body, arrival, kind)
        self._tell(config, answer.url, parsed.problems)
        if looks.is_unreadable(config, parsed):
            return look.unreadable(parsed)
        await self._offer(config, parsed, answer)
        is_new = await self._publish(config, parsed, look.now)
        refresh_s = parsed.about.refresh_s if parsed.about else None
        if config.format != "list":
            return look.read(answer, refresh_s, is_new=is_new)
        urls = looks.pages_due(look.poll, parsed.listed, look.now)
        news = [await self._page(config, url, look.now) for url in urls]
        after = look.read(answer, refresh_s, is_new=is_new or any(news))
        if len(urls) == looks.PAGES_MAX:
            # The others are read in the next look, for which the list has to be given again.
            after = replace(after, body_sha256=None, etag=None, last_modified=None)
        return looks.with_pages(after, urls, look.now)

    async def delivered(self, config: SourceConfig, body: bytes, media_type: str | None) -> None:
        """Publish what a hub sent of a source, as if it had been read at its address now."""
        now = self.now()
        poll = self.poll_by_source.get(config.id, Poll(config.id))
        url = without_secrets(poll.url or config.url_on(config.day_at(now)))
        arrival = Arrival(now.date(), url=url, media_type=media_type, zone=config.zone)
        parsed = await self.parser.parse(body, arrival, "feed")
        self._tell(config, url, parsed.problems)
        is_new = await self._publish(config, parsed, now)
        if is_new and (latest := self.poll_by_source.get(config.id)):
            await self._keep(looks.with_delivery(latest, now))

    async def _offer(self, config: SourceConfig, parsed: Parsed, answer: Fetched) -> None:
        """Tell the subscriber which hubs a feed names, and by which address they know it."""
        if self.subscriber is None:
            return
        about = parsed.about
        linked = [url for rel, url in answer.links if rel == "hub"]
        own = next((url for rel, url in answer.links if rel == "self"), None)
        hubs = linked or (about.hubs if about else ())
        await self.subscriber.offered(config.id, hubs, own or (about.own_url if about else None))

    async def _page(self, config: SourceConfig, url: str, now: datetime) -> bool:
        """Read and publish one page of a list; whether it had something new."""
        answer = await self._fetch(config, url, Validators(), "page")
        if not isinstance(answer, Fetched):
            reason = answer.reason if isinstance(answer, Failed) else "unmodified"
            self.logger.info("page_failed", source=config.id, url=shown_url(url), reason=reason)
            return False
        parsed = await self.parser.parse(answer.body, arrival_of(config, answer, now), "page")
        self._tell(config, url, parsed.problems)
        return await self._publish(config, parsed, now)

    async def _publish(self, config: SourceConfig, parsed: Parsed, now: datetime) -> bool:
        """Publish what a document holds; whether anything was new."""
        if not parsed.articles and not parsed.rates:
            return False
        async with self._publishing:
            outcomes = await self.publisher.publish(Sighting(parsed, config.source(), now))
        said = report.outcomes(outcomes)
        report.count(self.rejects.counts, outcomes)
        self.logger.info("published", source=config.id, outcomes=said)
        self._tell(config, config.url, report.refusals(outcomes))
        return any(isinstance(outcome, Appended) for outcome in outcomes)

    def _tell(self, config: SourceConfig, url: str, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self.rejects.problem(config.id, problem)
            self.logger.warning(
                "problem", source=config.id, url=shown_url(url), reason=problem.reason,
                where=redacted(problem.where), detail=redacted(problem.detail),
            )  # fmt: skip


@dataclass(slots=True)
class Polling:
    """The polls that are under way, and those that are due."""

    poller: Poller
    under_way: dict[str, asyncio.Task[Poll]] = field(default_factory=dict)
    _host_by_source: dict[str, str] = field(default_factory=dict)
    """Of those that are under way."""

    async def step(self, sources: Sequence[SourceConfig]) -> None:
        """Begin what is due, take in what has ended, and wait a little.

        Raises:
            Unavailable, UnsafeLog: log or state were away; what was under way goes on.
        """
        await self._ended()
        self._begin(sources)
        await self.poller.judge_all()
        if self.under_way:
            await asyncio.wait(
                self.under_way.values(), timeout=WAIT_S_MAX, return_when=asyncio.FIRST_COMPLETED
            )
        await self._ended()

    def _begin(self, sources: Sequence[SourceConfig]) -> None:
        """Begin what is due, as far as there is room, here and at its host."""
        taken = Counter(self._host_by_source[one] for one in self.under_way)
        for config in self.poller.due(sources):
            if len(self.under_way) >= POLLS_MAX:
                return
            host = self.poller.host_of(config)
            if config.id in self.under_way or taken[host] >= POLLS_OF_HOST_MAX:
                continue
            taken[host] += 1
            self._host_by_source[config.id] = host
            self.under_way[config.id] = asyncio.create_task(self.poller.poll(config))

    async def _ended(self) -> None:
        done = {name: task for name, task in self.under_way.items() if task.done()}
        away: list[BaseException] = []
        for name, task in done.items():
            del self.under_way[name], self._host_by_source[name]
            error = _error_of(task)
            if isinstance(error, Unavailable | UnsafeLog):
                away.append(error)
            elif error is not None:
                # Our fault, or a limit: this source is looked at again when its claim has ended.
                self.poller.logger.error("source_fault", source=name, exc_info=error)
        if away:
            raise away[0]

    async def end(self) -> None:
        """Cancel what is under way, and wait for it."""
        await ended(self.under_way.values())
        self.under_way.clear()
        self._host_by_source.clear()


def _error_of(task: asyncio.Task[Poll]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
