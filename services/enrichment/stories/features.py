"""What of an article tells which story it belongs to. Pure, of the article alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Final, Literal, NamedTuple, Self, get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from services.enrichment.stories.common import SHARES
from services.enrichment.stories.words import name_key, names_in
from services.enrichment.wording import (
    STEM_LETTERS,
    Hashes,
    Places,
    Wording,
    grouped,
    stems_of,
    wording,
)
from shared.news import Article, Tag

CHARACTERS_MAX: Final = 2_000
"""Of the text, from its beginning: what happened stands there, and a longer text costs no more."""
TERMS_MAX: Final = 32
"""Words kept of an article, those that say most of it."""
NAMES_MAX: Final = 14
NUMBERS_MAX: Final = 6
TITLE_WEIGHT: Final = 2
"""A word of the headline counts as often."""
COMMON_SHARE: Final = 0.1
"""A word that stands in a larger part of all texts says nothing of any."""
SHOUTED_SHARE: Final = 0.6
"""A headline with more capitals than that is set in capitals; they tell no names."""

_RARE_SAYS: Final = -log(0.01)
WEIGHT: Final = 0xF
"""Low bits of a term: its weight; of a name: its kind."""
_HASHED: Final = np.uint64(0xFFFF_FFF0)
_HASHED_FROM: Final = np.uint64(32)
"""The 28 bits of a stem's hash that a term has, and where they begin."""
_WORTH: Final = np.array([0.0, *(1 + log(times) for times in range(1, 2 * CHARACTERS_MAX))])
"""What a word says more by being said so many times."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NameKind = Literal["word", "place", "person", "organisation", "country"]
"""``word``: known by its capital alone."""
KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)
_KIND_BY_TAG: Final[dict[str, NameKind]] = {
    "place": "place",
    "region": "place",
    "person": "person",
    "organisation": "organisation",
    "country": "country",
}
_MAGNITUDE: Final = re.compile(
    r"(?:magnitude|магнитудой|магнитуда)(?:\sof)?\s(\d)(?:[.,](\d))?|(\d)[.,](\d)[- ]magnitude",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """Whom or what an article names: a tag's ``scheme:code``, or the key of a capitalised word."""

    key: str
    kind: NameKind
    number: int
    """28 bits of hash, 4 bits of kind."""

    @classmethod
    def of(cls, key: str, kind: NameKind) -> Self:
        """A name with its number."""
        return cls(key, kind, crc32(f"n:{key}".encode()) & ~WEIGHT | KINDS.index(kind))


@dataclass(frozen=True, slots=True)
class Features:
    """An article as stories compare it."""

    language: str
    terms: tuple[int, ...] = ()
    """Words: 28 bits of hash, 4 bits of how much the article has of it, 4 for once, at most 15."""
    stems: tuple[str, ...] = ()
    """How each term begins, as evidence shows it."""
    names: tuple[Name, ...] = ()
    numbers: tuple[str, ...] = ()
    """From 10, without years."""
    magnitude: int = 0
    """Of the earthquake that it reports, in tenths; 0: none."""
    words: int = 0
    """Of the headline and the whole text, roughly: what tells a brief from a report."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """The words of an article that are read, headline first; every column has an entry for each."""

    at: Places
    """Their numbers in the wording."""
    weights: Places
    """What each counts: twice in the headline."""
    says: Floats
    """In nats; 0: it is too common to say anything."""
    is_name: Flags
    """Whether a capital may tell a name."""


def features(
    article: Article, language: str, tags: Sequence[Tag], words: Wording | None = None
) -> Features:
    """What an article is compared by; bounded whatever its length.

    ``words``: those of the article, as they were read already.
    """
    words = words or wording(article)
    ranges = _beginning(article, words)
    taken = _taken(words, ranges)
    numbers = [number.plain for begin, end in ranges for number in words.numbers(begin, end)]
    in_headline = len(words.numbers(*ranges[0]))
    end = ranges[-1][1]
    terms, stems = _terms(words, taken, _times(numbers, in_headline))
    return Features(
        language=language,
        terms=terms,
        stems=stems,
        names=_names(_capitals(words, taken), tags),
        numbers=tuple(dict.fromkeys(filter(_is_telling, numbers)))[:NUMBERS_MAX],
        magnitude=_magnitude(words.text[: int(words.ends[end - 1])] if end else ""),
        words=sum(len(text) for text in (article.headline, *article.body)) // 6,
    )


def _beginning(article: Article, words: Wording) -> list[tuple[int, int]]:
    """Headline, summary and paragraphs, each once, as far as they are read: ranges of words."""
    bounds = [*words.starts.searchsorted(words.parts).tolist(), len(words)]
    found = [(0, min(bounds[1], words.until(CHARACTERS_MAX)))]  # the headline, always by itself
    left = CHARACTERS_MAX
    seen = {""}
    texts = zip((article.summary or "", *article.body), words.parts[1:], strict=False)
    for number, (text, place) in enumerate(texts, start=1):
        if left <= 0:
            break
        if text not in seen:
            seen.add(text)
            end = min(bounds[number + 1], words.until(place + left))
            if len(found) > 1 and found[-1][1] == bounds[number]:
                found[-1] = found[-1][0], end
            else:
                found.append((bounds[number], end))
            left -= len(text)
    return found


def _taken(words: Wording, ranges: Sequence[tuple[int, int]]) -> _Taken:
    at = np.concatenate([np.arange(begin, end) for begin, end in ranges])
    known, said = _known()
    stems = words.stems[at]
    place = np.minimum(known.searchsorted(stems), len(known) - 1)
    is_known = known[place] == stems
    is_word = ~words.is_digit[at] & (words.lengths[at] > 1)
    is_headline = np.arange(len(at)) < ranges[0][1]
    is_name = is_word & ~is_known & words.is_capital[at] & (words.lengths[at] > 2)
    if words.is_capital[: ranges[0][1]].sum() > SHOUTED_SHARE * ranges[0][1]:
        is_name &= ~is_headline  # set in capitals
    return _Taken(
        at=at,
        weights=np.where(is_headline, TITLE_WEIGHT, 1),
        says=np.where(is_word, np.where(is_known, said[place], _RARE_SAYS), 0.0),
        is_name=is_name,
    )


@cache
def _known() -> tuple[Hashes, Floats]:
    """The common words by their hashes, sorted, and what each says, in nats."""
    stems = stems_of(SHARES)
    order = np.argsort(stems)
    says = [-log(share) if share < COMMON_SHARE else 0.0 for share in SHARES.values()]
    return stems[order], np.array(says)[order]


def _times(numbers: Sequence[str], in_headline: int) -> Counter[str]:
    times = Counter(numbers)
    for number in numbers[:in_headline]:
        times[number] += TITLE_WEIGHT - 1
    return times


def _is_telling(number: str) -> bool:
    return len(number) > 1 and not (len(number) == 4 and number[:2] in {"19", "20"})


def _terms(
    words: Wording, taken: _Taken, numbers: Mapping[str, int]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """What says most, often here and rarely elsewhere, and how it begins; of equals the first."""
    at, times, says = _words_said(words, taken)
    hashes = words.stems[at]
    if numbers:
        times = np.concatenate((times, [*numbers.values()]))
        says = np.concatenate((says, np.full(len(numbers), _RARE_SAYS)))
        hashes = np.concatenate((hashes, _numbers_hashed(numbers)))
    worth = _WORTH.take(times, mode="clip")
    best = (-worth * says).argsort(kind="stable")[:TERMS_MAX]
    weights = np.minimum(4 * worth[best] + 0.5, WEIGHT).astype(np.uint64)
    terms = (hashes[best] >> _HASHED_FROM & _HASHED) | weights
    listed = [*numbers]
    stems = [
        words.written(at[one])[:STEM_LETTERS].lower() if one < len(at) else listed[one - len(at)]
        for one in best.tolist()
    ]
    return tuple(terms.tolist()), tuple(stems)


def _numbers_hashed(numbers: Iterable[str]) -> Hashes:
    return np.array([crc32(one.encode()) for one in numbers], np.uint64) << _HASHED_FROM


def _words_said(words: Wording, taken: _Taken) -> tuple[Places, Places, Floats]:
    """The different words that say something, as they stand there first; how often; how much."""
    telling = taken.says.nonzero()[0]
    at = taken.at[telling]
    order, begins = grouped(words.stems[at])
    first = order[begins]
    by_place = first.argsort()
    first = first[by_place]
    times = np.add.reduceat(taken.weights[telling][order], begins) if len(begins) else begins
    return at[first], times[by_place], taken.says[telling][first]


def _capitals(words: Wording, taken: _Taken) -> Counter[str]:
    """Words with a capital that are not common ones, by what they count."""
    capitals: Counter[str] = Counter()
    at, weights = taken.at[taken.is_name].tolist(), taken.weights[taken.is_name].tolist()
    for word, weight in zip(at, weights, strict=True):
        capitals[words.written(word)] += weight
    return capitals


def _names(capitals: Mapping[str, int], tags: Sequence[Tag]) -> tuple[Name, ...]:
    """Tagged names, the most relevant first, and then capitalised words that no tag explains."""
    named = [tag for tag in tags if tag.kind in _KIND_BY_TAG]
    spelt = {span.text for tag in named for span in tag.spans}
    explained = {name_key(word) for text in spelt for word in names_in(text)}
    tagged = [
        Name.of(f"{tag.scheme}:{tag.code}", _KIND_BY_TAG[tag.kind])
        for tag in sorted(named, key=lambda tag: (-tag.relevance, tag.scheme, tag.code))
    ]
    times: Counter[str] = Counter()
    for word, weight in capitals.items():
        times[name_key(word)] += weight
    words = sorted((-weight, key) for key, weight in times.items() if key not in explained)
    keys = [key for _, key in words if len(key) > 2][:NAMES_MAX]
    return (*tagged, *(Name.of(key, "word") for key in keys))[:NAMES_MAX]


def _magnitude(text: str) -> int:
    low = text.lower()
    if "magn" not in low and "магн" not in low:
        return 0  # to search for the pattern takes a tenth of reading an article
    found = _MAGNITUDE.search(text)
    if found is None:
        return 0
    whole, tenth, other_whole, other_tenth = found.groups()
    return 10 * int(whole or other_whole) + int(tenth or other_tenth or 0)
