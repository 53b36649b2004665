"""What the wire says of a story: opened, grew, merged, split, closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.enrichment.stories.memory import StoryMemory
from services.enrichment.stories.story import NewItem, Story, standing
from shared.hashing import event_id
from shared.news import ArticleId, StoryId
from shared.story_events import StoryClosed, StoryGrew, StoryMerged, StoryOpened

METHODS: Final = {"stories": "stories/1"}

Standing = tuple[int, int, ArticleId, str]
"""How well an article stands for its story, the lower the better: standing, time, id, headline."""


def story_id(article_id: ArticleId, memory: StoryMemory) -> StoryId:
    """The id of the story that an article begins; another one after it was taken out of one."""
    return StoryId(event_id("story", article_id, *sorted(memory.parted.get(article_id, ()))))


def joined(
    new: NewItem, target: Story | ArticleId, evidence: dict[str, str], memory: StoryMemory
) -> tuple[StoryId, tuple[StoryOpened | StoryGrew, ...]]:
    """An article joins a story, or begins one with an article that was alone."""
    if isinstance(target, Story):
        return target.story_id, (_grew(target, new, evidence, _better(target, new, memory)),)
    opened = _opened((target,), new, evidence, memory)
    return opened.story_id, (opened,)


def brought_together(
    new: NewItem,
    targets: tuple[Story | ArticleId, Story | ArticleId],
    evidence: dict[str, str],
    memory: StoryMemory,
) -> tuple[StoryId, tuple[StoryOpened | StoryGrew | StoryMerged, ...]]:
    """An article is close to two that are close to each other: all of it is one story."""
    stories = [target for target in targets if isinstance(target, Story)]
    alone = [target for target in targets if not isinstance(target, Story)]
    if not stories:
        opened = _opened(alone, new, evidence, memory)
        return opened.story_id, (opened,)
    stories.sort(key=lambda story: (story.first_s, story.story_id))
    onward = stories[0]
    best = _better(onward, new, memory)
    grew = _grew(onward, new, evidence, best)
    if alone:
        best = best_of((best, standing_of(alone[0], memory)), onward)
        return onward.story_id, (grew, _with_best(grew, alone[0], best))
    merged = stories[1]
    best = best_of((best, _better(merged, None, memory)), onward)
    return onward.story_id, (grew, _merged(onward, merged, grew, best))


def again(story: Story, new: NewItem, memory: StoryMemory) -> tuple[StoryGrew, ...]:
    """What is said when an article of a story is revised: something where its headline changes."""
    best = best_of([*others_of(story, new.article_id, memory), _of_new(new)], story)
    if (best[2], best[3]) == (story.representative, story.headline):
        return ()
    return (_grew(story, new, {"revision": new.article_id}, best),)


def closed(story: Story, new: NewItem) -> StoryClosed:
    """Nothing has come to a story for days, by the article that is placed at this time."""
    return StoryClosed(
        story_id=story.story_id,
        headline=story.headline,
        representative=story.representative,
        observed_at=new.at,
        methods=METHODS,
        articles=max(1, story.articles),
    )


def best_of(standings: Iterable[Standing], story: Story) -> Standing:
    """The one that stands for a story: of equals the one that does, and then the earliest."""
    return min(standings, key=lambda one: (one[0], one[2] != story.representative, one[1], one[2]))


def others_of(story: Story, article_id: ArticleId | None, memory: StoryMemory) -> list[Standing]:
    """The articles of a story but one, as they may stand for it."""
    return [standing_of(one, memory) for one in story.members if one != article_id]


def standing_of(article_id: ArticleId, memory: StoryMemory) -> Standing:
    """How an article in memory may stand for a story."""
    kept = memory.article(article_id)
    return kept.standing, kept.at_s, article_id, kept.headline


def _opened(
    alone: Iterable[ArticleId], new: NewItem, evidence: dict[str, str], memory: StoryMemory
) -> StoryOpened:
    first = sorted(alone, key=lambda one: (memory.article(one).at_s, one))
    best = min([*(standing_of(one, memory) for one in first), _of_new(new)])
    return StoryOpened(
        story_id=story_id(first[0], memory),
        headline=best[3],
        representative=best[2],
        observed_at=new.at,
        methods=METHODS,
        article_ids=(*first, new.article_id),
        evidence=evidence,
    )


def _grew(story: Story, new: NewItem, evidence: dict[str, str], best: Standing) -> StoryGrew:
    return StoryGrew(
        story_id=story.story_id,
        headline=best[3],
        representative=best[2],
        observed_at=new.at,
        methods=METHODS,
        article_id=new.article_id,
        evidence=evidence,
    )


def _with_best(grew: StoryGrew, article_id: ArticleId, best: Standing) -> StoryGrew:
    changes = {"article_id": article_id, "headline": best[3], "representative": best[2]}
    return grew.model_copy(update=changes)


def _merged(onward: Story, merged: Story, grew: StoryGrew, best: Standing) -> StoryMerged:
    return StoryMerged(
        story_id=onward.story_id,
        headline=best[3],
        representative=best[2],
        observed_at=grew.observed_at,
        methods=METHODS,
        merged_story_id=merged.story_id,
        article_ids=tuple(merged.members),
        evidence=grew.evidence,
    )


def _better(story: Story, new: NewItem | None, memory: StoryMemory) -> Standing:
    """Who stands for a story with a new article: the one that does, unless this is better."""
    others = [_of_new(new)] if new is not None else []
    if story.representative in story.members:
        return best_of([standing_of(story.representative, memory), *others], story)
    return best_of([*others, *others_of(story, None, memory)], story)


def _of_new(new: NewItem) -> Standing:
    return standing(new), new.at_s, new.article_id, new.headline
