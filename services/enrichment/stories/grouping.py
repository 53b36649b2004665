"""Where an article belongs: ``place(new, memory) → Placed``. Pure: the memory is left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.enrichment.stories import saying
from services.enrichment.stories.comparing import (
    Compared,
    Likeness,
    are_other_quakes,
    contradict,
    identifying,
    likeness,
    shared,
)
from services.enrichment.stories.memory import SILENT_S, StoryMemory
from services.enrichment.stories.sketch import Sketch
from services.enrichment.stories.story import NewItem, Story
from shared.news import ArticleId, StoryId
from shared.story_events import StoryClosed, StoryGrew, StoryMerged, StoryOpened

COMPARED_MAX: Final = 50
"""Stories and articles alone that an article is compared with, those that share most words."""
CLOSED_MAX: Final = 20
"""Stories that one decision closes, so that no commit becomes large; the others wait."""
MERGE_THRESHOLD: Final = 0.2
"""Likeness of two stories from which an article that is close to both makes them one."""

Said = StoryOpened | StoryGrew | StoryMerged | StoryClosed


@dataclass(frozen=True, slots=True)
class Placed:
    """The story that an article belongs to, and what the wire says of stories because of it."""

    story_id: StoryId | None
    """None: it is alone so far."""
    events: tuple[Said, ...] = ()
    """To be said after the article is carried, in this order."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A story, or an article alone, that an article is like."""

    target: Story | ArticleId
    sketch: Sketch
    likeness: Likeness
    first_s: int

    @property
    def rank(self) -> tuple[float, int, str]:
        """The most like first; of equals the older one."""
        key = self.target.story_id if isinstance(self.target, Story) else self.target
        return -self.likeness.score, self.first_s, key


def place(new: NewItem, memory: StoryMemory) -> Placed:
    """The story of an article that is about to be carried."""
    now_s = max(memory.now_s, new.at_s)
    silent = _silent(memory, now_s)
    closed = tuple(saying.closed(story, new) for story in silent[:CLOSED_MAX])
    story = memory.story_by_article.get(new.article_id)
    if story is not None:
        again = () if story in silent[:CLOSED_MAX] else saying.again(story, new, memory)
        return Placed(story.story_id, (*closed, *again))
    bound = _bound(new, memory)
    if bound is not None:
        return Placed(bound, closed)
    found = _of_canonical(new, memory, now_s) or _like(new, memory, now_s)
    if not found:
        return Placed(None, closed)
    story_id, said = _joined(new, found, memory)
    return Placed(story_id, (*closed, *said))


def _silent(memory: StoryMemory, now_s: int) -> list[Story]:
    """Stories to be closed, at most one more than are."""
    silent: list[Story] = []
    for story in memory.stories.values():
        if story.last_s >= now_s - SILENT_S or len(silent) > CLOSED_MAX:
            break
        silent.append(story)
    return silent


def _bound(new: NewItem, memory: StoryMemory) -> StoryId | None:
    """The story of an article that memory has forgotten, or whose story is closed."""
    if new.article_id in memory.kept:
        return memory.bound.get(new.article_id)
    is_apart = new.story_id in memory.parted.get(new.article_id, ())
    return None if is_apart else new.story_id


def _of_canonical(new: NewItem, memory: StoryMemory, now_s: int) -> list[_Found]:
    """Where the article is that this one is a copy of."""
    if new.copy_of is None or new.copy_of not in memory.kept:
        return []
    found = _target(new, new.copy_of, memory, now_s)
    if found is None:
        return []
    return [_Found(found[0], found[1], Likeness(1.0, {"copy_of": new.copy_of}), found[2])]


def _like(new: NewItem, memory: StoryMemory, now_s: int) -> list[_Found]:
    """What an article is like, the most like first."""
    rarity = memory.window.rarity()
    compared = Compared.of(new.features, rarity)
    found: list[_Found] = []
    for target, sketch, first_s, last_s in _candidates(new, compared, memory, now_s):
        alike = likeness(compared, sketch, abs(new.at_s - last_s), rarity)
        if alike is not None:
            found.append(_Found(target, sketch, alike, first_s))
    return sorted(found, key=lambda one: one.rank)


def _candidates(
    new: NewItem, compared: Compared, memory: StoryMemory, now_s: int
) -> Iterator[tuple[Story | ArticleId, Sketch, int, int]]:
    seen: set[str] = set()
    bearers = memory.window.bearers(compared.terms, compared.names)
    for article_id in bearers:
        found = _target(new, article_id, memory, now_s)
        if found is None:
            continue
        target = found[0]
        key = target.story_id if isinstance(target, Story) else target
        if key not in seen:
            seen.add(key)
            yield found
        if len(seen) == COMPARED_MAX:
            return


def _target(
    new: NewItem, article_id: ArticleId, memory: StoryMemory, now_s: int
) -> tuple[Story | ArticleId, Sketch, int, int] | None:
    """The story that an article is in, or itself, with first and last time; None: not open."""
    story = memory.story_by_article.get(article_id)
    if story is not None:
        is_open = story.last_s >= now_s - SILENT_S and not memory.is_apart(new.article_id, story)
        return (story, story.sketch, story.first_s, story.last_s) if is_open else None
    if article_id == new.article_id or article_id in memory.bound:
        return None
    alone = memory.article(article_id)
    if alone.at_s < now_s - SILENT_S:
        return None
    return article_id, Sketch.of(alone, memory.window.rarity()), alone.at_s, alone.at_s


def _joined(
    new: NewItem, found: list[_Found], memory: StoryMemory
) -> tuple[StoryId, tuple[Said, ...]]:
    """The story that the article most like it is in, and what is said of it."""
    first, *others = found
    second = next((one for one in others if _are_one(first, one, new, memory)), None)
    if second is None:
        return saying.joined(new, first.target, first.likeness.evidence, memory)
    evidence = {**first.likeness.evidence, "other_similarity": f"{second.likeness.score:.2f}"}
    return saying.brought_together(new, (first.target, second.target), evidence, memory)


def _are_one(one: _Found, other: _Found, new: NewItem, memory: StoryMemory) -> bool:
    """Whether two that an article is close to are close to each other."""
    if contradict(identifying(one.sketch.names), other.sketch.names):
        return False
    if are_other_quakes(one.sketch.magnitudes, other.sketch.magnitudes):
        return False
    language = new.features.language
    ours, theirs = (a.sketch.terms.get(language, {}) for a in (one, other))
    both = shared(ours, theirs, memory.window.rarity())
    if not both or _were_parted(one.target, other.target, memory):
        return False
    near = both / (one.sketch.lengths[language] * other.sketch.lengths[language])
    return round(near, 4) >= MERGE_THRESHOLD


def _were_parted(one: Story | ArticleId, other: Story | ArticleId, memory: StoryMemory) -> bool:
    """Whether an operator took an article of one of them out of the other one."""
    for ours, theirs in ((one, other), (other, one)):
        members = ours.members if isinstance(ours, Story) else (ours,)
        if isinstance(theirs, Story) and any(memory.is_apart(a, theirs) for a in members):
            return True
    return False
