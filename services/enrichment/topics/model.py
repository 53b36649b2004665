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

    rows: Numbers
    values: Numbers
    """Frequency times rarity of each row's stem."""
    length: float
    """Euclidean length of ``values``."""


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


def counts(lowered: str, language: str) -> dict[str, int]:
    """How often each stem stands in a text in lower case.

    Raises:
        KeyError: No stems are known for this language.
    """
    stem = STEMMERS[language]
    found: dict[str, int] = {}
    for token, number in Counter(tokens(lowered)).items():
        if name := stem(token):
            found[name] = found.get(name, 0) + number
    return found


def frequencies(mentions: Numbers) -> Numbers:
    """What numbers of mentions are worth, in hundredths: each further one less."""
    return _FREQUENCIES.take(np.minimum(mentions, MENTIONS_MAX) - 1)


def reading(model: Model, rows: Numbers, mentions: Numbers) -> Reading | None:
    """A text in the words that the model knows, each with its mentions; None: too few of them."""
    if len(rows) < KNOWN_MIN:
        return None
    values = frequencies(mentions) * model.rarity[rows]
    return Reading(rows, values, math.sqrt(int((values * values).sum())))


def probabilities(weights: Weights, text: Reading) -> dict[str, float]:
    """How sure the model is of each class, 0–1; their sum is 1."""
    sums = (text.values @ weights.table[text.rows]).tolist()
    scores = [weights.sharpness * total / text.length / SCALE for total in sums]
    return dict(zip(weights.classes, _shares(scores), strict=True))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the words of a text said for a class."""

    loudest: tuple[int, ...]
    """Places among the rows of a text, the loudest first; of equals the first one."""
    amount: int
    """All that was said for it, without what was said against it."""


def spoken(weights: Weights, text: Reading, name: str, most: int) -> Spoken:
    """What was said for a class, with at most so many of the loudest rows."""
    said = text.values * weights.table[text.rows, weights.classes.index(name)]
    loudest = np.argsort(-said, kind="stable")[:most].tolist()
    places = tuple(place for place in loudest if said[place] > 0)
    return Spoken(places, int(said[said > 0].sum()))


def is_topic(name: str) -> bool:
    """Whether a class is a topic, and not that there is none."""
    return name != NONE


def _shares(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    total = math.fsum(raised)
    return [one / total for one in raised]
