"""Currencies that are held at one price by whoever issues them: a table, with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Peg:
    """What one unit of the anchor costs in the pegged currency, from a day on."""

    code: str
    anchor: str
    value: Decimal
    """Units of ``code`` for one unit of ``anchor``."""
    since: str
    """First day; ISO 8601."""
    until: str | None
    """Last day; None: it stands."""
    source: str


PEGS: Final = (
    Peg(
        code="TMT",
        anchor="USD",
        value=Decimal("3.5"),
        since="2015-01-01",
        until=None,
        source="Central Bank of Turkmenistan, official rate since 1 January 2015, cbt.tm",
    ),
)
"""Only what is held to the digit. A band, or a peg that banks price with a spread, is no such."""


_TIED: Final = {
    code: frozenset(
        {peg.anchor for peg in PEGS if peg.code == code}
        | {peg.code for peg in PEGS if peg.anchor == code}
    )
    for code in {code for peg in PEGS for code in (peg.code, peg.anchor)}
}


def peg_between(one: str, other: str, as_of: str) -> Peg | None:
    """The peg that ties two currencies on the day of an ``as_of``; None: there is none."""
    day = as_of[:10]
    for peg in PEGS:
        is_theirs = {peg.code, peg.anchor} == {one, other}
        if is_theirs and peg.since <= day and (peg.until is None or day <= peg.until):
            return peg
    return None


def tied_to(code: str) -> frozenset[str]:
    """Currencies that a peg ties to this one, on whatever day."""
    return _TIED.get(code, frozenset())
