"""Whether a rate fits what else is quoted for the same ``as_of``: pegs, triangles, banks. Pure.

Within one source a rate must fit its other rates as far as their digits go. Across sources it must
fit the majority, and at least two of them. No rate of a dealer is compared: cash has a spread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.enrichment.movement import EXACT, per_unit
from services.enrichment.pegs import Peg, peg_between, tied_to
from services.enrichment.plausibility import (
    Rule,
    evidence_of,
    figure,
    log,
    rounding_of,
    slipped,
)
from services.enrichment.rate_memory import Moment, Quotes
from shared.news import Dispute, Rate, RateKind

OWN: Final[Mapping[RateKind, Decimal]] = {
    "official": Decimal("1.000"),
    "market": Decimal("1.005"),
    "ticker": Decimal("1.005"),
}
"""Factor that a rate may differ by from its source's own other rates, beyond their rounding.

A bank computes its rates from one another: nothing but the digits may differ. A kind that is not
here is not compared.
"""
OTHERS: Final[Mapping[RateKind, Decimal]] = {
    "official": Decimal("1.05"),
    "market": Decimal("1.005"),
    "ticker": Decimal("1.005"),
}
"""The same against other sources. Banks set the rate of one day at different hours, and minor
currencies for a month at once: of 364 recorded crosses of two banks the digits explain 35, and the
furthest of the others lies at 3.0 %."""
VOICES_MIN: Final = 2
"""Other sources that must contradict a rate, in agreement with each other."""
WAYS_MAX: Final = 50
"""Currencies over which a rate is compared, in alphabetical order: a source that quotes every
pair of 170 currencies would take as long as 200 that quote each against their own."""
VOICES_MAX: Final = 50
"""Sources with which a rate is compared, in alphabetical order."""

Before = Callable[[Rate], Rate | None]
"""The good rate before a rate in its series."""


@dataclass(frozen=True, slots=True)
class Way:
    """A price of a pair that does not come from the rate itself."""

    price: Decimal
    legs: tuple[Rate, ...]
    """The quotations that it is computed from; none: it is a peg."""
    steps: tuple[tuple[Rate | Peg, str], ...]
    """What it leads over, each with the currency that is priced."""
    peg: Peg | None
    """Among what it is computed from; None: there is none."""

    def over(self, following: Way) -> Way:
        """This one and then that one."""
        return Way(
            EXACT.multiply(self.price, following.price),
            (*self.legs, *following.legs),
            (*self.steps, *following.steps),
            self.peg or following.peg,
        )

    def text(self) -> str:
        """``peg TMT/USD 0.285714 × USD/UZS 12194.21``."""
        return " × ".join(_printed(*step) for step in self.steps)


def doubts_of_moment(rate: Rate, moment: Moment, before: Before) -> tuple[Dispute, ...]:
    """Why a rate does not fit what is quoted beside it; empty: it does, or nothing is.

    The rate itself may be among them or not, and so may a value that it replaces. Depends on what
    is quoted, not on the order in which it came.
    """
    if rate.kind not in OWN:
        return ()
    quotes = moment.get(rate.source, Quotes())
    found = [*_of_own(rate, quotes, before), *_of_others(rate, moment)]
    by_rule: dict[str, Dispute] = {}
    for dispute in found:
        by_rule.setdefault(dispute.rule, dispute)
    return tuple(by_rule.values())


def compared_with(rate: Rate, moment: Moment) -> Iterator[Rate]:
    """The other rates of the same moment that this one is a leg for, in order."""
    if rate.kind not in OWN:
        return
    quotes = moment.get(rate.source, Quotes())
    for source in sorted(moment):
        other = moment[source]
        if source == rate.source:
            pairs = _other_sides(rate, quotes)
        else:
            near = _near_by(rate, other)
            pairs = [pair for pair in near if _leads_over(rate, pair, quotes)]
        yield from (other.rate_by_pair[pair] for pair in pairs)


def _leads_over(rate: Rate, pair: tuple[str, str], quotes: Quotes) -> bool:
    """Whether what a source makes of a pair is computed from a rate of its own."""
    if set(pair) == {rate.base, rate.quote}:
        return True
    if any(quotes.between(*pair)):
        return False
    shared = quotes.near.get(pair[0], set()) & quotes.near.get(pair[1], set())
    return bool(shared) and min(shared) in {rate.base, rate.quote}


def _other_sides(rate: Rate, quotes: Quotes) -> list[tuple[str, str]]:
    """The pairs of a rate's own source with which it makes a triangle, and the pair reversed."""
    found = {(rate.quote, rate.base)}
    for third in _nears(rate.base, quotes) & _nears(rate.quote, quotes):
        for code in (rate.base, rate.quote):
            found |= {(code, third), (third, code)}
    return sorted(found & quotes.rate_by_pair.keys())


def _near_by(rate: Rate, quotes: Quotes) -> list[tuple[str, str]]:
    """The pairs of a source that share a currency with a rate, in order."""
    found: set[tuple[str, str]] = set()
    for code in (rate.base, rate.quote):
        for other in quotes.near.get(code, ()):
            found |= {(code, other), (other, code)}
    return sorted(found & quotes.rate_by_pair.keys())


def _nears(code: str, quotes: Quotes) -> set[str]:
    """Currencies that a source quotes a currency against, or that a peg ties to it."""
    return quotes.near.get(code, set()) | tied_to(code)


# --- within one source --------------------------------------------------------------------------


def _of_own(rate: Rate, quotes: Quotes, before: Before) -> Iterator[Dispute]:
    for way in _ways(rate, quotes):
        bound = EXACT.multiply(OWN[rate.kind], rounding_of((rate, *way.legs)))
        if _spread(per_unit(rate), way.price) <= bound or not _is_to_blame(rate, way, before):
            continue
        rule: Rule = "peg" if way.peg else "triangle"
        yield from _disputes(rule, rate, way.price, bound, {"against": way.text()})


def _ways(rate: Rate, quotes: Quotes) -> Iterator[Way]:
    """What the source's other rates and the pegs make of a rate: at once, then over a third."""
    yield from _steps(rate.base, rate.quote, quotes, rate)
    shared = _nears(rate.base, quotes) & _nears(rate.quote, quotes)
    for over in sorted(shared)[:WAYS_MAX]:
        for first in _steps(rate.base, over, quotes, rate):
            for second in _steps(over, rate.quote, quotes, rate):
                if first.legs or second.legs:
                    yield first.over(second)


def _steps(one: str, other: str, quotes: Quotes, leaving_out: Rate) -> Iterator[Way]:
    """A price of one currency in the other, as quoted in either direction, or as pegged."""
    own_pair = (leaving_out.base, leaving_out.quote)
    for rate in quotes.between(one, other):
        if (rate.base, rate.quote) != own_pair:
            yield _step(rate, one)
    peg = peg_between(one, other, leaving_out.as_of)
    if peg is not None:
        price = peg.value if one == peg.anchor else EXACT.divide(Decimal(1), peg.value)
        yield Way(price, (), ((peg, one),), peg)


def _step(rate: Rate, one: str) -> Way:
    """A rate as the price of one of its currencies in the other."""
    price = per_unit(rate) if rate.base == one else EXACT.divide(Decimal(1), per_unit(rate))
    return Way(price, (rate,), ((rate, one),), None)


def _printed(over: Rate | Peg, one: str) -> str:
    """A step as the arithmetic shows it: ``USD/UZS 12194.21``, ``1/(KGS/KZT 5.38)``."""
    if isinstance(over, Peg):
        is_anchor = one == over.anchor
        price = over.value if is_anchor else EXACT.divide(Decimal(1), over.value)
        return f"peg {one}/{over.code if is_anchor else over.anchor} {figure(price)}"
    nominal = "" if over.nominal == 1 else f"{over.nominal} "
    text = f"{nominal}{over.base}/{over.quote} {over.value}"
    return text if over.base == one else f"1/({text})"


def _is_to_blame(rate: Rate, way: Way, before: Before) -> bool:
    """Whether none of the legs has moved further from where it stood than the rate itself.

    One of them is wrong, and the arithmetic does not say which: the one that has moved most. What
    is quoted for the first time counts as moved furthest. Where several have moved as far, all of
    them are doubted; of a peg only the rate of the pegged currency.
    """
    ours = _moved(rate, before)
    for leg in way.legs:
        theirs = _moved(leg, before)
        if theirs == ours and way.peg and not _is_pegged(rate, way.peg):
            return False
        if ours is not None and (theirs is None or theirs > ours):
            return False
    return True


def _is_pegged(rate: Rate, peg: Peg) -> bool:
    return peg.code in {rate.base, rate.quote}


def _moved(rate: Rate, before: Before) -> Decimal | None:
    """By what factor a rate differs from the good one before it; None: there is none."""
    standing = before(rate)
    return None if standing is None else _spread(per_unit(rate), per_unit(standing))


# --- across sources -----------------------------------------------------------------------------


def _of_others(rate: Rate, moment: Moment) -> Iterator[Dispute]:
    against: list[tuple[str, Way]] = []
    agreeing = 1  # the rate itself
    for source in sorted(set(moment) - {rate.source})[:VOICES_MAX]:
        way = _price(rate.base, rate.quote, moment[source])
        if way is None:
            continue
        bound = EXACT.multiply(OTHERS[rate.kind], rounding_of((rate, *way.legs)))
        if _spread(per_unit(rate), way.price) <= bound:
            agreeing += 1
        else:
            against.append((source, way))
    if len(against) < VOICES_MIN or len(against) <= agreeing:
        return
    against.sort(key=lambda one: (one[1].price, one[0]))
    if not _are_one(against, OTHERS[rate.kind]):
        return
    middle = against[len(against) // 2][1]
    bound = EXACT.multiply(OTHERS[rate.kind], rounding_of((rate, *middle.legs)))
    said = {
        "against": "; ".join(f"{source} {way.text()}" for source, way in against),
        "sources_against": str(len(against)),
        "sources_agreeing": str(agreeing - 1),
    }
    yield from _disputes("triangle", rate, middle.price, bound, said)


def _price(one: str, other: str, quotes: Quotes) -> Way | None:
    """What a source makes of a pair: as it quotes it, else over the first currency that serves."""
    for rate in quotes.between(one, other):
        return _step(rate, one)
    shared = quotes.near.get(one, set()) & quotes.near.get(other, set())
    if not shared:
        return None
    over = min(shared)
    first = next(quotes.between(one, over))
    second = next(quotes.between(over, other))
    return _step(first, one).over(_step(second, over))


def _are_one(voices: Sequence[tuple[str, Way]], tolerance: Decimal) -> bool:
    """Whether voices, sorted by price, agree with each other: the lowest with the highest."""
    lowest, highest = voices[0][1], voices[-1][1]
    bound = EXACT.multiply(tolerance, rounding_of((*lowest.legs, *highest.legs)))
    return _spread(lowest.price, highest.price) <= bound


# --- both ---------------------------------------------------------------------------------------


def _spread(one: Decimal, other: Decimal) -> Decimal:
    """The factor between two prices, at least 1."""
    return max(EXACT.divide(one, other), EXACT.divide(other, one))


def _disputes(
    rule: Rule, rate: Rate, expected: Decimal, bound: Decimal, said: dict[str, str]
) -> Iterator[Dispute]:
    """The contradiction, and the slip that explains it, if one does."""
    given = {**evidence_of(rate, expected), "tolerance_factor": figure(bound), **said}
    yield Dispute(rule=rule, evidence=given)
    for slip, more in slipped(rate, expected, log(bound)):
        yield Dispute(rule=slip, evidence={**given, **more})
