"""Date lines: ``13 December 2025``, ``суббота, 13 декабря 2025 г.``, ``2025-12-13``."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

_ENGLISH: Final = (
    "january february march april may june july august september october november december"
)
_RUSSIAN: Final = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
)
_MONTHS: Final[dict[str, int]] = {
    **{name: n for n, name in enumerate(_ENGLISH.split(), 1)},
    **{name[:3]: n for n, name in enumerate(_ENGLISH.split(), 1)},
    **{name: n for n, name in enumerate(_RUSSIAN.split(), 1)},
    "sept": 9,
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\.?"
    r"|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
    r"|(?:пн|вт|ср|чт|пт|сб|вс)\.?)"
)
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_YEAR: Final = r"(?P<year>[0-9]{4})"
_RUSSIAN_YEAR: Final = r"(?:\s?(?:г\.?|года))?"
_FORMS: Final = tuple(
    re.compile(rf"(?:{_WEEKDAY}\s?,?\s{{0,4}})?{form}\.?", re.IGNORECASE)
    for form in (
        rf"{_DAY}(?:st|nd|rd|th)?\s{{1,4}}{_MONTH},?\s{{1,4}}{_YEAR}{_RUSSIAN_YEAR}",
        rf"{_MONTH}\s{{1,4}}{_DAY}(?:st|nd|rd|th)?,?\s{{1,4}}{_YEAR}",
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-{_DAY}",
        rf"{_DAY}\.(?P<month>[0-9]{{1,2}})\.{_YEAR}{_RUSSIAN_YEAR}",
        # Looks like a date, but the order of day and month cannot be known: read as impossible.
        r"(?P<month>)(?P<day>)(?P<year>)[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}",
    )
)
_LONGEST_DATE: Final = 60


def read_date(line: str) -> date | Literal["impossible"] | None:
    """The day a line names; ``impossible``: it looks like a date and names no day; None: no date.

    English and Russian, ISO 8601 and dotted figures, with or without the weekday.
    """
    if len(line) > _LONGEST_DATE:
        return None
    match = next((found for form in _FORMS if (found := form.fullmatch(line))), None)
    if match is None:
        return None
    try:
        return date(int(match["year"]), _month(match["month"]), int(match["day"]))
    except ValueError:
        return "impossible"


def _month(text: str) -> int:
    return _MONTHS.get(text.lower()) or int(text)
