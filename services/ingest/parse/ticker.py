"""Ticker lines: ``• KGS/USD = 0.01143 -0%``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from services.ingest.parse.currencies import CURRENCIES
from services.ingest.parse.document import RateEntry, Reason
from services.ingest.parse.limits import RATE_DIGITS_MAX
from services.ingest.parse.problems import Problems, shown

_BULLET: Final = r"(?:[\W_]{0,8}|[0-9]{1,3}[.)]\s{0,8}|[oO]\s{1,8})"
_CODE: Final = r"[^\W\d_]{2,5}"
_TICKER: Final = re.compile(
    rf"{_BULLET}(?P<base>{_CODE})\s{{0,8}}/\s{{0,8}}(?P<quote>{_CODE})"
    r"(?:\s{0,8}=(?P<rest>.*)|\s{0,8}:.*|\s{1,8}[-+−]?[0-9].*)?"
)
_FIGURES: Final = re.compile(
    r"\s*(?P<value>-?[0-9]+(?:\.[0-9]+)?)"
    r"(?:\s+\+?(?P<change>-?[0-9]+(?:\.[0-9]+)?)\s*%)?\s*"
)
_FORM: Final = "expected “BASE/QUOTE = value change%”"


class Quotation(NamedTuple):
    """One print of one rate."""

    base: str
    quote: str
    value: str
    """Decimal text as printed."""
    change: str | None
    """Percent as printed, without plus and percent sign; None: none printed."""


class Unreadable(NamedTuple):
    """A line that looks like a ticker and gives no rate."""

    reason: Reason
    detail: str


@dataclass(slots=True)
class Prints:
    """All prints of one pair: the first stands, the others agree with it or not."""

    first: Quotation
    line: int
    occurrences: int = 0
    disagreeing_line: int | None = None

    def add(self, printed: Quotation, line: int) -> None:
        """Count one print; values are compared as numbers, changes as text."""
        self.occurrences += 1
        if self.disagreeing_line is None and not _agree(self.first, printed):
            self.disagreeing_line = line


def read_ticker(line: str) -> Quotation | Unreadable | None:
    """The quotation a line prints, or why it gives none; None: the line is no ticker."""
    match = _TICKER.fullmatch(line)
    if match is None:
        return None
    figures = _FIGURES.fullmatch((match["rest"] or "").replace("−", "-"))
    if figures is None:
        return Unreadable("ticker-unreadable", f"{_FORM}, came {shown(line)}")
    printed = Quotation(match["base"], match["quote"], figures["value"], figures["change"])
    return _fault(printed, line) or printed


def rates_of(prints: dict[tuple[str, str], Prints], problems: Problems) -> tuple[RateEntry, ...]:
    """One rate for each pair whose prints agree, in the order of their first print."""
    for pair in prints.values():
        if pair.disagreeing_line is not None:
            detail = f"expected what line {pair.line} says of {_name(pair.first)}, came another"
            problems.add_at(pair.disagreeing_line, "ticker-disagrees", detail)
    return tuple(_rate(pair) for pair in prints.values() if pair.disagreeing_line is None)


def _fault(printed: Quotation, line: str) -> Unreadable | None:
    """The first rule the figures break."""
    codes = (printed.base, printed.quote)
    if printed.base == printed.quote or not all(c.isascii() and c.isupper() for c in codes):
        return Unreadable("ticker-unreadable", f"{_FORM}, two currencies, came {shown(line)}")
    if unknown := [code for code in codes if code not in CURRENCIES]:
        return Unreadable("currency-unknown", f"expected an ISO 4217 code, came {unknown[0]}")
    if any(_is_too_wide(figure) for figure in (printed.value, printed.change or "")):
        digits = f"expected at most {RATE_DIGITS_MAX} digits on each side of the point"
        return Unreadable("rate-out-of-range", f"{digits}, came {shown(line)}")
    if Decimal(printed.value) <= 0:
        return Unreadable("rate-not-positive", f"expected more than 0, came {printed.value}")
    return None


def _is_too_wide(figure: str) -> bool:
    return any(len(side) > RATE_DIGITS_MAX for side in figure.removeprefix("-").split("."))


def _agree(one: Quotation, other: Quotation) -> bool:
    return one.change == other.change and Decimal(one.value) == Decimal(other.value)


def _name(printed: Quotation) -> str:
    return f"{printed.base}/{printed.quote}"


def _rate(pair: Prints) -> RateEntry:
    printed = pair.first
    return RateEntry(
        base=printed.base,
        quote=printed.quote,
        value=printed.value,
        nominal=1,
        change=printed.change,
        occurrences=pair.occurrences,
        line=pair.line,
    )
