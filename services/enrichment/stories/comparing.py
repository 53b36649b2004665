"""How much an article has in common with a story, and what speaks against it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.enrichment.stories.features import KINDS, Features, NameKind
from services.enrichment.stories.packing import bare, hashed, weight_of
from services.enrichment.stories.sketch import Rarity, Sketch, length

WORDS_PART: Final = 0.9
"""Of the likeness; the rest is names."""
THRESHOLD: Final = 0.21
"""Likeness from which two texts report one happening."""
HALF_S: Final = 7 * 86_400
"""Silence after which a likeness counts half; after half of it, five sixths."""
CONTRADICTED: Final = 0.75
"""What a likeness counts where each tells a place or a person and they share none."""
STRANGERS: Final = 0.5
"""Likewise, where they share no other name either, but those of countries."""
TERMS_MIN: Final = 5
"""Words that an article needs to be compared at all."""
OTHER_LANGUAGE_S: Final = 36 * 3_600
"""Within which articles in two languages may be one story."""
NAME_RARITY_MIN: Final = 2.5
"""Nats that a name must say to count between languages: in one of twelve articles, or fewer."""
CERTAIN: Final = 10.0
"""Nats that shared names and numbers must say together to make articles in two languages one."""
NAME_SAYS_MAX: Final[dict[NameKind, float]] = {
    "word": 3.0, "place": 3.5, "person": 4.5, "organisation": 3.5, "country": 0.0,
}  # fmt: skip
"""However rare a name is in a window: where few articles came, every name is rare."""
PLACES_SAY_MAX: Final = 7.0
"""All shared places together: one train, one storm and one market share many."""
NUMBER_SAYS: Final = (0.0, 0.5, 1.75, 4.0, 5.5)
"""Nats by significant digits, a fraction one more: two articles share 12 by chance, not 11.9."""
MAGNITUDES_APART: Final = 3
"""Tenths by which first reports of one earthquake do not differ."""
SHOWN_MAX: Final = 8
"""Words and names that evidence lists."""

_IDENTIFYING: Final = frozenset({KINDS.index("place"), KINDS.index("person")})
_WHO: Final = frozenset({"person", "organisation"})
_COUNTRY: Final = KINDS.index("country")


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
    identifying: frozenset[int]
    """Places and persons."""
    magnitude: int
    length: float
    """Of the terms as a vector."""
    said: float
    """By all names together, in nats."""
    features: Features

    @classmethod
    def of(cls, features: Features, rarity: Rarity) -> Compared:
        """Ready to be compared."""
        terms, names, numbers = hashed(features)
        weights = {bare(term): weight_of(term) for term in terms}
        return cls(
            language=features.language,
            terms=weights,
            names=names,
            numbers=numbers,
            identifying=frozenset(identifying(names)),
            magnitude=features.magnitude,
            length=length(weights, rarity),
            said=sum(map(rarity, sorted(set(names)))),
            features=features,
        )


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


def contradict(ours: Collection[int], names: Iterable[int]) -> bool:
    """Whether each tells a place or a person and they share none; ``ours`` are such alone."""
    if not ours:
        return False
    theirs = identifying(names)
    return bool(theirs) and theirs.isdisjoint(ours)


def identifying(names: Iterable[int]) -> set[int]:
    """The places and persons among names."""
    return {name for name in names if weight_of(name) in _IDENTIFYING}


def are_other_quakes(magnitudes: Collection[int], others: Collection[int]) -> bool:
    """Whether each tells magnitudes, in tenths, and all of them lie apart."""
    return bool(magnitudes and others) and all(
        abs(one - other) > MAGNITUDES_APART for one in magnitudes for other in others
    )


def shared(ours: Mapping[int, int], theirs: Mapping[int, int], rarity: Rarity) -> float:
    """Product of two sums of words as vectors."""
    both = [term for term in ours if term in theirs]
    return sum([ours[term] * theirs[term] * rarity(term) ** 2 for term in both])


def _in_one_language(new: Compared, other: Sketch, gap_s: int, rarity: Rarity) -> Likeness | None:
    theirs = other.terms.get(new.language, {})
    both = shared(new.terms, theirs, rarity)
    words = both / (new.length * other.lengths[new.language]) if both else 0.0
    names = sum([rarity(name) for name in new.names if name in other.names])
    names = names / min(new.said, other.said) if names else 0.0
    score = (WORDS_PART * words + (1 - WORDS_PART) * names) * 0.5 ** ((gap_s / HALF_S) ** 2)
    if contradict(new.identifying, other.names):
        has_name = any(name in other.names for name in new.names if weight_of(name) != _COUNTRY)
        score *= CONTRADICTED if has_name else STRANGERS
    score = round(score, 4)
    if score < THRESHOLD:
        return None
    pairs = zip(new.features.stems, new.terms, strict=True)
    terms = [stem for stem, number in pairs if number in theirs]
    return Likeness(
        score,
        {
            "similarity": f"{score:.2f}",
            "threshold": f"{THRESHOLD:.2f}",
            "shared_terms": " ".join(terms[:SHOWN_MAX]),
            "shared_names": " ".join(_shared_names(new, other)[:SHOWN_MAX]),
        },
    )


def _in_two_languages(new: Compared, other: Sketch, gap_s: int, rarity: Rarity) -> Likeness | None:
    """Only where it is certain: names and numbers say enough together, within a day and a half.

    Places alone never do: what happens in two cities on one day is seldom one.
    """
    if gap_s > OTHER_LANGUAGE_S:
        return None
    names = {
        name: min(rarity(number), NAME_SAYS_MAX[name.kind])
        for name, number in zip(new.features.names, new.names, strict=True)
        if number in other.names and rarity(number) >= NAME_RARITY_MIN and name.kind != "country"
    }
    pairs = zip(new.features.numbers, new.numbers, strict=True)
    numbers = [text for text, number in pairs if number in other.numbers]
    if not names or not (numbers or any(name.kind in _WHO for name in names)):
        return None
    places = sum(says for name, says in names.items() if name.kind == "place")
    others = sum(says for name, says in names.items() if name.kind != "place")
    said = min(places, PLACES_SAY_MAX) + others + sum(map(_told_by, numbers))
    if said < CERTAIN:
        return None
    return Likeness(
        round(min(1.0, said / (2 * CERTAIN)), 4),
        {
            "languages": " ".join(sorted({new.language, *other.languages})),
            "shared_names": " ".join([name.key for name in names][:SHOWN_MAX]),
            "shared_numbers": " ".join(numbers[:SHOWN_MAX]),
        },
    )


def _told_by(number: str) -> float:
    significant = len(number.replace(".", "").strip("0")) + ("." in number)
    return NUMBER_SAYS[min(significant, len(NUMBER_SAYS) - 1)]


def _shared_names(new: Compared, other: Sketch) -> list[str]:
    pairs = zip(new.features.names, new.names, strict=True)
    return [name.key for name, number in pairs if number in other.names]
