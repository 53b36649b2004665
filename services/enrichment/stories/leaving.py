"""What the wire says where articles leave a story: withdrawn, or taken out by an operator. Pure."""

from __future__ import annotations

from datetime import datetime

from services.enrichment.stories.memory import StoryMemory
from services.enrichment.stories.saying import METHODS, others_of, standing_of
from shared.hashing import event_id
from shared.news import ArticleId, StoryId
from shared.story_events import StoryGrew, StoryOpened, StoryParted, StorySplit


def left(article_id: ArticleId, memory: StoryMemory, at: datetime) -> tuple[StoryGrew, ...]:
    """What is said when an article leaves the wire: who stands for its story instead of it.

    Nothing where another one stands for it, or where it was the last: the story goes with it.
    """
    story = memory.story_by_article.get(article_id)
    if story is None or story.representative != article_id:
        return ()
    others = others_of(story, article_id, memory)
    if not others:
        return ()
    best = min(others)
    return (
        StoryGrew(
            story_id=story.story_id,
            headline=best[3],
            representative=best[2],
            observed_at=at,
            methods=METHODS,
            article_id=best[2],
            evidence={"left": article_id},
        ),
    )


def parted(decision: StorySplit, memory: StoryMemory) -> tuple[StoryParted | StoryOpened, ...]:
    """What is said when an operator takes articles out of a story.

    Nothing where the story is not open, has none of them, or would have none left.
    """
    story = memory.stories.get(decision.story_id)
    leaving = [one for one in decision.article_ids if story and one in story.members]
    leaving = list(dict.fromkeys(leaving))
    if story is None or not leaving or len(leaving) == len(story.members):
        return ()
    stay = min(standing_of(one, memory) for one in story.members if one not in leaving)
    new_id = None
    if len(leaving) > 1:
        new_id = StoryId(event_id("story", leaving[0], story.story_id))
    said = StoryParted(
        story_id=story.story_id,
        headline=stay[3],
        representative=stay[2],
        observed_at=decision.observed_at,
        methods=METHODS,
        article_ids=tuple(leaving),
        new_story_id=new_id,
        reason=decision.reason,
        by=decision.by,
    )
    if new_id is None:
        return (said,)
    best = min(standing_of(one, memory) for one in leaving)
    opened = StoryOpened(
        story_id=new_id,
        headline=best[3],
        representative=best[2],
        observed_at=decision.observed_at,
        methods=METHODS,
        article_ids=tuple(leaving),
        evidence={"split_from": story.story_id},
    )
    return (said, opened)
