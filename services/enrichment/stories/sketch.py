"""A story, or an article alone, as new articles are compared with it: sums. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self, TypeVar

from services.enrichment.stories.packing import Kept, bare, weight_of

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

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """Of one article."""
        sketch = cls()
        sketch.add(kept)
        return sketch

    def add(self, kept: Kept) -> None:
        """Take in an article."""
        self._count(kept, 1)

    def remove(self, kept: Kept) -> None:
        """Take out an article that was taken in."""
        self._count(kept, -1)

    def _count(self, kept: Kept, sign: int) -> None:
        if not kept.terms:  # a copy, or nothing to compare by
            return
        terms = self.terms.setdefault(kept.language, {})
        for term in kept.terms:
            _put(terms, bare(term), sign * weight_of(term))
        for name in kept.names:
            _put(self.names, name, sign)
        for number in kept.numbers:
            _put(self.numbers, number, sign)
        if kept.magnitude:
            _put(self.magnitudes, kept.magnitude, sign)
        _put(self.languages, kept.language, sign)


def _put(counts: dict[K, int], key: K, change: int) -> None:
    value = counts.get(key, 0) + change
    if value:
        counts[key] = value
    else:
        del counts[key]
