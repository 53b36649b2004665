"""Where in a text the words stand that a search asked for, by reading all of its words.

This is what a hit is. ``spotting`` finds the same in a tenth of the time, in most texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from services.api.search.matching import Hit
from shared.search.stems import Inflection, inflection
from shared.search.words import WORD, Form, forms

SNIPPET_CHARS: Final = 240
"""Two lines on a wide screen, four on a phone."""
PLACES_MAX: Final = 1_000
"""Hits of a text that are looked at: a text of few words has tens of thousands of runs of them."""


class Place(NamedTuple):
    """Where a hit stands, and which of the words asked it is."""

    begin: int
    end: int
    key: str


class Piece(NamedTuple):
    """A folded part of a word, and where the word stands."""

    text: str
    begin: int
    end: int


@dataclass(slots=True)
class Asked:
    """Tells words that were asked for in a language; each is looked at once, in many texts."""

    inflected: Inflection
    known: Mapping[str, Form]
    key_by_token: Mapping[str, str]
    beginnings: tuple[str, ...]
    sequences: tuple[tuple[str, ...], ...]
    keys: frozenset[str]
    """Of the words asked; of those that begin so nobody can tell how many there are: one more."""
    key_by_word: dict[str, str] = field(default_factory=dict)
    """Words as they are written, each with which of the words asked it is; empty: none."""

    def key(self, word: str) -> str:
        """Which of the words asked a word of a text is; empty: none."""
        found = self.key_by_word.get(word)
        if found is None:
            found = self.key_by_word[word] = self._key(self.known[word])
        return found

    def _key(self, form: Form) -> str:
        for token in (*form[0].split(), *form[1].split()):
            if token in self.key_by_token:
                return self.key_by_token[token]
            if self.beginnings and token.startswith(self.beginnings):
                return token
        return ""

    def until_all(self, places: Iterable[Place]) -> Iterator[Place]:
        """Places up to a snippet's length behind the one with which every word has been found."""
        missing, until = set(self.keys), math.inf
        for place in places:
            if place.begin > until:
                return
            yield place
            missing.discard(place.key)
            if not missing and until == math.inf:
                until = place.begin + SNIPPET_CHARS

    def pieces(self, words: Iterable[re.Match[str]]) -> list[Piece]:
        """The parts of words, one after the other."""
        return [
            Piece(part, word.start(), word.end())
            for word in words for part in self.known[word[0]][0].split()
        ]  # fmt: skip


def asked_of(hits: Iterable[Hit], language: str) -> Asked:
    """What is asked of texts in a language, by its BCP 47 primary tag."""
    hits = tuple(hits)
    key_by_token = {token: min(hit.tokens) for hit in hits for token in hit.tokens}
    beginnings = tuple(hit.beginning for hit in hits if hit.beginning)
    return Asked(
        inflection(language),
        forms(language),
        key_by_token,
        beginnings,
        tuple(hit.sequence for hit in hits if hit.sequence),
        frozenset({*key_by_token.values(), *([""] if beginnings else [])}),
    )


def read(text: str, asked: Asked) -> list[Place]:
    """Hits in their order; of words that must follow one another from the first to the last."""
    words = WORD.finditer(text)
    if not asked.sequences:
        return list(islice(asked.until_all(_single(words, asked)), PLACES_MAX))
    listed = list(words)
    pieces = asked.pieces(listed)
    return in_order(
        _single(listed, asked), [runs(pieces, sequence) for sequence in asked.sequences]
    )


def in_order(single: Iterator[Place], of_sequences: Iterable[Iterator[Place]]) -> list[Place]:
    """Hits of words and of sequences of words, those that begin first before, the longer first."""
    found = list(islice(single, PLACES_MAX))
    for one in of_sequences:
        found += islice(one, PLACES_MAX)
    return sorted(found, key=lambda place: (place.begin, -place.end))[:PLACES_MAX]


def runs(pieces: Sequence[Piece], sequence: Sequence[str]) -> Iterator[Place]:
    """Where parts of words follow one another as asked."""
    size, wanted, key = len(sequence), list(sequence), " ".join(sequence)
    for at, piece in enumerate(pieces):
        if piece.text == wanted[0] and [one.text for one in pieces[at : at + size]] == wanted:
            yield Place(piece.begin, pieces[at + size - 1].end, key)


def _single(words: Iterable[re.Match[str]], asked: Asked) -> Iterator[Place]:
    for word in words:
        if key := asked.key(word[0]):
            yield Place(word.start(), word.end(), key)
