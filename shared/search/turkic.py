"""Endings of Kazakh, Kyrgyz and Uzbek: case, plural and possession, taken off one by one.

No stemmer of these languages is published that keeps up with a newswire. What is taken off follows
the harmony of consonants, which is kept with great regularity: behind a voiceless one stands -тын,
never -дын. Where two readings are possible all forms of a word end alike, if not at its stem.
"""

from __future__ import annotations

import re
from typing import Final

ENDINGS_MAX: Final = 6
"""Taken off one word: қала-лар-ымыз-да-ғы-лар-дың has six."""

_VOWELS: Final = "аоуыиеэюя"
_HARD: Final = "пткшщчцсхфбвгд"
"""Behind these an ending begins voiceless; the four voiced ones close loan words: клубтан."""
_SOFT: Final = _VOWELS + "рлмнйзжв"


def _any(endings: str) -> str:
    return "|".join(sorted(endings.split(), key=len, reverse=True))


_CYRILLIC: Final = re.compile(
    rf"(?:(?<=[{_HARD}])(?:"
    + _any("тын тин тун тан тен тон та те то ты ти ту тар тер тор тагы теги тогу тугу ка ке ко пен")
    + rf")|(?<=[{_SOFT}])(?:"
    + _any("дан ден дон да де до дагы деги догу га ге го дар дер дор мен")
    + r")|(?<=[рлмнйзж])(?:"
    + _any("дын дин дун ды ди ду бен")
    + rf")|(?<=[{_VOWELS}мн])(?:"
    + _any("нын нин нун нан нен нон ны ни ну")
    + rf")|(?<=[{_VOWELS}])(?:"
    + _any("нда нде ндо ндагы ндеги ндогу на не но сы си су мыз миз")
    + rf")|(?<=[{_VOWELS}рйл])(?:"
    + _any("лар лер лор")
    + rf")|(?<=[^{_VOWELS}])(?:"
    + _any("ы и у")
    + rf")|(?<=..[^{_VOWELS}])(?:"
    + _any("ын ин ун ым им ум")
    + r"))$"
)
_LATIN: Final = re.compile(
    r"(?:(?:"
    + _any("lar ning ni ga da dan dagi gacha dagilar")
    + r")|(?<=k)ka|(?<=q)qa|(?<=[aeiou])(?:si|miz)|(?<=[^aeiou])i"
    + r"|(?<=..[^aeiou])(?:im|ing|imiz|ingiz))$"
)
_KEPT_CYRILLIC: Final = re.compile(rf".{{3}}|[{_VOWELS}][^{_VOWELS}]$|су$")
_KEPT_LATIN: Final = re.compile(r".{3}|[aeiou][^aeiou]$")
"""What a stem must have: three letters, or a vowel and a consonant, as in ун and эт."""
_UNSURE: Final = re.compile(rf".{{3}}(?<=[{_VOWELS}])[нс]$")
"""Of бетону nobody can tell whether it is бетон and -у or бето and -ну, but by knowing the word."""
_LETTERS_LAST: Final = str.maketrans("бг", "пк")
"""A last voiceless letter is written voiced before a vowel: мектеп, мектеби."""


def cyrillic_stem(word: str) -> str:
    """What stays of a folded word of Kazakh or Kyrgyz."""
    stem = _without(word, _CYRILLIC, _KEPT_CYRILLIC)
    if _UNSURE.search(stem):
        stem = stem[:-1]
    return stem[:-1] + stem[-1:].translate(_LETTERS_LAST)


def latin_stem(word: str) -> str:
    """What stays of a folded word of Uzbek in its Latin script."""
    stem = _without(word, _LATIN, _KEPT_LATIN)
    return f"{stem[:-1]}k" if stem.endswith(("q", "g")) and not stem.endswith("ng") else stem


def _without(word: str, endings: re.Pattern[str], kept: re.Pattern[str]) -> str:
    for _ in range(ENDINGS_MAX):
        found = endings.search(word)
        while found and not kept.match(word[: found.start()]):
            found = endings.search(word, found.start() + 1)
        if not found:
            break
        word = word[: found.start()]
    return word
