"""The desk of articles: a function of one stream and the hour."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from services.enrichment.articles import Material, due, enrich, wanted
from services.enrichment.memory import ArticleMemory
from services.enrichment.outputs import Decided
from services.enrichment.reading import Read, Reader, Reading
from services.enrichment.relations.members import TextKey, text_key
from services.enrichment.relations.shingles import Shingled, shingled
from services.enrichment.snapshot import packed, unpacked
from shared.envelope import Recorded, content_hash, decode
from shared.events import (
    ArticleEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleWireEvent,
    CarriedEvent,
    StreamName,
)
from shared.log import Entry
from shared.news import Article, ArticleId
from shared.story_events import StoryWireEvent
from shared.streams import (
    ENRICHMENT_ARTICLES,
    OPERATOR,
    Position,
    article_subject,
    source_urn,
    story_subject,
)

TEXTS_MAX: Final = 2_000
"""Texts kept as relations compare them: some 5 kB each."""
_ARTICLE_TYPES: Final = (b"newswire.article.", b"newswire.relation.", b"newswire.story.")
_UNSAID: Final = frozenset({"observed_at", "document", "occurrences"})


class Kept(Protocol):
    """Where events of the input are found again: a log, or a file that was read."""

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """See Log.entry."""
        ...


@dataclass(frozen=True, slots=True)
class Ahead:
    """An event of the input, read before its turn."""

    recorded: Recorded[ArticleEvent]
    reading: Reading


@dataclass(slots=True)
class ArticleDesk:
    """Decides what the wire says of articles."""

    log: Kept
    read: Read
    memory: ArticleMemory = field(default_factory=ArticleMemory)
    texts: OrderedDict[TextKey, Shingled] = field(default_factory=OrderedDict)
    """The last ones used: what is compared with one article is soon with another."""
    ahead: dict[Position, Ahead] = field(default_factory=dict)
    """What was read of events that are decided next."""
    name: str = ENRICHMENT_ARTICLES
    stream: StreamName = "articles"

    def forget(self) -> None:
        """See Desk.forget."""
        self.memory = ArticleMemory()

    def packed(self) -> bytes:
        """The memory, for a snapshot; which story an article is in, the stories say."""
        stories = replace(self.memory.stories, story_by_article={})
        return packed(replace(self.memory, stories=stories))

    def restore(self, memory: bytes) -> None:
        """Take up a memory that was packed.

        Raises:
            ValueError: the bytes are of another form.
        """
        self.memory = unpacked(memory, ArticleMemory)
        self.memory.share_ids()
        stories = self.memory.stories
        for story in stories.stories.values():
            stories.story_by_article |= dict.fromkeys(story.members, story)

    def fold_input(self, entry: Entry) -> None:
        """See Desk.fold_input."""
        self.memory.fold_input(decode("articles", entry))

    def fold_wire(self, entry: Entry) -> None:
        """See Desk.fold_wire."""
        if entry.fields.get(b"type", b"").startswith(_ARTICLE_TYPES):
            event = decode("wire", entry).event
            if isinstance(event, ArticleWireEvent):
                self.memory.fold_wire(event)

    def look_ahead(self, batch: Sequence[Entry]) -> None:
        """See Desk.look_ahead: articles are read together, which takes less time."""
        self.ahead = {}
        if isinstance(self.read, Reader) and len(batch) > 1:
            with suppress(Exception):  # at its turn each is read by itself, and fails by itself
                events = [decode("articles", entry) for entry in batch]
                found = [(one, article) for one in events if (article := _article(one))]
                readings = self.read.all([article for _, article in found])
                for (one, _), reading in zip(found, readings, strict=True):
                    self.ahead[one.position] = Ahead(one, reading)

    async def decide(self, entry: Entry, now: datetime) -> list[Decided]:
        """See Desk.decide."""
        ahead = self.ahead.pop(entry.position, None)
        recorded = ahead.recorded if ahead else decode("articles", entry)
        material = await self._material(recorded, ahead.reading if ahead else None)
        events = enrich(recorded, self.memory, material, now)
        self.memory.fold_input(recorded)
        return self._remembered(events, recorded, material)

    def waiting(self, now: datetime) -> list[Position]:
        """See Desk.waiting: articles whose embargo has ended, or whose source is let in again."""
        return self.memory.waiting(now)

    async def due(self, entry: Entry, now: datetime) -> list[Decided]:
        """See Desk.due."""
        cause = decode("articles", entry)
        material = await self._material(cause)
        events = due(self.memory, material, now)
        return self._remembered(events, cause, material, now)

    async def _material(
        self, recorded: Recorded[ArticleEvent], reading: Reading | None = None
    ) -> Material:
        """The article that an event is about, what it says, and the texts to compare it with."""
        content = _article(recorded)
        if isinstance(recorded.event, ArticleReleased):
            known = self.memory.inputs.get(recorded.event.article_id)
            content = await self._content(known.content_at) if known else None
        if reading is None and content is not None:
            reading = self.read(content)
        names = wanted(recorded.event, self.memory, content, reading)
        texts = {name: await self._text(name) for name in names}
        found = {name: text for name, text in texts.items() if text is not None}
        return Material(content, reading, found)

    async def _content(self, position: Position) -> Article | None:
        entry = await self.log.entry("articles", position)
        return _article(decode("articles", entry)) if entry else None

    async def _text(self, article_id: ArticleId) -> Shingled | None:
        """The text that the wire carries of an article; None: nothing can be compared with it.

        It has left the window, or it has been revised and the wire does not say so yet: a worker
        that has just started would find the revision alone, so none may use more.
        """
        member = self.memory.relations.member(article_id)
        known, said = self.memory.inputs.get(article_id), self.memory.wire.get(article_id)
        if member is None or known is None or said is None or known.revision != said.revision:
            return None
        if member.text in self.texts:
            self.texts.move_to_end(member.text)
            return self.texts[member.text]
        article = await self._content(known.content_at)
        if article is None or text_key(article.text_hash) != member.text:
            return None
        return self._kept(member.text, shingled(article))

    def _kept(self, key: TextKey, text: Shingled) -> Shingled:
        self.texts[key] = text
        if len(self.texts) > TEXTS_MAX:
            self.texts.popitem(last=False)
        return text

    def _remembered(
        self,
        events: Sequence[ArticleWireEvent],
        cause: Recorded[ArticleEvent],
        material: Material,
        at: datetime | None = None,
    ) -> list[Decided]:
        decided: list[Decided] = []
        for event in events:
            decided.append(self._decided(event, cause, at))
            reading = material.reading
            if isinstance(event, CarriedEvent) and reading is not None:
                text = self._kept(text_key(event.article.text_hash), reading.text)
                self.memory.fold_wire(event, text, reading.features)
            else:
                self.memory.fold_wire(event)
        return decided

    def _decided(
        self, event: ArticleWireEvent, cause: Recorded[ArticleEvent], at: datetime | None
    ) -> Decided:
        subject, source, version = self._place(event)
        return Decided(
            event=event,
            subject=subject,
            source=source_urn(source),
            time=at or cause.time,
            version=version,
            causation_id=cause.id,
            content_hash=_content_hash(event),
        )

    def _place(self, event: ArticleWireEvent) -> tuple[str, str, int]:
        """Subject and source of an event, and its version in the history of its subject."""
        if isinstance(event, StoryWireEvent):
            version = self.memory.stories.next_version(event.story_id)
            return story_subject(event.story_id), OPERATOR, version
        said = event.article if isinstance(event, CarriedEvent) else event
        version = self.memory.next_version(said.article_id)
        return article_subject(said.article_id), said.source, version


def _article(recorded: Recorded[ArticleEvent]) -> Article | None:
    event = recorded.event
    return event.article if isinstance(event, ArticleReceived | ArticleRevised) else None


def _content_hash(event: ArticleWireEvent) -> str:
    if isinstance(event, CarriedEvent):
        return event.article.content_hash
    return content_hash(event, leaving_out=_UNSAID)
