"""What stands around a name and what it speaks for: the word lists and points of two tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

WordRule: TypeAlias = Literal[
    "article",
    "body",
    "club",
    "declension",
    "establishment",
    "function",
    "home",
    "joint",
    "locative",
    "particle",
    "plural-region",
    "preposition",
    "region",
    "river",
    "namesake",
    "namesake-word",
    "scale",
    "surname-first",
    "title",
    "town",
    "trade",
    "worn",
]
"""What a list of words in context.tsv is for; the table explains each."""

Position: TypeAlias = Literal["before", "after", "itself"]

Evidence: TypeAlias = Literal[
    "beside",
    "sentence",
    "article",
    "adjective",
    "body",
    "home",
    "language",
    "country",
    "capital",
    "population",
    "lead_min",
    "support_min",
    "known_alone_min",
]
"""What speaks for one bearer of a name, and how much is asked, in points (points.tsv)."""

_NO_WORDS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """The word lists by rule and position, first names, and the points of each evidence."""

    words: Mapping[tuple[WordRule, Position], frozenset[str]] = field(default_factory=dict)
    """In lower case but for names and codes; a list that is not there is empty."""
    home_by_language: Mapping[str, str] = field(default_factory=dict)
    """The country in whose desks a language is written."""
    first_names: frozenset[str] = frozenset()
    points: Mapping[Evidence, float] = field(default_factory=dict)

    def of(self, rule: WordRule, position: Position) -> frozenset[str]:
        """The words of a rule."""
        return self.words.get((rule, position), _NO_WORDS)
