"""Which articles of the last days share shingles with a text. Pure.

An inverted index over sketches, one segment a day, so that a day is forgotten by dropping its
segment. A segment keeps what came last in a table and the rest in sorted arrays, which are merged
when two are of a size, and into one when the day is over; the layout never changes an answer.
Figures: docs/relations.md.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from services.enrichment.relations.shingles import Hashes
from shared.news import ArticleId

if TYPE_CHECKING:
    Sizes = array[int]
else:  # before Python 3.12 it takes no parameter where annotations are read, as for snapshots
    Sizes = array

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
Numbers = NDArray[np.uint32]
"""Articles by their numbers in their segment."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may share much with a text."""

    article_id: ArticleId
    shared: int
    """Hashes that both sketches have."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Keys with the articles that have them, sorted; never changed."""

    keys: Keys
    numbers: Numbers
    """One for each key."""

    def __eq__(self, other: object) -> bool:
        """Whether another block says the same."""
        if not isinstance(other, _Block):
            return NotImplemented
        is_same = np.array_equal(self.keys, other.keys)
        return is_same and np.array_equal(self.numbers, other.numbers)

    __hash__ = None  # type: ignore[assignment]  # it compares by what its arrays hold

    def postings(self, keys: Keys) -> Iterator[tuple[int, Numbers]]:
        """See _Segment.postings; the end is looked up of keys that are here alone: they are few."""
        begin = np.searchsorted(self.keys, keys)
        here = np.flatnonzero(self.keys.take(begin, mode="clip") == keys)
        end = np.searchsorted(self.keys, keys[here], "right")
        for place, first, last in zip(
            here.tolist(), begin[here].tolist(), end.tolist(), strict=True
        ):
            yield place, self.numbers[first:last]


@dataclass(slots=True)
class _Segment:
    """The articles of one day, by their numbers from 0."""

    article_ids: list[ArticleId | None] = field(default_factory=list)
    """None: it was taken out."""
    sizes: Sizes = field(default_factory=lambda: array("I"))
    """Keys of each."""
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

    def close(self) -> None:
        """The day is over: one array takes least room, and is asked fastest."""
        self._seal(is_last=True)

    def _seal(self, *, is_last: bool = False) -> None:
        """Make the table an array, and one with those before that are of its size, or with all."""
        pairs = [(key, number) for key, numbers in self.table.items() for number in numbers]
        made = np.array(pairs, dtype=np.uint32).reshape(-1, 2).T
        while self.blocks and (is_last or len(self.blocks[-1].keys) <= 2 * made.shape[1]):
            before = self.blocks.pop()
            made = np.concatenate((np.stack((before.keys, before.numbers)), made), axis=1)
        if made.size:
            self.blocks.append(_sorted(*made))
        self.table, self.in_table = {}, 0

    def postings(self, keys: Keys) -> Iterator[tuple[int, Numbers]]:
        """For keys that are here: the place among ``keys``, and articles that have it."""
        for place, key in enumerate(keys.tolist()):
            if key in self.table:
                yield place, np.array(self.table[key], dtype=np.uint32)
        for block in self.blocks:
            yield from block.postings(keys)

    def alike(self, bearers: Numbers, size: int) -> list[tuple[int, int]]:
        """Articles that share enough with a sketch of a size, with how many hashes they share.

        ``bearers``: an article for each hash that it shares.
        """
        numbers, shared = np.unique(bearers, return_counts=True)
        smaller = np.minimum(np.frombuffer(self.sizes, dtype=np.uint32)[numbers], size)
        is_alike = (shared >= np.minimum(SHARED_MIN, smaller)) & (shared >= SHARE_MIN * smaller)
        return list(zip(numbers[is_alike].tolist(), shared[is_alike].tolist(), strict=True))


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
        if self.newest in self.segments:
            self.segments[self.newest].close()
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
        found = {day: list(self.segments[day].postings(keys)) for day in sorted(self.segments)}
        counted: Counter[int] = Counter()
        for postings in found.values():
            for place, numbers in postings:
                counted[place] += len(numbers)
        alike: list[tuple[int, date, int]] = []
        for day, postings in found.items():
            told = [numbers for place, numbers in postings if counted[place] <= POSTINGS_MAX]
            if told:
                near = self.segments[day].alike(np.concatenate(told), len(keys))
                alike += [(-shared, day, number) for number, shared in near]
        return list(islice(self._there(sorted(alike)), CANDIDATES_MAX))

    def _there(self, alike: list[tuple[int, date, int]]) -> Iterator[Candidate]:
        for shared, day, number in alike:
            article_id = self.segments[day].article_ids[number]
            if article_id is not None:
                yield Candidate(article_id, -shared)


def keys_of(sketch: Hashes) -> Keys:
    """A sketch as the window keeps it."""
    return np.unique(sketch.astype(np.uint32))


def _sorted(keys: Keys, numbers: Numbers) -> _Block:
    order = np.lexsort((numbers, keys))
    return _Block(keys[order], numbers[order])
