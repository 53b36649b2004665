"""What stays of a word in all its forms, by language.

A stem is indexed with a mark of its language before it, so that it is never taken for a word, nor
for a stem of another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import Stemmer

from shared.search.folding import folded, latin
from shared.search.turkic import cyrillic_stem, latin_stem


@dataclass(frozen=True, slots=True)
class Inflection:
    """How words of some languages are folded and stemmed."""

    mark: str
    """Of its stems in the index: a sign that stands in no word."""
    fold: Callable[[str], str]
    stem: Callable[[str], str]
    """Of a folded word."""
    is_always_marked: bool
    """False: a stem that is the word itself is not indexed again."""
    others: Callable[[str], Iterable[str]] = lambda _: ()
    """Forms of a folded word that have another stem, by the rules of the language: a search for
    the word looks for their stems, too."""
    root: Callable[[str], str] = str
    """Of a stem: what every folded word begins with that has it."""


def _snowball(algorithm: str) -> Callable[[str], str]:
    stemmer = Stemmer.Stemmer(algorithm)
    stemmer.maxCacheSize = 0  # what calls it keeps what it said

    def stem(word: str) -> str:
        return str(stemmer.stemWord(word))

    return stem


def _of_english(word: str) -> Iterator[str]:
    """For Snowball buses is a plural of buse."""
    if word.endswith("es") and _HISSING.search(word[:-2]):
        yield word[:-2]
    elif _HISSING.search(word):
        yield f"{word}es"


def _of_russian(word: str) -> Iterator[str]:
    """The stem without the ending, and with the vowel that comes and goes.

    For Snowball the names Токаев and Бадахшан end like a plural and a verb, and Токаева does not.
    The vowel: паводок, паводки.
    """
    if _CONSONANT.search(word):
        yield f"{word}а"
    elif found := _ENDED.search(word):
        yield word[: found.start(1)]
    if found := _FLEETING.search(word):
        yield f"{word[: found.start(1)]}{found[2]}а"
    elif found := _FLED.search(word):
        stem, last = word[: found.start(1)], found[1]
        yield from (f"{stem}{vowel}{last}" for vowel in ("е" if last == "ц" else "ое"))


def _english_root(stem: str) -> str:
    """Snowball puts letters at the end of a stem that the word has not.

    An i for y, an e behind -ing, -ble for -bility; and die is the stem of dying.
    """
    if _SHORT.fullmatch(stem):
        return stem[:1]
    if stem.endswith("ble"):
        return stem[:-2]
    return stem[:-1] if stem.endswith(("bl", "e", "i", "y")) else stem


def _without_last(letters: str) -> Callable[[str], str]:
    """Of stems whose last letter, if it is one of these, may be another in the word."""
    return lambda stem: stem[:-1] if stem.endswith(tuple(letters)) else stem


_SHORT: Final = re.compile(".?ie|.?[iy]")
_HISSING: Final = re.compile(r"(?:[sxz]|[cs]h)$")
_CONSONANT: Final = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")
_ENDED: Final = re.compile(r"...[бвгджзклмнпрстфхцчшщ]([аеиоуыюяь]|[оеа]м)$")
_FLEETING: Final = re.compile(r"..[бвгджзклмнпрстфхцчшщ]([ое])([кц])$")
_FLED: Final = re.compile(r"..[бвгджзлмнпрстфхчшщ]([кц])(?:[аиуыеоя]|ам|ами|ах|ов|ом|ой|ев|ем|ей)$")

ENGLISH: Final = Inflection("¢", folded, _snowball("english"), False, _of_english, _english_root)
RUSSIAN: Final = Inflection("£", folded, _snowball("russian"), False, _of_russian)
TURKIC: Final = Inflection(
    "¤", folded, cyrillic_stem, is_always_marked=True, root=_without_last("пк")
)
"""Kazakh and Kyrgyz, which are often taken for one another: folded, their endings are the same."""
UZBEK: Final = Inflection("¥", latin, latin_stem, is_always_marked=True, root=_without_last("k"))
PLAIN: Final = Inflection("¦", folded, str, is_always_marked=False)
"""Of languages whose forms are not known here: words are found as they stand."""

BY_LANGUAGE: Final[Mapping[str, Inflection]] = MappingProxyType(
    {"en": ENGLISH, "ru": RUSSIAN, "kk": TURKIC, "ky": TURKIC, "uz": UZBEK}
)


def inflection(language: str) -> Inflection:
    """How words of a language, by its BCP 47 primary tag, are folded and stemmed."""
    return BY_LANGUAGE.get(language, PLAIN)
