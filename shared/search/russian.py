"""Stems of Russian, and forms of nouns that Snowball does not bring together.

What is indexed is the stem of Snowball, but for short words, whose soft and hard forms stay apart:
сель is no село. What Snowball misses is made when a word is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import Stemmer

from shared.search.russian_verbs import verb_others

_snowball: Final = Stemmer.Stemmer("russian", 0)  # what calls it keeps what it said
_CONSONANTS: Final = "бвгджзклмнпрстфхцчшщ"
_SHORT_MAX: Final = 8
_MAY_STAND: Final = ("в", "ен", "ена", "ено", "ены")
_NUMERALS: Final = ("дцать", "вять", "сять")
"""Which are no infinitives."""
_CAME: Final = ("шла", "шло", "шли")
"""Of шел: without it прошла would be a form of прошлый."""
_SHORT_STEM: Final = "([бвгджзклмнпрстфхцчшщ]{1,2}[аеиоуыэюя][бвдзлмнпрст]|угол|угл|кул(?=[ьюяеи]))"
_SOFT: Final = re.compile(rf"(?!сами$|теми$){_SHORT_STEM}(?:ь|ью|я|ю|ем|ей|и|ям|ями|ях|(?<=кул)е)$")
"""The soft forms of a short noun: сель, селя, сели. Of Иссык-Куль they all are."""
_UNTOLD: Final = re.compile(rf"(?!куле){_SHORT_STEM}(?:е|(?<=[аеиы]л)и)$")
"""Of селе nobody can tell whether it is of сель or of село, of стали, whether it is of сталь: each
search that may mean them looks for them."""
_AS_IT_STANDS: Final = re.compile(rf"(..[аяи]в|..[{_CONSONANTS}]ен)[аоы]?$")
"""What Snowball takes for a form of a verb, and may be a noun's: состав, замена. That it is of
заменить as well is for ``russian_others`` to say."""


def russian_stem(word: str) -> str:
    """What stays of a folded word of Russian."""
    if len(word) <= _SHORT_MAX:
        if word[-1:] in "еи" and _UNTOLD.match(word):
            return word
        if word[-1:] in "ьюяемийх" and (found := _SOFT.match(word)):
            return f"{found[1]}ь"
    if word.endswith(_MAY_STAND) and (found := _AS_IT_STANDS.search(word)):
        return word[: found.end(1)]
    if word.endswith(_CAME):
        return f"{word[:-2]}ел"
    if word.endswith(_NUMERALS):
        return word[:-1]
    return str(_snowball.stemWord(word))


def russian_others(word: str) -> Iterator[str]:
    """Forms of a folded word that have another stem. Some there are not: they find nothing."""
    yield from _of_short(word)
    yield from _without_endings(word)
    yield from _with_other_vowels(word)
    for ending, others in _ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 1:
            yield from (f"{word[: -len(ending)]}{other}" for other in others)
    yield from _SUPPLETIVE.get(word, ())
    yield from verb_others(word)


def _of_short(word: str) -> Iterator[str]:
    if found := _UNTOLD.match(word):
        yield f"{found[1]}ь"
        if word.endswith("е"):
            yield f"{found[1]}а"
    elif found := _SHORT.match(russian_stem(word)):
        yield f"{found[1]}е"
        if word.endswith(("ьи", "ья", "ье", "ьям", "ьями", "ьях", "ьей")):
            yield f"{found[1]}ей"
        elif word.endswith(("ей", "ью")):
            yield f"{found[1]}ья"
        if found[0].endswith("ль"):
            yield f"{found[1]}и"


def _without_endings(word: str) -> Iterator[str]:
    """For Snowball the names Токаев and Бадахшан end like a plural and a verb, Токаева does not."""
    if word.endswith(tuple(_CONSONANTS)):
        yield f"{word}а"
    elif (found := _ENDED.search(word)) and not (_SOFT.match(word) or word.endswith(_CAME)):
        yield word[: found.start(1)]


def _with_other_vowels(word: str) -> Iterator[str]:
    """The vowel that comes and goes: паводок, паводки; сестра, сестер; уголь, угля."""
    if found := _FLEETING.search(word):
        stem = word[: found.start(1)]
        yield f"{stem}{found[2]}{'я' if found[3] else 'а'}"
        if found[2] in "кмбг" and not found[3]:
            yield f"{stem}ь{found[2]}а"
    if word.endswith("еек"):  # копеек
        yield f"{word[:-2]}йка"
    if found := _FLED.search(word):
        stem, last, is_soft = word[: found.start(1)], found[1], found[2] in _SOFT_ENDINGS
        vowels = "е" if last == "ц" else "ое"
        for sign in _signs(last) if is_soft else ("",):
            yield from (f"{stem.rstrip('ьй')}{vowel}{last}{sign}" for vowel in vowels)


def _signs(last: str) -> tuple[str, ...]:
    """What ends the form without an ending of a soft noun: земель; песен and деревень."""
    match last:
        case "л":
            return ("ь",)
        case "н":
            return ("", "ь")
        case _:
            return ("",)


_SHORT: Final = re.compile(rf"{_SHORT_STEM}ь?$")
_ENDED: Final = re.compile(rf"...[{_CONSONANTS}]([аеиоуыюяь]|[оеа]м)$")
_FLEETING: Final = re.compile(rf"(?<=.[{_CONSONANTS}])([ое])([кцрлнмбг])(ь?)$")
_FLED: Final = re.compile(
    r"(?<=.[бвгджзклмнпрстфхчшщьй])([кцрлнбг]|(?<=ь)м)"
    r"([аиуыеояю]|ам|ами|ах|ов|ом|ой|ев|ем|ей|ям|ями|ях)$"
)
_SOFT_ENDINGS: Final = frozenset(("я", "ю", "и", "ем", "ей", "ям", "ями", "ях"))
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("анин", "анина", "анину", "анином", "анине"), ("ане",)),
    **dict.fromkeys(("ане", "ан", "анам", "анами", "анах"), ("анин",)),
    **dict.fromkeys(("янин", "янина", "янину", "янином", "янине"), ("яне",)),
    **dict.fromkeys(("яне", "ян", "янам", "янами", "янах"), ("янин",)),
    **dict.fromkeys(("мя", "мени", "менем", "мена", "мен", "менам"), ("мя", "мени", "мен")),
    **dict.fromkeys(("енок", "енка", "енку", "енком", "ята", "ят", "ятам"), ("ята", "енка")),
}
"""Endings of nouns whose forms have more than one stem, and of each stem a form."""
_FORMS: Final = """
ребенок ребенка дети детей детям детьми детях
мать матери матерью матерей матерям матерями
дочь дочери дочерью дочерей дочерям дочерьми
день дня дню днем дни дней дням днями днях
лев льва льву львом львы львов львам львами
пес пса псу псом псы псов псам псами
лед льда льду льдом льды льдов льдам
сон сна сну сном сны снов
рот рта рту ртом рты
лоб лба лбу лбом лбы
"""
_SUPPLETIVE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {form: tuple(row.split()) for row in _FORMS.strip().splitlines() for form in row.split()}
)
"""Nouns of several stems, or too short for rules."""
