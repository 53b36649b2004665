"""Values of a series by day, week, month or year: open, high, low, close. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal, assert_never

from services.api.rates import digits
from services.api.rates.points import Point

Step = Literal["day", "week", "month", "year"]
"""A day in UTC, a week of ISO 8601 (from Monday), a month or a year of the calendar."""


@dataclass(frozen=True, slots=True)
class Period:
    """A step of the calendar."""

    name: str
    """``2026-03-02``, ``2026-W10``, ``2026-03``, ``2026``."""
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bar:
    """What a series did in a period in which it had a value at all."""

    period: Period
    open: Point
    high: Point
    low: Point
    close: Point
    count: int

    def text(self, point: Point) -> str:
        """A value of it for as many units as the last one is for; digits as printed."""
        if point.nominal == self.close.nominal:
            return point.value
        return digits.rounded(point.unit * self.close.nominal, point.digits)


def bars(points: Iterable[Point], step: Step) -> list[Bar]:
    """The bars of one series, oldest first; no bar where there is no value."""
    ordered = sorted(points, key=lambda point: point.as_of)
    grouped = groupby(ordered, key=lambda point: period(point.day, step))
    return [_bar(found, list(group)) for found, group in grouped]


def period(day: date, step: Step) -> Period:
    """The period that a day lies in."""
    match step:
        case "day":
            return Period(day.isoformat(), day, day)
        case "week":
            year, week, weekday = day.isocalendar()
            monday = day - timedelta(days=weekday - 1)
            return Period(f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))
        case "month":
            days = calendar.monthrange(day.year, day.month)[1]
            return Period(f"{day:%Y-%m}", day.replace(day=1), day.replace(day=days))
        case "year":
            return Period(f"{day:%Y}", date(day.year, 1, 1), date(day.year, 12, 31))
        case _:
            assert_never(step)


def _bar(found: Period, points: list[Point]) -> Bar:
    # Fractions of five thousand values take 50 ms; of one nominal the printed values do.
    is_alike = len({point.nominal for point in points}) == 1
    price = _printed if is_alike else _unit
    return Bar(
        period=found,
        open=points[0],
        high=max(points, key=price),
        low=min(points, key=price),
        close=points[-1],
        count=len(points),
    )


def _printed(point: Point) -> Decimal | Fraction:
    return Decimal(point.value)


def _unit(point: Point) -> Decimal | Fraction:
    return point.unit
