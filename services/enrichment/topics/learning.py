"""Learning the weights: a linear support vector machine a class, and a naive Bayes beside it.

The machine by dual coordinate descent: Hsieh et al., A Dual Coordinate Descent Method for
Large-scale Linear SVM (2008), with the squared hinge. Additions, multiplications and divisions
alone, each done element by element in one order, so that the same texts give the same bytes on
every machine; the solvers of the usual libraries sum in the order that the processor likes best.

It knows its few texts by heart; how often a word stands in a class at all is blunter, and errs
elsewhere. Their sum is right more often than either, most of all for the texts of another writer.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from services.enrichment.topics.model import (
    SCALE,
    Model,
    Reading,
    Weights,
    frequencies,
    probabilities,
    reading,
)
from services.enrichment.topics.samples import Sample, groups
from services.enrichment.topics.taxonomy import NONE

Floats = NDArray[np.float64]
Level = Literal["top", "second"]

ROUNDS: Final = 10
"""Times every sample is looked at; twice as many change no tenth of a percent."""
FOLDS: Final = 5
ALIKE: Final = 0.3
"""Share of stems from which two texts are of one fold."""
FOR: Final = 4.0
"""A mistake at a class's own texts costs more: those of the other classes are far more."""
LISTS: Final = 40.0
"""What lists and definitions of one topic cost together, in texts: taxonomies are uneven."""
BAYES: Final[Mapping[Level, float]] = {"top": 0.3}
"""The share of the naive Bayes, all the same from 0.2 to 0.5; a branch has too few texts for it."""
SMOOTH: Final = 0.03
"""What every word is held to have been seen of in every class, in texts that are of it alone."""
FAINT: Final[Mapping[Level, int]] = {"top": 8, "second": 16}
"""Weights nearer to the floor are left out: most of the file, and nothing of the accuracy."""
SHARPNESSES: Final = tuple(step / 20 for step in range(20, 301))
SHARPNESS_OF_FEW: Final = 2.0
"""Where too few texts were held out to find one."""
HELD_OUT_MIN: Final = 20


@dataclass(frozen=True, slots=True)
class Material:
    """Whole texts, also held out and measured; and words and definitions, never held out."""

    language: str
    texts: Sequence[Sample]
    others: Sequence[Sample]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One text with what a model that never saw it thinks of it."""

    sample: Sample
    text: Reading
    model: Model


def learn(material: Material) -> Model:
    """The model of a language, sure of itself as far as texts held out allow."""
    held = held_out(material)
    sharp = _sharpness([(one.model.top, one.text, one.sample.top) for one in held])
    seconds = [
        (one.model.second[one.sample.top], one.text, one.sample.second)
        for one in held
        if one.sample.top in one.model.second
    ]
    known = [(w, text, name) for w, text, name in seconds if name in w.classes]
    sharp_second = _sharpness(known) if len(known) >= HELD_OUT_MIN else SHARPNESS_OF_FEW
    return _fitted(material.language, [*material.texts, *material.others], (sharp, sharp_second))


def held_out(material: Material, sharpness: tuple[float, float] = (1.0, 1.0)) -> list[HeldOut]:
    """Every text with the model that was learned from the other folds; unreadable ones left out."""
    fold = _folds(groups(material.texts, ALIKE))
    found: list[HeldOut] = []
    for number in range(FOLDS):
        seen = [s for s, one in zip(material.texts, fold, strict=True) if one != number]
        model = _fitted(material.language, [*seen, *material.others], sharpness)
        for sample, one in zip(material.texts, fold, strict=True):
            text = reading(model, *_mentions(model, sample)) if one == number else None
            if text is not None:
                found.append(HeldOut(sample, text, model))
    return found


def _folds(numbers: Sequence[int]) -> list[int]:
    ids = sorted(set(numbers))
    Random(7).shuffle(ids)
    fold = {one: place % FOLDS for place, one in enumerate(ids)}
    return [fold[one] for one in numbers]


def _fitted(language: str, given: Sequence[Sample], sharpness: tuple[float, float]) -> Model:
    samples = _balanced(given)
    rarity = _rarities(samples)
    stems = sorted(rarity)
    numbers = np.array([rarity[stem] for stem in stems], dtype=np.int64)
    empty = Weights((), np.zeros((0, 0), np.int64), np.zeros(0, np.int64), 1.0)
    rows = {stem: row for row, stem in enumerate(stems)}
    bare = Model(language, rows, numbers, empty, {})
    tops = sorted({sample.top for sample in samples})
    second = {
        top: _machine(
            bare, [s for s in samples if s.top == top and s.second], "second", sharpness[1]
        )
        for top in tops
        if top != NONE
    }
    return Model(language, rows, numbers, _machine(bare, samples, "top", sharpness[0]), second)


def _balanced(samples: Sequence[Sample]) -> list[Sample]:
    total: defaultdict[str, float] = defaultdict(float)
    for sample in samples:
        if not sample.is_text:
            total[sample.top] += sample.weight
    return [
        sample
        if sample.is_text
        else replace(sample, weight=sample.weight * LISTS / total[sample.top])
        for sample in samples
    ]


def _rarities(samples: Iterable[Sample]) -> dict[str, int]:
    """By stem, from the whole texts; a stem that only lists have is as rare as can be."""
    texts = 0
    number: Counter[str] = Counter()
    for sample in samples:
        texts += sample.is_text
        number.update(dict.fromkeys(sample.found, int(sample.is_text)))
    return {
        stem: round(SCALE * (1 + math.log((texts + 1) / (in_texts + 1))))
        for stem, in_texts in number.items()
    }


def _machine(bare: Model, samples: Sequence[Sample], level: Level, sharp: float) -> Weights:
    """Weights of every class of a level, each against all others."""
    named = [(sample.top if level == "top" else sample.second or NONE) for sample in samples]
    classes = tuple(sorted(set(named)))
    column = {name: number for number, name in enumerate(classes)}
    signs = np.full((len(samples), len(classes)), -1.0)
    signs[range(len(samples)), [column[name] for name in named]] = 1.0
    said = np.zeros((1 + len(bare.rows), len(classes)))
    if share := BAYES.get(level):
        said = _seen(bare, samples, signs > 0) * share
    table = np.rint((_descended(bare, samples, signs) + said[1:]) * SCALE).astype(np.int64)
    table[np.abs(table) < FAINT[level]] = 0
    floor = np.rint(said[0] * SCALE).astype(np.int64)
    return Weights(classes, table + floor, floor, sharp)


def _descended(bare: Model, samples: Sequence[Sample], signs: Floats) -> Floats:
    table = np.zeros((len(bare.rows), signs.shape[1]))
    force = np.zeros_like(signs)
    read = [_unit(bare, sample) for sample in samples]
    order = list(range(len(samples)))
    dice = Random(1)
    for _ in range(ROUNDS):
        dice.shuffle(order)
        for one in order:
            rows, values = read[one]
            slack = 0.5 / (samples[one].weight * np.where(signs[one] > 0, FOR, 1.0))
            sums = np.add.reduce(table[rows] * values[:, None], axis=0)
            slope = signs[one] * sums - 1.0 + force[one] * slack
            moved = np.maximum(force[one] - slope / (1.0 + slack), 0.0)  # a text's length is 1
            step = (moved - force[one]) * signs[one]
            force[one] = moved
            table[rows] += values[:, None] * step
    return table


def _seen(bare: Model, samples: Sequence[Sample], owns: NDArray[np.bool_]) -> Floats:
    """The naive Bayes: the floor of each class, and below it what each word says beyond that."""
    amount = np.zeros((len(bare.rows), owns.shape[1]))
    for sample, own in zip(samples, owns, strict=True):
        rows, values = _unit(bare, sample)
        amount[rows, own.argmax()] += values * sample.weight
    total = np.add.reduce(amount, axis=0) + SMOOTH * len(bare.rows)
    table = np.concatenate((1.0 / total[None, :], 1.0 + amount / SMOOTH))
    # Not np.log, whose last bit differs from processor to processor.
    said = np.array([[math.log(one) for one in row] for row in table.tolist()])
    means = np.array([[math.fsum(row) / len(row)] for row in said.tolist()])
    centred: Floats = said - means
    return centred


def _unit(bare: Model, sample: Sample) -> tuple[NDArray[np.int64], Floats]:
    rows, mentions = _mentions(bare, sample)
    values = frequencies(mentions) * bare.rarity[rows]
    return rows, values / math.sqrt(int((values * values).sum()))


def _mentions(model: Model, sample: Sample) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    stems = sorted(stem for stem in sample.found if stem in model.rows)
    rows = np.array([model.rows[stem] for stem in stems], dtype=np.int64)
    return rows, np.array([sample.found[stem] for stem in stems], dtype=np.int64)


def _sharpness(cases: Sequence[tuple[Weights, Reading, str | None]]) -> float:
    """The one under which the held-out truths were least surprising."""
    sums = [_sums(weights, text, truth) for weights, text, truth in cases]
    return min(SHARPNESSES, key=lambda sharp: math.fsum(_surprise(one, sharp) for one in sums))


def _sums(weights: Weights, text: Reading, truth: str | None) -> tuple[list[float], int]:
    shares = probabilities(replace(weights, sharpness=1.0), text)
    return [math.log(share) for share in shares.values()], weights.classes.index(truth or NONE)


def _surprise(case: tuple[list[float], int], sharp: float) -> float:
    scores, truth = case
    highest = max(scores)
    total = math.fsum(math.exp(sharp * (score - highest)) for score in scores)
    return math.log(total) - sharp * (scores[truth] - highest)


def measured(held: Sequence[HeldOut]) -> Mapping[str, float]:
    """Share of held-out texts whose top-level topic is right, by their topic."""
    right: Counter[str] = Counter()
    for one in held:
        said = probabilities(one.model.top, one.text)
        right[one.sample.top] += max(said, key=lambda name: said[name]) == one.sample.top
    number = Counter(one.sample.top for one in held)
    return {top: right[top] / number[top] for top in sorted(number)}
