"""Days, times and numbers as CLDR has them. Digits stay as they came: none is rounded or added."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Final

from babel.dates import format_date

from services.api.words.languages import Language
from services.api.words.speaking import language

_DAYS_KEPT_MAX: Final = 2_000
"""Days as texts: a year in five languages. A page of fifty articles says one fifty times."""


def day(on: date) -> str:
    """``13 December 2025``, ``13 декабря 2025 г.``."""
    return _day(language(), on)


def clock(at: datetime) -> str:
    """Hour and minute, of 24 hours in all five languages: ``04:30``."""
    return f"{at:%H:%M}"


def number(text: str) -> str:
    """Decimal digits with the mark of the language: ``0.01143``, ``0,01143``; not grouped."""
    mark: str = language().locale.number_symbols["latn"]["decimal"]
    return text.replace(".", mark)


def percent(text: str) -> str:
    """``0.19%``, ``0,19 %``."""
    pattern: str = language().locale.percent_formats[None].pattern
    return number(text) + pattern.rpartition("0")[2]


@lru_cache(maxsize=_DAYS_KEPT_MAX)
def _day(of: Language, on: date) -> str:
    return _spaced(format_date(on, "long", of.locale))


def _spaced(text: str) -> str:
    """With no-break spaces that every font has: CLDR writes narrow ones (U+202F)."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
