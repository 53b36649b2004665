"""What decisions about stories depend on: a fold of the wire, and of what operators took apart.

Rebuilt from the log, it is the memory that a worker had which never stopped: what is folded, in
the order of the wire, decides and nothing else. The two folds do not depend on each other's order.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, assert_never

from services.enrichment.stories.packing import Kept, pack, seen_at, unpack
from services.enrichment.stories.story import NewItem, Story, kept
from services.enrichment.stories.window import Window
from shared.news import ArticleId, StoryId
from shared.story_events import (
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StorySplit,
    StoryWireEvent,
)

SILENT_S: Final = 7 * 86_400
"""Silence after which a story is closed, and an article alone is forgotten."""
MEMBERS_MAX: Final = 200
"""Articles that a story is compared by, the latest: a longer story is what it has become."""


@dataclass(slots=True)
class StoryMemory:
    """All that decisions about stories depend on."""

    now_s: int = 0
    """The latest time that an article was seen at: the clock of stories."""
    kept: MutableMapping[ArticleId, bytes] = field(default_factory=dict)
    story_by_article: dict[ArticleId, Story] = field(default_factory=dict)
    stories: dict[StoryId, Story] = field(default_factory=dict)
    """The open ones, the longest silent first."""
    window: Window = field(default_factory=Window)
    parted: dict[ArticleId, frozenset[StoryId]] = field(default_factory=dict)
    """Stories that an article is never put into again."""
    bound: dict[ArticleId, StoryId] = field(default_factory=dict)
    """Articles whose story is closed, or is about to be opened: they join no other one."""
    strays: list[ArticleId] = field(default_factory=list)
    """Articles that left a story: to be looked at again when the clock goes on."""
    aged_serial: int = 0
    """Up to which articles were looked at for having stayed alone too long."""
    versions: dict[StoryId, int] = field(default_factory=dict)
    """Events that a story has had on the wire."""

    def carried(self, new: NewItem, story_id: StoryId | None) -> None:
        """The wire carried an article, with the story that ``place`` gave it or None."""
        story = self.stories.get(story_id) if story_id else None
        before = self._remove(new.article_id)
        self.advance(new.at)
        is_copy = new.copy_of in self.kept
        article = kept(new, self.window.next_serial, is_copy=is_copy)
        self.kept[new.article_id] = pack(article)
        self.window.add(new.article_id, article)
        if story is not None:
            self._join(new.article_id, story)
        elif story_id is not None:
            self.bound[new.article_id] = story_id
        if before is not None:
            self._drop_if_empty(before)

    def gone(self, article_id: ArticleId) -> None:
        """An article left the wire; a story goes with its last one."""
        story = self._remove(article_id)
        if story is not None:
            self._drop_if_empty(story)

    def advance(self, at: datetime) -> None:
        """Set the clock; articles that stayed alone for too long are forgotten."""
        self.now_s = max(self.now_s, int(at.timestamp()))
        before_s = self.now_s - SILENT_S
        while found := self.window.after(self.aged_serial):
            self.aged_serial = found[0] - 1
            if seen_at(self.kept[found[1]]) >= before_s:
                break
            self.aged_serial += 1
            self._forget_if_alone(found[1], before_s)
        for article_id in self.strays:
            self._forget_if_alone(article_id, before_s)
        self.strays.clear()

    def split(self, decision: StorySplit) -> None:
        """An operator took articles out of a story: they are never put into it again."""
        self._part(decision.article_ids, decision.story_id)

    def fold(self, event: StoryWireEvent) -> None:
        """Remember what the wire said of a story."""
        self.versions[event.story_id] = self.versions.get(event.story_id, 0) + 1
        match event:
            case StoryOpened():
                self._put(event, event.article_ids)
            case StoryGrew():
                self._put(event, (event.article_id,))
            case StoryMerged():
                self._put(event, event.article_ids)
                self._end(event)
            case StoryParted():
                self._part(event.article_ids, event.story_id)
                for article_id in event.article_ids:
                    self._leave(article_id)
                self.strays.extend(event.article_ids)
                self._put(event, ())
            case StoryClosed():
                self._close(event.story_id)
            case _:
                assert_never(event)

    def article(self, article_id: ArticleId) -> Kept:
        """What is remembered of an article that is in memory."""
        return unpack(self.kept[article_id])

    def is_apart(self, article_id: ArticleId, story: Story) -> bool:
        """Whether an operator took the article out of the story, or of one that is in it now."""
        apart = self.parted.get(article_id)
        return apart is not None and (story.story_id in apart or not apart.isdisjoint(story.ended))

    def next_version(self, story_id: StoryId) -> int:
        """The version of a story's next event on the wire."""
        return self.versions.get(story_id, 0) + 1

    def _put(
        self, event: StoryOpened | StoryGrew | StoryMerged | StoryParted, ids: Iterable[ArticleId]
    ) -> Story:
        at_s = int(event.observed_at.timestamp())
        story = self.stories.get(event.story_id)
        if story is None:
            story = Story(event.story_id, event.representative, event.headline, at_s, at_s)
            self.stories[event.story_id] = story
        story.representative, story.headline = event.representative, event.headline
        for article_id in ids:
            if article_id in self.kept and self.story_by_article.get(article_id) is not story:
                self._leave(article_id)
                self._join(article_id, story)
        return story

    def _join(self, article_id: ArticleId, story: Story) -> None:
        self.bound.pop(article_id, None)
        self.story_by_article[article_id] = story
        story.take_in(article_id, self.article(article_id), self.window.rarity())
        self.stories[story.story_id] = self.stories.pop(story.story_id)
        if len(story.members) > MEMBERS_MAX:
            self._remove(next(iter(story.members)))
            story.articles += 1  # it counts, and nothing is compared with it

    def _forget_if_alone(self, article_id: ArticleId, before_s: int) -> None:
        is_alone = article_id in self.kept and article_id not in self.story_by_article
        if is_alone and seen_at(self.kept[article_id]) < before_s:
            self._remove(article_id)

    def _remove(self, article_id: ArticleId) -> Story | None:
        """Forget an article; the story that it was in."""
        story = self._leave(article_id)
        packed = self.kept.pop(article_id, None)
        if packed is not None:
            self.window.remove(unpack(packed))
        self.bound.pop(article_id, None)
        return story

    def _drop_if_empty(self, story: Story) -> None:
        if not story.members:
            self.stories.pop(story.story_id, None)

    def _leave(self, article_id: ArticleId) -> Story | None:
        story = self.story_by_article.pop(article_id, None)
        if story is not None:
            story.take_out(article_id, self.article(article_id), self.window.rarity())
        return story

    def _part(self, article_ids: Iterable[ArticleId], story_id: StoryId) -> None:
        for article_id in article_ids:
            self.parted[article_id] = self.parted.get(article_id, frozenset()) | {story_id}

    def _end(self, event: StoryMerged) -> None:
        """The merged story is a part of the one that goes on, with what it had been merged from."""
        ended = self.stories.pop(event.merged_story_id, None)
        if ended is None:
            return
        self.stories[event.story_id].inherit(ended)
        for article_id in tuple(ended.members):  # none, where the event names them all
            self._leave(article_id)
            self.strays.append(article_id)

    def _close(self, story_id: StoryId) -> None:
        story = self.stories.pop(story_id, None)
        for article_id in tuple(story.members) if story else ():
            self._remove(article_id)
