"""The controlled words of IPTC: what a code says, however it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from shared.news import Change, PubStatus

STATUS_BY_WORD: Final[dict[str, PubStatus]] = {
    "usable": "usable",
    "withheld": "withheld",
    "withhold": "withheld",
    "hold": "withheld",
    "held": "withheld",
    "embargoed": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
    "recalled": "canceled",
}
"""Publication status by the words that agencies have for it. Source: IPTC NewsCodes ``pubstat``."""

EMBARGOED: Final = "embargoed"
"""A status that ends with the embargo: AP says so instead of ``usable``."""

PUBLISHED_KINDS: Final = frozenset({"", "text", "preformatted", "composite"})
"""Kinds of items that are articles; an item that says no kind is judged by what it has."""

MARKED_UP: Final = frozenset({"text/html", "application/xhtml+xml"})
NITF_TYPES: Final = frozenset({"application/nitf+xml", "text/vnd.iptc.nitf", "nitf"})

_CHANGE_BY_WORD: Final[dict[str, Change]] = {"correction": "correction", "update": "update"}
"""Source: IPTC NewsCodes ``signal``."""
_REVISED_URN: Final = re.compile(
    r"(urn:newsml:[^:]+:[0-9]{8}(?:T[0-9]{6}[Z0-9+-]*)?:[^:]+):([0-9]{1,9})[NUA]?", re.IGNORECASE
)
"""Source: RFC 3085 2: provider, day, item, and the number of the revision."""
_BY: Final = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_MAIN: Final = ("main", "headline", "default")
_LESSER: Final = ("short", "kicker", "alternate")


class Value(NamedTuple):
    """One of several headlines, bodies or descriptions."""

    text: str
    role: str = ""
    media_type: str = ""


def word_of(code: str) -> str:
    """``canceled`` of ``stat:canceled``, of an address that ends in it, and of itself."""
    return local_of(code).lower()


def local_of(code: str) -> str:
    """``seeAlso`` of ``irel:seeAlso``: a name as it is written, without its prefix."""
    return re.split(r"[:/#]", code.strip().rstrip("/"))[-1]


def author_of(byline: str) -> str:
    """A byline without the word that begins it in English."""
    return _BY.sub("", byline, count=1) if _BY.match(byline) else byline


def change_of(signals: Sequence[str]) -> Change | None:
    """What the signals of an item declare; a correction speaks louder than an update."""
    words = {word_of(signal) for signal in signals}
    return next((change for word, change in _CHANGE_BY_WORD.items() if word in words), None)


def main_of(values: Sequence[Value]) -> str:
    """The one that stands for all: of the role ``main``, without a role, or the first.

    ``hld:main`` is ``main``; a short form or a kicker stands only where there is nothing else.
    """
    said = [value for value in values if value.text]

    def rank(value: Value) -> int:
        role = word_of(value.role)
        if role in _MAIN:
            return 0
        if not role:
            return 1
        return 3 if role.startswith("sub") or role in _LESSER else 2

    return min(said, key=rank).text if said else ""


def without_revision(item_id: str) -> tuple[str, str]:
    """An id without the number of its revision, and that number; empty: it has none."""
    found = _REVISED_URN.fullmatch(item_id)
    return (found[1], found[2]) if found else (item_id, "")
