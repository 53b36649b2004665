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
