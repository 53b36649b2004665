"""The two desks of enrichment: articles and rates, each a function of one stream and the hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.enrichment.articles import due, enrich
from services.enrichment.memory import ArticleMemory
from services.enrichment.outputs import Decided
from services.enrichment.rates import RateMemory, quote
from services.enrichment.steps import Steps
from shared.envelope import Recorded, content_hash, decode
from shared.events import (
    ArticleEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    CarriedEvent,
    NoticeEvent,
    QuoteEvent,
    RateObserved,
    StreamName,
)
from shared.log import Entry, Log
from shared.news import Article, ArticleId
from shared.streams import (
    ENRICHMENT_ARTICLES,
    ENRICHMENT_RATES,
    Position,
    source_urn,
)

_ARTICLE_TYPES: Final = b"newswire.article."
_RATE_TYPES: Final = b"newswire.rate."
_UNSAID: Final = frozenset({"observed_at", "document", "occurrences"})


@dataclass(slots=True)
class ArticleDesk:
    """Decides what the wire says of articles."""

    log: Log
    steps: Steps
    memory: ArticleMemory = field(default_factory=ArticleMemory)
    name: str = ENRICHMENT_ARTICLES
    stream: StreamName = "articles"

    def forget(self) -> None:
        """See Desk.forget."""
        self.memory = ArticleMemory()

    def fold_input(self, entry: Entry) -> None:
        """See Desk.fold_input."""
        self.memory.fold_input(decode("articles", entry))

    def fold_wire(self, entry: Entry) -> None:
        """See Desk.fold_wire."""
        if entry.fields.get(b"type", b"").startswith(_ARTICLE_TYPES):
            event = decode("wire", entry).event
            if isinstance(event, CarriedEvent | NoticeEvent):
                self.memory.fold_wire(event)

    async def decide(self, entry: Entry, now: datetime) -> list[Decided]:
        """See Desk.decide."""
        recorded = decode("articles", entry)
        content = None
        if isinstance(recorded.event, ArticleReleased):
            known = self.memory.inputs.get(recorded.event.article_id)
            content = await self._content(known.content_at) if known else None
        events = enrich(recorded, self.memory, self.steps, now, content)
        decided = self._decided(events, recorded)
        self.memory.fold_input(recorded)
        for event in events:
            self.memory.fold_wire(event)
        return decided

    async def waiting(self, now: datetime) -> list[Entry]:
        """See Desk.waiting: articles whose embargo has ended."""
        places = [self.memory.inputs[one].content_at for one in self.memory.waiting(now)]
        found = [await self.log.entry("articles", place) for place in places]
        return [entry for entry in found if entry is not None]

    async def due(self, entry: Entry, now: datetime) -> list[Decided]:
        """See Desk.due."""
        cause = decode("articles", entry)
        article = _article(cause)
        events = due(article, self.memory, self.steps, now) if article else []
        decided = self._decided(events, cause, now)
        for event in events:
            self.memory.fold_wire(event)
        return decided

    async def _content(self, position: Position) -> Article | None:
        entry = await self.log.entry("articles", position)
        return _article(decode("articles", entry)) if entry else None

    def _decided(
        self,
        events: list[CarriedEvent | NoticeEvent] | list[CarriedEvent],
        cause: Recorded[ArticleEvent],
        at: datetime | None = None,
    ) -> list[Decided]:
        return [
            Decided(
                event=event,
                subject=cause.subject,
                source=source_urn(_source_of(event)),
                time=at or cause.time,
                version=self.memory.next_version(_id_of(event)),
                causation_id=cause.id,
                content_hash=_content_hash(event),
            )
            for event in events
        ]


@dataclass(slots=True)
class RateDesk:
    """Decides what the wire says of rates."""

    memory: RateMemory = field(default_factory=RateMemory)
    name: str = ENRICHMENT_RATES
    stream: StreamName = "rates"

    def forget(self) -> None:
        """See Desk.forget."""
        self.memory = RateMemory()

    def fold_input(self, entry: Entry) -> None:
        """See Desk.fold_input: what the wire said of rates is all there is to remember."""

    def fold_wire(self, entry: Entry) -> None:
        """See Desk.fold_wire."""
        if entry.fields.get(b"type", b"").startswith(_RATE_TYPES):
            recorded = decode("wire", entry)
            if isinstance(recorded.event, QuoteEvent):
                self.memory.fold_wire(recorded.subject, recorded.event)

    async def decide(self, entry: Entry, now: datetime) -> list[Decided]:  # noqa: ARG002
        """See Desk.decide; the hour plays no part."""
        recorded: Recorded[RateObserved] = decode("rates", entry)
        event = quote(recorded, self.memory)
        decided = Decided(
            event=event,
            subject=recorded.subject,
            source=recorded.source,
            time=recorded.time,
            version=self.memory.next_version(recorded.subject),
            causation_id=recorded.id,
            content_hash=content_hash(event, leaving_out=_UNSAID),
        )
        self.memory.fold_wire(recorded.subject, event)
        return [decided]

    async def waiting(self, now: datetime) -> list[Entry]:  # noqa: ARG002
        """See Desk.waiting: rates never wait for an hour."""
        return []

    async def due(self, entry: Entry, now: datetime) -> list[Decided]:  # noqa: ARG002
        """See Desk.due."""
        return []


def _article(recorded: Recorded[ArticleEvent]) -> Article | None:
    event = recorded.event
    return event.article if isinstance(event, ArticleReceived | ArticleRevised) else None


def _id_of(event: CarriedEvent | NoticeEvent) -> ArticleId:
    return event.article_id if isinstance(event, NoticeEvent) else event.article.article_id


def _source_of(event: CarriedEvent | NoticeEvent) -> str:
    return event.source if isinstance(event, NoticeEvent) else event.article.source


def _content_hash(event: CarriedEvent | NoticeEvent) -> str:
    if isinstance(event, NoticeEvent):
        return content_hash(event, leaving_out=_UNSAID)
    return event.article.content_hash
