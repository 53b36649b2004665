"""The only reader of the wall clock. Everything below ``main`` gets instants as arguments."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware UTC."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds that never go back, for measuring durations; the zero is arbitrary."""
    return time.monotonic()


def rfc3339(instant: datetime) -> str:
    """An instant as ``2026-11-22T16:20:00.123456Z``: UTC, microseconds only when there are any.

    Source: RFC 3339 section 5.6.
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
