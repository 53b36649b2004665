"""What differs between two instants, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from services.api.asof import AtText
from services.api.history_schemas import DiffPiece
from services.api.schemas import Seq, plain
from shared.news import ArticleId, SourceId, StoryId

DIFFERENCES_MAX: Final = 200
"""Differences of one answer: for each an article or a story is read at both instants."""
DIFFERENCES_USUAL: Final = 50


class DifferencesQuery(BaseModel):
    """Parameters of what differs between two instants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_: AtText = Field(
        alias="from",
        description="The earlier instant: a time (RFC 3339), a day, at its end (UTC), or the seq "
        "of an event of the wire; 0: before the first.",
    )
    to: AtText | None = Field(
        default=None, description="The later one, likewise; without it: as far as the views are."
    )
    after: Seq | None = Field(
        default=None, description="Go on behind this event: `next` of an answer."
    )
    limit: Annotated[int, Field(ge=1, le=DIFFERENCES_MAX), BeforeValidator(plain)] = Field(
        default=DIFFERENCES_USUAL,
        description="Differences of one answer; one more where an event changed two stories.",
    )


class DifferencesPageQuery(DifferencesQuery):
    """Parameters of the page of it: as strict, and what a form sends of an empty field is taken."""

    from_: AtText = Field(default="", alias="from")
    """Empty: nothing has been asked yet; it is not there."""
    to: AtText | Literal[""] | None = None


class Notice(BaseModel):
    """Why an article is not shown any more."""

    status: Literal["withheld", "canceled"]
    reason: str
    by: str
    observed_at: AwareDatetime


class ArticleDifference(BaseModel):
    """An article that came, changed, or left. Of what was taken back since no word is said."""

    kind: Literal["article"]
    seq: int
    """Of its last event up to the later instant."""
    id: ArticleId
    change: Literal["came", "changed", "left"]
    headline: str | None = None
    """Of the later instant; not there where it left."""
    language: str | None = None
    """Of the headline: BCP 47, `und` where it is not known; not there where it left."""
    source: SourceId | None = None
    """Not there where it left."""
    fields: list[Literal["headline", "summary", "body", "tags", "relations"]] | None = None
    """What is other where it changed."""
    pieces: list[DiffPiece] | None = None
    """Where it changed: the headline word by word."""
    notice: Notice | None = None
    """Where it left."""


class StoryDifference(BaseModel):
    """A story that an event of its own changed, as it was at the later instant."""

    kind: Literal["story"]
    seq: int
    id: StoryId
    change: Literal["opened", "changed", "merged", "closed"]
    headline: str | None
    language: str | None
    """Of the headline."""
    article_count: int
    merged_into: StoryId | None


class RateValue(BaseModel):
    """A value, as its source set it."""

    value: str
    nominal: int


class RateDifference(BaseModel):
    """A rate of which another value stands."""

    kind: Literal["rate"]
    seq: int
    series: str
    as_of: str
    change: Literal["came", "changed"]
    before: RateValue | None
    """None: none stood."""
    after: RateValue | None
    """None: what stood is gone."""


class DifferenceList(BaseModel):
    """What differs between two instants, by the event that made it so."""

    from_seq: int
    """Of the last event at the earlier instant."""
    to_seq: int
    items: list[
        Annotated[ArticleDifference | StoryDifference | RateDifference, Field(discriminator="kind")]
    ]
    next: int | None
    """For `after`, with both instants as seqs; null: that was all."""
