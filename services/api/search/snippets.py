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
WRITTEN_MAX: Final = 50_000
"""Words of a language that are kept with what is indexed of them, about 15 MB; then none are."""
LANGUAGES_MAX: Final = 20
"""Of which words are kept."""
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


Looked = dict[tuple[str, Collection[Hit]], "_Asked"]
"""What one search has seen of words so far: most of a text's words stand in the next one, too."""


def whole(
    text: str, hits: tuple[Hit, ...], language: str, looked: Looked | None = None
) -> list[Part]:
    """All of a short text, a headline."""
    text = composed(text)
    places = _places(text, hits, language, {} if looked is None else looked)
    return list(_parts(text, places, 0, len(text)))


def snippet(
    text: str, hits: tuple[Hit, ...], language: str, looked: Looked | None = None
) -> list[Part]:
    """The lines of a text with most of the words asked; empty: none of them is in it."""
    text = composed(text[:SCANNED_CHARS_MAX])
    of_body = tuple(hit for hit in hits if not hit.is_headline_only)
    places = _places(text, of_body, language, {} if looked is None else looked)
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


def _places(text: str, hits: tuple[Hit, ...], language: str, looked: Looked) -> list[_Place]:
    """Hits in their order; of words that must follow one another from the first to the last."""
    known = forms(language)
    if (asked := looked.get((language, hits))) is None:
        asked = looked[language, hits] = _Asked(
            {token: min(hit.tokens) for hit in hits for token in hit.tokens},
            tuple(hit.beginning for hit in hits if hit.beginning),
        )
    asked.look(text, language, known)
    sequences = [hit.sequence for hit in hits if hit.sequence]
    if sequences:
        words = list(WORD.finditer(text))
        found = list(islice(_single(words, asked), PLACES_MAX))
        parts = [
            (part, word.start(), word.end())
            for word in words for part in known[word[0]][0].split()
        ]  # fmt: skip
        for sequence in sequences:
            found += islice(_runs(parts, sequence), PLACES_MAX)
        return sorted(found, key=lambda one: (one.begin, -one.end))[:PLACES_MAX]
    if not asked.is_in_text:
        return []
    return list(islice(_until_all(_single(WORD.finditer(text), asked), asked), PLACES_MAX))


def _single(words: Iterable[re.Match[str]], asked: _Asked) -> Iterator[_Place]:
    key_by_word = asked.key_by_word
    for word in words:
        if key := key_by_word.get(word[0]):
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
    """Tells words that were asked for; each is looked at once, in however many texts."""

    key_by_token: Mapping[str, str]
    beginnings: tuple[str, ...]
    key_by_word: dict[str, str] = field(default_factory=dict)
    """Those words that were asked for, as they are written, each with which of the words asked."""
    others: set[str] = field(default_factory=set)
    """Words that were not, of a search for beginnings."""
    is_in_text: bool = False
    """Whether one of the words asked for is in the text that was looked at last."""

    def look(self, text: str, language: str, known: Mapping[str, Form]) -> None:
        """Find the words asked for among those of a text."""
        words = set(WORD.findall(text))
        if self.beginnings:
            candidates = words - self.others
        else:
            candidates = _written(language).standing_for(self.key_by_token, words, known)
        self.is_in_text = False
        for word in candidates:
            if word in self.key_by_word:
                self.is_in_text = True
            elif key := self._key(known[word]):
                self.key_by_word[word] = key
                self.is_in_text = True
            elif self.beginnings:
                self.others.add(word)

    def _key(self, form: Form) -> str:
        for token in (*form[0].split(), *form[1].split()):
            if token in self.key_by_token:
                return self.key_by_token[token]
            if self.beginnings and token.startswith(self.beginnings):
                return token
        return ""


@dataclass(slots=True)
class _Written:
    """Words of a language as texts have them, by what is indexed of them.

    Nearly all words of a text are known from others, and that none of them was asked for is told
    by a few operations on sets.
    """

    words: set[str] = field(default_factory=set)
    by_token: dict[str, set[str]] = field(default_factory=dict)

    def standing_for(
        self, tokens: Collection[str], words: set[str], known: Mapping[str, Form]
    ) -> set[str]:
        """Those of the words of which one of the tokens is indexed."""
        for word in words - self.words:
            form = known[word]
            for token in (*form[0].split(), *form[1].split()):
                self.by_token.setdefault(token, set()).add(word)
            self.words.add(word)  # last: another thread may ask meanwhile
        return words & set().union(*(self.by_token.get(token, ()) for token in tokens))


_WRITTEN: Final[dict[str, _Written]] = {}


def _written(language: str) -> _Written:
    """The words of a language that were seen so far, or none where there were too many."""
    found = _WRITTEN.get(language)
    if found is None or len(found.words) > WRITTEN_MAX:
        if len(_WRITTEN) >= LANGUAGES_MAX:
            _WRITTEN.clear()
        found = _WRITTEN[language] = _Written()
    return found
