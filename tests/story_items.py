"""Articles as stories see them, and a wire that remembers what was said, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.enrichment.stories.features import features
from services.enrichment.stories.grouping import Placed, place
from services.enrichment.stories.leaving import left, parted
from services.enrichment.stories.memory import StoryMemory
from services.enrichment.stories.story import NewItem
from shared.news import ArticleId, StoryId, Tag
from shared.story_events import StorySplit, StoryWireEvent
from shared.testing import builders

BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

DAM = (
    "Engineers at Kambarata poured the first concrete for the dam that shall feed Bishkek by 2031."
)
DAM_AGAIN = (
    "Concrete poured at Kambarata: the dam of the engineers from Ankara grows by two metres a week."
)
DAM_LATER = (
    "A crane fell at the Kambarata dam while engineers poured concrete; nobody was under it."
)
FERRY = (
    "A wooden ferry sank off Mindoro in heavy swell; fishermen pulled dozens from the sea at night."
)
FERRY_AGAIN = (
    "Fishermen of Mindoro searched the sea for passengers of the wooden ferry that sank in swell."
)


def item(
    name: str,
    text: str,
    hours: float = 0,
    *,
    tags: Sequence[Tag] = (),
    language: str = "en",
    **changes: object,
) -> NewItem:
    """An article that is seen some hours after the beginning; its headline is the text's start."""
    fields: dict[str, object] = {
        "article_id": ArticleId(name),
        "headline": text[:40] or "Nothing",
        "at": BEGIN + timedelta(hours=hours),
        **changes,
    }
    article = builders.article(
        article_id=name, headline=fields["headline"], body=(text,) if text else ()
    )
    return NewItem(features=features(article, language, tags), **fields)  # type: ignore[arg-type]


def tag(code: str, kind: str, scheme: str = "geonames") -> Tag:
    """A name that the gazetteer found."""
    return Tag.model_validate(
        {
            "scheme": scheme, "code": code, "name": code, "kind": kind, "relevance": 80,
            "confidence": 100, "creator": "gazetteer/1", "spans": (),
        }
    )  # fmt: skip


@dataclass(slots=True)
class Wire:
    """A memory with what was folded into it, in order."""

    memory: StoryMemory = field(default_factory=StoryMemory)
    said: list[tuple[NewItem, StoryId | None] | ArticleId | StoryWireEvent] = field(
        default_factory=list
    )
    splits: list[StorySplit] = field(default_factory=list)

    def carry(self, new: NewItem) -> Placed:
        """Place an article, and say and fold what comes of it."""
        placed = place(new, self.memory)
        self.said.append((new, placed.story_id))
        self.memory.carried(new, placed.story_id)
        self._say(placed.events)
        return placed

    def withdraw(self, name: str, hours: float = 0) -> tuple[StoryWireEvent, ...]:
        """Take an article from the wire."""
        article_id = ArticleId(name)
        events = left(article_id, self.memory, BEGIN + timedelta(hours=hours))
        self.said.append(article_id)
        self.memory.gone(article_id)
        self._say(events)
        return events

    def split(self, story_id: StoryId, *names: str) -> tuple[StoryWireEvent, ...]:
        """Have an operator take articles out of a story."""
        decision = StorySplit(
            story_id=story_id,
            article_ids=tuple(map(ArticleId, names)),
            reason="another dam",
            by="operator",
            observed_at=BEGIN,
        )
        events = parted(decision, self.memory)
        self.splits.append(decision)
        self.memory.split(decision)
        self._say(events)
        return events

    def rebuilt(self) -> StoryMemory:
        """The memory of a worker that starts now: decisions first, and then the wire."""
        memory = StoryMemory()
        for decision in self.splits:
            memory.split(decision)
        for said in self.said:
            if isinstance(said, tuple):
                memory.carried(*said)
            elif isinstance(said, str):
                memory.gone(said)
            else:
                memory.fold(said)
        return memory

    def _say(self, events: Sequence[StoryWireEvent]) -> None:
        for event in events:
            self.said.append(event)
            self.memory.fold(event)
