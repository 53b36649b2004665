"""One spelling for all ways to write a word.

What a reader types is seldom spelt as the desk spells it: without ё and diacritics, with another
apostrophe, on a Russian keyboard, in the other script of Uzbek. Both sides are folded alike.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WORD_CHARS_MAX: Final = 60
"""Of a folded word; what follows is left out of the index. The longest words of news have 40."""

APOSTROPHES: Final = "'`´ʹʻʼʽ‘’‛′"
"""Inside a word they are left out: Uzbek is written with any of them, and read without."""
UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphens and joiners: no reader sees them."""

_DROPPED: Final = str.maketrans(dict.fromkeys(APOSTROPHES + UNSEEN))
_NEIGHBOURS: Final = str.maketrans("ёқғңөүұәіһҳҷӣӯўъ", "екгноууаиххчиууь")
"""Letters of Kazakh, Kyrgyz, Tajik and Uzbek as they are typed on a Russian keyboard."""
_UZBEK: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j",
        "з": "z", "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "s",
        "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "ў": "o", "қ": "q", "ғ": "g", "ҳ": "h",
    }
)  # fmt: skip
_YE: Final = re.compile(r"(?:^|(?<=[аеёиоуэюяўъь]))е")
"""Where Uzbek writes e as ye: at the beginning of a word and behind a vowel."""
_CYRILLIC: Final = re.compile(r"[а-яёүқғңөұәіһҳҷӣӯў]")


def cased(word: str) -> str:
    """A word without case, apostrophes and what nobody sees; its letters stay."""
    if word.isascii():
        return word.lower().translate(_DROPPED)[:WORD_CHARS_MAX]
    known = unicodedata.normalize("NFKC", word).casefold().translate(_DROPPED)
    return unicodedata.normalize("NFC", known)[:WORD_CHARS_MAX]


def folded(word: str) -> str:
    """A word as it is indexed: ``cased``, and every letter by its neighbour.

    Diacritics go, except that й stays what it is.
    """
    known = cased(word)
    if known.isascii():
        return known
    known = known.translate(_NEIGHBOURS)
    return "".join(one if "а" <= one <= "я" else _bare(one) for one in known)[:WORD_CHARS_MAX]


def latin(word: str) -> str:
    """A word of Uzbek as it is indexed, whichever its script."""
    known = cased(word)
    if not is_cyrillic(known):
        return folded(known)
    return folded(_YE.sub("ye", known).translate(_UZBEK))


def is_cyrillic(word: str) -> bool:
    """Whether a word without case has a letter of the Cyrillic scripts of the wire."""
    return _CYRILLIC.search(word) is not None


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter
    special = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}.get(letter)
    if special:
        return special
    parts = unicodedata.normalize("NFD", letter)
    return "".join(one for one in parts if unicodedata.category(one) != "Mn")
