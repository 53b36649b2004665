"""What of a text is shown as found: its words where they stand, in a few lines of what is around.

Parts of the text as it is, each with whether it was found: who shows them escapes them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from services.api.search.matching import Hit
from shared.search.words import WORD, Form, composed, forms

SNIPPET_CHARS: Final = 240
"""Two lines on a wide screen, four on a phone."""
BEFORE_CHARS: Final = 60
"""Of them, before the first hit."""
SCANNED_CHARS_MAX: Final = 20_000
"""Of a text, for a snippet: five pages. Behind them a hit is not shown."""
PLACES_MAX: Final = 1_000
"""Hits of a text that are looked at: a text of few words has tens of thousands of runs of them."""
ELLIPSIS: Final = "…"


class Part(NamedTuple):
    """A piece of a text."""

    text: str
    is_hit: bool


class _Place(NamedTuple):
    """Where a hit stands, and which of the words asked it is."""

    begin: int
    end: int
    key: str


def whole(text: str, hits: Collection[Hit], language: str) -> list[Part]:
    """All of a short text, a headline."""
    text = composed(text)
    return list(_parts(text, _places(text, hits, language), 0, len(text)))


def snippet(text: str, hits: Collection[Hit], language: str) -> list[Part]:
    """The lines of a text with most of the words asked; empty: none of them is in it."""
    text = composed(text[:SCANNED_CHARS_MAX])
    places = _places(text, [hit for hit in hits if not hit.is_headline_only], language)
    if not places:
        return []
    begin, end = _window(text, places)
    parts = list(_parts(text, places, begin, end))
    if begin > 0:
        parts.insert(0, Part(ELLIPSIS, is_hit=False))
    if end < len(text):
        parts.append(Part(ELLIPSIS, is_hit=False))
    return parts


def _window(text: str, places: Sequence[_Place]) -> tuple[int, int]:
    """Where most different words stand within a snippet's length, the first of such."""
    best, most = places[0], 0
    for index, first in enumerate(places):
        until = first.begin + SNIPPET_CHARS - BEFORE_CHARS
        keys = {one.key for one in places[index : index + SNIPPET_CHARS] if one.end <= until}
        if len(keys) > most:
            best, most = first, len(keys)
    begin = _word_begin(text, best.begin - BEFORE_CHARS)
    end = begin + SNIPPET_CHARS
    if end < len(text):
        end = text.rfind(" ", best.end, end)
    return begin, min(len(text), max(end, best.end))


def _word_begin(text: str, at: int) -> int:
    """The beginning of the first word from a place on."""
    return 0 if at <= 0 else text.find(" ", at, at + BEFORE_CHARS) + 1 or at


def _parts(text: str, places: Sequence[_Place], begin: int, end: int) -> Iterator[Part]:
    at = begin
    for place in places:
        if at <= place.begin and place.end <= end:
            if place.begin > at:
                yield Part(text[at : place.begin].replace("\n", " "), is_hit=False)
            yield Part(text[place.begin : place.end], is_hit=True)
            at = place.end
    if at < end:
        yield Part(text[at:end].replace("\n", " "), is_hit=False)


def _places(text: str, hits: Collection[Hit], language: str) -> list[_Place]:
    """Hits in their order; of words that must follow one another from the first to the last."""
    known = forms(language)
    asked = _Asked(
        {token: min(hit.tokens) for hit in hits for token in hit.tokens},
        tuple(hit.beginning for hit in hits if hit.beginning),
    )
    sequences = [hit.sequence for hit in hits if hit.sequence]
    if sequences:
        words = list(WORD.finditer(text))
        found = list(islice(_single(words, asked, known), PLACES_MAX))
        parts = [
            (part, word.start(), word.end())
            for word in words for part in known[word[0]][0].split()
        ]  # fmt: skip
        for sequence in sequences:
            found += islice(_runs(parts, sequence), PLACES_MAX)
        return sorted(found, key=lambda one: (one.begin, -one.end))[:PLACES_MAX]
    hits_in_order = _until_all(_single(WORD.finditer(text), asked, known), asked)
    return list(islice(hits_in_order, PLACES_MAX))


def _single(
    words: Iterable[re.Match[str]], asked: _Asked, known: Mapping[str, Form]
) -> Iterator[_Place]:
    for word in words:
        if key := asked.key(word[0], known):
            yield _Place(word.start(), word.end(), key)


def _until_all(places: Iterator[_Place], asked: _Asked) -> Iterator[_Place]:
    """Places up to a snippet's length behind the one with which every word has been found."""
    missing, until = set(asked.key_by_token.values()), math.inf
    if asked.beginnings:
        missing.add("")  # nobody can tell how many there are
    for place in places:
        if place.begin > until:
            return
        yield place
        missing.discard(place.key)
        if not missing and until == math.inf:
            until = place.begin + SNIPPET_CHARS


def _runs(parts: Sequence[tuple[str, int, int]], sequence: Sequence[str]) -> Iterator[_Place]:
    size = len(sequence)
    for at, (part, begin, _) in enumerate(parts):
        if part == sequence[0] and [one[0] for one in parts[at : at + size]] == list(sequence):
            yield _Place(begin, parts[at + size - 1][2], " ".join(sequence))


@dataclass(slots=True)
class _Asked:
    """Tells words that were asked for; each is looked at once."""

    key_by_token: Mapping[str, str]
    beginnings: tuple[str, ...]
    key_by_word: dict[str, str] = field(default_factory=dict)

    def key(self, word: str, known: Mapping[str, Form]) -> str:
        """Which of the words asked a word is; empty: none."""
        key = self.key_by_word.get(word)
        if key is None:
            key = self.key_by_word[word] = self._look(known[word])
        return key

    def _look(self, form: Form) -> str:
        for token in (*form[0].split(), *form[1].split()):
            if token in self.key_by_token:
                return self.key_by_token[token]
            if self.beginnings and token.startswith(self.beginnings):
                return token
        return ""
