"""Points of rates for tests: a day, a value, and what is not usual about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.api.rates.points import Point


def point(as_of: str, value: str, pair: str = "USD-KGS", **said: Any) -> Point:
    """``point("2026-03-02", "87.4500")``: official, of ``nbkr``, for one unit."""
    base, quote = pair.split("-")
    given = {"source": "nbkr", "kind": "official", **said}
    return Point(base=base, quote=quote, as_of=as_of, value=value, **given)


def daily(first: date, *values: str, pair: str = "USD-KGS") -> list[Point]:
    """One value a day."""
    return [
        point((first + timedelta(days=number)).isoformat(), value, pair)
        for number, value in enumerate(values)
    ]
