"""Rates as plain JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from services.api.rates import digits
from services.api.rates.bars import Bar, Step
from services.api.rates.changes import Change
from services.api.rates.consensus import RULE as CONSENSUS_RULE
from services.api.rates.consensus import Basis, Consensus, Voice
from services.api.rates.crossing import RULE, Leg, Price
from services.api.rates.points import Held, Point
from services.api.rates.queries import DOUBTED_SHOWN_MAX, Doubted, Series
from services.api.rates.rhythm import Rhythm

Item = dict[str, Any]

POINT_COLUMNS: Final[tuple[str, ...]] = ("source", "kind", "as_of", "value", "nominal")
BAR_COLUMNS: Final[tuple[str, ...]] = (
    "source", "kind", "period", "first", "last", "open", "high", "low", "close", "nominal",
    "count", "as_of",
)  # fmt: skip
CONVERSION_COLUMNS: Final[tuple[str, ...]] = (
    "base", "quote", "amount", "on", "result", "unrounded", "rate", "digits", "way", "rule",
    "source", "as_of",
)  # fmt: skip
LATEST_COLUMNS: Final[tuple[str, ...]] = (
    "source", "kind", "base", "quote", "as_of", "value", "nominal", "status", "age_days",
    "usual_gap_days", "is_stale",
)  # fmt: skip
VOICE_COLUMNS: Final[tuple[str, ...]] = (
    "source", "rate", "digits", "way", "kind", "as_of", "carried", "apart_percent", "reason",
)  # fmt: skip
APART_DECIMALS: Final = 2
"""Of the distance from the median: two sources agree to some hundredths of a percent."""
CURRENCY_COLUMNS: Final[tuple[str, ...]] = ("code", "sources", "pairs")


def point(one: Point) -> Item:
    """A value of a series."""
    return {
        "source": one.source,
        "kind": one.kind,
        "as_of": one.as_of,
        "value": one.value,
        "nominal": one.nominal,
    }


def held(one: Held | None) -> Item | None:
    """A value with the day that it holds for."""
    return {**point(one.point), "on": one.day, "carried": one.carried} if one else None


def bar(one: Bar) -> Item:
    """A bar; its values are for as many units as the last one is."""
    close = one.close
    return {
        "source": close.source,
        "kind": close.kind,
        "period": one.period.name,
        "first": one.period.first,
        "last": one.period.last,
        "open": one.text(one.open),
        "high": one.text(one.high),
        "low": one.text(one.low),
        "close": one.text(close),
        "nominal": close.nominal,
        "count": one.count,
        "as_of": close.as_of,
    }


def changes(found: Mapping[Step, Change | None]) -> Item:
    """Changes by what they are over."""
    return {step: _change(one) if one else None for step, one in found.items()}


def age(found: Rhythm | None) -> Item:
    """How old the latest value of a series is; all null: none stands."""
    return {
        "age_days": found.age_days if found else None,
        "usual_gap_days": found.usual_gap_days if found else None,
        "is_stale": found.is_stale if found else None,
    }


def left_out(doubted: Sequence[Doubted]) -> Item:
    """What an answer left out, and how much that is."""
    shown = [
        {"series": one.series, "as_of": one.as_of, "value": one.value, "nominal": one.nominal,
         "reason": "doubted"}
        for one in doubted[:DOUBTED_SHOWN_MAX]
    ]  # fmt: skip
    return {"left_out": shown, "left_out_count": len(doubted)}


def conversion(price: Price, amount: str, pair: tuple[str, str], day: date) -> Item:
    """An amount converted."""
    product = Fraction(amount) * price.unit
    return {
        "base": pair[0],
        "quote": pair[1],
        "amount": amount,
        "on": day,
        "result": digits.rounded(product, price.digits),
        "unrounded": digits.whole(product),
        "rate": digits.rounded(price.unit, price.digits),
        "digits": price.digits,
        "way": price.way,
        "rule": RULE,
        "source": price.source,
        "as_of": price.as_of,
        "path": [_leg(leg) for leg in price.legs],
    }


def consensus(found: Consensus, basis: Basis, pair: tuple[str, str], day: date) -> Item:
    """What several sources say together."""
    listed = [_voice(one) for one in found.voices]
    counted = [one["source"] for one in listed if one["reason"] is None]
    return {
        "base": pair[0],
        "quote": pair[1],
        "on": day,
        "basis": basis,
        "rule": CONSENSUS_RULE,
        "outcome": found.outcome,
        "value": found.value,
        "sources": counted,
        "items": listed,
    }


def currencies(known: Iterable[Series]) -> list[Item]:
    """Every code with the sources that quote it."""
    sources: dict[str, set[str]] = {}
    pairs: dict[str, set[str]] = {}
    for one in known:
        for code in (one.base, one.quote):
            sources.setdefault(code, set()).add(one.source)
            pairs.setdefault(code, set()).add(one.pair)
    return [
        {"code": code, "sources": sorted(sources[code]), "pairs": len(pairs[code])}
        for code in sorted(sources)
    ]


def _change(one: Change) -> Item:
    return {
        "percent": one.percent,
        "since_as_of": one.since.as_of,
        "since_value": one.since.value,
        "since_nominal": one.since.nominal,
    }


def _voice(one: Voice) -> Item:
    price = one.price
    return {
        "source": price.source,
        "rate": digits.rounded(price.unit, price.digits),
        "digits": price.digits,
        "way": price.way,
        "kind": price.legs[0].held.point.kind,
        "as_of": price.as_of,
        "carried": any(leg.held.carried for leg in price.legs),
        "apart_percent": (
            None if one.apart is None else digits.decimals(one.apart * 100, APART_DECIMALS)
        ),
        "reason": one.reason,
        "path": [_leg(leg) for leg in price.legs],
    }


def _leg(leg: Leg) -> Item:
    one = leg.held.point
    return {
        **point(one),
        "base": one.base,
        "quote": one.quote,
        "carried": leg.held.carried,
        "is_inverse": leg.is_inverse,
    }
