"""What a text says of a time, before it is decided how much of it is known."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from services.ingest.parse.feeds.times import Time
from services.ingest.parse.feeds.zones import NOT_SAID, Clock, clock_at


class Said(NamedTuple):
    """A day, and what stands beside it."""

    day: date
    """The first of the month or of the year, where ``to`` says that no more is given."""
    to: Literal["day", "month", "year"] = "day"
    time: Time | None = None
    clock: Clock = NOT_SAID


def exactly(day: date, time: tuple[str, str, str], clock: str) -> Said:
    """A day with hour, minute and second in figures, and a clock that stands by itself."""
    hour, minute, second = time
    return Said(
        day, time=Time(int(hour), int(minute), int(second)), clock=clock_at(clock.lower())[0]
    )
