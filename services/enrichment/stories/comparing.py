"""How much an article has in common with a story, and what speaks against it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from services.enrichment.stories.features import KINDS, Features
from services.enrichment.stories.packing import bare, hashed, weight_of
from services.enrichment.stories.sketch import Sketch

WORDS_PART: Final = 0.9
"""Of the likeness; the rest is names."""
THRESHOLD: Final = 0.21
"""Likeness from which two texts report one happening."""
HALF_S: Final = 7 * 86_400
"""Silence after which a likeness counts half; after half of it, five sixths."""
CONTRADICTED: Final = 0.75
"""What a likeness counts where each tells a place or a person and they share none."""
TERMS_MIN: Final = 5
"""Words that an article needs to be compared at all."""
OTHER_LANGUAGE_S: Final = 36 * 3_600
"""Within which articles in two languages may be one story."""
NAME_RARITY_MIN: Final = 2.5
"""Nats that a name must say to count between languages: in one of twelve articles, or fewer."""
MAGNITUDES_APART: Final = 3
"""Tenths by which first reports of one earthquake do not differ."""
SHOWN_MAX: Final = 8
"""Words and names that evidence lists."""

_PLACE, _PERSON, _COUNTRY = (KINDS.index(kind) for kind in ("place", "person", "country"))

Rarity = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like an article and a story are, 0–1, and why."""

    score: float
    evidence: dict[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """The features of an article as numbers, with what each stands for."""

    language: str
    terms: Mapping[int, int]
    names: tuple[int, ...]
    numbers: tuple[int, ...]
    magnitude: int
    features: Features

    @classmethod
    def of(cls, features: Features) -> Compared:
        """Ready to be compared."""
        terms, names, numbers = hashed(features)
        weights = {bare(term): weight_of(term) for term in terms}
        return cls(features.language, weights, names, numbers, features.magnitude, features)


def likeness(new: Compared, other: Sketch, gap_s: int, rarity: Rarity) -> Likeness | None:
    """What makes an article one of a story; None: nothing that suffices, or something against it.

    ``gap_s``: seconds between the article and the story's last.
    """
    if len(new.terms) < TERMS_MIN:
        return None
    magnitudes = (new.magnitude,) if new.magnitude else ()
    if are_other_quakes(magnitudes, other.magnitudes):
        return None
    if new.language in other.languages:
        found = _in_one_language(new, other, gap_s, rarity)
        if found is not None:
            return found
    if 2 * other.languages.get(new.language, 0) < sum(other.languages.values()):
        return _in_two_languages(new, other, gap_s, rarity)
    return None


def contradict(names: Iterable[int], others: Iterable[int]) -> bool:
    """Whether each tells a place or a person and they share none."""
    ours, theirs = _identifying(names), _identifying(others)
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


def are_other_quakes(magnitudes: Collection[int], others: Collection[int]) -> bool:
    """Whether each tells magnitudes, in tenths, and all of them lie apart."""
    return bool(magnitudes and others) and all(
        abs(one - other) > MAGNITUDES_APART for one in magnitudes for other in others
    )


def cosine(ours: Mapping[int, int], theirs: Mapping[int, int], rarity: Rarity) -> float:
    """Of two sums of words, each word weighed by how rare it is."""
    shared = sum(
        weight * theirs[term] * rarity(term) ** 2 for term, weight in ours.items() if term in theirs
    )
    if not shared:
        return 0.0
    lengths = [
        sum((weight * rarity(term)) ** 2 for term, weight in one.items()) for one in (ours, theirs)
    ]
    return shared / sqrt(lengths[0] * lengths[1])


def _identifying(names: Iterable[int]) -> set[int]:
    return {name for name in names if weight_of(name) in {_PLACE, _PERSON}}


def _in_one_language(new: Compared, other: Sketch, gap_s: int, rarity: Rarity) -> Likeness | None:
    theirs = other.terms.get(new.language, {})
    words = cosine(new.terms, theirs, rarity)
    names = _overlap(new.names, other.names, rarity)
    score = (WORDS_PART * words + (1 - WORDS_PART) * names) * 0.5 ** ((gap_s / HALF_S) ** 2)
    if contradict(new.names, other.names):
        score *= CONTRADICTED
    score = round(score, 4)
    if score < THRESHOLD:
        return None
    shared = [term.stem for term, number in zip(new.features.terms, new.terms, strict=True)
              if number in theirs]  # fmt: skip
    return Likeness(
        score,
        {
            "similarity": f"{score:.2f}",
            "threshold": f"{THRESHOLD:.2f}",
            "shared_terms": " ".join(shared[:SHOWN_MAX]),
            "shared_names": " ".join(_shared_names(new, other)[:SHOWN_MAX]),
        },
    )


def _overlap(ours: Iterable[int], theirs: Mapping[int, int], rarity: Rarity) -> float:
    """Share of the names of the one with fewer that both have, weighed by how rare they are."""
    mine = set(ours)
    shared = sum(rarity(name) for name in sorted(mine) if name in theirs)
    if not shared:
        return 0.0
    sums = (sum(map(rarity, sorted(mine))), sum(map(rarity, theirs)))
    return shared / min(sums)


def _in_two_languages(new: Compared, other: Sketch, gap_s: int, rarity: Rarity) -> Likeness | None:
    """Only where it is certain: two names, or one and two numbers, within a day and a half."""
    if gap_s > OTHER_LANGUAGE_S:
        return None
    names = [
        name.key
        for name, number in zip(new.features.names, new.names, strict=True)
        if number in other.names
        and weight_of(number) != _COUNTRY
        and rarity(number) >= NAME_RARITY_MIN
    ]
    pairs = zip(new.features.numbers, new.numbers, strict=True)
    numbers = [text for text, number in pairs if number in other.numbers]
    if not (len(names) >= 2 or (names and len(numbers) >= 2)):
        return None
    score = round(min(1.0, 0.25 * (len(names) + len(numbers) / 2)), 4)
    return Likeness(
        score,
        {
            "languages": " ".join(sorted({new.language, *other.languages})),
            "shared_names": " ".join(names[:SHOWN_MAX]),
            "shared_numbers": " ".join(numbers[:SHOWN_MAX]),
        },
    )


def _shared_names(new: Compared, other: Sketch) -> list[str]:
    pairs = zip(new.features.names, new.names, strict=True)
    return [name.key for name, number in pairs if number in other.names]
