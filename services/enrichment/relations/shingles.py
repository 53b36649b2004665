"""A text as relations compare it: its words three by three, hashed; and its numbers. Pure.

A shingle is three words in a row. How many of the smaller text's shingles stand in the larger one
says how much of it was taken over, wherever it was cut, headed or signed anew; a share of all
words of both (Jaccard) does not. Figures: docs/relations.md.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
import xxhash
from numpy.typing import NDArray

from shared.news import Article

N = TypeVar("N", NDArray[np.uint64], NDArray[np.uint32])

Hashes = NDArray[np.uint64]
"""Sorted, each once."""

WORDS_MAX: Final = 20_000
"""Words of a text that are read: four times the longest report; a text of 5 MB costs no more."""
SHORT_WORDS: Final = 40
"""With fewer words a text is compared as a set of words: it has too few shingles to share some."""
WORDS_KEPT_MAX: Final = 100_000
"""Words whose hashes are kept: a language's words in daily use, some 15 MB."""
SKETCH_SHARE: Final = 8
"""One shingle in eight stands in the sketch …"""
SKETCH_MIN: Final = 32
"""… and these many at least, as far as there are."""

SAID_CHARS_MAX: Final = 20_000
"""Of a text that is kept as it is written: what templates write is shorter."""

_CJK: Final = "぀-ヿ㐀-䶿一-鿿豈-﫿"
_WORD: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
"""Chinese and Japanese are written without spaces: each sign counts as a word."""
_UNREAD: Final = re.compile("['’‘ʻʼ`´\u00ad\u200b\u200c\u200d\u2060\ufeff]")
"""Apostrophes, which are written in seven ways, and signs that nobody sees."""
_NUMBER: Final = re.compile(r"(?<!\w)\d+(?:[.,\u00a0\u202f' ]\d+)*")
_THOUSANDS: Final = re.compile(r"(?<=\d)[,.\u00a0\u202f' ](?=\d{3}(?!\d))")
_LATIN: Final = re.compile(r"[a-z]")
_CYRILLIC_LIKE_LATIN: Final = str.maketrans(
    "асеіјорԛѕԝхуһ", "aceijopqswxyh"
)  # fmt: skip
_TO_CYRILLIC: Final = {latin: cyrillic for cyrillic, latin in _CYRILLIC_LIKE_LATIN.items()}
_CYRILLIC_ALONE: Final = re.compile(r"[бвгдёжзийклмнптфцчшщъыьэюяғқңөұүҳў]")
_CYRILLIC: Final = re.compile(r"[асеіјорԛѕԝхуһ]")

_FIRST, _SECOND, _THIRD = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
)
_SKETCHED: Final = np.uint64(2**64 // SKETCH_SHARE)


@dataclass(frozen=True, slots=True, eq=False)
class Shingled:
    """What two texts are compared by."""

    shingles: Hashes
    """Of all words, sorted, each once."""
    numbers: frozenset[str]
    """As written in plain digits: ``1200``, ``18.2``."""
    bag: frozenset[str]
    """The words of a short text; empty: it is not short."""
    words: int
    said: str
    """The text, as far as its slots are looked at."""

    @property
    def sketch(self) -> Hashes:
        """The sample of shingles by which texts that share some are found."""
        sampled = self.shingles[: np.searchsorted(self.shingles, _SKETCHED)]
        return sampled if len(sampled) >= SKETCH_MIN else self.shingles[:SKETCH_MIN]

    @property
    def is_short(self) -> bool:
        """Whether it is compared as a set of words."""
        return self.words < SHORT_WORDS


def shingled(article: Article) -> Shingled:
    """An article's text; its headline and summary count only where the body alone is short."""
    text = "\n".join(article.body)
    words = words_of(text)
    if len(words) < SHORT_WORDS:
        text = "\n".join((article.headline, article.summary or "", *article.body))
        words = words_of(text)
    return Shingled(
        shingles=_hashed(words),
        numbers=numbers_of(text),
        bag=frozenset(words) if len(words) < SHORT_WORDS else frozenset(),
        words=len(words),
        said=text[:SAID_CHARS_MAX],
    )


def words_of(text: str) -> list[str]:
    """Words as they are compared: no case, no accents of form, no signs; at most ``WORDS_MAX``.

    A word that mixes Latin letters with Cyrillic ones of the same look is read as Latin, unless it
    has letters that are Cyrillic alone.
    """
    folded = unicodedata.normalize("NFKC", _UNREAD.sub("", text[: WORDS_MAX * 40])).casefold()
    found = _WORD.findall(folded)[:WORDS_MAX]
    if not _CYRILLIC.search(folded) or not _LATIN.search(folded):
        return found
    return [_one_script(word) for word in found]


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Words as they are written, each with the word as it is compared."""
    written = _WORD.findall(unicodedata.normalize("NFKC", _UNREAD.sub("", text)))
    return [(word, _one_script(word.casefold())) for word in written]


def numbers_of(text: str) -> frozenset[str]:
    """Numbers in plain digits: ``1,200`` and ``1 200`` are ``1200``, ``18,2`` is ``18.2``."""
    found = _NUMBER.findall(unicodedata.normalize("NFKC", text[: WORDS_MAX * 40]))
    return frozenset(
        part
        for number in found
        for part in _THOUSANDS.sub("", number).replace(",", ".").replace("'", " ").split()
    )


def _one_script(word: str) -> str:
    if not _LATIN.search(word):
        return word
    if _CYRILLIC_ALONE.search(word):
        return word.translate(_TO_CYRILLIC)
    return word.translate(_CYRILLIC_LIKE_LATIN)


def _hashed(words: list[str]) -> Hashes:
    if not words:
        return np.empty(0, dtype=np.uint64)
    padded = words if len(words) > 2 else [*words, "", ""][:3]
    each = np.fromiter(map(_hash_of, padded), dtype=np.uint64, count=len(padded))
    together = each[:-2] * _FIRST + each[1:-1] * _SECOND + each[2:] * _THIRD
    return each_once(_mixed(together))


def each_once(hashes: N) -> N:
    """Sorted in place, each once; ``numpy.unique`` takes five times as long for a few hundred."""
    hashes.sort()
    is_first = np.ones(len(hashes), dtype=np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    return hashes[is_first]


@lru_cache(maxsize=WORDS_KEPT_MAX)
def _hash_of(word: str) -> int:
    return xxhash.xxh3_64_intdigest(word.encode())


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit of the sum in every bit of the hash: the sketch takes the smallest ones."""
    hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return hashes ^ (hashes >> np.uint64(33))
