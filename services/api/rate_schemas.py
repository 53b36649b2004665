"""What the api gives of rates, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

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


class RateItem(_OnWire):
    """The latest rate of a series that stands."""

    status: Literal["quoted", "reconfirmed", "restated"]
    replaced_value: str | None = None
    replaced_nominal: int | None = None
    doubted: DoubtedRate | None
    """What its source says by now, and what is doubted; null: nothing is."""


class RateList(BaseModel):
    """The latest rate of every series, by base, quote and source."""

    items: list[RateItem | DoubtedRate]
    """A doubted rate only where none of its series stands."""
    cursor: str
    """Says how far the views had come; changes with every event."""
