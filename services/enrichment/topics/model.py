"""A linear model of topics: what every word says for and against each, in whole numbers.

Sums of whole numbers are the same on every machine and in every order; floats come last.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.enrichment.topics.taxonomy import NONE
from services.enrichment.topics.words import STEMMERS, lower, tokens

Numbers = NDArray[np.int64]

SCALE: Final = 100
"""Weights, rarities and frequencies are hundredths."""
CHARS_MAX: Final = 3_000
"""Characters of an article that are read: some 500 words. What it is about stands there."""
MENTIONS_MAX: Final = 100
"""More of one word count no more."""
SEAM: Final = "\x00"
"""Between the texts of an article."""
KNOWN_MIN: Final = 3
"""Different words that the model must know, to say anything."""
_FREQUENCIES: Final = np.array(
    [round(SCALE * (1 + math.log(count))) for count in range(1, MENTIONS_MAX + 1)], dtype=np.int64
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What words say for classes: a row a word, a column a class, in hundredths."""

    classes: tuple[str, ...]
    table: Numbers
    floor: Numbers
    """By class: what a word says for it that was never seen in it; within ``table``."""
    sharpness: float
    """How much surer a difference in the sums makes; found on texts held out."""


@dataclass(frozen=True, slots=True)
class Model:
    """The topics of one language."""

    language: str
    rows: Mapping[str, int]
    """Where a word's stem stands in the tables."""
    rarity: Numbers
    """By row: 1 for a word in every text, more for rarer ones; in hundredths."""
    top: Weights
    """The 17 topics of the top level and ``none``."""
    second: Mapping[str, Weights]
    """By top-level topic: the ones of the second level."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model sees it."""

    stems: tuple[str, ...]
    rows: Numbers
    values: Numbers
    """Frequency times rarity of each stem."""
    length: float
    """Euclidean length of ``values``."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The stems of a text: how often each stands there, and in which form first."""

    found: Mapping[str, int]
    forms: Mapping[str, str]


def joined(texts: Iterable[str]) -> str:
    """Texts as one in lower case, of at most ``CHARS_MAX`` characters; no word crosses a seam."""
    left = CHARS_MAX
    parts: list[str] = []
    for text in texts:
        if left <= 0:
            break
        parts.append(text[:left])
        left -= len(text) + len(SEAM)
    return lower(SEAM.join(parts))


def counts(lowered: str, language: str) -> Counts:
    """The stems of a text in lower case.

    Raises:
        KeyError: No stems are known for this language.
    """
    stem = STEMMERS[language]
    found: dict[str, int] = {}
    forms: dict[str, str] = {}
    for token, number in Counter(tokens(lowered)).items():
        if name := stem(token):
            if name in found:
                found[name] += number
            else:
                found[name] = number
                forms[name] = token
    return Counts(found, forms)


def frequencies(mentions: Numbers) -> Numbers:
    """What numbers of mentions are worth, in hundredths: each further one less."""
    return _FREQUENCIES.take(np.minimum(mentions, MENTIONS_MAX) - 1)


def reading(model: Model, found: Mapping[str, int]) -> Reading | None:
    """A text in the words that the model knows; None: too few of them."""
    rows = model.rows
    stems = [stem for stem in found if stem in rows]
    if len(stems) < KNOWN_MIN:
        return None
    at = np.fromiter(map(rows.__getitem__, stems), np.int64, len(stems))
    mentions = np.fromiter(map(found.__getitem__, stems), np.int64, len(stems))
    values = frequencies(mentions) * model.rarity[at]
    return Reading(tuple(stems), at, values, math.sqrt(int((values * values).sum())))


def probabilities(weights: Weights, text: Reading) -> dict[str, float]:
    """How sure the model is of each class, 0–1; their sum is 1."""
    sums = (text.values @ weights.table[text.rows]).tolist()
    scores = [weights.sharpness * total / text.length / SCALE for total in sums]
    return dict(zip(weights.classes, _shares(scores), strict=True))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the words of a text said for a class."""

    loudest: tuple[str, ...]
    """Stems, the loudest first; of equals the first in the text."""
    amount: int
    """All that was said for it, without what was said against it."""


def spoken(weights: Weights, text: Reading, name: str, most: int) -> Spoken:
    """What was said for a class, with at most so many of the loudest stems."""
    said = text.values * weights.table[text.rows, weights.classes.index(name)]
    loudest = np.argsort(-said, kind="stable")[:most].tolist()
    stems = tuple(text.stems[place] for place in loudest if said[place] > 0)
    return Spoken(stems, int(said[said > 0].sum()))


def is_topic(name: str) -> bool:
    """Whether a class is a topic, and not that there is none."""
    return name != NONE


def _shares(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    total = math.fsum(raised)
    return [one / total for one in raised]
