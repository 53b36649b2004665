"""The articles of the last days: how rare their words are, and which bear a word. A fold; pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from math import log
from typing import TYPE_CHECKING, Final

from services.enrichment.stories.common import SHARES, TEXTS
from services.enrichment.stories.packing import Kept, bare
from services.enrichment.wording import stems_of
from shared.news import ArticleId

if TYPE_CHECKING:
    Numbers = array[int]
else:  # before Python 3.12 it takes no parameter where annotations are read, as for snapshots
    Numbers = array

_COUNT_BITS: Final = 18
_INDEX_BITS: Final = 16
"""Words that share a bucket are taken for each other: a little noise in a table of fixed size."""
TERMS_POSTED: Final = 16
"""Words by which an article is found: those that say most of it; besides all its names."""
POSTINGS_READ: Final = 256
"""Articles looked up by one word, the latest: a word with more finds nobody in particular."""
ENTRIES_MAX: Final = 2_000
SHARED_MIN: Final = 0.05
"""Part of what the words say by which an article is found, that it must share at least."""
FOUND_MAX: Final = 200
"""Articles that are looked through for stories to compare: a few stories may have most of them."""
GONE_PARTS: Final = 4
"""The window is swept when one article in so many is gone: the gone take room among the words."""
_POSTINGS_MAX: Final = 1_024
_RARITY_MIN: Final = 0.05
_COUNT_SHIFT: Final = 32 - _COUNT_BITS
_LOGS_MAX: Final = 4_096
_LOGS: Final = tuple(log(count + 0.5) for count in range(_LOGS_MAX))


def _prior() -> Numbers:
    counts = array("I", bytes(4 << _COUNT_BITS))
    for hashed, share in zip(stems_of(SHARES).tolist(), SHARES.values(), strict=True):
        counts[_counted(bare(hashed >> 32))] += round(share * TEXTS)
    return counts


def _counted(number: int) -> int:
    return number >> _COUNT_SHIFT


def _indexed(number: int) -> int:
    return number >> (32 - _INDEX_BITS)


@dataclass(slots=True)
class Window:
    """Which articles are in memory, by word and in the order in which they came."""

    articles: int = TEXTS
    """In the window, with those that the shares of common words are worth."""
    counts: Numbers = field(default_factory=_prior)
    """Articles that have a word, by bucket."""
    postings: dict[int, Numbers] = field(default_factory=dict)
    """Serials of articles that have a word, by bucket, oldest first; the gone are among them."""
    serials: Numbers = field(default_factory=lambda: array("I"))
    ids: list[ArticleId | None] = field(default_factory=list)
    """By serial; None: gone."""
    gone: int = 0
    next_serial: int = 1

    def add(self, article_id: ArticleId, kept: Kept) -> None:
        """Take in an article under its serial, which is ``next_serial``."""
        self.next_serial += 1
        self.articles += 1
        self.serials.append(kept.serial)
        self.ids.append(article_id)
        for number in (*kept.terms, *kept.names):
            self.counts[_counted(number)] += 1
        for number in _posted(kept.terms, kept.names):
            self._post(_indexed(number), kept.serial)

    def remove(self, kept: Kept) -> None:
        """Forget an article."""
        self.articles -= 1
        for number in (*kept.terms, *kept.names):
            self.counts[_counted(number)] -= 1
        self.ids[bisect_left(self.serials, kept.serial)] = None
        self.gone += 1
        if GONE_PARTS * self.gone > len(self.ids):
            self._compact()

    def rarity(self) -> Callable[[int], float]:
        """How much a word says, in nats: the rarer, the more. Good until the window changes."""
        counts, most = self.counts, log(self.articles + 1)

        def of(number: int) -> float:
            count = counts[number >> _COUNT_SHIFT]
            said = most - (_LOGS[count] if count < _LOGS_MAX else log(count + 0.5))
            return said if said > _RARITY_MIN else _RARITY_MIN  # noqa: FURB136  # half the time of max()

        return of

    def bearers(self, terms: Iterable[int], names: Iterable[int]) -> list[ArticleId]:
        """Articles that share words, the most and rarest first, and the later of equal ones.

        At most ``FOUND_MAX``, which share some of what is said; words are looked up from the
        rarest on, until ``ENTRIES_MAX`` entries are read.
        """
        rarity = self.rarity()
        said = {number: round(rarity(number), 6) for number in map(bare, _posted(terms, names))}
        scores: defaultdict[int, float] = defaultdict(float)
        left = ENTRIES_MAX
        for number in sorted(said, key=lambda one: (-said[one], one)):
            posting = self.postings.get(_indexed(number), ())[-POSTINGS_READ:]
            for serial in posting:
                scores[serial] += said[number]
            left -= len(posting)
            if left <= 0:
                break
        least = SHARED_MIN * sum(said.values())
        enough = [serial for serial, score in scores.items() if score >= least]
        ranked = nsmallest(FOUND_MAX, enough, key=lambda one: (-round(scores[one], 4), -one))
        return [found for serial in ranked if (found := self._id(serial)) is not None]

    def after(self, serial: int) -> tuple[int, ArticleId] | None:
        """The first article after a serial that is still there, with its own."""
        for place in range(bisect_left(self.serials, serial + 1), len(self.ids)):
            found = self.ids[place]
            if found is not None:
                return self.serials[place], found
        return None

    def _id(self, serial: int) -> ArticleId | None:
        place = bisect_left(self.serials, serial)
        is_there = place < len(self.serials) and self.serials[place] == serial
        return self.ids[place] if is_there else None

    def _post(self, bucket: int, serial: int) -> None:
        posting = self.postings.get(bucket)
        if posting is None:
            self.postings[bucket] = array("I", (serial,))
        elif posting[-1] != serial:
            posting.append(serial)
            if len(posting) > _POSTINGS_MAX:
                del posting[:-POSTINGS_READ]

    def _compact(self) -> None:
        left = [(s, one) for s, one in zip(self.serials, self.ids, strict=True) if one is not None]
        self.serials = array("I", (serial for serial, _ in left))
        self.ids = [one for _, one in left]
        self.gone = 0
        first = self.serials[0] if self.serials else self.next_serial
        for bucket, posting in list(self.postings.items()):
            del posting[: bisect_left(posting, first)]
            if not posting:
                del self.postings[bucket]


def _posted(terms: Iterable[int], names: Iterable[int]) -> Iterator[int]:
    yield from names
    for number, _ in zip(terms, range(TERMS_POSTED), strict=False):
        yield number
