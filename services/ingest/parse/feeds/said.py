"""What a text says of a time, before it is decided how much of it is known."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from services.ingest.parse.feeds.times import Time
from services.ingest.parse.feeds.zones import NOT_SAID, Clock


class Said(NamedTuple):
    """A day, and what stands beside it."""

    day: date
    """The first of the month or of the year, where ``to`` says that no more is given."""
    to: Literal["day", "month", "year"] = "day"
    time: Time | None = None
    clock: Clock = NOT_SAID
