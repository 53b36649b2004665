"""What tells languages apart besides a model: their letters and short words (languages.tsv)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ'’‘][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Marks:
    """Letters and words by language; a language may have two scripts."""

    letters: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Letters beyond the plain alphabet by language and script."""
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def fitting(self, text: str) -> frozenset[str]:
        """The languages that have every special letter of a text; none where it has no such letter.

        A letter of a name in another language speaks against all of them, and then nothing is said.
        """
        special = frozenset[str]().union(*self.letters.values()) if self.letters else frozenset()
        told = special & frozenset(text.lower())
        if not told:
            return frozenset()
        return frozenset(language for (language, _), own in self.letters.items() if told <= own)

    def share(self, text: str) -> float:
        """How much of a text, 0–1 of its words, has a special letter."""
        special = frozenset[str]().union(*self.letters.values()) if self.letters else frozenset()
        words = _WORD.findall(text.lower())
        return sum(not special.isdisjoint(word) for word in words) / len(words) if words else 0.0

    def by_words(self, text: str, among: frozenset[str]) -> str | None:
        """The language with most short words in a text; None: no word, or as many of two."""
        said = _WORD.findall(text.lower())
        counts = {
            language: sum(word in words for word in said)
            for language, words in self.words.items()
            if language in among
        }
        best = sorted(counts.items(), key=lambda one: -one[1])[:2]
        if not best or best[0][1] == 0 or (len(best) == 2 and best[0][1] == best[1][1]):
            return None
        return best[0][0]
