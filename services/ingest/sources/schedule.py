"""When a source is read again: what it says, else its rhythm, within bounds. Pure.

An operator's ``every`` stands as it is. Else the longest that the source itself asks for: ``ttl``
and ``sy:updatePeriod`` of a feed, ``max-age`` of its answer. Else half of the time that usually
passes between two looks that find something new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import Final

SAID_S_MIN: Final = 300
"""What a source may bring us to at the most: ``max-age=0`` stands on many a feed."""
SAID_S_MAX: Final = 86_400
"""A source that says a week still publishes; it is looked at once a day."""
UNSAID_S: Final = 900
"""Of a source that says nothing and whose rhythm is not known."""
RHYTHM_S_MAX: Final = 7_200
"""A source that publishes once a day is not read once a day: its hour is not known."""
GAPS_MIN: Final = 3
"""Fewer are no rhythm."""
BACK_OFF_MAX: Final = 6
"""Doublings: an interval of a quarter of an hour becomes sixteen hours."""
BACK_OFF_S_MAX: Final = 86_400
RETRY_S_MAX: Final = 604_800
"""A publisher may ask for a week."""


def interval_s(every_s: int | None, said_s: int | None, gaps_s: Sequence[int]) -> int:
    """Seconds between two looks at a source that answers."""
    if every_s is not None:
        return every_s
    if said_s is not None and said_s > SAID_S_MIN:
        return min(said_s, SAID_S_MAX)
    if len(gaps_s) >= GAPS_MIN:
        return max(SAID_S_MIN, min(int(median(gaps_s) / 2), RHYTHM_S_MAX))
    return UNSAID_S


def next_at(
    now: datetime, interval: int, failures: int = 0, retry_after_s: int | None = None
) -> datetime:
    """When a source is read again, that was just read, or failed so many times in a row.

    A failing source is left alone twice as long each time. What a publisher asks for is kept.
    """
    waits = interval * 2 ** min(failures, BACK_OFF_MAX) if failures else interval
    waits = min(waits, max(interval, BACK_OFF_S_MAX))
    asked = min(retry_after_s or 0, RETRY_S_MAX)
    return now + timedelta(seconds=max(waits, asked))


def first_at(source: str, now: datetime, spread_s: int) -> datetime:
    """When a source is read that was never read: all of them within ``spread_s`` seconds.

    Each has its own moment, the same on any machine.
    """
    share = int.from_bytes(sha256(source.encode()).digest()[:4]) / 2**32
    return now + timedelta(seconds=share * spread_s)


def spread(at: datetime, source: str, interval: int) -> datetime:
    """A moment up to a twentieth of the interval later: sources do not fall into step."""
    share = int.from_bytes(sha256(f"{source} {at.isoformat()}".encode()).digest()[:4]) / 2**32
    return at + timedelta(seconds=share * interval / 20)
