"""Rows of any bank to rates, by one set of rules; what cannot be trusted is a problem and no rate.

Days in the order of the calendar, so that what is published follows itself: each rate is compared
with the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from services.ingest.parse.document import Arrival, RateEntry, Reason
from services.ingest.parse.limits import (
    RATE_DAY_EARLIEST,
    RATE_DAYS_AHEAD_MAX,
    RATE_DIGITS_MAX,
    RATES_MAX,
)
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, shown
from services.ingest.parse.rates.codes import KNOWN
from services.ingest.parse.rates.days import read_day
from services.ingest.parse.rates.numbers import (
    has_sign,
    is_too_wide,
    is_zero,
    read_change,
    read_count,
)
from services.ingest.parse.rates.sheet import Bank, Row


class _Fault(NamedTuple):
    """Why a row gives no rate."""

    reason: Reason
    detail: str


@dataclass(slots=True)
class _Print:
    """What a document says of one currency on one day."""

    first: RateEntry
    row: Row
    is_doubtful: bool = False


@dataclass(slots=True)
class _Reading:
    """What the rows so far gave."""

    bank: Bank
    latest: date
    problems: Problems
    day_by_text: dict[str, date | None] = field(default_factory=dict)
    prints: dict[tuple[str, str], _Print] = field(default_factory=dict)


def rates_of(
    bank: Bank, rows: Iterable[Row], arrival: Arrival, problems: Problems
) -> tuple[RateEntry, ...]:
    """The rates that rows give, oldest day first, inside of a day in the order of the document."""
    latest = _later(arrival.observed_on, RATE_DAYS_AHEAD_MAX)
    reading = _Reading(bank, latest, problems)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - how many there were is said below
        _take(reading, row)
    if count == 0 and not problems.listed():
        problems.add("empty", WHOLE_DOCUMENT, f"expected rates of {bank.id}, came none")
    taken = [one.first for one in reading.prints.values() if not one.is_doubtful]
    taken.sort(key=lambda rate: rate.as_of or "")
    if len(taken) > RATES_MAX:
        detail = f"expected at most {RATES_MAX} rates, came {len(taken)}; the latest were taken"
        problems.add("too-many-entries", WHOLE_DOCUMENT, detail)
        taken = taken[-RATES_MAX:]
    _note_other_day(taken, arrival.asked_on, problems)
    return tuple(taken)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def _take(reading: _Reading, row: Row) -> None:
    day = _day(reading, row)
    if day is None:
        return
    judged = _judged(reading.bank, row, day)
    if isinstance(judged, _Fault):
        named = shown(row.code) if row.code else "a currency without its code"
        reading.problems.add(judged.reason, row.where, f"{named}: {judged.detail}")
        return
    rate = _with_notes(reading, row, judged)
    known = reading.prints.setdefault((row.code, day.isoformat()), _Print(rate, row))
    if known.row is row or known.is_doubtful:
        return
    if _agree(known.first, rate):
        known.first = replace(known.first, occurrences=known.first.occurrences + 1)
        return
    known.is_doubtful = True
    said = f"expected what {known.row.where} says of it, came another; neither was taken"
    reading.problems.add("rate-disagrees", row.where, f"{shown(row.code)}: {said}")


def _day(reading: _Reading, row: Row) -> date | None:
    """The day of a row; what is wrong with a day is said once, not for each of its rates."""
    text = row.day.strip()
    if text in reading.day_by_text:
        return reading.day_by_text[text]
    day = read_day(text)
    without = "its rates were not taken"
    if day is None or day < RATE_DAY_EARLIEST:
        detail = f"expected a day from {RATE_DAY_EARLIEST} on, came {shown(text)}; {without}"
        reading.problems.add("date-unreadable", row.where, detail)
        day = None
    elif day > reading.latest:
        detail = f"expected a day up to {reading.latest}, came {day}; {without}"
        reading.problems.add("date-in-future", row.where, detail)
        day = None
    reading.day_by_text[text] = day
    return day


def _judged(bank: Bank, row: Row, day: date) -> RateEntry | _Fault:
    """The rate that a row gives, still without change and validity; or the first rule it breaks."""
    if row.code not in KNOWN:
        return _Fault("currency-unknown", "expected an alphabetic code of ISO 4217")
    if row.code == bank.own:
        return _Fault("currency-unknown", f"expected another currency than the bank's, {bank.own}")
    value = _value(row.value, bank)
    if isinstance(value, _Fault):
        return value
    nominal = read_count(row.nominal)
    if nominal is None:
        came = f"expected for how many units it is, came {shown(row.nominal)}"
        return _Fault("rate-unreadable", came)
    is_base = bank.side == "base"
    return RateEntry(
        base=bank.own if is_base else row.code,
        quote=row.code if is_base else bank.own,
        value=value,
        nominal=nominal,
        change=None,
        occurrences=1,
        line=row.line,
        kind="official",
        as_of=day.isoformat(),
    )


def _value(printed: str, bank: Bank) -> str | _Fault:
    """What is printed as decimal text above zero, or the first rule it breaks."""
    value = read_change(printed, bank.mark)
    came = f"came {shown(printed)}"
    if value is None:
        return _Fault("rate-unreadable", f"expected a decimal, {came}")
    if value.startswith("-") or is_zero(value):
        return _Fault("rate-not-positive", f"expected more than 0, {came}")
    if has_sign(printed):
        return _Fault("rate-unreadable", f"expected a decimal without a sign, {came}")
    if is_too_wide(value):
        digits = f"expected at most {RATE_DIGITS_MAX} digits on each side of the point"
        return _Fault("rate-out-of-range", f"{digits}, {came}")
    return value


def _with_notes(reading: _Reading, row: Row, rate: RateEntry) -> RateEntry:
    """The rate with its change and validity, as far as they can be read."""
    change = _change(row, reading.bank)
    valid_days = read_count(row.valid_days)
    for came, read in ((row.change, change), (row.valid_days, valid_days)):
        if came and read is None:
            detail = f"expected a change or a number of days, came {shown(came)}"
            if row.index:
                detail += f" with {shown(row.index)}"
            taken = "the rate was taken without"
            reading.problems.add(
                "rate-incomplete", row.where, f"{shown(row.code)}: {detail}; {taken}"
            )
    unit = rate.change_unit if change is None else "absolute"
    return replace(rate, change=change, change_unit=unit, valid_days=valid_days)


def _change(row: Row, bank: Bank) -> str | None:
    """The change as printed; where it has no sign, ``DOWN`` gives it its minus.

    None: none is printed, it cannot be read, or its sign is against ``UP`` or ``DOWN``.
    """
    change = read_change(row.change, bank.mark)
    if change is None or is_too_wide(change):
        return None
    if is_zero(change) or row.index not in {"UP", "DOWN"}:
        return change
    is_down = row.index == "DOWN"
    if not has_sign(row.change):
        return f"-{change}" if is_down else change
    return change if change.startswith("-") == is_down else None


def _agree(one: RateEntry, other: RateEntry) -> bool:
    """Whether two prints say the same of one unit, and of its change where both print one."""
    if None not in (one.change, other.change) and one.change != other.change:
        return False
    if (one.value, one.nominal) == (other.value, other.nominal):
        return True
    return Fraction(one.value) / one.nominal == Fraction(other.value) / other.nominal


def _note_other_day(taken: list[RateEntry], asked_on: date | None, problems: Problems) -> None:
    """Say it where a document is not of the day for which it was asked."""
    days = {rate.as_of for rate in taken}
    if asked_on is None or not taken or asked_on.isoformat() in days:
        return
    first, last = taken[0].as_of, taken[-1].as_of
    came = f"{first}" if first == last else f"{first} to {last}"
    detail = f"expected rates of {asked_on}, came those of {came}; they stand under their own day"
    problems.add("another-day", WHOLE_DOCUMENT, detail)
