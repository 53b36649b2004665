"""A text as relations compare it: its words three by three, hashed; and its numbers. Pure.

A shingle is three words in a row. How many of the smaller text's shingles stand in the larger one
says how much of it was taken over, wherever it was cut, headed or signed anew; a share of all
words of both (Jaccard) does not. Figures: docs/relations.md.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.enrichment.wording import Hashes, Wording, mixed, wording
from shared.news import Article

N = TypeVar("N", NDArray[np.uint64], NDArray[np.uint32])

SHORT_WORDS: Final = 40
"""With fewer words a text is compared as a set of words: it has too few shingles to share some."""
SKETCH_SHARE: Final = 12
"""One shingle in twelve stands in the sketch …"""
SKETCH_MIN: Final = 32
"""… and these many at least, as far as there are."""

SAID_CHARS_MAX: Final = 20_000
"""Of a text that is kept as it is written: what templates write is shorter."""
BODY: Final = 2
"""The part of a wording with which the body begins."""

_CJK: Final = "぀-ヿ㐀-䶿一-鿿豈-﫿"
_WORD: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_UNREAD: Final = re.compile("['’‘ʻʼ`´\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_LATIN: Final = re.compile(r"[a-z]")
_CYRILLIC_LIKE_LATIN: Final = str.maketrans(
    "асеіјорԛѕԝхуһ", "aceijopqswxyh"
)  # fmt: skip
_TO_CYRILLIC: Final = {latin: cyrillic for cyrillic, latin in _CYRILLIC_LIKE_LATIN.items()}
_CYRILLIC_ALONE: Final = re.compile(r"[бвгдёжзийклмнптфцчшщъыьэюяғқңөұүҳў]")

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
    bag: frozenset[int]
    """The hashes of the words of a short text; empty: it is not short."""
    words: int
    said: str
    """The text, as far as its slots are looked at."""

    @property
    def sketch(self) -> Hashes:
        """The sample of shingles by which texts that share some are found."""
        return self.shingles[: max(SKETCH_MIN, self.shingles.searchsorted(_SKETCHED))]

    @property
    def is_short(self) -> bool:
        """Whether it is compared as a set of words."""
        return self.words < SHORT_WORDS


def shingled(article: Article, words: Wording | None = None) -> Shingled:
    """An article's text; its headline and summary count only where the body alone is short.

    ``words``: those of the article, as they were read already.
    """
    words = words or wording(article)
    begin = words.until(words.parts[BODY]) if len(words.parts) > BODY else len(words)
    texts: tuple[str, ...] = article.body
    if len(words) - begin < SHORT_WORDS:
        begin, texts = 0, (article.headline, article.summary or "", *article.body)
    hashes = words.hashes[begin:]
    return Shingled(
        shingles=_hashed(hashes),
        numbers=frozenset(number.plain for number in words.numbers(begin)),
        bag=frozenset(hashes.tolist()) if len(hashes) < SHORT_WORDS else frozenset(),
        words=len(hashes),
        said="\n".join(texts)[:SAID_CHARS_MAX],
    )


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Words as they are written, each with the word as it is compared."""
    plain = unicodedata.normalize("NFKC", _UNREAD.sub("", text))
    written = _WORD.findall(plain)
    if plain.isascii():
        return [(word, word.lower()) for word in written]
    return [(word, _one_script(word.casefold())) for word in written]


def _one_script(word: str) -> str:
    if not _LATIN.search(word):
        return word
    if _CYRILLIC_ALONE.search(word):
        return word.translate(_TO_CYRILLIC)
    return word.translate(_CYRILLIC_LIKE_LATIN)


def _hashed(words: Hashes) -> Hashes:
    if not len(words):
        return words
    if len(words) < 3:
        words = np.concatenate((words, np.zeros(3 - len(words), np.uint64)))
    together = words[:-2] * _FIRST + words[1:-1] * _SECOND + words[2:] * _THIRD
    return each_once(mixed(together))


def each_once(hashes: N) -> N:
    """Sorted in place, each once; ``numpy.unique`` takes five times as long for a few hundred."""
    hashes.sort()
    is_first = np.ones(len(hashes), dtype=np.bool_)
    np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    return hashes[is_first]
