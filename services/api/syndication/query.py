"""What may be asked of a feed."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.api.articles.parameters import ArticlesFilter
from services.api.schemas import plain

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 100
"""Articles of one feed, which come with their texts; who wants more pages through /v1/articles."""
STORIES_MAX: Final = 20
"""Stories of one feed: each is put together of up to 200 articles."""


class ListQuery(BaseModel):
    """Parameters of a feed without a filter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(plain)] = Field(
        default=LIMIT_DEFAULT, description="Articles of the feed."
    )


class StoriesFeedQuery(BaseModel):
    """Parameters of the feed of stories."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=STORIES_MAX), BeforeValidator(plain)] = Field(
        default=STORIES_MAX, description="Stories of the feed."
    )


class FeedQuery(ArticlesFilter, ListQuery):
    """Parameters of a feed: every filter of the list, and how many articles."""
