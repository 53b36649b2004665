"""What tells languages apart besides a model: their letters and short words (languages.tsv)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CLEAR_MIN: Final = 6
"""Short words of one language from which a text is clearly in it …"""
CLEAR_DIFFERENT: Final = 4
"""… of which so many are different words …"""
CLEAR_LEAD: Final = 5
"""… and which are so many times as many as those of any other language."""

_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ'’‘][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Marks:
    """Letters and words by language; a language may have two scripts."""

    letters: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Letters beyond the plain alphabet by language and script."""
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    special: frozenset[str] = field(init=False, repr=False)
    """The letters of all languages."""
    languages: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    """By word: the languages that have it."""

    def __post_init__(self) -> None:
        by_word: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for language, words in sorted(self.words.items()):
            for word in words:
                by_word[word] += (language,)
        object.__setattr__(self, "special", frozenset[str]().union(*self.letters.values()))
        object.__setattr__(self, "languages", dict(by_word))

    def fitting(self, text: str) -> frozenset[str]:
        """The languages that have every special letter of a text; none where it has no such letter.

        A letter of a name in another language speaks against all of them, and then nothing is said.
        """
        told = self.special & frozenset(text.lower())
        if not told:
            return frozenset()
        return frozenset(language for (language, _), own in self.letters.items() if told <= own)

    def share(self, text: str) -> float:
        """How much of a text, 0–1 of its words, has a special letter."""
        words = _WORD.findall(text.lower())
        return (
            sum(not self.special.isdisjoint(word) for word in words) / len(words) if words else 0.0
        )

    def clear(self, text: str) -> str | None:
        """The language whose short words a text is full of; None: they leave a doubt.

        Special letters of another language leave one.
        """
        told = [word for word in _WORD.findall(text.lower()) if word in self.languages]
        if len(told) < CLEAR_MIN:
            return None
        said = Counter(language for word in told for language in self.languages[word])
        (best, most), *others = said.most_common(2)
        different = len(self.words[best].intersection(told))
        leads = all(CLEAR_LEAD * count <= most for _, count in others)
        if most < CLEAR_MIN or different < CLEAR_DIFFERENT or not leads:
            return None
        return best if self.special.isdisjoint(text.lower()) or best in self.fitting(text) else None

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
