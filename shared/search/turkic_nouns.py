"""Endings of nouns of Kazakh and Kyrgyz, taken off one by one.

A stem is followed by the plural, possession and a case, and after -дағы once more by these. What
stands before a plural is therefore no possession: кары-лар are old men, кар-ы is its snow. What is
taken off follows the harmony of consonants: behind a voiceless one stands -тын, never -дын.
"""

from __future__ import annotations

import re
from typing import Final

ENDINGS_MAX: Final = 6
"""Taken off one word: қала-лар-ымыз-да-ғы-лар-дың has six."""

VOWELS: Final = "аоуыиеэюя"
HARD: Final = "пткшщчцсхфбвгд"
"""Behind these an ending begins voiceless; the four voiced ones close loan words: клубтан."""
_VOICED: Final = "рлмнйзжбвгд"
"""In Kyrgyz the four are voiced in loan words, too: заводдун, Жапаровдун."""
_SOFT: Final = VOWELS + _VOICED
SHORT_MAX: Final = 3
"""Letters of a stem that possession is left with: of кары nobody can tell whether it is кар-ы."""


def _any(endings: str) -> str:
    return "|".join(sorted(endings.split(), key=len, reverse=True))


_CASE: Final = (
    rf"(?<=[{HARD}])(?:{_any('тын тин тун тан тен тон та те то ты ти ту ка ке ко пен')})"
    rf"|(?<=[{_SOFT}])(?:{_any('дан ден дон да де до га ге го мен')})"
    rf"|(?<=[{_VOICED}у])(?:{_any('дын дин дун ды ди ду бен')})"
    rf"|(?<=[{VOWELS}мн])(?:{_any('нын нин нун нан нен нон ны ни ну')})"
    rf"|(?<=[{VOWELS}])(?:{_any('нда нде ндо на не но')})"
)
_LOCAL: Final = (
    rf"(?<=[{HARD}])(?:{_any('тагы теги тогу')})"
    rf"|(?<=[{_SOFT}])(?:{_any('дагы деги догу')})"
    rf"|(?<=[{VOWELS}])(?:{_any('ндагы ндеги ндогу')})"
)
_POSSESSION: Final = (
    rf"(?<=[{VOWELS}])(?:{_any('сы си су мыз миз быз биз буз')})"
    rf"|(?<=..[^{VOWELS}])(?:{_any('ын ин ун ым им ум ымыз имиз ыбыз ибиз убуз')})"
    rf"|(?<=[^{VOWELS}])(?:ы|и|у)|(?<=[{VOWELS}]у)(?:ы|и)|(?<=..[^{VOWELS}]у)(?:ы|и)"
)
_PLURAL: Final = (
    rf"(?<=[{HARD}])(?:тар|тер|тор)|(?<=[{_VOICED}])(?:дар|дер|дор)"
    rf"|(?<=[{VOWELS}рйл])(?:лар|лер|лор)"
)
_ENDINGS: Final = re.compile(
    rf"(?:{_CASE}|{_LOCAL}|(?P<possession>{_POSSESSION})|(?P<plural>{_PLURAL}))$"
)
_ENDING_CHARS_MAX: Final = 5
"""As in -ндагы: what stands before needs no search."""
_LETTERS_LAST: Final = {"б": "п", "г": "к"}
"""A last voiceless letter is written voiced before a vowel: мектеп, мектеби."""


def without_ending(word: str) -> tuple[str, bool]:
    """A word without its last ending, and whether no possession may stand before that.

    Empty: it has none. A long stem that only looks as if it had an ending loses it, whatever
    follows: of мугалим so do мугалимдер, and all its forms end alike.
    """
    found = _ENDINGS.search(word, max(0, len(word) - _ENDING_CHARS_MAX))
    while found:
        stem, ending = word[: found.start()], found.lastgroup
        if is_stem(stem) and (len(stem) > SHORT_MAX or ending != "possession"):
            return stem, ending is not None
        found = _ENDINGS.search(word, found.start() + 1)
    return "", False


def may_be_possessed(word: str) -> bool:
    """Whether a word without endings is short, and perhaps another's with possession: кары."""
    if len(word) > SHORT_MAX + 1 or word[-1] not in "ыиу" or word[-2:-1] == word[-1]:
        return False
    return is_stem(word[:-1])


def is_stem(word: str) -> bool:
    """Whether endings may stand behind it: three letters, as ун a vowel and a consonant, or су."""
    match len(word):
        case 0 | 1:
            return False
        case 2:
            return (word[0] in VOWELS and word[1] not in VOWELS) or word == "су"
        case _:
            return True


def with_last_letter(stem: str) -> str:
    """A stem as it is written without an ending.

    Of бетону nobody can tell whether it is бетон and -у or бето and -ну, but by knowing the word:
    it loses its н, as does бетон.
    """
    if len(stem) > SHORT_MAX and stem[-1] in "нс" and stem[-2] in VOWELS:
        return stem[:-1]
    return stem[:-1] + _LETTERS_LAST.get(stem[-1], stem[-1]) if stem else stem
