"""What stays of a word in all its forms, by language.

A stem is indexed with a mark of its language before it, so that it is never taken for a word, nor
for a stem of another language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Final

from shared.search.english import english_others, english_roots, english_stem
from shared.search.folding import folded, latin
from shared.search.russian import russian_others, russian_stem
from shared.search.turkic import cyrillic_others, cyrillic_stem
from shared.search.uzbek import latin_others, latin_stem

OTHERS_MAX: Final = 80
"""Forms of a word that a search looks for besides. Most words have three, Russian and Turkic verbs
twenty and more: twenty such words are looked up in some 40 ms."""


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
    the word looks for their stems, too. At most ``OTHERS_MAX``, each once."""
    roots: Callable[[str], Iterable[str]] = lambda stem: (stem,)
    """Of a stem: with one of these every folded word begins that has it."""


def _few(others: Callable[[str], Iterable[str]]) -> Callable[[str], Iterable[str]]:
    return lambda word: islice(dict.fromkeys(others(word)), OTHERS_MAX)


def _russian_roots(stem: str) -> Iterable[str]:
    """What comes and goes is at the end: письм-о, пис-ем; пришел, пришла."""
    return (stem[: max(1, len(stem) - 2)],)


def _turkic_roots(stem: str) -> Iterable[str]:
    """Without the mark of its kind, and the last letter: китап, китабы; чык-, чыгат; той-, тоюу."""
    plain = stem.rstrip("¹²³")[:-1]
    return ("бал",) if plain.startswith("балала") else (plain,)  # балдар is балалар


ENGLISH: Final = Inflection("¢", folded, english_stem, False, _few(english_others), english_roots)
RUSSIAN: Final = Inflection("£", folded, russian_stem, False, _few(russian_others), _russian_roots)
TURKIC: Final = Inflection("¤", folded, cyrillic_stem, True, _few(cyrillic_others), _turkic_roots)
"""Kazakh and Kyrgyz, which are often taken for one another: folded, their endings are the same."""
UZBEK: Final = Inflection("¥", latin, latin_stem, True, _few(latin_others), _turkic_roots)
PLAIN: Final = Inflection("¦", folded, str, is_always_marked=False)
"""Of languages whose forms are not known here: words are found as they stand."""

BY_LANGUAGE: Final[Mapping[str, Inflection]] = MappingProxyType(
    {"en": ENGLISH, "ru": RUSSIAN, "kk": TURKIC, "ky": TURKIC, "uz": UZBEK}
)


def inflection(language: str) -> Inflection:
    """How words of a language, by its BCP 47 primary tag, are folded and stemmed."""
    return BY_LANGUAGE.get(language, PLAIN)
