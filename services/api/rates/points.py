"""One published value, and the one that holds for a day. Pure.

Every answer about a day comes from ``rate_on``, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from services.api.rates import digits
from shared.news import RateKind

CARRIED_DAYS_MAX: Final = 31
"""A value holds until the next one, for so many days at most: banks set minor currencies for a
month at once. Of anything older nobody can say that it still holds."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value that stands, as it was published: ``value`` of the quote for ``nominal`` of the base.

    ``as_of`` begins with a day of the calendar.
    """

    source: str
    kind: RateKind
    base: str
    quote: str
    as_of: str
    value: str
    nominal: int = 1
    credit: str | None = None
    """The source's name for readers; None: it gives none."""

    @property
    def day(self) -> date:
        """The day that it is for, in UTC where it is for an instant."""
        return date.fromisoformat(self.as_of[:10])

    @property
    def unit(self) -> Fraction:
        """The price of one unit of the base."""
        return Fraction(self.value) / self.nominal

    @property
    def digits(self) -> int:
        """Significant digits of its value."""
        return digits.significant(self.value)

    @property
    def series(self) -> str:
        """``source:kind:BASE-QUOTE``."""
        return f"{self.source}:{self.kind}:{self.base}-{self.quote}"


@dataclass(frozen=True, slots=True)
class Held:
    """The value that holds for a day."""

    point: Point
    day: date

    @property
    def carried(self) -> bool:
        """Whether it was published for an earlier day."""
        return self.point.day < self.day


def rate_on(points: Iterable[Point], day: date) -> Held | None:
    """The last value of a series for this day or before it; None: there is none, or it is too old.

    ``points`` are of one series, in any order.
    """
    known = [point for point in points if point.day <= day]
    latest = max(known, key=lambda point: point.as_of, default=None)
    if latest is None or (day - latest.day).days > CARRIED_DAYS_MAX:
        return None
    return Held(latest, day)
