"""Dates of ISO 8601, in all its forms, and seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from services.ingest.parse.feeds.said import Said, exactly
from services.ingest.parse.feeds.times import Time
from services.ingest.parse.feeds.zones import NOT_SAID, Clock, clock_at

_SINCE: Final = re.compile(
    r"(?P<seconds>[0-9]{10}|[0-9]{9}(?![0-9]))(?:\.?(?P<part>(?:[0-9]{3}){1,3})|\.[0-9]{1,9})?"
)
"""Seconds, or with three, six or nine digits more thousandths, millionths, billionths.

Twelve digits are a day with its hour and minute as likely as thousandths before 2001.
"""
_UNPARTED: Final = re.compile(r"\A([0-9]{8})([0-9]{6})(?![0-9])")
"""A day and a time to the second, with nothing between."""
_INTERNET: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:"
    r"-(?P<ordinal>[0-9]{3})"
    r"|-?w(?P<week>[0-9]{2})-?(?P<weekday>[1-7])"
    r"|-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?"
    r"|(?P<month_basic>[0-9]{2})(?P<day_basic>[0-9]{2})"
    r"|(?P<ordinal_basic>[0-9]{3})(?=t)"
    r")?(?![0-9])"
)
"""Source: ISO 8601-1 5.2.2 to 5.2.4; a month of one digit is none of it, but is written."""
_TIME: Final = re.compile(
    r"(?:t|[ _]*(?:t ?)?(?=[0-9]{1,2}:))(?P<hour>[0-9]{1,2})"
    r"(?::?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2}))?)?(?:[.,](?P<fraction>[0-9]{1,18}))?"
    r"(?![0-9:.])"
)
"""Source: ISO 8601-1 5.3.1; RFC 3339 5.6 for a space or a small letter before it."""
_UNITS_US: Final = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000}


def read_epoch(text: str) -> Said | None:
    """Seconds since 1970 with or without a fraction, or thousandths; of which clock is not said."""
    match = _SINCE.fullmatch(text)
    if match is None:
        return None
    micro = int((match["part"] or "0")[:6].ljust(6, "0"))
    at = _EPOCH + timedelta(seconds=int(match["seconds"]), microseconds=micro)
    time = Time(at.hour, at.minute, at.second, at.microsecond)
    return Said(at.date(), time=time, clock=Clock((UTC,), is_where=False))


def read_internet(text: str) -> Said | None:
    """A date exactly as RFC 3339 5.6 has it, to the second; ``read_iso`` reads more.

    Raises:
        ValueError: it is no day of the calendar.
    """
    match = _INTERNET.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, clock = match.groups()
    return exactly(date(int(year), int(month), int(day)), (hour, minute, second), clock)


def read_iso(text: str) -> Said | None:
    """A date of ISO 8601 and nothing besides, as ``months.plain`` gives it.

    Raises:
        ValueError: it is no day of the calendar.
    """
    text = _UNPARTED.sub(r"\1t\2", text, count=1)
    found = _DAY.match(text)
    if found is None:
        return None
    said = _day(found)
    time = _TIME.match(text, found.end())
    behind = text[time.end() if time else found.end() :]
    clock, rest = clock_at(behind) if time or said.to == "day" else (NOT_SAID, behind)
    if rest.strip() or (not time and clock.unclear):
        return None
    return said._replace(time=_time(time) if time else None, clock=clock)


def _day(found: re.Match[str]) -> Said:
    year = int(found["year"])
    if ordinal := found["ordinal"] or found["ordinal_basic"]:
        day = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
        if day.year != year:
            raise ValueError("expected a day of the year")
        return Said(day)
    if found["week"]:
        return Said(date.fromisocalendar(year, int(found["week"]), int(found["weekday"])))
    month, day_of_month = found["month"] or found["month_basic"], found["day"] or found["day_basic"]
    if not month:
        return Said(date(year, 1, 1), "year")
    if not day_of_month:
        return Said(date(year, int(month), 1), "month")
    return Said(date(year, int(month), int(day_of_month)))


def _time(found: re.Match[str]) -> Time:
    """A time whose least part may have a fraction: ``T10.5`` is half past ten."""
    least = next(name for name in ("second", "minute", "hour") if found[name])
    fraction = int((found["fraction"] or "0")[:12].ljust(12, "0"))
    extra_us = fraction * _UNITS_US[least] // 10**12
    minutes, rest_us = divmod(extra_us, 60_000_000)
    seconds, micro = divmod(rest_us, 1_000_000)
    minute = int(found["minute"] or 0) + (minutes if least == "hour" else 0)
    is_to_the_second = least == "second" or (found["fraction"] and (seconds or micro))
    second = int(found["second"] or 0) + (0 if least == "second" else seconds)
    return Time(int(found["hour"]), minute, second if is_to_the_second else None, micro)
