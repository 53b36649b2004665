"""What decisions about articles depend on: two folds that do not depend on each other's order.

One is of the input (what waits, what is held), one of the wire (what was said, which version).
Rebuilt from the log, it is the memory that a worker had which never stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never

from services.enrichment.records import Input, OnWire, Records, Said, numbers_of
from services.enrichment.relations.memory import RelationMemory
from services.enrichment.relations.shingles import Shingled
from services.enrichment.shelf import Part, Shelf
from services.enrichment.stories.features import Features, features
from services.enrichment.stories.memory import StoryMemory
from services.enrichment.stories.story import NewItem
from shared.envelope import Recorded
from shared.events import (
    ArticleCanceled,
    ArticleEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleTakenBack,
    ArticleWireEvent,
    ArticleWithdrawn,
    ArticleWithheld,
    CarriedEvent,
    NoticeEvent,
    RelationChanged,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
)
from shared.news import Article, ArticleId, Change, PubStatus, StoryId, copy_of
from shared.story_events import (
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StorySplit,
    StoryWireEvent,
)
from shared.streams import Position


@dataclass(slots=True)
class ArticleMemory:
    """All that decisions about articles depend on."""

    records: Records = field(default_factory=Records)
    """All articles, as input and wire last spoke of them."""
    relations: RelationMemory = field(default_factory=RelationMemory)
    """The articles of the last days, as far as the wire carries them."""
    stories: StoryMemory = field(default_factory=StoryMemory)
    """The articles of the last days, by what they report."""
    embargoed: dict[ArticleId, datetime] = field(default_factory=dict)
    """Articles whose last content has an hour, with the hour."""
    blocked: set[str] = field(default_factory=set)
    """Sources of which nothing enters the wire."""
    unsaid: set[ArticleId] = field(default_factory=set)
    """Usable articles that the wire does not carry as they stand: blocked, embargoed or held.

    Follows from ``records`` alone: what was set aside and is taken in late waits like
    the rest.
    """

    def __post_init__(self) -> None:
        """What the three memories keep of an article goes into one table."""
        if isinstance(self.records.packed, Part):
            return  # it has been put there already
        shelf: Shelf = {}
        self.records.packed = Part(shelf, 0, self.records.packed)
        self.relations.members = Part(shelf, 1, self.relations.members)
        self.stories.kept = Part(shelf, 2, self.stories.kept)

    @property
    def inputs(self) -> Mapping[ArticleId, Input]:
        """What the articles stream last said, by article."""
        return Said(self.records.packed, self.records.input)

    @property
    def wire(self) -> Mapping[ArticleId, OnWire]:
        """What the wire last said, by article."""
        return Said(self.records.packed, self.records.on_wire)

    def fold_input(self, recorded: Recorded[ArticleEvent]) -> None:
        """Remember what a source or an operator said."""
        event = recorded.event
        match event:
            case ArticleReceived():
                self._remember_content(event.article, None, recorded.position)
            case ArticleRevised():
                self._remember_content(event.article, event.change, recorded.position)
            case ArticleWithdrawn() | ArticleWithheld() | ArticleReleased():
                self._remember_decision(event)
            case SourceBlocked():
                self.blocked.add(event.source)
            case SourceUnblocked():
                self.blocked.discard(event.source)
            case RelationRevoked():
                self.relations.part(event.article_id, event.other_article_id)
            case StorySplit():
                self.stories.split(event)
            case _:
                assert_never(event)

    def _remember_decision(
        self, decision: ArticleWithdrawn | ArticleWithheld | ArticleReleased
    ) -> None:
        known = self.inputs.get(decision.article_id)
        if known is None:
            return
        if isinstance(decision, ArticleWithdrawn):
            known = replace(known, pubstatus="canceled")  # a hold stays: only a release ends it
        else:
            known = replace(known, is_held=isinstance(decision, ArticleWithheld))
        self.records.put_input(decision.article_id, known)
        self._compare(decision.article_id)

    def _remember_content(
        self, article: Article, change: Change | None, position: Position
    ) -> None:
        known = self.inputs.get(article.article_id)
        said = Input(
            source=article.source,
            content_at=position,
            revision=article.revision,
            change=change,
            pubstatus=article.pubstatus,
            is_held=known is not None and known.is_held,
        )
        self.records.put_input(article.article_id, said)
        if article.embargoed_until is not None:
            self.embargoed[article.article_id] = article.embargoed_until
        else:
            self.embargoed.pop(article.article_id, None)
        self._compare(article.article_id)

    def fold_wire(
        self,
        event: ArticleWireEvent,
        text: Shingled | None = None,
        found: Features | None = None,
    ) -> None:
        """Remember what the wire has said.

        ``text`` and ``found`` are of the article, where they were read from it already.
        """
        match event:
            case StoryOpened() | StoryGrew() | StoryMerged() | StoryParted() | StoryClosed():
                self._remember_story(event)
            case RelationChanged():
                self._remember_relations(event)
            case ArticleCanceled() | ArticleTakenBack():
                self._remember_notice(event)
                self._compare(event.article_id)
            case _:
                self._remember_carried(event, text, found)
                self._compare(event.article.article_id)

    def _remember_notice(self, event: NoticeEvent) -> None:
        status: PubStatus = "canceled" if isinstance(event, ArticleCanceled) else "withheld"
        known = self.wire.get(event.article_id)
        if known is None:
            first = OnWire(1, status, 0, event.source, None)
            self.records.put_on_wire(event.article_id, first)
            return
        self.relations.gone(event.article_id)
        self.stories.gone(event.article_id)
        said = replace(known, version=known.version + 1, status=status)
        self.records.put_on_wire(event.article_id, said)

    def _remember_relations(self, event: RelationChanged) -> None:
        known = self.wire[event.article_id]
        said = replace(known, version=known.version + 1, copy_of=copy_of(event.relations))
        self.records.put_on_wire(event.article_id, said)
        self.relations.related(event.article_id, event.relations)

    def _remember_story(self, event: StoryWireEvent) -> None:
        self.stories.fold(event)
        match event:
            case StoryOpened() | StoryMerged():
                said: dict[ArticleId, StoryId | None] = dict.fromkeys(
                    event.article_ids, event.story_id
                )
            case StoryGrew():
                said = {event.article_id: event.story_id}
            case StoryParted():
                said = dict.fromkeys(event.article_ids, event.new_story_id)
            case StoryClosed():
                said = {}
            case _:
                assert_never(event)
        for article_id, story_id in said.items():
            known = self.wire.get(article_id)
            if known is not None:
                said_of = replace(known, story_id=self._story_id(story_id))
                self.records.put_on_wire(article_id, said_of)

    def _story_id(self, story_id: StoryId | None) -> StoryId | None:
        """The id as its story has it, so that it is in memory once and not with every article."""
        story = self.stories.stories.get(story_id) if story_id else None
        return story_id if story is None else story.story_id

    def _remember_carried(
        self, event: CarriedEvent, text: Shingled | None, found: Features | None
    ) -> None:
        article = event.article
        known = self.wire.get(article.article_id)
        version = known.version + 1 if known else 1
        self.relations.carried(article, event.relations, text)
        found = found or features(article, event.language, event.tags)
        item = self.item(article, found, copy_of(event.relations))
        self.stories.carried(item, event.story_id)
        said = OnWire(
            version, "usable", article.revision, article.source, copy_of(event.relations),
            self._story_id(event.story_id),
        )  # fmt: skip
        self.records.put_on_wire(article.article_id, said)

    def share_ids(self) -> None:
        """Have every id in memory once, as they are where events were folded.

        A memory that was read from a snapshot has each as often as it stands there.
        """
        shared = {article_id: article_id for article_id in self.records.packed}

        def one(article_id: ArticleId) -> ArticleId:
            return shared.get(article_id, article_id)

        for segment in self.relations.window.segments.values():
            segment.article_ids = [a and one(a) for a in segment.article_ids]
        self.stories.window.ids = [a and one(a) for a in self.stories.window.ids]
        for story in self.stories.stories.values():
            story.members = {one(a): None for a in story.members}

    def item(self, article: Article, found: Features, canonical: ArticleId | None) -> NewItem:
        """An article as stories see it."""
        said = self.wire.get(article.article_id)
        return NewItem(
            article_id=article.article_id,
            headline=article.headline,
            at=article.observed_at,
            features=found,
            copy_of=canonical,
            trust_rank=article.trust_rank,
            story_id=said.story_id if said else None,
        )

    def next_version(self, article_id: ArticleId) -> int:
        """The version of an article's next event on the wire."""
        known = self.wire.get(article_id)
        return known.version + 1 if known else 1

    def waiting(self, now: datetime) -> list[Position]:
        """Where articles stand that may be said and that the wire does not carry as they stand.

        Those whose embargo has ended come first, in the order of their hours; then the others, in
        the order in which they came.
        """
        due = [one for one in self.unsaid if self.is_due(one, now)]
        later = datetime.max.replace(tzinfo=UTC)

        def order(one: ArticleId) -> tuple[datetime, tuple[int, int]]:
            return self.embargoed.get(one, later), numbers_of(self.inputs[one].content_at)

        return [self.inputs[one].content_at for one in sorted(due, key=order)]

    def is_due(self, article_id: ArticleId, now: datetime) -> bool:
        """Whether an article may be said and the wire does not carry it as it stands."""
        if article_id not in self.unsaid:
            return False
        known = self.inputs[article_id]
        is_free = not known.is_held and known.source not in self.blocked
        return is_free and self.embargoed.get(article_id, now) <= now

    def _compare(self, article_id: ArticleId) -> None:
        """Note whether the wire carries an article as it stands."""
        known, said = self.inputs.get(article_id), self.wire.get(article_id)
        if known is not None and known.pubstatus == "usable" and _is_news(known, said):
            self.unsaid.add(article_id)
        else:
            self.unsaid.discard(article_id)


def _is_news(known: Input, said: OnWire | None) -> bool:
    if said is None or said.revision < known.revision:
        return True
    return said.status == "withheld"  # its release came while it had to wait
