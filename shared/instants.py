"""Instants as text."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """An instant as ``2026-11-22T16:20:00.123456Z``: UTC, microseconds only when there are any.

    Source: RFC 3339 section 5.6.
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
