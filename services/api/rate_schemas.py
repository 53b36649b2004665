"""What the api gives of rates, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from shared.events import Movement
from shared.news import Dispute, Rate


class _OnWire(Rate):
    series: str
    movement: Movement | None
    methods: dict[str, str]
    version: int
    seq: int
    event_id: str
    event_type: str


class DoubtedRate(_OnWire):
    """A rate that is not plausible, with the arithmetic; it stands once it is accepted."""

    status: Literal["disputed"]
    disputes: tuple[Dispute, ...]
    standing_as_of: str | None
    """The ``as_of`` of the rate that stood when it came; null: there was none."""


class QuotedRate(_OnWire):
    """A rate that stands, or stood until its source said more."""

    status: Literal["quoted", "reconfirmed", "restated"]
    replaced_value: str | None = None
    replaced_nominal: int | None = None


class _Aged(BaseModel):
    age_days: int | None = Field(examples=[1])
    """Days from the ``as_of`` of the series' last value that stands to today, in UTC, at least 0;
    null: none stands."""
    usual_gap_days: int | None
    """Days between its last twenty values, days of rest left out; null: too few to tell."""
    is_stale: bool | None
    """Whether it is quiet for more than two of its usual gaps; null: no telling."""


class DoubtedItem(DoubtedRate, _Aged):
    """A doubted rate of a series in which none stands."""


class RateItem(QuotedRate, _Aged):
    """The latest rate of a series that stands."""

    doubted: DoubtedRate | None
    """What its source says by now, and what is doubted; null: nothing is."""


class RateList(BaseModel):
    """The latest rate of every series, by base, quote and source."""

    items: list[RateItem | DoubtedItem]
    """A doubted rate only where none of its series stands."""
    cursor: str
    """Says how far the views had come; changes with every event."""
