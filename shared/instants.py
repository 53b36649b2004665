"""Instants: as text, as a file has them, and which ones an observation may have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

AHEAD_MAX: Final = timedelta(days=1)
"""So far an observation may lie ahead of our clock: whoever saw it may have a clock of his own.

One that lies further ahead is not taken: until its time has come, all later ones would be stale.
"""
EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
"""The first instant that is taken: any offset can be added to it and taken from it."""


def rfc3339(instant: datetime) -> str:
    """An instant as ``2026-11-22T16:20:00.123456Z``: UTC, microseconds only when there are any.

    Source: RFC 3339 section 5.6.

    Raises:
        ValueError: in UTC it lies outside the years 1 to 9999.
    """
    try:
        in_utc = instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"expected an instant of the years 1 to 9999, came {instant}") from error
    return in_utc.isoformat().replace("+00:00", "Z")


def from_posix(posix_s: float) -> datetime:
    """The instant of a file's time, which may be any number of seconds.

    Raises:
        ValueError: it lies outside the years 1 to 9999.
    """
    try:
        instant = datetime.fromtimestamp(posix_s, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"expected a time of the years 1 to 9999, came {posix_s:g} s") from error
    if instant < EARLIEST:
        raise ValueError(f"expected a time after {rfc3339(EARLIEST)}, came {rfc3339(instant)}")
    return instant


def too_far_ahead(observed_at: datetime, now: datetime) -> str | None:
    """What to say of an observation from more than AHEAD_MAX ahead; None: it may be so."""
    if observed_at - now <= AHEAD_MAX:
        return None
    return f"expected an instant up to {rfc3339(now + AHEAD_MAX)}, came {rfc3339(observed_at)}"
