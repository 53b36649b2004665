"""Dates in words and figures: ``Sat, 07 Sep 2002 00:00:01 GMT`` and its many relatives."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from services.ingest.parse.feeds.months import FILLERS, MONTH_BY_NAME, WEEKDAY_BY_NAME, month_of
from services.ingest.parse.feeds.said import Said, exactly
from services.ingest.parse.feeds.times import find_time
from services.ingest.parse.feeds.zones import NOT_SAID, Clock, clock_at, named_clock

_MAIL: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2})"
    r" (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-][0-9]{4}|GMT)"
)
_COMMENT: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_WORD: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_FIGURES: Final = re.compile(
    r"(?<![0-9])([0-9]{1,4})(?P<mark>[-/. ])([0-9]{1,2})(?P=mark)([0-9]{1,4})(?![0-9])"
)
_OFFSET: Final = re.compile(r"(?<=[0-9]) ?[+-][0-9]{2}:?[0-9]{2}\Z")


def read_mail(text: str) -> Said | None:
    """A date exactly as RFC 2822 3.3 has it, which nearly all feeds do; ``read_words`` reads more.

    Raises:
        ValueError: it is no day of the calendar.
    """
    match = _MAIL.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, clock = match.groups()
    on = date(int(year), MONTH_BY_NAME[month.lower()], int(day))
    return exactly(on, (hour, minute, second), clock)


def read_words(text: str) -> Said | None:
    """A date in words or figures, as ``months.plain`` gives it, with what stands around it.

    What stands in brackets is a comment, but where nothing else says the clock.

    Raises:
        ValueError: it is no day of the calendar.
    """
    bare = _COMMENT.sub(" ", text)
    found = find_time(bare)
    if found is None:
        offset = _OFFSET.search(bare.rstrip())
        clock, rest = clock_at(offset[0]) if offset else (NOT_SAID, "")
        return _of_day(bare[: offset.start()] if offset else bare, clock)
    clock, rest = clock_at(found.behind)
    said = _of_day(f"{found.before} {rest}", clock)
    if said is None or said.to != "day":
        return None
    if not said.clock:
        comments = (clock_at(first or second)[0] for first, second in _COMMENT.findall(text))
        said = said._replace(clock=next((one for one in comments if one.zones), NOT_SAID))
    return said._replace(time=found.time)


def _of_day(text: str, clock: Clock) -> Said | None:
    """A day, or a month, and a clock among its words."""
    words = _WORD.findall(text)
    months = [word for word in words if month_of(word)]
    if months and months[0] in WEEKDAY_BY_NAME and (len(months) > 1 or _FIGURES.search(text)):
        words.remove(months.pop(0))  # “mar. 01 déc.” is a Tuesday in December
    for word in words:
        clock += NOT_SAID if word in FILLERS or month_of(word) else named_clock(word)
    if len(months) > 1 or not _is_plain(words):
        return None
    said = _of_month(words, months[0]) if months else _of_figures(text, words)
    return said._replace(clock=clock) if said else None


def _is_plain(words: list[str]) -> bool:
    """Whether there is nothing behind the first figure or month that might change what they say."""
    begins = (n for n, word in enumerate(words) if word.isdecimal() or month_of(word))
    return all(_is_known(word) for word in words[next(begins, 0) :])


def _is_known(word: str) -> bool:
    if word.isdecimal() or word in FILLERS or word in WEEKDAY_BY_NAME:
        return True
    return bool(month_of(word) or named_clock(word))


def _of_month(words: list[str], name: str) -> Said | None:
    month = month_of(name) or 0
    match [word for word in words if word.isdecimal()]:
        case [year] if len(year) == 4:
            return Said(date(int(year), month, 1), "month")
        case [first, second]:
            # RFC 822 5.1: the day, then the year, which may have two digits.
            is_year_first = len(first) > 2 or int(first) > 31
            day, year = (second, first) if is_year_first else (first, second)
            return Said(date(_year(year), month, int(day))) if len(day) <= 2 else None
        case _:
            return None


def _of_figures(text: str, words: list[str]) -> Said | None:
    """``26/06/2020``: the order of day and month must follow from the figures or the weekday."""
    figures = _FIGURES.search(text)
    if figures is None or sum(word.isdecimal() for word in words) != 3:
        return None
    first, second, last = figures[1], figures[3], figures[4]
    orders = _orders(first, second, last, figures["mark"])
    possible = {day for order in orders if (day := _try(*order))}
    named = {WEEKDAY_BY_NAME[word] for word in words if word in WEEKDAY_BY_NAME}
    fitting = {day for day in possible if day.weekday() in named} or possible
    return Said(fitting.pop()) if len(fitting) == 1 else None


def _orders(first: str, second: str, last: str, mark: str) -> list[tuple[str, str, str]]:
    """Year, month and day, in every order that such figures are written in."""
    if len(first) > 2:
        return [(first, second, last)]
    orders = [(last, second, first)]
    if mark != ".":  # points stand between figures only where the day comes first
        orders.append((last, first, second))
    if mark == "-" and len(last) <= 2:
        orders.append((first, second, last))  # ISO 8601:1988, without its century
    return orders


def _try(year: str, month: str, day: str) -> date | None:
    try:
        return date(_year(year), int(month), int(day))
    except ValueError:
        return None


def _year(text: str) -> int:
    """Source: RFC 2822 4.3 for years of two and three digits.

    Raises:
        ValueError: it has one digit, or five.
    """
    year = int(text)
    match len(text):
        case 2:
            return year + (2000 if year < 50 else 1900)
        case 3:
            return year + 1900
        case 4:
            return year
        case _:
            raise ValueError("expected a year of two to four digits")
