"""Histories for tests of enrichment and projection, and logs that fail where a test says."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import structlog
from structlog.stdlib import BoundLogger

from services.enrichment.articles import Material, due, enrich, wanted
from services.enrichment.desks import ArticleDesk
from services.enrichment.memory import ArticleMemory
from services.enrichment.rate_desk import RateDesk
from services.enrichment.reading import Reader, Reading
from services.enrichment.relations.shingles import shingled
from services.enrichment.steps import Steps
from services.enrichment.steps.language import Language
from services.enrichment.worker import Enricher
from services.projection import verify
from services.projection.projector import Projector
from shared import view_schema, views
from shared.consumer import Consumer
from shared.envelope import Attributes, Recorded, decode, encode
from shared.errors import Unavailable
from shared.events import (
    TYPE_BY_CLASS,
    AnyEvent,
    ArticleEvent,
    ArticlePublished,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleWireEvent,
    ArticleWithdrawn,
    ArticleWithheld,
    CarriedEvent,
    NoticeEvent,
    QuoteEvent,
    RateAccepted,
    RateObserved,
    RateQuoted,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
    StreamName,
    WireEvent,
)
from shared.hashing import event_id
from shared.house_events import DeadLetterDropped, DeadLetterRetried
from shared.log import (
    AppendOutcome,
    CommitOutcome,
    Draft,
    Entry,
    Fields,
    Head,
    Log,
    Move,
    Output,
)
from shared.news import Article, ArticleId, Change, Decider, Fingerprint, Tag
from shared.story_events import (
    StoryClosed,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StoryWireEvent,
)
from shared.streams import (
    ENRICHMENT_ARTICLES,
    ORIGIN,
    Checkpoint,
    Position,
    acceptance_subject,
    article_subject,
    dead_letters_subject,
    rate_subject,
    relation_subject,
    series_name,
    source_subject,
    source_urn,
    story_subject,
)
from shared.testing import builders
from shared.testing.memory_log import MemoryLog

T = TypeVar("T")
_DECIDED_ON: tuple[StreamName, StreamName] = ("rates", "articles")
Said = tuple[str, int, str]
"""An event in short: what it is about, its version, the last word of its type."""


def at(hour: int, minute: int = 0) -> datetime:
    """An instant of 2 March 2026."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    instant: datetime = field(default_factory=lambda: at(12))

    def __call__(self) -> datetime:
        return self.instant


def quiet() -> BoundLogger:
    """A logger that says nothing."""
    logger = structlog.wrap_logger(
        structlog.testing.ReturnLogger(), wrapper_class=BoundLogger, processors=[]
    )
    return cast("BoundLogger", logger)


# --- what sources and operators say -------------------------------------------------------------


def article(article_id: str = "a", **changes: object) -> Article:
    """An article whose words are its id, unless told otherwise."""
    given = {"headline": f"Headline of {article_id}", "body": (f"Text of {article_id}.",)}
    return builders.article(**{**given, "article_id": article_id, **changes})


def received(article_id: str = "a", **changes: object) -> ArticleReceived:
    """A source offers an article."""
    return ArticleReceived(article=article(article_id, **changes))


def revised(
    article_id: str = "a", revision: int = 2, change: Change = "update", **changes: object
) -> ArticleRevised:
    """A source changes an article."""
    words = {"body": (f"Text {revision} of {article_id}.",), "revision": revision}
    said = article(article_id, **{**words, **changes})
    return ArticleRevised(article=said, change=change, declared=True, evidence={})


def withdrawn(article_id: str = "a", by: Decider = "source") -> ArticleWithdrawn:
    """An article is killed."""
    return ArticleWithdrawn(**_decision(article_id, by))


def withheld(article_id: str = "a", by: Decider = "operator") -> ArticleWithheld:
    """An article is held."""
    return ArticleWithheld(**_decision(article_id, by))


def released(article_id: str = "a", by: Decider = "operator") -> ArticleReleased:
    """A held article is let go."""
    return ArticleReleased(**_decision(article_id, by))


def blocked(source: str = builders.SOURCE) -> SourceBlocked:
    """An operator lets nothing more of a source onto the wire."""
    return SourceBlocked(source=source, reason="Because.", by="operator", observed_at=at(7))


def unblocked(source: str = builders.SOURCE) -> SourceUnblocked:
    """An operator lets a source in again."""
    return SourceUnblocked(source=source, reason="Because.", by="operator", observed_at=at(8))


def revoked(article_id: str, other_id: str) -> RelationRevoked:
    """An operator says that two articles are not related."""
    said = {"reason": "Not the same.", "by": "operator", "observed_at": at(7)}
    return RelationRevoked(article_id=article_id, other_article_id=other_id, **said)


def retried(subject: str, consumer: str = ENRICHMENT_ARTICLES, hour: int = 8) -> DeadLetterRetried:
    """An operator wants what a consumer set aside of a subject to be taken up again."""
    return DeadLetterRetried(
        consumer=consumer, subject=subject, reason="Mended.", who="aigul", decided_at=at(hour)
    )


def dropped(subject: str, consumer: str = ENRICHMENT_ARTICLES) -> DeadLetterDropped:
    """An operator gives up what a consumer set aside of a subject."""
    return DeadLetterDropped(
        consumer=consumer, subject=subject, reason="Hopeless.", who="aigul", decided_at=at(9)
    )


def _decision(article_id: str, by: Decider) -> dict[str, Any]:
    source = builders.SOURCE
    said = {"source": source, "reason": "Because.", "by": by, "observed_at": at(7)}
    return {"article_id": ArticleId(article_id), **said}


def observed(value: str, as_of: str = "2026-03-02", **changes: object) -> RateObserved:
    """A source quotes a rate."""
    return RateObserved(rate=builders.rate(value=value, as_of=as_of, **changes))


def accepted(value: str, as_of: str = "2026-03-02", **changes: object) -> RateAccepted:
    """An operator takes a rate for right; what names it is as of ``observed``."""
    rate = builders.rate(value=value, as_of=as_of, **changes)
    said = {"reason": "Asked the bank.", "by": "operator", "observed_at": at(9)}
    named = rate.model_dump(include={"source", "kind", "base", "quote", "as_of", "value"})
    return RateAccepted.model_validate({**named, **said})


def subject_of(event: AnyEvent) -> str:
    """What an event that is no dead letter is about."""
    match event:
        case RateObserved(rate=rate):
            return _rate_subject(rate)
        case SourceBlocked() | SourceUnblocked():
            return source_subject(event.source)
        case RelationRevoked():
            return relation_subject(event.article_id, event.other_article_id)
        case RateAccepted():
            series = series_name(event.source, event.kind, event.base, event.quote)
            return acceptance_subject(series, event.as_of)
        case DeadLetterRetried() | DeadLetterDropped():
            return dead_letters_subject(event.consumer, event.subject)
        case _:
            return _subject(event)


def _subject(event: Any) -> str:
    if hasattr(event, "rate"):
        return _rate_subject(event.rate)
    if isinstance(event, StoryWireEvent):
        return story_subject(event.story_id)
    said = getattr(event, "article", event)
    return article_subject(said.article_id)


def _rate_subject(rate: Any) -> str:
    series = series_name(rate.source, rate.kind, rate.base, rate.quote)
    return rate_subject(series, rate.as_of)


def _fields(stream: StreamName, event: AnyEvent, version: int) -> Fields:
    subject = subject_of(event)
    attributes = Attributes(
        id=event_id(stream, subject, version),
        source=source_urn(builders.SOURCE),
        subject=subject,
        time=at(6),
        recorded_at=at(6, 1),
        correlation_id=subject,
    )
    return encode(event, attributes)


def entry_of(stream: StreamName, event: AnyEvent, seq: int = 1, version: int = 1) -> Entry:
    """An event as it lies on a stream, at position ``seq-0``."""
    fields = _fields(stream, event, version)
    numbers = {b"seq": str(seq).encode(), b"version": str(version).encode()}
    names = dict(zip(fields[::2], fields[1::2], strict=True))
    return Entry(Position(f"{seq}-0"), seq, names[b"id"].decode(), {**numbers, **names})


# --- steps that need no data --------------------------------------------------------------------


def almaty(relevance: int = 60) -> Tag:
    """The tag of the city of Almaty."""
    return Tag(
        scheme="geonames", code="1526384", name="Almaty", kind="place", country="KZ",
        relevance=relevance, confidence=95, creator="words/1", spans=(),
    )  # fmt: skip


def reader(poison: str = "poison") -> Callable[[Article], Reading]:
    """English everywhere, Almaty where it is spoken of; fails at an article with ``poison``."""

    def names(said: Article) -> tuple[Tag, ...]:
        return (almaty(),) if "Almaty" in " ".join((said.headline, *said.body)) else ()

    steps = Steps(
        language=lambda _: Language("en", 99),
        names=names,
        topics=lambda *_: (),
        methods={"language": "guess/1", "names": "words/1"},
    )

    def found(said: Article) -> Reading:
        if poison in " ".join((said.headline, *said.body)):
            raise ZeroDivisionError(f"the headline is {said.headline}")
        return reads(said)

    reads = Reader(steps)
    return found


# --- enrichment without a log -------------------------------------------------------------------


class Decisions:
    """What enrichment says because of a history: decide, then remember, as the desk does."""

    def __init__(self) -> None:
        self.memory = ArticleMemory()
        self.inputs: list[Recorded[ArticleEvent]] = []
        self.wire: list[ArticleWireEvent] = []

    def hear(self, *events: ArticleEvent, now: datetime | None = None) -> list[ArticleWireEvent]:
        """Take in events; what the wire says of articles because of the last one."""
        said: list[ArticleWireEvent] = []
        for event in events:
            seq = len(self.inputs) + 1
            recorded = decode("articles", entry_of("articles", event, seq, seq))
            self.inputs.append(recorded)
            said = enrich(recorded, self.memory, self._material(recorded), now or at(12))
            self.memory.fold_input(recorded)
            self._remember(said)
        return _of_articles(said)

    def due(self, now: datetime) -> list[ArticleWireEvent]:
        """What the hour puts on the wire of articles."""
        said: list[ArticleWireEvent] = []
        for place in self.memory.waiting(now):
            (cause,) = [one for one in self.inputs if one.position == place]
            events = due(self.memory, self._material(cause), now)
            self._remember(events)
            said += events
        return _of_articles(said)

    def restart(self) -> None:
        """Forget everything and fold the memory from input and wire."""
        self.memory = ArticleMemory()
        for event in self.wire:
            self.memory.fold_wire(event)
        for recorded in self.inputs:
            self.memory.fold_input(recorded)

    def _material(self, recorded: Recorded[ArticleEvent]) -> Material:
        event, content = recorded.event, None
        if isinstance(event, ArticleReceived | ArticleRevised):
            content = event.article
        elif isinstance(event, ArticleReleased) and event.article_id in self.memory.inputs:
            content = self._content(self.memory.inputs[event.article_id].content_at)
        reading = reader()(content) if content else None
        names = wanted(event, self.memory, content, reading)
        texts = {one: self._content(self.memory.inputs[one].content_at) for one in names}
        return Material(
            content, reading, {one: shingled(article) for one, article in texts.items()}
        )

    def _content(self, position: Position) -> Article:
        (found,) = [one for one in self.inputs if one.position == position]
        assert isinstance(found.event, ArticleReceived | ArticleRevised)
        return found.event.article

    def _remember(self, said: Sequence[ArticleWireEvent]) -> None:
        for event in said:
            self.memory.fold_wire(event)
        self.wire.extend(said)


def _of_articles(said: Sequence[ArticleWireEvent]) -> list[ArticleWireEvent]:
    """What is said of stories has tests of its own."""
    return [event for event in said if not isinstance(event, StoryWireEvent)]


def kinds(events: Sequence[AnyEvent]) -> list[str]:
    """The last word of each event's type."""
    return [TYPE_BY_CLASS[type(event)].rpartition(".")[2] for event in events]


# --- histories on a log -------------------------------------------------------------------------


class Newsroom:
    """Writes events on a log as ingest does: each with the next version of its subject."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._version: dict[tuple[StreamName, str], int] = {}

    async def say(self, *events: ArticleEvent | RateObserved | RateAccepted) -> None:
        """Append what sources and operators say."""
        for event in events:
            await self.put(
                "rates" if isinstance(event, RateObserved | RateAccepted) else "articles", event
            )

    async def block(self, source: str = builders.SOURCE) -> None:
        """Block a source, on both streams as ingest does."""
        for stream in _DECIDED_ON:
            await self.put(stream, blocked(source))

    async def unblock(self, source: str = builders.SOURCE) -> None:
        """Let a source in again, on both streams as ingest does."""
        for stream in _DECIDED_ON:
            await self.put(stream, unblocked(source))

    async def decide(self, *decisions: DeadLetterRetried | DeadLetterDropped) -> None:
        """Append what an operator decides about dead letters."""
        for decision in decisions:
            await self.put("deadletters", decision)

    async def broadcast(self, *events: WireEvent) -> None:
        """Append what the wire says."""
        for event in events:
            await self.put("wire", event)

    async def put(self, stream: StreamName, event: AnyEvent, data: bytes | None = None) -> None:
        """Append an event; ``data``: in place of its own."""
        subject = subject_of(event)
        version = self._version.get((stream, subject), 0) + 1
        self._version[stream, subject] = version
        fields = _fields(stream, event, version)
        if data is not None:
            fields = (*fields[:-1], data)
        await self._log.append(stream, [Draft(subject, str(version), version - 1, fields)])


def article_desk(log: Log, clock: Callable[[], datetime], poison: str = "poison") -> Enricher:
    """A worker of the articles desk that has just started."""
    return Enricher(ArticleDesk(log, reader(poison)), log, clock, "1.0", quiet())


def rate_desk(log: Log, clock: Callable[[], datetime]) -> Enricher:
    """A worker of the rates desk that has just started."""
    return Enricher(RateDesk(log), log, clock, "1.0", quiet())


async def drive(consumer: Consumer, log: Log, count: int = 200) -> None:
    """Follow a stream to its end as shared.consumer does, without its pauses."""
    checkpoint: Checkpoint | None = None
    for _ in range(1_000):
        try:
            if checkpoint is None:
                checkpoint = await consumer.resume()
            entries = await log.follow(consumer.stream, checkpoint, count=count)
            if not entries:
                return
            checkpoint = await consumer.handle(entries)
        except Unavailable:
            checkpoint = None
    raise AssertionError("the consumer never came to the end")


async def entries(log: Log, stream: StreamName) -> list[Entry]:
    """All that a stream holds."""
    return await log.follow(stream, ORIGIN, count=10_000)


async def wire(log: Log) -> list[Recorded[WireEvent]]:
    """What the wire has said of articles and rates."""
    found = [decode("wire", entry) for entry in await entries(log, "wire")]
    return [one for one in found if not isinstance(one.event, StoryWireEvent)]


async def said(log: Log) -> list[Said]:
    """What the wire has said of articles and rates, in short."""
    return [
        (one.subject.rpartition(":")[2], one.version, one.type.rpartition(".")[2])
        for one in await wire(log)
    ]


async def ids(log: Log, stream: StreamName = "wire") -> list[tuple[str, int, str, str]]:
    """Subject, version, type and id of every event: ids are functions of cause and content."""
    found = [decode(stream, entry) for entry in await entries(log, stream)]
    return [(one.subject, one.version, one.type, one.id) for one in found]


# --- a log that fails ---------------------------------------------------------------------------


class Crash(BaseException):  # no error: the end of a process
    """The process ends here."""


@dataclass
class FailingLog:
    """A log whose call number ``fails_at`` (from 1) fails before or after it is done."""

    log: Log
    fails_at: int
    is_done: bool
    """Whether the failing call is carried out: then only its reply is lost."""
    error: BaseException = field(default_factory=lambda: Unavailable("no answer"))
    methods: frozenset[str] = frozenset({"commit", "follow", "entry", "checkpoint"})
    calls: int = 0

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """See Log.append."""
        return await self._call("append", self.log.append(stream, drafts))

    async def commit(
        self, consumer: str, moves: Sequence[Move], outputs: Sequence[Output]
    ) -> CommitOutcome:
        """See Log.commit."""
        return await self._call("commit", self.log.commit(consumer, moves, outputs))

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """See Log.follow."""
        reading = self.log.follow(stream, after, count=count, block_ms=block_ms)
        return await self._call("follow", reading)

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """See Log.entry."""
        return await self._call("entry", self.log.entry(stream, position))

    async def before(
        self, stream: StreamName, position: Position | None, *, count: int
    ) -> list[Entry]:
        """See Log.before."""
        return await self._call("before", self.log.before(stream, position, count=count))

    async def head(self, stream: StreamName) -> Head:
        """See Log.head."""
        return await self._call("head", self.log.head(stream))

    async def seek(self, stream: StreamName, seq: int) -> Checkpoint:
        """See Log.seek."""
        return await self._call("seek", self.log.seek(stream, seq))

    async def checkpoint(self, consumer: str, stream: StreamName) -> Checkpoint:
        """See Log.checkpoint."""
        return await self._call("checkpoint", self.log.checkpoint(consumer, stream))

    async def close(self) -> None:
        """The log behind is closed by whoever opened it."""

    async def _call(self, method: str, call: Awaitable[T]) -> T:
        if method not in self.methods:
            return await call
        self.calls += 1
        if self.calls != self.fails_at:
            return await call
        if self.is_done:
            await call
        else:
            cast("Any", call).close()
        raise self.error


async def exhaust(run: Callable[[int], Awaitable[bool]]) -> int:
    """Run with a fault at call 1, 2, 3 … until there is no such call; how many there were."""
    for number in itertools.count(1):
        if not await run(number):
            return number - 1
    raise AssertionError("never")


# --- views --------------------------------------------------------------------------------------


def carried(
    kind: type[CarriedEvent] = ArticlePublished, article_id: str = "a", **changes: object
) -> CarriedEvent:
    """An article on the wire; ``tags``, ``relations`` and ``language`` are of the event."""
    of_event = {name: changes.pop(name) for name in ("tags", "relations") if name in changes}
    body = article(article_id, **changes)
    given = {
        "article": body,
        "language": "en",
        "language_confidence": 99,
        "tags": (),
        "relations": (),
        "fingerprint": Fingerprint(text_hash=body.text_hash, words=5),
        "methods": {},
    }
    return kind.model_validate({**given, **of_event})


def notice(kind: type[NoticeEvent], article_id: str = "a") -> NoticeEvent:
    """A notice on the wire."""
    return kind.model_validate(_decision(article_id, "source"))


def opened(story_id: str, *article_ids: str) -> StoryOpened:
    """A story of these articles, as the wire tells it."""
    return StoryOpened(
        **_STORY, story_id=story_id, representative=article_ids[0], article_ids=article_ids,
        evidence={"copy_of": article_ids[0]},
    )  # fmt: skip


def merged(story_id: str, other: str, *article_ids: str) -> StoryMerged:
    """The other story ends in this one, which takes in these articles of it."""
    return StoryMerged(
        **_STORY, story_id=story_id, representative=article_ids[0], merged_story_id=other,
        article_ids=article_ids, evidence={},
    )  # fmt: skip


def parted(story_id: str, stays: str, *article_ids: str) -> StoryParted:
    """These articles leave a story by an operator's decision."""
    return StoryParted(
        **_STORY, story_id=story_id, representative=stays, article_ids=article_ids,
        new_story_id=None, reason="No.", by="operator",
    )  # fmt: skip


def closed(story_id: str, representative: str) -> StoryClosed:
    """Nothing has come to a story for days."""
    return StoryClosed(**_STORY, story_id=story_id, representative=representative, articles=2)


_STORY: Final[dict[str, Any]] = {
    "headline": "Lorries wait at the border",
    "observed_at": at(6),
    "methods": {},
}


def quoted(
    value: str = "0.00198", as_of: str = "2026-03-02", kind: type[QuoteEvent] = RateQuoted
) -> QuoteEvent:
    """A rate on the wire."""
    rate = builders.rate(value=value, as_of=as_of)
    series = series_name(rate.source, rate.kind, rate.base, rate.quote)
    given = {"rate": rate, "series": series, "movement": None, "methods": {}}
    return kind.model_validate({**given, "replaced_value": "1"})


def unfit(article_id: str) -> CarriedEvent:
    """An event that can be read, and that the views refuse: a tag that is there twice."""
    return carried(article_id=article_id, tags=(almaty(), almaty()))


def projector(views_dir: Path, log: Log | None = None) -> Projector:
    """A projection that has just started; without a log nobody decides about what it sets aside."""
    return Projector(views_dir, log or MemoryLog(), "1.0", quiet())


Rows = dict[str, list[tuple[object, object]]]


def rows_of(connection: views.Connection) -> Rows:
    """All that the views hold, as verify compares it, and the checkpoint."""
    found: Rows = {table: list(verify._rows(table, connection)) for table in view_schema.DIGESTED}
    at_seq = views.checkpoint(connection, "wire")
    return {**found, "checkpoint": [("wire", at_seq)]}


def live_rows(views_dir: Path) -> Rows:
    """What the live views hold."""
    with closing(views.open_reader(views.live_file(views_dir))) as connection:
        return rows_of(connection)


def listed(rows: Rows, table: str) -> list[tuple[object, ...]]:
    """The keys of a table, without the brackets of a key of one column."""
    return [key[0] if len(key) == 1 else key for key, _ in rows[table]]  # type: ignore[arg-type,misc]
