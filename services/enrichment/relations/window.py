"""Which articles of the last days share shingles with a text. Pure.

An inverted index over sketches, one segment a day, so that a day is forgotten by dropping its
segment. A segment keeps what came last in a table and the rest in sorted arrays, which are merged
when two are of a size; the layout never changes an answer. Figures: docs/relations.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.enrichment.relations.shingles import Hashes
from shared.news import ArticleId

DAYS: Final = 14
"""The window: copies come within hours, an abridgement for a weekend edition within two weeks."""
CANDIDATES_MAX: Final = 20
"""Texts that are compared in full for one decision."""
SHARED_MIN: Final = 3
"""Hashes that two sketches share before the texts are compared; all of a smaller sketch."""
SHARE_MIN: Final = 0.1
"""Of the smaller sketch. The sketch of an excerpt reaches further than that of its whole: of two
that are all in common a third may be shared."""
POSTINGS_MAX: Final = 400
"""A shingle that more articles have says nothing: the boilerplate of a source."""
TABLE_MAX: Final = 256
"""Articles of a segment's table before it becomes an array."""

Keys = NDArray[np.uint32]
"""Lower halves of the hashes of a sketch, sorted: two texts that share three of them by chance
are one in millions."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may share much with a text."""

    article_id: ArticleId
    shared: int
    """Hashes that both sketches have."""


@dataclass(frozen=True, slots=True)
class _Block:
    keys: Keys
    numbers: NDArray[np.uint32]
    """Of the articles in their segment, one for each key."""


@dataclass(slots=True)
class _Segment:
    """The articles of one day, by their numbers from 0."""

    article_ids: list[ArticleId | None] = field(default_factory=list)
    """None: it was taken out."""
    sizes: list[int] = field(default_factory=list)
    number_by_id: dict[ArticleId, int] = field(default_factory=dict)
    table: dict[int, list[int]] = field(default_factory=dict)
    in_table: int = 0
    blocks: list[_Block] = field(default_factory=list)

    def add(self, article_id: ArticleId, keys: Keys) -> None:
        number = len(self.article_ids)
        self.article_ids.append(article_id)
        self.sizes.append(len(keys))
        self.number_by_id[article_id] = number
        for key in keys.tolist():
            self.table.setdefault(key, []).append(number)
        self.in_table += 1
        if self.in_table == TABLE_MAX:
            self._seal()

    def remove(self, article_id: ArticleId) -> bool:
        number = self.number_by_id.pop(article_id, None)
        if number is not None:
            self.article_ids[number] = None
        return number is not None

    def _seal(self) -> None:
        pairs = [(key, number) for key, numbers in self.table.items() for number in numbers]
        block = _sorted(np.array(pairs, dtype=np.uint32).reshape(-1, 2))
        while self.blocks and len(self.blocks[-1].keys) <= 2 * len(block.keys):
            before = self.blocks.pop()
            block = _sorted(
                np.concatenate(
                    (
                        np.stack((before.keys, before.numbers), axis=1),
                        np.stack((block.keys, block.numbers), axis=1),
                    )
                )
            )
        self.blocks.append(block)
        self.table, self.in_table = {}, 0

    def postings(self, keys: Keys) -> Iterator[tuple[int, list[int]]]:
        """For keys that are here: which of ``keys``, and the numbers of the articles."""
        for index, key in enumerate(keys.tolist()):
            if key in self.table:
                yield index, self.table[key]
        for block in self.blocks:
            begin = np.searchsorted(block.keys, keys, "left")
            end = np.searchsorted(block.keys, keys, "right")
            for index in np.flatnonzero(end > begin).tolist():
                yield index, block.numbers[begin[index] : end[index]].tolist()


@dataclass(slots=True)
class Window:
    """Sketches of the articles of the last ``DAYS`` days."""

    segments: dict[date, _Segment] = field(default_factory=dict)
    newest: date = date.min

    def __len__(self) -> int:
        return sum(len(segment.number_by_id) for segment in self.segments.values())

    def advance(self, day: date) -> list[ArticleId]:
        """It is this day, or was before; the articles that are forgotten for it."""
        if day <= self.newest:
            return []
        self.newest = day
        gone = [one for one in sorted(self.segments) if one <= day - timedelta(days=DAYS)]
        return [name for one in gone for name in self.segments.pop(one).number_by_id]

    def add(self, article_id: ArticleId, day: date, sketch: Hashes) -> bool:
        """Find an article from here on; False: it is too old to be looked for."""
        self.remove(article_id)
        if day <= self.newest - timedelta(days=DAYS):
            return False
        self.segments.setdefault(day, _Segment()).add(article_id, keys_of(sketch))
        return True

    def remove(self, article_id: ArticleId) -> None:
        """Find an article no more."""
        for segment in self.segments.values():
            if segment.remove(article_id):
                return

    def candidates(self, sketch: Hashes) -> list[Candidate]:
        """Articles that share most, the more shared the earlier, then in the order they came."""
        keys = keys_of(sketch)
        found = [
            (day, index, numbers)
            for day in sorted(self.segments)
            for index, numbers in self.segments[day].postings(keys)
        ]
        bearers: Counter[int] = Counter()
        for _, index, numbers in found:
            bearers[index] += len(numbers)
        tally: Counter[tuple[date, int]] = Counter()
        for day, index, numbers in found:
            if bearers[index] <= POSTINGS_MAX:
                tally.update((day, number) for number in numbers)
        ranked = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
        return list(self._enough(ranked, len(keys)))

    def _enough(self, ranked: list[tuple[tuple[date, int], int]], size: int) -> Iterator[Candidate]:
        given = 0
        for (day, number), shared in ranked:
            segment = self.segments[day]
            article_id = segment.article_ids[number]
            smaller = min(size, segment.sizes[number])
            if article_id is None or shared < min(SHARED_MIN, smaller):
                continue
            if shared >= SHARE_MIN * smaller:
                yield Candidate(article_id, shared)
                given += 1
            if given == CANDIDATES_MAX:
                return


def keys_of(sketch: Hashes) -> Keys:
    """A sketch as the window keeps it."""
    return np.unique(sketch.astype(np.uint32))


def _sorted(pairs: NDArray[np.uint32]) -> _Block:
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return _Block(np.ascontiguousarray(pairs[order, 0]), np.ascontiguousarray(pairs[order, 1]))
