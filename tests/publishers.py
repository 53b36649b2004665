"""A world of publishers for polling: what each answers, in turn, and how it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from services.ingest.fetch.words import Failed, Fetched, Kind, Outcome, Unmodified, Validators
from services.ingest.parse import kinds
from services.ingest.parse.document import Arrival, Parsed
from services.ingest.polling import Poller
from services.ingest.publish import Publisher
from services.ingest.sources.config import SourceConfig
from services.ingest.sources.journal import Journal
from shared.log import Log
from shared.polls import PollStore
from shared.state import POLLS
from shared.testing.memory_log import MemoryLog
from shared.testing.memory_state import MemoryTable

BEGIN: Final = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@dataclass(slots=True)
class Watch:
    """A clock that stands until it is moved."""

    at: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(slots=True)
class World:
    """Publishers by address; an address without an answer left repeats its last."""

    answers: dict[str, list[Outcome]] = field(default_factory=dict)
    asked: list[tuple[str, Validators, Kind]] = field(default_factory=list)
    left_alone: list[tuple[str, int]] = field(default_factory=list)

    def will(self, url: str, *answers: Outcome) -> None:
        """Answer so, one after the other."""
        self.answers.setdefault(url, []).extend(answers)

    async def fetch(self, url: str, validators: Validators, kind: Kind = "feed") -> Outcome:
        """See Fetcher.fetch."""
        self.asked.append((url, validators, kind))
        left = self.answers.get(url, [])
        if not left:
            return Failed("gone", "there is nothing")
        answer = left.pop(0) if len(left) > 1 else left[0]
        return replace(answer, url=url) if isinstance(answer, Fetched) else answer

    def leave_alone(self, host: str, seconds: int) -> None:
        """See Fetcher.leave_alone."""
        self.left_alone.append((host, seconds))


class Unfenced:
    """The parsers themselves."""

    async def parse(self, data: bytes, arrival: Arrival, kind: kinds.Kind) -> Parsed:
        """See Parser.parse."""
        return kinds.read(kind, data, arrival)


def feed(*headlines: str) -> bytes:
    """An RSS feed of articles with these headlines, and ids made of them."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{'-'.join(one.split())}</guid><title>{one}</title>"
        f"<description>{one}, said the ministry on Monday.</description></item>"
        for one in headlines
    )
    return f"<rss version='2.0'><channel><title>C</title>{items}</channel></rss>".encode()


def served(body: bytes, etag: str | None = '"1"', **said: object) -> Fetched:
    """A document as it is served."""
    plain = Fetched(
        url="", status=200, body=body, media_type="application/rss+xml", charset=None,
        validators=Validators(etag, None), max_age_s=None, links=(), moved_to=None,
    )  # fmt: skip
    return replace(plain, **said)  # type: ignore[arg-type]  # fields by name


def unmodified(etag: str | None = '"1"') -> Unmodified:
    return Unmodified(None, Validators(etag, None))


@dataclass(slots=True)
class Desk:
    """A poller in a world of its own."""

    world: World = field(default_factory=World)
    watch: Watch = field(default_factory=Watch)
    log: Log = field(default_factory=MemoryLog)
    polls: PollStore = field(default_factory=lambda: MemoryTable(POLLS))

    def poller(self) -> Poller:
        """A new one over the same log and state, as after a start."""
        return Poller(
            fetcher=self.world,
            parser=Unfenced(),
            publisher=Publisher(self.log, self.watch),
            journal=Journal(self.log, self.watch),
            polls=self.polls,
            now=self.watch,
            logger=structlog.get_logger(),
        )


def config(**said: object) -> SourceConfig:
    return SourceConfig.model_validate({"id": "courier", "url": "https://c.example/feed"} | said)
