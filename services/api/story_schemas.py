"""What the routes of stories take and give, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from services.api.asof import AtText
from services.api.schemas import CursorText, Wait, plain
from shared.news import ArticleId, SourceId, StoryId

STORIES_LIMIT_MAX: Final = 20
"""Stories of one answer: each is put together of up to 200 articles, 4,000 in all."""

StoriesLimit = Annotated[int, Field(ge=1, le=STORIES_LIMIT_MAX), BeforeValidator(plain)]
StoryStatus = Literal["open", "closed", "merged"]

_BRIEF_EXAMPLE: Final[dict[str, Any]] = {
    "story_id": "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b52",
    "status": "open",
    "merged_into": None,
    "headline": "Lorries wait at the border",
    "language": "en",
    "representative": "0c5b6f0e-6a0b-5d0e-8d52-3f0f9e7a1c11",
    "article_count": 2,
    "sources": {"pamir-observer": 1, "steppe-courier": 1},
    "languages": {"en": 1, "ru": 1},
    "changed_at": "2026-03-02T06:40:00.000000Z",
    "version": 1,
    "seq": 42,
    "event_id": "e7c1f3a2-0b7d-5a54-9d1e-8e2f4c6b7a90",
}
_ARTICLE_EXAMPLE: Final[dict[str, Any]] = {
    "article_id": "0c5b6f0e-6a0b-5d0e-8d52-3f0f9e7a1c11",
    "headline": "Lorries wait at the border",
    "source": "steppe-courier",
    "credit": "Steppe Courier",
    "language": "en",
    "published_at": None,
    "published_on": None,
    "listed_on": "2026-03-02",
    "observed_at": "2026-03-02T06:10:00Z",
    "copy_of": None,
}


class StoriesQuery(BaseModel):
    """Parameters of the list of stories."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: StoryStatus | None = Field(
        default=None, description="How the stories stand; without it: all of them."
    )
    limit: StoriesLimit = Field(
        default=STORIES_LIMIT_MAX,
        description="Stories of one answer. What changed since a cursor may be one more: two "
        "stories that became one changed at once.",
    )
    cursor: CursorText | None = Field(
        default=None,
        description="`next` of an answer: the following page. `cursor` of an answer: what changed "
        "since, the oldest change first.",
    )
    wait: Wait = 0
    at: AtText | None = None


class StoryBrief(BaseModel):
    """A story as lists give it.

    It is told by the articles that may be shown now: when one is taken back, what was of it is gone
    although the story has not changed. Of a long story the latest 200 articles tell it.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_BRIEF_EXAMPLE]})

    story_id: StoryId
    status: StoryStatus
    merged_into: StoryId | None
    """The story that goes on where this one was merged; it has the articles."""
    headline: str | None
    """Of the article that stands for the story; null: none of its articles may be shown."""
    language: str | None
    """BCP 47 primary tag of the headline."""
    representative: ArticleId | None
    """The article that stands for the story; where that one is gone, the best that is left."""
    article_count: int = Field(ge=0)
    sources: dict[SourceId, int]
    """How many articles each source has in it."""
    languages: dict[str, int]
    """How many articles there are in each language, by BCP 47 primary tag."""
    changed_at: AwareDatetime
    """When an event last changed the story itself."""
    version: int
    """Of the story's last event of its own."""
    seq: int
    """Of the event that last changed it; of a merged story the one that ended it."""
    event_id: str


class StoryArticle(BaseModel):
    """An article of a story."""

    article_id: ArticleId
    headline: str
    source: SourceId
    credit: str | None
    language: str
    """BCP 47 primary tag."""
    published_at: AwareDatetime | None
    published_on: str | None
    """The day where no instant is known."""
    listed_on: str | None
    """The day of the page or paper that it stood in."""
    observed_at: AwareDatetime
    copy_of: ArticleId | None
    """The article whose exact copy this is."""


class StoryItem(StoryBrief):
    """A story with its articles."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_BRIEF_EXAMPLE, "articles": [_ARTICLE_EXAMPLE]}]}
    )

    articles: list[StoryArticle]
    """Those that may be shown, the oldest first; none where the story was merged."""


class StoryList(BaseModel):
    """A page of a list of stories, or of its changes."""

    items: list[StoryBrief]
    next: str | None
    """Cursor of the following page; null: there is none."""
    cursor: str
    """Cursor for polling what changes after this list."""
