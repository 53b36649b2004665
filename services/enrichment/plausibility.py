"""Whether a rate fits the history of its own series: jump, nominal slip, inverted direction. Pure.

Changes are natural logarithms, so that up and down count alike; 0.05 is about five percent. The
rules with worked examples are in docs/rate-plausibility.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal
from itertools import pairwise
from typing import Final, Literal

from services.enrichment.movement import EXACT, half_unit, per_unit, plain
from services.enrichment.rate_memory import Series
from shared.news import Dispute, Rate, RateKind

PLAUSIBILITY: Final = "plausibility/1"
"""Method that doubts rates."""
CHANGES: Final = 30
"""Of a series' own last changes that tell what is usual for it."""
CHANGES_MIN: Final = 8
"""Fewer say nothing of what is usual."""
DEVIATIONS: Final = 10
"""Median absolute deviations that a change may lie from none. Of a normal distribution that is 6.7
standard deviations; rates have fatter tails. Not from the median: of a rate that goes up and down
in steps the median is a step, and the deviation from it nothing."""
FLOOR: Final[Mapping[RateKind, Decimal]] = {
    "official": Decimal("0.05"),
    "market": Decimal("0.05"),
    "ticker": Decimal("0.05"),
    "buy": Decimal("0.10"),
    "sell": Decimal("0.10"),
}
"""A change up to this is usual for every series, however quiet it was."""
FEW: Final = Decimal("0.10")
"""The change that is allowed where the history is too short to tell."""
METALS: Final = frozenset({"XAU", "XAG", "XPT", "XPD"})
"""Gold, silver, platinum, palladium: no currencies, though banks quote them as such."""
METALS_TIMES: Final = 3
"""How many times the change of a currency is usual for a metal."""
CEILING: Final = Decimal("0.69")
"""Twice or half the value is never usual, whatever the history and the gap (ln 2 = 0.693)."""
GAP_DAYS_MAX: Final = 30
"""The tolerance grows with the square root of the days between two rates, up to this many."""
REPEATS: Final = 3
"""Further rates of a series that agree with a doubted level, and make it the level."""
POWERS: Final = (-3, -2, -1, 1, 2, 3)
"""Of ten: nominals that are mixed up."""

_ROUGH: Final = Context(prec=28)
_LN_TEN: Final = _ROUGH.ln(Decimal(10))
_FIGURES: Final = Context(prec=6)
Rule = Literal["peg", "triangle", "inverted", "nominal", "jump"]


def doubts_of_history(rate: Rate, series: Series) -> tuple[Dispute, ...]:
    """Why a rate does not follow the good ones before it; empty: it does, or there is none."""
    before = series.standing_before(rate.as_of)
    if before is None:
        return ()
    ratio = apart(rate, before)
    if max(ratio, EXACT.divide(Decimal(1), ratio)) <= 1 + _floor(rate):
        return ()  # nearly all: the logarithm is smaller still, and is not worked out
    change = log(ratio)
    days = _days_between(before.as_of, rate.as_of)
    rounding = log(rounding_of((rate, before)))
    changes = _changes(series.good_before(rate.as_of, CHANGES + 1))
    tolerance = _scaled(_usual(changes, rate), days) + rounding
    if abs(change) <= tolerance:
        return ()
    said = {
        "before": _quoted(before),
        "before_as_of": before.as_of,
        "change": figure(change),
        "tolerance": figure(tolerance),
        "changes_known": str(len(changes)),
        "days": str(days),
    }
    slips = slipped(rate, per_unit(before), tolerance)
    return tuple(
        Dispute(rule=rule, evidence={**evidence_of(rate, per_unit(before)), **said, **more})
        for rule, more in (slips or [("jump", {})])
    )


def slipped(rate: Rate, expected: Decimal, tolerance: Decimal) -> list[tuple[Rule, dict[str, str]]]:
    """Which slip of a hand explains a value; ``tolerance`` is a logarithm."""
    value = per_unit(rate)
    change = log(EXACT.divide(value, expected))
    found: list[tuple[Rule, dict[str, str]]] = [
        ("nominal", {"power_of_ten": str(power)})
        for power in POWERS
        if abs(_ROUGH.subtract(change, power * _LN_TEN)) <= tolerance
    ]
    inverse = EXACT.divide(Decimal(1), expected)
    if abs(log(EXACT.divide(value, inverse))) <= tolerance:
        found.append(("inverted", {"inverse_of_expected": figure(inverse)}))
    return found


def agree(one: Rate, other: Rate) -> bool:
    """Whether two rates are of one level, as far as a series without history can tell."""
    bound = _ROUGH.add(FEW * _times(one), log(rounding_of((one, other))))
    return abs(log(apart(one, other))) <= bound


def apart(rate: Rate, other: Rate) -> Decimal:
    """How many times the other value the value is, for one unit."""
    return EXACT.divide(per_unit(rate), per_unit(other))


def rounding_of(rates: Iterable[Rate]) -> Decimal:
    """By what factor a product or quotient of rates may be off because their digits are rounded.

    Each true value lies within half a unit of the last digit, so that the factor of a rate is at
    most ``1 / (1 - half unit / value)``.
    """
    factor = Decimal(1)
    for rate in rates:
        least = EXACT.subtract(1, EXACT.divide(half_unit(rate), per_unit(rate)))
        factor = EXACT.divide(factor, least)
    return factor


def log(factor: Decimal) -> Decimal:
    """Natural logarithm of a factor; 28 digits."""
    return _ROUGH.ln(factor)


def figure(value: Decimal) -> str:
    """A figure of an arithmetic as text: six digits, no exponent, no zeros at the end."""
    rounded = plain(_FIGURES.plus(value))
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


def evidence_of(rate: Rate, expected: Decimal) -> dict[str, str]:
    """The value, what was expected of one unit, and how many times that it is."""
    return {
        "value": _quoted(rate),
        "expected": figure(expected),
        "ratio": figure(EXACT.divide(per_unit(rate), expected)),
    }


def _quoted(rate: Rate) -> str:
    """A value as published, with its nominal where that is not 1: ``57.00 for 100``."""
    return rate.value if rate.nominal == 1 else f"{rate.value} for {rate.nominal}"


def _changes(rates: Sequence[Rate]) -> list[Decimal]:
    return [log(apart(rate, before)) for before, rate in pairwise(rates)]


def _floor(rate: Rate) -> Decimal:
    return FLOOR[rate.kind] * _times(rate)


def _times(rate: Rate) -> int:
    return METALS_TIMES if METALS & {rate.base, rate.quote} else 1


def _usual(changes: Sequence[Decimal], rate: Rate) -> Decimal:
    """How large a change of one day is still usual for a series."""
    if len(changes) < CHANGES_MIN:
        return max(FEW * _times(rate), _floor(rate))
    return max(_floor(rate), DEVIATIONS * _median([abs(change) for change in changes]))


def _median(values: Sequence[Decimal]) -> Decimal:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return _ROUGH.divide(_ROUGH.add(ordered[middle - 1], ordered[middle]), 2)


def _scaled(tolerance: Decimal, days: int) -> Decimal:
    """A tolerance of one day for so many, as far as it may go."""
    return min(CEILING, _ROUGH.multiply(tolerance, _ROUGH.sqrt(Decimal(days))))


def _days_between(before: str, after: str) -> int:
    """Days from one ``as_of`` to a later one, from 1 to GAP_DAYS_MAX; 1 where no calendar has one.

    To the pattern of an event 31 February is a day.
    """
    try:
        days = (date.fromisoformat(after[:10]) - date.fromisoformat(before[:10])).days
    except ValueError:
        return 1
    return max(1, min(GAP_DAYS_MAX, days))
