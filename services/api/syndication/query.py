"""What may be asked of a feed."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.api.articles.parameters import ArticlesFilter
from services.api.schemas import plain
from shared.news import RateKind, SourceId

LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 100
"""Articles of one feed, which come with their texts; who wants more pages through /v1/articles."""
STORIES_MAX: Final = 20
"""Stories of one feed: each is put together of up to 200 articles."""
RATES_DEFAULT: Final = 30
"""Values of the feed of a pair: a month of one daily series."""


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


class RatesFeedQuery(BaseModel):
    """Parameters of the feed of a pair's rates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: SourceId | None = Field(
        default=None, description="Id of the source. Left out: every source."
    )
    kind: RateKind | None = Field(default=None, description="Left out: every kind.")
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(plain)] = Field(
        default=RATES_DEFAULT, description="Values of the feed."
    )


class FeedQuery(ArticlesFilter, ListQuery):
    """Parameters of a feed: every filter of the list, and how many articles."""
