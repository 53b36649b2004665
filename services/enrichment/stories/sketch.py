"""A story, or an article alone, as new articles are compared with it: sums. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt
from typing import Final, Self, TypeVar

import msgspec

from services.enrichment.stories.packing import Kept, bare, weight_of

SHOWN_MAX: Final = 512
"""Sketches that are kept as they were unpacked, the last used: some 4 MB."""
Rarity = Callable[[int], float]
"""How much a word says, in nats."""
K = TypeVar("K", int, str)


@dataclass(slots=True)
class Sketch:
    """Sums over the articles of a story; a copy adds nothing to them."""

    terms: dict[str, dict[int, int]] = field(default_factory=dict)
    """By language: weights by term."""
    names: dict[int, int] = field(default_factory=dict)
    """Articles by name, with its kind."""
    numbers: dict[int, int] = field(default_factory=dict)
    magnitudes: dict[int, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, float] = field(default_factory=dict)
    """Of the terms of a language as a vector, as rare as they were when the sums last changed."""
    said: float = 0.0
    """By all names together, in nats, likewise."""

    @classmethod
    def of(cls, kept: Kept, rarity: Rarity) -> Self:
        """Of one article; the same as if it were taken in, in half the time."""
        terms = {bare(term): weight_of(term) for term in kept.terms}
        if not terms:
            return cls()
        return cls(
            terms={kept.language: terms},
            names=dict.fromkeys(kept.names, 1),
            numbers=dict.fromkeys(kept.numbers, 1),
            magnitudes={kept.magnitude: 1} if kept.magnitude else {},
            languages={kept.language: 1},
            lengths={kept.language: length(terms, rarity)},
            said=sum([rarity(name) for name in kept.names]),
        )

    def add(self, kept: Kept, rarity: Rarity) -> None:
        """Take in an article."""
        self._count(kept, 1, rarity)

    def remove(self, kept: Kept, rarity: Rarity) -> None:
        """Take out an article that was taken in."""
        self._count(kept, -1, rarity)

    def _count(self, kept: Kept, sign: int, rarity: Rarity) -> None:
        if not kept.terms:  # a copy, or nothing to compare by
            return
        terms = self.terms.setdefault(kept.language, {})
        _sum(terms, [(bare(term), sign * weight_of(term)) for term in kept.terms])
        _sum(self.names, [(name, sign) for name in kept.names])
        _sum(self.numbers, [(number, sign) for number in kept.numbers])
        if kept.magnitude:
            _sum(self.magnitudes, [(kept.magnitude, sign)])
        _sum(self.languages, [(kept.language, sign)])
        self.lengths[kept.language] = length(terms, rarity)
        self.said = sum([rarity(name) for name in self.names])


_DECODER: Final = msgspec.msgpack.Decoder(Sketch)


def packed(sketch: Sketch) -> bytes:
    """Sums as they are kept while nothing is compared with them: a tenth of the room."""
    return msgspec.msgpack.encode(sketch)


def unpacked(data: bytes) -> Sketch:
    """The sums that were packed, every dict in the order that it had."""
    return _DECODER.decode(data)


@lru_cache(maxsize=SHOWN_MAX)
def shown(data: bytes) -> Sketch:
    """The same to be compared with and not to be changed: whoever asks next is given it too."""
    return _DECODER.decode(data)


def length(terms: Mapping[int, int], rarity: Rarity) -> float:
    """Of a sum of words as a vector, each weighed by how rare it is."""
    return sqrt(sum([(weight * rarity(term)) ** 2 for term, weight in terms.items()]))


def _sum(counts: dict[K, int], changes: list[tuple[K, int]]) -> None:
    for key, change in changes:
        value = counts.get(key, 0) + change
        if value:
            counts[key] = value
        else:
            del counts[key]
