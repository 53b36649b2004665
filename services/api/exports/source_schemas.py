"""What the routes of sources take and give, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.api.schemas import Limit
from services.api.source_queries import COUNTED_MAX
from shared.news import ArticleId, Display, SourceId

_EXAMPLE: Final[dict[str, Any]] = {
    "source": "steppe-courier",
    "name": "Steppe Courier",
    "homepage": "https://courier.example/",
    "rights": "© Steppe Courier",
    "display": None,
    "articles": 214,
    "articles_are_all": True,
    "newest_at": "2026-03-02T06:10:00.000000Z",
    "newest_article_id": "0c5b6f0e-6a0b-5d0e-8d52-3f0f9e7a1c11",
    "series": 0,
}


class SourcesQuery(BaseModel):
    """Parameters of the list of sources."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Limit = Field(default=100, description="Sources of one answer.")
    after: SourceId | None = Field(
        default=None, description="`next` of an answer: the sources behind this one."
    )


class SourceItem(BaseModel):
    """A source, told by what of it may be shown now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    source: SourceId
    name: str
    """For readers; its id, where it says none."""
    homepage: str | None
    """The site of its newest article; null: that has no address on the web."""
    rights: str | None
    """As its newest article says them."""
    display: Display | None
    """How much of its texts is shown; null: all."""
    articles: int = Field(ge=0, le=COUNTED_MAX)
    articles_are_all: bool
    """False: there are more than were counted."""
    newest_at: AwareDatetime | None
    """When its newest article counts as of, as lists are ordered; null: it has none."""
    newest_article_id: ArticleId | None
    series: int
    """Series of rates that it gives."""


class SourceList(BaseModel):
    """Sources, in the order of their ids."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE], "next": None}]})

    items: list[SourceItem]
    next: SourceId | None
    """``after`` of the following page; null: there is none."""
