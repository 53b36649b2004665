"""Dates out of feeds: RFC 822 as it is written in the wild, RFC 3339, and days alone.

An instant needs its offset from UTC: of a time without one, only the day is believed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from services.ingest.parse.feeds.months import (
    FILLERS,
    HOURS_BY_ZONE,
    MONTH_BY_NAME,
    WEEKDAYS,
    plain,
)

_CHARACTERS_MAX: Final = 100
_YEAR_MIN: Final = 1900  # 0001 is what some systems print for no date at all
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: Final = re.compile(r"([0-9]{9,10})([0-9]{3})?")
_ISO: Final = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:[t_ ]+(?P<time>[0-9]{1,2}:.*)| ?z)?"
)
_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\b\.?)?"
)
_ZONE: Final = re.compile(
    r" ?(?P<name>[a-z][a-z_/]*)?"
    r" ?(?:(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)? ?z?"
    r"(?: ?[0-9]{4})?"
)
_COMMENT: Final = re.compile(r"\([^()]*\)")
_ORDINAL: Final = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_WORD: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_FIGURES: Final = re.compile(r"\D*([0-9]{1,4})([-/. ])([0-9]{1,2})[-/. ]([0-9]{1,4})\W*")


def read_when(text: str) -> datetime | date | None:
    """The instant that a text names, in UTC; the day, where it gives no time or no offset.

    None: it cannot be told. Source: RFC 822 5.1, RFC 2822 4.3, RFC 3339 5.6.
    """
    if len(text) > _CHARACTERS_MAX:
        return None
    said = plain(_COMMENT.sub(" ", text).replace("\\n", " "))
    try:
        if seconds := _SECONDS.fullmatch(said):
            return _EPOCH + timedelta(seconds=int(seconds[1]))
        if iso := _ISO.fullmatch(said):
            day = date(int(iso["year"]), int(iso["month"]), int(iso["day"]))
            return _at(day, iso["time"] or "")
        return _worded(said)
    except (ValueError, OverflowError):
        return None  # no day of the calendar, no time of a day


def _worded(said: str) -> datetime | date | None:
    """``Sat, 07 Sep 2002 00:00:01 GMT`` and its many relatives."""
    found = _TIME.search(said)
    before, time = (said[: found.start()], said[found.start() :]) if found else (said, "")
    before = _ORDINAL.sub("", before)
    last = time.rpartition(" ")[2]  # “Thu Nov 12 10:00:00 2020”, as the C library prints it
    day = _day(before) or (_day(f"{before} {last}") if len(last) == 4 else None)
    return None if day is None else _at(day, time)


def _day(text: str) -> date | None:
    words = _WORD.findall(text)
    if words and any(word in MONTH_BY_NAME for word in words[1:]) and words[0] in MONTH_BY_NAME:
        del words[0]  # “mar. 01 déc.” is a Tuesday in December
    months = [MONTH_BY_NAME[word] for word in words if word in MONTH_BY_NAME]
    numbers = [word for word in words if word.isdecimal()]
    if not months:
        return _day_of_figures(text, words)
    if len(numbers) != 2 or len(months) > 1 or not _is_plain(words):
        return None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    return date(_year(year), months[0], int(day))


def _is_plain(words: list[str]) -> bool:
    """Whether there is nothing among the figures that might change what they say."""
    known = [word.isdecimal() or word in MONTH_BY_NAME for word in words]
    rest = zip(words, known, strict=True)
    return all(is_known or word in FILLERS for word, is_known in list(rest)[known.index(True) :])


def _day_of_figures(text: str, words: list[str]) -> date | None:
    """``26/06/2020``: the order of day and month must follow from the figures or the weekday."""
    match = _FIGURES.fullmatch(text)
    if match is None:
        return None
    first, mark, second, last = match.groups()
    if len(first) == 4:
        return date(int(first), int(second), int(last))
    made = [_try(last, second, first)] + ([] if mark == "." else [_try(last, first, second)])
    possible = {day for day in made if day}
    named = [WEEKDAYS.index(word[:3]) for word in words if word[:3] in WEEKDAYS]
    fitting = {day for day in possible if not named or day.weekday() == named[0]} or possible
    return fitting.pop() if len(fitting) == 1 else None


def _try(year: str, month: str, day: str) -> date | None:
    try:
        return date(_year(year), int(month), int(day))
    except ValueError:
        return None


def _year(text: str) -> int:
    """Source: RFC 2822 4.3 for years of two and three digits."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year


def _at(day: date, time: str) -> datetime | date | None:
    """The instant of a time of a day; the day alone, where the time has no offset that is known.

    Raises:
        ValueError: it is no time of a day.
    """
    if day.year < _YEAR_MIN:
        return None
    match = _TIME.match(time)
    if match is None:
        return None if time else day
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    second = min(int(match["second"] or 0), 59)  # a leap second has no place in Python
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    zone = _zone(time[match.end() :])
    at = datetime(day.year, day.month, day.day, hour, int(match["minute"]), second, micro, zone)
    return at.astimezone(UTC) if zone else day


def _zone(text: str) -> timezone | None:
    """The offset behind a time; None: there is none, or its name has many meanings."""
    match = _ZONE.fullmatch(text)
    if match is None:
        return None
    name = match["name"] or ""
    if match["sign"]:
        size = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return timezone(-size if match["sign"] == "-" else size)
    if len(name) == 1:
        return UTC  # RFC 2822 4.3: the letters of the military were specified with a wrong sign
    return timezone(timedelta(hours=HOURS_BY_ZONE[name])) if name in HOURS_BY_ZONE else None
