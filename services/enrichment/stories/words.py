"""Names as stories compare them: in one script, without the endings that a name takes. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

NAME_LETTERS: Final = 5
"""Letters of a name that count: what case endings and spellings of the two scripts leave alone."""
NAMES_KEPT: Final = 16_384
"""Capitalised words whose key is remembered: what newspapers name in a week, some 3 MB."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʻ][^\W\d_]+)*")
_APOSTROPHES: Final = re.compile(r"['’‘ʻʼ`´]")

_LATIN: Final = str.maketrans(
    {"ж": "j", "х": "h", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "u", "я": "a"}
    | dict(zip("абвгдеёзийклмнопрстуфцыэ", "abvgdeeziiklmnoprstufcie", strict=True))
    | dict(zip("ғқңөұүһіҳҷўӣӯә", "gknouuhihjoiua", strict=True))
)
_SPELLINGS: Final = (
    ("dj", "j"), ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("ts", "c"), ("ya", "a"), ("yu", "u"),
    ("ia", "a"), ("iu", "u"), ("y", "i"), ("q", "k"), ("w", "v"), ("x", "ks"), ("ii", "i"),
)  # fmt: skip
"""What the usual ways to write a Cyrillic name in Latin letters differ in."""


def names_in(text: str) -> list[str]:
    """The words of a name."""
    return _WORD.findall(text)


@lru_cache(maxsize=NAMES_KEPT)
def name_key(word: str) -> str:
    """A name as all its forms and scripts have it: Seilov, Сейлова → seilo; Омске → omsk."""
    low = _whole(word).lower()
    latin = low.translate(_LATIN)
    for spelling, plain in _SPELLINGS:
        latin = latin.replace(spelling, plain)
    return (latin.rstrip("aeiou") or latin)[:NAME_LETTERS]


def _whole(word: str) -> str:
    """Without apostrophes, and without what stands after one if that is a possessive."""
    head, *rest = _APOSTROPHES.split(word)
    return "".join([head, *rest]) if rest and len(rest[-1]) > 2 else head or word
