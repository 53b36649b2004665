"""Which articles of the last days share shingles with a text. Pure.

An inverted index over sketches, in segments of a day, so that a day is forgotten by dropping its
segments. A text stands there under a hash of the whole of it as well. A segment keeps what came
last in a table and the rest in sorted arrays, which are merged when two are of a size, and into one
when the day is over; the layout never changes an answer. Figures: docs/relations.md.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.enrichment.relations.shingles import each_once
from services.enrichment.wording import Hashes
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
SHARE_MIN: Final = 0.06
"""Of the smaller sketch. The sketch of an excerpt reaches further than that of its whole: of two
that are all in common a third may be shared."""
POSTINGS_MAX: Final = 400
"""A shingle that more articles have says nothing: the boilerplate of a source."""
TABLE_MAX: Final = 256
"""Articles of a segment's table before it becomes an array."""
SEGMENT_MAX: Final = 1 << 16
"""Articles of a segment: as many as two bytes number; a day with more has several."""

Keys = NDArray[np.uint32]
"""Lower halves of the hashes of a sketch, sorted: two texts that share three of them by chance
are one in millions."""
Numbers = NDArray[np.uint16]
"""Articles by their numbers in their segment."""


Counts = NDArray[np.intp]
"""An entry for each of some keys."""


class Place(NamedTuple):
    """Where an article stands in the window: as which one of a day, from 0."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may share much with a text."""

    article_id: ArticleId
    shared: int
    """Hashes that both sketches have."""


class _Range(NamedTuple):
    """Where the articles of a key stand in a block."""

    place: int
    """Of the key among those that were asked for."""
    begin: int
    end: int


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

    def having(self, key: int) -> Numbers:
        """The articles of one key."""
        begin = int(self.keys.searchsorted(np.uint32(key)))
        if begin == len(self.keys) or self.keys[begin] != key:
            return self.numbers[:0]
        return self.numbers[begin : int(self.keys.searchsorted(np.uint32(key), "right"))]

    def look_up(self, keys: Keys, counts: Counts) -> list[_Range]:
        """Where the articles stand that have some of the keys; ``counts`` takes in how many."""
        begins = self.keys.searchsorted(keys)
        here = (self.keys.take(begins, mode="clip") == keys).nonzero()[0]
        begins = begins[here]
        ends = self.keys.searchsorted(keys[here], "right")
        counts[here] += ends - begins
        return [*map(_Range._make, zip(here.tolist(), begins.tolist(), ends.tolist(), strict=True))]


_NOBODY: Final[list[int]] = []


class _Found(NamedTuple):
    """Where the articles of some keys stand in a segment."""

    ranges: list[list[_Range]]
    """By block."""
    listed: list[list[int]]
    """By key: those of the table; empty: it has none."""


@dataclass(slots=True)
class _Segment:
    """Articles of one day, by their numbers from 0."""

    article_ids: list[ArticleId | None] = field(default_factory=list)
    """None: it was taken out."""
    sizes: Sizes = field(default_factory=lambda: array("I"))
    """Hashes in the sketch of each."""
    table: dict[int, list[int]] = field(default_factory=dict)
    in_table: int = 0
    blocks: list[_Block] = field(default_factory=list)

    def add(self, article_id: ArticleId, keys: Keys, whole: int) -> None:
        number = len(self.article_ids)
        self.article_ids.append(article_id)
        self.sizes.append(len(keys))
        table = self.table
        for key in (*keys.tolist(), whole):
            if key in table:
                table[key].append(number)
            else:
                table[key] = [number]
        self.in_table += 1
        if self.in_table == TABLE_MAX:
            self._seal()

    def close(self) -> None:
        """No more will come, or little: one array takes least room, and is asked fastest."""
        self._seal(is_last=True)

    def _seal(self, *, is_last: bool = False) -> None:
        """Make the table an array, and one with those before that are of its size, or with all."""
        made = [
            _Block(
                np.repeat(np.array([*self.table], np.uint32), [*map(len, self.table.values())]),
                np.array([*chain.from_iterable(self.table.values())], np.uint16),
            )
        ]
        size = len(made[0].keys)
        while self.blocks and (is_last or len(self.blocks[-1].keys) <= 2 * size):
            made.append(self.blocks.pop())
            size += len(made[-1].keys)
        self.blocks.append(_merged(made))
        self.table, self.in_table = {}, 0

    def having(self, key: int) -> list[int]:
        """The articles of one key, in the order they came."""
        numbers = chain.from_iterable(block.having(key).tolist() for block in self.blocks)
        return sorted((*numbers, *self.table.get(key, ())))

    def look_up(self, keys: Keys, counts: Counts) -> _Found:
        """Where the articles of each key stand; ``counts`` takes in how many each has."""
        ranges = [block.look_up(keys, counts) for block in self.blocks]
        listed = [self.table.get(key, _NOBODY) for key in keys.tolist()] if self.table else []
        if listed:
            counts += [*map(len, listed)]
        return _Found(ranges, listed)

    def alike(
        self, found: _Found, is_telling: Sequence[bool], size: int
    ) -> Iterator[tuple[int, int]]:
        """Articles that share enough of the keys that tell something, with how many they share.

        ``size``: of the sketch that was looked up.
        """
        bearers: list[int] = []
        for block, ranges in zip(self.blocks, found.ranges, strict=True):
            for place, begin, end in ranges:
                if is_telling[place]:
                    bearers += block.numbers[begin:end].tolist()
        for place, numbers in enumerate(found.listed):
            if numbers and is_telling[place]:
                bearers += numbers
        sizes = self.sizes
        for number, shared in sorted(Counter(bearers).items()) if bearers else ():
            smaller = min(sizes[number], size)
            if shared >= min(SHARED_MIN, smaller) and shared >= SHARE_MIN * smaller:
                yield number, shared


@dataclass(slots=True)
class Window:
    """Sketches of the articles of the last ``DAYS`` days."""

    segments: dict[Place, _Segment] = field(default_factory=dict)
    """By the place of the first article."""
    newest: date = date.min

    def __iter__(self) -> Iterator[ArticleId]:
        return (one for segment in self.segments.values() for one in segment.article_ids if one)

    def advance(self, day: date) -> list[ArticleId]:
        """It is this day, or was before; the articles that are forgotten for it."""
        if day <= self.newest:
            return []
        for place, segment in self.segments.items():
            if place.day == self.newest:
                segment.close()
        self.newest = day
        gone = [one for one in sorted(self.segments) if one.day <= day - timedelta(days=DAYS)]
        return [name for one in gone for name in self.segments.pop(one).article_ids if name]

    def add(self, article_id: ArticleId, day: date, sketch: Hashes, text: bytes) -> Place | None:
        """Find an article from here on, where it was put; None: it is too old to be looked for.

        ``text``: a hash of the whole of it, 4 bytes or more.
        """
        if day <= self.newest - timedelta(days=DAYS):
            return None
        first = max((one for one in self.segments if one.day == day), default=Place(day, 0))
        segment = self.segments.setdefault(first, _Segment())
        if len(segment.article_ids) == SEGMENT_MAX:
            segment.close()
            first = Place(day, first.number + SEGMENT_MAX)
            segment = self.segments.setdefault(first, _Segment())
        segment.add(article_id, keys_of(sketch), _key_of(text))
        return Place(day, first.number + len(segment.article_ids) - 1)

    def remove(self, place: Place) -> None:
        """Find the article of a place no more."""
        number = place.number % SEGMENT_MAX
        self.segments[Place(place.day, place.number - number)].article_ids[number] = None

    def candidates(self, sketch: Hashes) -> list[Candidate]:
        """Articles that share most, the more shared the earlier, then in the order they came."""
        keys = keys_of(sketch)
        counts: Counts = np.zeros(len(keys), np.intp)
        found = [
            (place, segment, segment.look_up(keys, counts))
            for place, segment in sorted(self.segments.items(), key=_first_place)
        ]
        is_telling = (counts <= POSTINGS_MAX).tolist()
        alike: list[tuple[int, Place, int]] = []
        for first, segment, one in found:
            near = segment.alike(one, is_telling, len(keys))
            alike += [(-shared, first, number) for number, shared in near]
        return list(islice(self._there(sorted(alike)), CANDIDATES_MAX))

    def bearers(self, text: bytes) -> Iterator[ArticleId]:
        """Articles that may have a text, all that do among them, in the order they came."""
        for first in sorted(self.segments):
            segment = self.segments[first]
            for number in segment.having(_key_of(text)):
                article_id = segment.article_ids[number]
                if article_id is not None:
                    yield article_id

    def _there(self, alike: list[tuple[int, Place, int]]) -> Iterator[Candidate]:
        for shared, first, number in alike:
            article_id = self.segments[first].article_ids[number]
            if article_id is not None:
                yield Candidate(article_id, -shared)


def _first_place(one: tuple[Place, _Segment]) -> Place:
    return one[0]


def keys_of(sketch: Hashes) -> Keys:
    """A sketch as the window keeps it."""
    return each_once(sketch.astype(np.uint32))


def _key_of(text: bytes) -> int:
    return int.from_bytes(text[:4], "little")


def _merged(blocks: list[_Block]) -> _Block:
    keys = np.concatenate([block.keys for block in blocks])
    numbers = np.concatenate([block.numbers for block in blocks])
    order = np.lexsort((numbers, keys))
    return _Block(keys[order], numbers[order])
