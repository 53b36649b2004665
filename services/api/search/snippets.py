"""What of a text is shown as found: its words where they stand, in a few lines of what is around.

Parts of the text as it is, each with whether it was found: who shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.api.search import places, spotting
from services.api.search.matching import Hit
from services.api.search.places import SNIPPET_CHARS, Asked, Place
from services.api.search.spotting import Needles
from shared.search.words import composed

BEFORE_CHARS: Final = 60
"""Of a snippet, before the first hit."""
SCANNED_CHARS_MAX: Final = 20_000
"""Of a text, for a snippet: five pages. Behind them a hit is not shown."""
ELLIPSIS: Final = "…"


class Part(NamedTuple):
    """A piece of a text."""

    text: str
    is_hit: bool


class Shower:
    """Shows what one search found, in many texts."""

    def __init__(self, hits: tuple[Hit, ...]) -> None:
        self._of_headline = _Finder(hits)
        of_body = tuple(hit for hit in hits if not hit.is_headline_only)
        self._of_body = self._of_headline if of_body == hits else _Finder(of_body)

    def whole(self, text: str, language: str) -> list[Part]:
        """All of a short text, a headline."""
        text = composed(text)
        return list(_parts(text, self._of_headline.found(text, language), 0, len(text)))

    def snippet(self, text: str, language: str) -> list[Part]:
        """The lines of a text with most of the words asked; empty: none of them is in it."""
        text = composed(text[:SCANNED_CHARS_MAX])
        found = self._of_body.found(text, language)
        if not found:
            return []
        begin, end = _window(text, found)
        parts = list(_parts(text, found, begin, end))
        if begin > 0:
            parts.insert(0, Part(ELLIPSIS, is_hit=False))
        if end < len(text):
            parts.append(Part(ELLIPSIS, is_hit=False))
        return parts


class _Finder:
    """Finds hits in texts of any language."""

    def __init__(self, hits: tuple[Hit, ...]) -> None:
        self._hits = hits
        self._by_language: dict[str, tuple[Asked, Needles | None]] = {}

    def found(self, text: str, language: str) -> list[Place]:
        known = self._by_language.get(language)
        if known is None:
            asked = places.asked_of(self._hits, language)
            known = self._by_language[language] = asked, spotting.needles(asked)
        asked, sought = known
        spotted = spotting.spotted(text, asked, sought) if sought else None
        return places.read(text, asked) if spotted is None else spotted


def _window(text: str, found: Sequence[Place]) -> tuple[int, int]:
    """Where most different words stand within a snippet's length, the first of such."""
    best, most, different = found[0], 0, len({one.key for one in found})
    for index, first in enumerate(found):
        keys = _keys(found, index, first.begin + SNIPPET_CHARS - BEFORE_CHARS)
        if len(keys) > most:
            best, most = first, len(keys)
            if most == different:
                break
    begin = _word_begin(text, best.begin - BEFORE_CHARS)
    end = begin + SNIPPET_CHARS
    if end < len(text):
        end = text.rfind(" ", best.end, end)
    return begin, min(len(text), max(end, best.end))


def _keys(found: Sequence[Place], index: int, until: int) -> set[str]:
    keys = set()
    for at in range(index, min(len(found), index + SNIPPET_CHARS)):
        place = found[at]
        if place.begin >= until:
            break
        if place.end <= until:
            keys.add(place.key)
    return keys


def _word_begin(text: str, at: int) -> int:
    """The beginning of the first word from a place on."""
    return 0 if at <= 0 else text.find(" ", at, at + BEFORE_CHARS) + 1 or at


def _parts(text: str, found: Sequence[Place], begin: int, end: int) -> Iterator[Part]:
    at = begin
    for place in found:
        if place.begin >= end:
            break
        if at <= place.begin and place.end <= end:
            if place.begin > at:
                yield Part(text[at : place.begin].replace("\n", " "), is_hit=False)
            yield Part(text[place.begin : place.end], is_hit=True)
            at = place.end
    if at < end:
        yield Part(text[at:end].replace("\n", " "), is_hit=False)
