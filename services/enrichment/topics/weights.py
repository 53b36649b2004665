"""A model as a file that people can read and compare: one line a word, what it says for what.

::

    !language	en
    !sources	5f1c…                the hash of what it was learned from
    !sharpness	3.2	2.5              of the top level, of the second
    !classes	01 02 … 0344 …       those that may be told
    !floor	-2 1 …                   what any word says for those of the top level
    inflat	512	04:148 0344:91 …    a stem, how rare it is, its weights beyond the floor

Rarities, floor and weights are hundredths.
Codes are short: 04 is 04000000, of the top level; 0344 is 20000344, of the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat

import numpy as np

from services.enrichment.topics.model import Model, Numbers, Weights
from services.enrichment.topics.taxonomy import NONE, Taxonomy


def printed(model: Model, sources: str) -> Iterator[str]:
    """The lines of a model's file; words that say nothing for or against anything are left out."""
    levels = (model.top, *(model.second[top] for top in sorted(model.second)))
    second = next(iter(model.second.values()))
    yield f"!language\t{model.language}"
    yield f"!sources\t{sources}"
    yield f"!sharpness\t{model.top.sharpness}\t{second.sharpness}"
    yield f"!classes\t{' '.join(_short(name) for level in levels for name in level.classes)}"
    yield f"!floor\t{' '.join(map(str, model.top.floor.tolist()))}"
    for stem, row in sorted(model.rows.items()):
        cells = _cells((level.classes, level.table[row] - level.floor) for level in levels)
        if cells:
            yield f"{stem}\t{model.rarity[row]}\t{cells}"


def parsed(lines: Iterable[str], names: Taxonomy) -> Model:
    """The model of a file; what ``printed`` left out is zero.

    Raises:
        ValueError: A line is no line of such a file; our bug.
        KeyError: A class is no topic of the taxonomy, or a line at the top is missing; likewise.
    """
    split = [line.split("\t") for line in lines if line]
    head = {name[1:]: cells for name, *cells in split if name.startswith("!")}
    body = [(stem, int(rare), cells) for stem, rare, cells in _words(split)]
    sharp, sharp_second = map(float, head["sharpness"])
    blank = {
        top: _blank(floor, len(body), sharp_second if top else sharp)
        for top, floor in _floors(head, names).items()
    }
    by_top = {top: level.classes for top, level in blank.items()}
    place = {code: (top, n) for top, classes in by_top.items() for n, code in enumerate(classes)}
    for row, (_, _, cells) in enumerate(body):
        for code, amount in _numbers(cells):
            top, column = place[code]
            blank[top].table[row, column] += amount
    rarity = np.array([rare for _, rare, _ in body], dtype=np.int64)
    rows = {stem: row for row, (stem, _, _) in enumerate(body)}
    return Model(head["language"][0], rows, rarity, blank.pop(""), blank)


def sources(lines: Iterable[str]) -> str:
    """The hash of what a file's model was learned from; empty: it says none."""
    return next((line.split("\t")[1] for line in lines if line.startswith("!sources\t")), "")


def _words(split: Iterable[list[str]]) -> Iterator[tuple[str, str, str]]:
    for cells in split:
        if not cells[0].startswith("!"):
            stem, rare, said = cells
            yield stem, rare, said


def _floors(head: Mapping[str, list[str]], names: Taxonomy) -> dict[str, dict[str, int]]:
    """By the topic above them, the classes of a level with their floors."""
    found: dict[str, dict[str, int]] = {}
    lows = chain(map(int, head["floor"][0].split(" ")), repeat(0))
    for code, low in zip(map(_long, head["classes"][0].split(" ")), lows, strict=False):
        found.setdefault(_over(code, names), {})[code] = low
    return found


def _over(code: str, names: Taxonomy) -> str:
    """The topic above a class; empty: it is of the top level."""
    return "" if code == NONE else names.topics[code].parent or ""


def _blank(by_class: Mapping[str, int], rows: int, sharp: float) -> Weights:
    floor = np.array(list(by_class.values()), dtype=np.int64)
    return Weights(tuple(by_class), np.tile(floor, (rows, 1)), floor, sharp)


def _cells(levels: Iterable[tuple[tuple[str, ...], Numbers]]) -> str:
    return " ".join(
        f"{_short(name)}:{amount}"
        for classes, amounts in levels
        for name, amount in zip(classes, amounts.tolist(), strict=True)
        if amount
    )


def _numbers(cells: str) -> Iterator[tuple[str, int]]:
    for cell in cells.split(" "):
        name, _, amount = cell.partition(":")
        yield _long(name), int(amount)


def _short(code: str) -> str:
    """A code of the file; those of the second level all begin with 2000."""
    return code if code == NONE else code.removesuffix("000000").removeprefix("2000")


def _long(short: str) -> str:
    if short == NONE:
        return NONE
    return f"{short}000000" if len(short) == 2 else f"2000{short}"
