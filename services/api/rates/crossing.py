"""The price of one currency in another: published, turned round, or over a third one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from services.api.rates.points import Held, Point, rate_on
from shared.news import RateKind

KINDS: Final[tuple[RateKind, ...]] = ("official", "market", "ticker")
"""What is converted with, the first that there is. Buying and selling rates have a dealer's spread
in them and are none."""
Way = Literal["published", "inverse", "cross"]
RULE: Final = "official-first"
"""The order in which a price is chosen: official, market, ticker; as published, then its inverse,
then (official only) over one currency; of several the one whose oldest rate is the latest, then
the one with the most digits, then by source."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A published rate on the way from one currency to another."""

    held: Held
    is_inverse: bool
    """Turned round by us: no source says it so."""

    @property
    def unit(self) -> Fraction:
        """The price in the direction of the way."""
        unit = self.held.point.unit
        return 1 / unit if self.is_inverse else unit


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit of a currency in another."""

    legs: tuple[Leg, ...]

    @property
    def unit(self) -> Fraction:
        """Exact."""
        product = Fraction(1)
        for leg in self.legs:
            product *= leg.unit
        return product

    @property
    def digits(self) -> int:
        """Significant digits of the worst leg: the price has no more."""
        return min(leg.held.point.digits for leg in self.legs)

    @property
    def as_of(self) -> str:
        """Of the oldest leg."""
        return min(leg.held.point.as_of for leg in self.legs)

    @property
    def way(self) -> Way:
        """How it came about."""
        if len(self.legs) > 1:
            return "cross"
        return "inverse" if self.legs[0].is_inverse else "published"

    @property
    def source(self) -> str:
        """Whose rates these are; all legs are of one source."""
        return self.legs[0].held.point.source


def price(points: Iterable[Point], base: str, quote: str, day: date) -> Price | None:
    """The one answer for a pair and a day, as ``RULE`` chooses it; None: there is none."""
    by_series = _by_series(points)
    for kind in KINDS:
        for found in (
            _legs(by_series, kind, base, quote, day),
            _legs(by_series, kind, quote, base, day),
        ):
            if found:
                is_inverse = found[0].point.base != base
                return _best(Price((Leg(held, is_inverse),)) for held in found)
        if kind == "official" and (crossed := cross(_flat(by_series), base, quote, day)):
            return crossed
    return None


def cross(quotes: Iterable[Point], base: str, quote: str, day: date) -> Price | None:
    """The price over one currency that one source quotes both against; None: no source does.

    Official rates only. Of several ways the one whose older leg is the latest, then the one with
    the most digits, then by source and currency.
    """
    return _best(_crosses(_by_series(quotes), base, quote, day))


def _crosses(
    by_series: dict[str, list[Point]], base: str, quote: str, day: date
) -> Iterator[Price]:
    near = _near(by_series)
    for source, over in sorted(near):
        if over in {base, quote} or not {base, quote} <= near[source, over]:
            continue
        first = _leg(by_series, source, (base, over), day)
        second = _leg(by_series, source, (over, quote), day)
        if first and second:
            yield Price((first, second))


def _near(by_series: dict[str, list[Point]]) -> dict[tuple[str, str], set[str]]:
    """The currencies that a source quotes officially with each currency."""
    found: dict[tuple[str, str], set[str]] = {}
    for points in by_series.values():
        one = points[0]
        if one.kind == "official":
            found.setdefault((one.source, one.base), set()).add(one.quote)
            found.setdefault((one.source, one.quote), set()).add(one.base)
    return found


def _leg(
    by_series: dict[str, list[Point]], source: str, pair: tuple[str, str], day: date
) -> Leg | None:
    one, other = pair
    for base, quote in ((one, other), (other, one)):
        if held := rate_on(by_series.get(f"{source}:official:{base}-{quote}", ()), day):
            return Leg(held, is_inverse=base != one)
    return None


def _legs(
    by_series: dict[str, list[Point]], kind: RateKind, base: str, quote: str, day: date
) -> list[Held]:
    wanted = f":{kind}:{base}-{quote}"
    held = (rate_on(found, day) for name, found in by_series.items() if name.endswith(wanted))
    return [one for one in held if one]


def _best(prices: Iterable[Price]) -> Price | None:
    # ``max`` keeps the first of equals, which is the first by source and currency.
    ordered = sorted(prices, key=lambda one: one.source)
    return max(ordered, key=lambda one: (one.as_of, one.digits), default=None)


def _by_series(points: Iterable[Point]) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point.series, []).append(point)
    return found


def _flat(by_series: dict[str, list[Point]]) -> Sequence[Point]:
    return [point for points in by_series.values() for point in points]
