"""How values look in print: days, instants, changes, languages; in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from services.api.words import figures, names

MINUS: Final = "\N{MINUS SIGN}"
_LANGUAGES: Final = {
    "ar": "العربية",
    "de": "Deutsch",
    "fa": "فارسی",
    "fr": "Français",
    "tg": "Тоҷикӣ",
    "tk": "Türkmençe",
    "tr": "Türkçe",
    "ug": "ئۇيغۇرچە",
    "zh": "中文",
}
"""Languages by their own names, shorter than CLDR has them."""


_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class When:
    """A day or an instant, for people and for machines."""

    text: str
    iso: str
    """ISO 8601."""
    is_day: bool


def day(iso: str) -> When:
    """``2025-12-13`` as ``13 December 2025``."""
    found = date.fromisoformat(iso[:10])
    return When(figures.day(found), found.isoformat(), is_day=True)


def instant(iso: str) -> When:
    """``2026-03-02T04:30:00Z`` as ``2 March 2026, 04:30 UTC``."""
    at = datetime.fromisoformat(iso).astimezone(UTC)
    text = f"{figures.day(at.date())}, {figures.clock(at)} UTC"
    return When(text, at.isoformat().replace("+00:00", "Z"), is_day=False)


def dated(document: Mapping[str, Any]) -> When:
    """When an article is from: published, else the day it is listed under, else seen."""
    if document.get("published_at"):
        return instant(document["published_at"])
    if listed := document.get("published_on") or document.get("listed_on"):
        return day(listed)
    return instant(document["observed_at"])


def as_of(text: str) -> When:
    """What a rate is for; as it came where no calendar has it.

    To the pattern of an event 31 February is a day, and one rate must not take the page away.
    """
    is_day = "T" not in text
    try:
        return day(text) if is_day else instant(text)
    except ValueError:
        return When(text, text, is_day)


def shortened(text: str, characters_max: int) -> str:
    """A text that is not longer than this, with its ellipsis; cut behind a word where it has one.

    A word that is a third of it is cut itself: a text without blanks has no other place.
    """
    if len(text) <= characters_max:
        return text
    head, blank, _ = text[:characters_max].rpartition(" ")
    is_near = blank and 3 * len(head) > 2 * characters_max
    return (head if is_near else text[: characters_max - 1]).rstrip(" ,;:–—-") + "…"


def change(number: str, unit: str | None) -> str:
    """A change as its source printed it, signed: ``+0.19%``, ``−0.30%``; ``−0%`` and ``0%`` differ.

    ``Decimal("-0") == 0``: the sign of a zero survives in the text only.
    """
    digits = number.removeprefix("-")
    printed = figures.percent(digits) if unit == "percent" else figures.number(digits)
    if number.startswith("-"):
        return f"{MINUS}{printed}"
    return f"+{printed}" if Decimal(number) else printed


def value(number: str) -> str:
    """A value with the digits that its source printed, and the decimal mark of the language."""
    return figures.number(number)


def direction(number: str) -> str:
    """``up``, ``down`` or ``flat``."""
    value = Decimal(number)
    return "up" if value > 0 else "down" if value < 0 else "flat"


def language_name(code: str) -> str | None:
    """A language by its own name, else its code; None: the language is not known."""
    if code == "und":
        return None
    return _LANGUAGES.get(code) or names.language_by_itself(code) or code


def one_line(text: str) -> str:
    """A text beside which others stand, without marks that would turn them round too.

    Marks of a single character (U+200E, U+200F, U+061C) stay: right-to-left scripts need them.
    Source: Unicode Standard Annex 9, explicit formatting characters.
    """
    return _TURNING.sub("", text)


def web_address(url: str | None) -> str | None:
    """A URL that a reader may follow; None for any that is not on the web (``javascript:``)."""
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:  # an open bracket: `http://[x`
        return None
    return url if scheme in {"http", "https"} else None
