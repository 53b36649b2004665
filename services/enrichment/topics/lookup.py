"""The words of an article as rows of a model: what is remembered of words, and signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.enrichment.topics.words import WORD, sign_name
from services.enrichment.wording import Hashes, Places, Wording, grouped

SLOTS: Final = 1 << 18
"""Words whose row is remembered, 3 MB: more than newspapers use in a week. A word takes the
place of another one that has its slot, and is looked up anew when it comes again."""
NO_ROW: Final = -1

_MONEY: Final = re.compile(r"[$€£¥₸₽]\s?")
_AFTER: Final = re.compile(
    r"(?<!\d{4})[-–:]\d{1,3}\b|\s?(?:%|°|per\s?cent\b|percent\b|процент)", re.IGNORECASE
)
"""What follows the figures of a score, a share, a temperature."""


class Sign(NamedTuple):
    """A score, a share, a temperature, a sum of money."""

    name: str
    start: int
    end: int
    """Code points of the text."""


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """The rows of a text's words and signs, in the order in which each stands there first."""

    rows: Places
    counts: Places
    starts: Places
    ends: Places
    """Code points of the first one."""


class Lookup:
    """Finds the rows of words; a word that was seen is found by its hash alone."""

    def __init__(self, rows: Mapping[str, int], stem: Callable[[str], str]) -> None:
        self._rows = rows
        self._stem = stem
        self._hashes: Hashes = np.zeros(SLOTS, np.uint64)
        self._remembered: NDArray[np.int32] = np.full(SLOTS, NO_ROW, np.int32)

    def mentions(self, words: Wording, until: int) -> Mentions:
        """The rows of what stands in a text before a code point."""
        count = words.until(until)
        found = self._rows_of(words, count)
        at = (found >= 0).nonzero()[0]
        told = [(self._rows.get(sign.name, NO_ROW), sign) for sign in signs(words, count)]
        said = [(row, sign.start, sign.end) for row, sign in told if row >= 0]
        signed = np.array(said, np.intp).reshape(-1, 3)
        rows = np.concatenate((found[at], signed[:, 0]))
        order, begins = grouped(rows)
        first = order[begins]
        ends = np.append(begins[1:], len(rows))
        by_place = first.argsort()
        first = first[by_place]
        return Mentions(
            rows=rows[first],
            counts=(ends - begins)[by_place],
            starts=np.concatenate((words.starts[at], signed[:, 1]))[first],
            ends=np.concatenate((words.ends[at], signed[:, 2]))[first],
        )

    def _rows_of(self, words: Wording, count: int) -> Places:
        hashes = words.hashes[:count]
        slots = (hashes & np.uint64(SLOTS - 1)).astype(np.intp)
        rows = self._remembered[slots].astype(np.intp)
        unknown = (self._hashes[slots] != hashes).nonzero()[0]
        read: dict[int, int] = {}
        for word, hashed in zip(unknown.tolist(), hashes[unknown].tolist(), strict=True):
            if hashed not in read:
                read[hashed] = self._row(words.written(word))
            rows[word] = read[hashed]
        self._hashes[slots[unknown]] = hashes[unknown]
        self._remembered[slots[unknown]] = rows[unknown]
        return rows

    def _row(self, written: str) -> int:
        stems = map(self._stem, WORD.findall(written.lower()))
        return next((self._rows[stem] for stem in stems if stem in self._rows), NO_ROW)


def signs(words: Wording, count: int) -> Iterator[Sign]:
    """The signs among so many words."""
    text, last = words.text, 0
    at = np.flatnonzero(words.is_digit[:count])
    for start, end in zip(words.starts[at].tolist(), words.ends[at].tolist(), strict=True):
        money = _MONEY.search(text, max(0, start - 2), start)
        if money is not None and money.end() == start:
            yield Sign(sign_name(money[0]), money.start(), start + 1)
        after = _AFTER.match(text, end) if start >= last else None
        if after is not None:
            last = after.end()
            yield Sign(sign_name(text[end - 1 : last]), end - 1, last)
