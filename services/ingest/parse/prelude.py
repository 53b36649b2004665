"""What stands above the first headline: ticker lines and the date, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.ingest.parse.blocks import is_blank, trimmed
from services.ingest.parse.dates import read_date
from services.ingest.parse.document import RateEntry
from services.ingest.parse.limits import DATE_AHEAD_DAYS_MAX
from services.ingest.parse.problems import Problems, shown
from services.ingest.parse.ticker import Prints, Quotation, Unreadable, rates_of, read_ticker


@dataclass(frozen=True, slots=True)
class Prelude:
    """The rates and the day of a page, and how many lines they took."""

    rates: tuple[RateEntry, ...]
    listed_on: date | None
    """None: no date, or none that can be used."""
    lines: int
    """Blank lines between and after them counted."""


@dataclass(slots=True)
class _Reading:
    """What the lines so far gave."""

    problems: Problems
    prints: dict[tuple[str, str], Prints] = field(default_factory=dict)
    listed: tuple[date, int] | None = None


def read_prelude(lines: list[str], *, observed_on: date, problems: Problems) -> Prelude:
    """The prelude of a page; it ends before the first line that is no ticker, date or blank."""
    reading = _Reading(problems)
    taken = 0
    for number, line in enumerate(lines, 1):
        if not is_blank(line) and not _take(reading, trimmed(line), number):
            break
        taken = number
    rates = rates_of(reading.prints, problems)
    listed_on = _usable(reading, observed_on)
    if rates and listed_on is None:
        problems.add_at(rates[0].line, "date-missing", "expected a date with the rates, came none")
    return Prelude(rates, listed_on, taken)


def _take(reading: _Reading, line: str, number: int) -> bool:
    """Whether the line belongs to the prelude; if so, what it says is noted."""
    match read_ticker(line):
        case Unreadable(reason, detail):
            reading.problems.add_at(number, reason, detail)
        case Quotation() as printed:
            pair = (printed.base, printed.quote)
            reading.prints.setdefault(pair, Prints(printed, number)).add(printed, number)
        case None:
            return _take_date(reading, line, number)
    return True


def _take_date(reading: _Reading, line: str, number: int) -> bool:
    match read_date(line):
        case None:
            return False
        case "impossible":
            detail = f"expected a day of the calendar, came {shown(line)}"
            reading.problems.add_at(number, "date-unreadable", detail)
        case date() as day:
            _note_day(reading, day, number)
    return True


def _note_day(reading: _Reading, day: date, number: int) -> None:
    """The first date stands; another one is a problem, the same one again is none."""
    if reading.listed is None:
        reading.listed = (day, number)
    elif reading.listed[0] != day:
        detail = f"expected one date, {reading.listed[0]}, came also {day}"
        reading.problems.add_at(number, "date-unreadable", detail)


def _usable(reading: _Reading, observed_on: date) -> date | None:
    if reading.listed is None:
        return None
    day, number = reading.listed
    if (day - observed_on).days <= DATE_AHEAD_DAYS_MAX:
        return day
    detail = f"expected a date up to the day after {observed_on}, came {day}"
    reading.problems.add_at(number, "date-in-future", detail)
    return None
