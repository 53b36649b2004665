"""Title Case and sentence case of headlines."""

from __future__ import annotations

import re
from typing import Final

_WORD_CHARACTER: Final = re.compile(r"[^\W_]")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_LONG_WORD_LETTERS: Final = 4  # shorter ones are small in Title Case too: to, of, in, and
_SMALL_SHARE_MAX: Final = 0.2  # “Tokayev meets Mirziyoyev in Tashkent” is three quarters capitals
_SMALL_IN_TITLES: Final = """
    a an the and but for nor or yet so as at by in of off on out to up via vs
    about above across after against along amid among around before behind below beyond between
    despite during from into like near onto over past since than that through till toward towards
    under until upon versus when where while with within without
"""
_SMALL_WORDS: Final = frozenset(_SMALL_IN_TITLES.split())


def words_of(text: str) -> list[str]:
    """The words of a line as a reader counts them: what stands between spaces and is no mark."""
    return [word for word in text.split() if _WORD_CHARACTER.search(word)]


def is_title_case(text: str) -> bool:
    """Whether the words that Title Case capitalises are capitalised, all but one in five.

    The first word counts only where it is the only one: it is capitalised in either case.
    """
    words = _telling(_LETTERS.findall(text))
    small = sum(word[0].islower() for word in words)
    return small <= _SMALL_SHARE_MAX * len(words)


def _telling(words: list[str]) -> list[str]:
    rest = [word for word in words[1:] if word not in _SMALL_WORDS] or words[:1]
    return [word for word in rest if len(word) >= _LONG_WORD_LETTERS] or rest
