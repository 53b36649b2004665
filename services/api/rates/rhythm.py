"""How often a series speaks, and whether it is late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from statistics import median_high
from typing import Final

AS_OFS_READ_MAX: Final = 20
"""Of a series: a month of a daily one."""
AS_OFS_MIN: Final = 3
"""Two gaps: of fewer no rhythm can be told."""
RESTS_KNOWN_FROM: Final = 10
"""Days after which a weekday that never came counts as a day of rest: two weeks of working days."""
RESTS_MAX: Final = 3
"""Where more weekdays than these never come the series is weekly or slower, and rests on none."""
WEEKEND: Final = frozenset({5, 6})
GAPS_LATE: Final = 2
"""A series is late when it has been quiet for more than so many of its usual gaps: one holiday does
not make it so."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How old the latest value of a series is, by what is usual for it."""

    age_days: int
    """Days of the calendar since its latest; 0 where that is for a day to come."""
    usual_gap_days: int | None
    """Days between two values, days of rest left out; None: too few to tell."""
    is_stale: bool | None
    """Whether it is late; None: no rhythm can be told."""


def rhythm(as_ofs: Iterable[date], today: date) -> Rhythm | None:
    """The rhythm of a series from the days it has had values for; None: it has had none.

    The last 20 are looked at. A weekday that never comes among them does not count; until two
    weeks are known that is Saturday and Sunday, as far as they do not come.
    """
    return _rhythm(tuple(sorted(set(as_ofs))[-AS_OFS_READ_MAX:]), today)


@lru_cache(maxsize=1_000)
def _rhythm(days: tuple[date, ...], today: date) -> Rhythm | None:
    """The same for days in order; kept, for the series of a bank come on the same days."""
    if not days:
        return None
    age = max(0, (today - days[-1]).days)
    if len(days) < AS_OFS_MIN:
        return Rhythm(age, None, None)
    rests = _rests(days)
    usual = median_high(_gap(one, other, rests) for one, other in pairwise(days))
    quiet = _gap(days[-1], today, rests)
    return Rhythm(age, usual, quiet > GAPS_LATE * usual)


def _rests(days: Sequence[date]) -> frozenset[int]:
    """Weekdays on which nothing is expected, Monday 0."""
    came = {day.weekday() for day in days}
    never = frozenset(range(7)) - came
    if len(days) < RESTS_KNOWN_FROM:
        return WEEKEND - came
    return never if len(never) <= RESTS_MAX else frozenset()


def _gap(one: date, other: date, rests: frozenset[int]) -> int:
    """Days after the one up to the other, days of rest left out."""
    weeks, more = divmod(max(0, (other - one).days), 7)
    weekdays = ((one.weekday() + number) % 7 for number in range(1, more + 1))
    return weeks * (7 - len(rests)) + sum(weekday not in rests for weekday in weekdays)
