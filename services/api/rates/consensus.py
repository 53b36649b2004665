"""What several sources together say that a currency costs on a day: ADR 0028. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Final, Literal

from services.api.rates import digits
from services.api.rates.crossing import Price, price
from services.api.rates.points import Point
from services.api.rates.rhythm import rhythm
from shared.news import RateKind

Basis = Literal["official", "quoted"]
"""What banks set, or what markets and newspapers quote: never both in one value."""
Outcome = Literal["agreed", "single", "apart", "stale"]
Reason = Literal["stale", "outlier"]

BASES: Final[tuple[Basis, ...]] = ("official", "quoted")
KINDS_BY_BASIS: Final[Mapping[Basis, frozenset[RateKind]]] = {
    "official": frozenset({"official"}),
    "quoted": frozenset({"market", "ticker"}),
}
SOURCES_MIN: Final = 2
"""Of fewer there is no consensus, but one source's word."""
SOURCES_MAX: Final = 50
"""Sources that one answer weighs; further ones by name are not. Eight central banks are read."""
APART_MAX: Final = Fraction(2, 100)
"""Distance from the median, as a part of it, up to which a source speaks of the same price. Crosses
of two central banks of one day were at most 1.32 % from their middle, in 705 of them (ADR 0028)."""
FRESH_DAYS_MAX: Final = 4
"""Days for which a value speaks where its rhythm cannot be told: a week-end with two holidays."""
RULE: Final = "median-of-sources"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source says of the pair."""

    price: Price
    reason: Reason | None = None
    """Why it is left out; None: it counts."""
    apart: Fraction | None = None
    """Distance from the median, as a part of it; None: there is none to be far from."""

    @property
    def source(self) -> str:
        """Whose it is."""
        return self.price.source


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the sources say together."""

    outcome: Outcome
    """``single``: one source alone is fresh. ``apart``: no two lie near the middle of all.
    ``stale``: none is fresh."""
    value: str | None
    """With the digits of the worst price in the middle; None: they are apart, or stale."""
    voices: Sequence[Voice]
    """By source, those that were left out too."""


def prices(points: Iterable[Point], basis: Basis, pair: str, day: date) -> list[Price]:
    """What each source says for a day, as a conversion with it alone has it; by source."""
    base, _, quote = pair.partition("-")
    by_source: dict[str, list[Point]] = {}
    for point in points:
        if point.kind in KINDS_BY_BASIS[basis]:
            by_source.setdefault(point.source, []).append(point)
    found = (price(by_source[source], base, quote, day) for source in sorted(by_source))
    return [one for one in found if one][:SOURCES_MAX]


def voices(
    found: Sequence[Price], days_by_series: Mapping[str, Sequence[date]], day: date
) -> list[Voice]:
    """Prices, each with whether it is fresh.

    ``days_by_series``: of the last values up to the day, from which the rhythm is told.
    """
    return [Voice(one, "stale" if _is_stale(one, days_by_series, day) else None) for one in found]


def consensus(said: Sequence[Voice]) -> Consensus:
    """The median of the fresh prices that lie near it.

    A price too far from the median of all is left out where three or more are fresh: of two nobody
    can say which one is wrong.
    """
    fresh = [one for one in said if one.reason is None]
    if not fresh:
        return Consensus("stale", None, said)
    if len(fresh) < SOURCES_MIN:
        (one,) = fresh
        text = digits.rounded(one.price.unit, one.price.digits)
        return Consensus("single", text, said)
    middle = median([one.price.unit for one in fresh])
    judged = [_judged(one, middle) for one in said]
    near = [one for one in judged if one.reason is None]
    if len(near) < SOURCES_MIN:
        # Of two that lie far from each other both are as far from the middle: none is the outlier.
        apart = [replace(one, apart=(one.price.unit - middle) / middle) for one in said]
        return Consensus("apart", None, apart)
    return Consensus("agreed", _middle(near), judged)


def _judged(one: Voice, middle: Fraction) -> Voice:
    apart = (one.price.unit - middle) / middle
    is_far = one.reason is None and abs(apart) > APART_MAX
    return replace(one, apart=apart, reason="outlier" if is_far else one.reason)


def _middle(near: Sequence[Voice]) -> str:
    ordered = sorted((one.price for one in near), key=lambda one: one.unit)
    half, odd = divmod(len(ordered), 2)
    middle = ordered[half : half + 1] if odd else ordered[half - 1 : half + 1]
    unit = sum((one.unit for one in middle), Fraction(0)) / len(middle)
    return digits.rounded(unit, min(one.digits for one in middle))


def _is_stale(one: Price, days_by_series: Mapping[str, Sequence[date]], day: date) -> bool:
    """Whether a rate on the way is late on a day, by the rhythm of its series up to then."""
    for point in (leg.held.point for leg in one.legs):
        found = rhythm(days_by_series.get(point.series, ()), day)
        if found is None or found.is_stale is None:
            is_late = (day - point.day).days > FRESH_DAYS_MAX
        else:
            is_late = found.is_stale
        if is_late:
            return True
    return False
