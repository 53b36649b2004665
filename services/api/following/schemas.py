"""What the routes of changes take and give, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.articles.items import ArticleItem, ArticleNotice
from services.api.following.changed import KINDS, Kind
from services.api.rate_schemas import DoubtedRate, QuotedRate
from services.api.schemas import (
    TAGS_MAX,
    CursorText,
    Limit,
    TagText,
    Wait,
)
from services.api.story_schemas import StoryBrief
from shared.news import SourceId

_CURSOR: Final = (
    "`cursor` or `next` of an answer, of `/v1/articles`, `/v1/stories` or `/v1/rates/latest` too, "
    "or `id` of an event of the stream: what changed since. Without it: everything, the oldest "
    "change first."
)
_RATE_EXAMPLE: Final[dict[str, Any]] = {
    "source": "nbkr", "kind": "official", "base": "USD", "quote": "KGS", "value": "87.4500",
    "nominal": 1, "as_of": "2026-03-02", "series": "nbkr:official:USD-KGS", "status": "quoted",
    "version": 1, "seq": 41,
}  # fmt: skip


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: SourceId | None = Field(
        default=None, description="Id of the source. Stories, which have many, are left out."
    )
    limit: Limit = Field(default=50, description="Changes of one answer; one more at most.")
    cursor: CursorText | None = Field(default=None, description=_CURSOR)
    wait: Wait = 0


class RateChangesQuery(_Query):
    """Parameters of the changes of rates."""


class ChangesQuery(_Query):
    """Parameters of the changes of everything."""

    kind: list[Kind] = Field(
        default=[],
        max_length=len(KINDS),
        description="Repeated: changes of any of these kinds. Without it: of all.",
    )
    tag: list[TagText] = Field(
        default=[],
        max_length=TAGS_MAX,
        description="`scheme:code`; repeated: articles that bear all of them, and notices of what "
        "is gone. Rates and stories, which have none, are left out.",
        examples=[["iso3166:KZ"]],
    )


class _Change(BaseModel):
    seq: int
    """Of the event that made the change, on the wire."""


class ArticleChange(_Change):
    """An article as it stands since it changed, or the notice that stands in its place."""

    kind: Literal["article"]
    id: str
    """``article_id``."""
    item: ArticleItem | ArticleNotice


class RateChange(_Change):
    """What a series says of an ``as_of``, doubted or not."""

    kind: Literal["rate"]
    id: str
    """The series and the ``as_of``, with a slash between."""
    item: QuotedRate | DoubtedRate


class StoryChange(_Change):
    """A story as it stands since it changed."""

    kind: Literal["story"]
    id: str
    """``story_id``."""
    item: StoryBrief


class ChangeList(BaseModel):
    """What changed, oldest change first; of each article, rate and story its last state alone."""

    items: list[
        Annotated[ArticleChange | RateChange | StoryChange, Field(discriminator="kind")]
    ] = Field(examples=[[{"kind": "rate", "id": "nbkr:official:USD-KGS/2026-03-02", "seq": 41,
                          "item": _RATE_EXAMPLE}]])  # fmt: skip
    next: str | None
    """Cursor of the following page; null: there is none yet. A page may be empty and have one."""
    cursor: str
    """Cursor to go on with, here and at every list, the stream and the events."""


class RateChangeList(BaseModel):
    """What changed of rates, oldest change first; of each ``as_of`` of a series its last state."""

    items: list[QuotedRate | DoubtedRate] = Field(examples=[[_RATE_EXAMPLE]])
    next: str | None
    """As in the list of changes."""
    cursor: str
    """Likewise."""
