"""Facts about stories: what becomes of them on the wire, and what an operator decides of them."""

from __future__ import annotations

from pydantic import Field

from shared.house_events import Event
from shared.news import (
    ArticleIdText,
    Count,
    Decider,
    Headline,
    Instant,
    Line,
    StoryIdText,
)


class StorySplit(Event):
    """Articles were put into a story wrongly: they leave it, and are not put back."""

    story_id: StoryIdText
    article_ids: tuple[ArticleIdText, ...] = Field(min_length=1, max_length=100)
    """Those that leave; together they are a story of their own."""
    reason: Line
    by: Decider
    who: Line | None = None
    observed_at: Instant


class StoryEvent(Event):
    """What became of a story; subject of the event is the story."""

    story_id: StoryIdText
    headline: Headline
    """Of the article that stands for the story."""
    representative: ArticleIdText
    """The article that stands for the story."""
    observed_at: Instant
    methods: dict[str, str]


class StoryOpened(StoryEvent):
    """A second article reports what one article reported: from here on they are a story."""

    article_ids: tuple[ArticleIdText, ...]
    evidence: dict[str, str]
    """Why they are one: ``similarity``, ``threshold``, ``shared_terms``, ``shared_names``."""


class StoryGrew(StoryEvent):
    """An article joined a story, or another one stands for it."""

    article_id: ArticleIdText
    evidence: dict[str, str]


class StoryMerged(StoryEvent):
    """Two stories are one: ``story_id`` goes on, the other one ends."""

    merged_story_id: StoryIdText
    article_ids: tuple[ArticleIdText, ...]
    """Those that come from the other story."""
    evidence: dict[str, str]


class StoryParted(StoryEvent):
    """``newswire.story.split`` on the wire: articles left the story by an operator's decision."""

    article_ids: tuple[ArticleIdText, ...]
    """Those that left."""
    new_story_id: StoryIdText | None
    """The story that they are now; None: it is one article, which is alone again."""
    reason: Line
    by: Decider


class StoryClosed(StoryEvent):
    """Nothing has come to the story for days: what comes now begins another."""

    articles: Count
    """How many it has."""


StoryWireEvent = StoryOpened | StoryGrew | StoryMerged | StoryParted | StoryClosed
