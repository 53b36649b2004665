"""How far a rate is from where it stood a day, a week, a month, a year before. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, assert_never

from services.api.rates import digits
from services.api.rates.bars import Step
from services.api.rates.points import Point, rate_on

PERCENT_DECIMALS_MAX: Final = 4
STEPS: Final[tuple[Step, ...]] = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier value of a series to the one that holds."""

    percent: str | None
    """Rounded to what both values' digits carry; None: they carry none."""
    since: Point


def changes(points: Sequence[Point], day: date) -> dict[Step, Change | None]:
    """The changes of one series up to the value that holds for a day, by what they are over.

    Counted back from the day that this value is for: on a Sunday they are Friday's. None: nothing
    holds for the one day or the other.
    """
    held = rate_on(points, day)
    return {step: _change(points, held.point, step) if held else None for step in STEPS}


def day_before(day: date, step: Step) -> date:
    """The day one step earlier; the last of its month where that has no such day."""
    match step:
        case "day":
            return day - timedelta(days=1)
        case "week":
            return day - timedelta(days=7)
        case "month":
            end = day.replace(day=1) - timedelta(days=1)
            return end.replace(day=min(day.day, end.day))
        case "year":
            days = calendar.monthrange(day.year - 1, day.month)[1]
            return date(day.year - 1, day.month, min(day.day, days))
        case _:
            assert_never(step)


def percent(before: Point, after: Point) -> str | None:
    """The change in percent with the decimals that the digits carry; None: they carry none.

    What half a unit in both last digits could hide is no change that anyone saw; and no change is
    told where the digits could hide more than half a percent.
    """
    doubt = digits.half_step(before.value, before.nominal)
    doubt += digits.half_step(after.value, after.nominal)
    difference = after.unit - before.unit
    doubt_percent = doubt * 100 / before.unit
    hidden = abs(difference) <= doubt if difference else doubt_percent * 2 > 1
    text = digits.decimals(difference * 100 / before.unit, _decimals(doubt_percent))
    is_lost = bool(difference) and not text.strip("-0.")
    return None if hidden or is_lost else text


def _change(points: Sequence[Point], after: Point, step: Step) -> Change | None:
    held = rate_on(points, day_before(after.day, step))
    return Change(percent(held.point, after), held.point) if held else None


def _decimals(doubt_percent: Fraction) -> int:
    """Decimals of a percentage that a doubt leaves standing: 1 where it is 0.05."""
    places = 0
    while places < PERCENT_DECIMALS_MAX and doubt_percent * 10 ** (places + 1) < 1:
        places += 1
    return places
