"""The slider of the front page: its ends, some events with their times, and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from services.api import past
from services.api.words import figures
from shared.views import Connection

SAMPLES_MAX: Final = 60
"""Events whose times a page knows; between two of them it guesses. A kilobyte of it."""
DAYS_MAX: Final = 14
"""Days that are marked below the slider; of more, some in like distances."""


@dataclass(frozen=True, slots=True)
class Slider:
    """From the first event that the views know of to the last one."""

    first: int
    last: int
    here: int
    """Where it stands."""
    samples: Sequence[tuple[int, int]]
    """Seq, and seconds since 1970, both rising."""
    days: Sequence[tuple[int, str]]
    """The first event of a day, and the day in print."""


def slider(connection: Connection, last: int, here: int) -> Slider | None:
    """The slider of a page; None: less than two events have been said."""
    first = past.first(connection)
    if first is None or first >= last:
        return None
    samples = _samples(connection, first, last)
    return Slider(first, last, max(here, first), samples, _days(connection, samples))


def _samples(connection: Connection, first: int, last: int) -> list[tuple[int, int]]:
    count = min(SAMPLES_MAX, last - first + 1)
    wanted = [first + (last - first) * number // (count - 1) for number in range(count)]
    found = {seq: past.said_at(connection, seq) for seq in wanted}
    return [(seq, int(at.timestamp())) for seq, at in found.items() if at]


def _days(connection: Connection, samples: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    begin, end = (datetime.fromtimestamp(one[1], UTC).date() for one in (samples[0], samples[-1]))
    step = (end - begin).days // DAYS_MAX + 1
    found: dict[int, str] = {}
    day = begin
    while day <= end:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        seq = past.next_seq(connection, midnight)
        if seq is not None:
            found[seq] = figures.day(day)  # of days without an event the last one counts
        day += timedelta(days=step)
    return list(found.items())
