"""Endings of verbs of Kazakh and Kyrgyz.

A root is followed by its voice, by the negation and by a tense, a participle or the ending of a
verbal noun; the last two take the endings of nouns. What stays of all forms is the root without its
last vowel: сана-у, сано-о, сана-л-ды, сана-ба-ган.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shared.search.turkic_nouns import HARD, VOWELS, is_stem

_TOLD_ROOTS: Final = """
ал ат аш ач ас айт арт аз бар бас бол бер бил бур буз бат бит жаз жат жет жур жап жыг жый жен
жул жут кал кел кет кес кир кор кой кос кош коч кон куй кур кул кач каш каз кайт кап кыл кый кут
кыс кеч сат сал сой сок сез сен сеп сун сыз тап тол ток тос тур туш тус тый тик тий тут тоз тарт
чык шык чап шап чеч шеш от ос ок ич ек ур уч ут ук
"""
ROOTS: Final = frozenset(_TOLD_ROOTS.split())
"""Of one syllable, folded: behind these -ды is the past and -у an infinitive, whatever the noun."""
_VOICELESS: Final = "пткшщчцсхф"
_HIGH: Final = frozenset("ыиу")
"""Vowels that end the past, and no other tense."""
_PARTICIPLE: Final = re.compile(
    rf"(?:(?<=[{VOWELS}рлмнйзж])г|(?<=[{_VOICELESS}])к)[аео]н(?:д[ыиу][кг])?$"
)
"""Kazakh -ған, Kyrgyz -ган, and the noun made of it: келгендик."""
_TELLING: Final = re.compile(r"(?:й?[аео]?т[ыи]н|уу|оо|юу?|у)$")
"""Kazakh -атын and verbal nouns: -у, Kyrgyz -уу; -оо for a root in -а."""
_PAST: Final = re.compile(rf"(?:(?<=[{VOWELS}рлмнйзж])д|(?<=[{HARD}])т)[ыиу]$")
_OTHER_TENSES: Final = re.compile(
    r"(?:[мбп][аео])?(?:[ыиу]п|[аео]т|[аео]р|с[аео]|с[ыиу]н|[мпб][аео]й|[мпб][аео]к)$"
)
"""Behind a negation or none: converb, present, future, conditional, imperative, intention."""
_NEGATION: Final = re.compile(rf"(?:(?<=[{VOWELS}рлй])м|(?<=[рлмнйзж])б|(?<=[{HARD}])[пб])[аео]$")
_PASSIVE: Final = re.compile(
    rf"(?<=[^{VOWELS}])[ыиу]л$|(?<=..[^{VOWELS}][аео])л$"
    r"|(?<=л[аео])н$|(?<=[^о]л[дт][аео])н$|(?<=[^о]л)[ыиу]н$"
)
"""-ыл, -л; behind a л it is -н: сал-ын. Not of бөл-, which folded is бол-."""
_OF_NOUNS: Final = re.compile(r"(?:[лдт][аео]р|[ыиу]?м[ыи]з|[ыиу]?б[ыиу]з)$")
"""Plural and possession: behind them -ды is an accusative for sure."""


def participle_root(word: str) -> str:
    """The root of a participle or verbal noun without endings of nouns; empty: it is none."""
    if word[-1] in "нгк" and (found := _PARTICIPLE.search(word)):
        return _if_stem(word[: found.start()])
    found = _TELLING.search(word) if word[-1] in "нуюо" else None
    return _root_before(word[: found.start()], found[0]) if found else ""


def _root_before(root: str, ending: str) -> str:
    match ending:
        case "оо":
            return _if_stem(root) and root + _harmony(root)[0][1]
        case "ю" | "юу":
            return _if_stem(f"{root}й")
        case "уу":
            is_root = True
        case "у" if root[-1:] in VOWELS:
            is_root = len(root) > _VOWEL_MIN and root[-1] in "аеи"
        case "у":
            is_root = root in ROOTS or _last_vowel(root) not in "оуюэ"
        case "тын" | "тин":
            is_root = root[-1:] == "и" and root[:-1] in ROOTS
        case _:
            is_root = root[-1:] in VOWELS if ending[0] == "й" else root in ROOTS
    return _if_stem(root) if is_root else ""


_VOWEL_MIN: Final = 3
"""Letters of which a root before -у has more, if it ends with a vowel: сана-у, but тау."""


def past_root(word: str) -> tuple[str, bool]:
    """The root of the simple past, and whether it is one for sure; empty: it is none.

    After a consonant the accusative of a noun is written alike.
    """
    found = _PAST.search(word) if word[-1:] in _HIGH else None
    root = word[: found.start()] if found else ""
    if not is_stem(root):
        return "", False
    if root[-1] == "у":
        return (root, True) if word.endswith("ду") else ("", False)
    if root[-1] in VOWELS:
        return root, True
    is_noun = _OF_NOUNS.search(root) is not None and root not in ROOTS
    return ("", False) if is_noun and _is_plural(root) else (root, root in ROOTS)


def _is_plural(root: str) -> bool:
    return root[-3:-2] not in "дт" or root[-4:-3] in (HARD if root[-3] == "т" else "рлмнйзж")


def other_root(word: str) -> str:
    """The root of another tense, a converb or the conditional; empty: it is none that is known."""
    found = None if word[-1:] in _HIGH else _OTHER_TENSES.search(word)
    while found:
        if word[: found.start()] in ROOTS:
            return word[: found.start()]
        found = _OTHER_TENSES.search(word, found.start() + 1)
    return ""


def perhaps_root(word: str) -> str:
    """The root, if a word is a converb or a present of Kyrgyz and not a noun; empty: it is none."""
    found = _CONVERB.search(word)
    return word[: found.start()] if found else ""


_CONVERB: Final = re.compile(rf"(?:(?<=..[^{VOWELS}])(?:[ыиу]п|[аео]т)|(?<=..[{VOWELS}])(?:п|йт))$")


def plain_root(root: str) -> str:
    """What stays of a root in all its forms: without voice and negation, and its last vowel."""
    for _ in range(_ENDINGS_MAX):
        shorter = _shorter(root)
        if shorter == root:
            break
        root = shorter
    return root[:-1] + root[-1:].translate(_LETTERS_LAST)


_ENDINGS_MAX: Final = 6
"""Of a root: сат-ыл-ма has two; a vowel and a glide beside each."""
_LETTERS_LAST: Final = str.maketrans("бг", "пк")


def _shorter(root: str) -> str:
    for ending in (_NEGATION, _PASSIVE):
        found = ending.search(root)
        if found and root not in ROOTS and _if_stem(root[: found.start()]):
            return root[: found.start()]
    if root[-1] == "й" and root[-2] in VOWELS and root not in ROOTS and len(root) > _GLIDE_MIN:
        return root[:-1]
    return root[:-1] if root[-1] in VOWELS and is_stem(root[:-1]) else root


_GLIDE_MIN: Final = 4
"""Letters of which a root before a glide has more: көбей-, but кой-."""


def without_plural(root: str) -> tuple[str, ...]:
    """The root without the plural of Kyrgyz verbs, if it may have it: сана-ш-ат, they count."""
    found = _PLURAL.search(root)
    return (root[: found.start()],) if found and found.start() >= _PLURAL_MIN else ()


_PLURAL_MIN: Final = 4
"""Letters of a root before it: кел-иш- is to agree, and not that they come."""
_PLURAL: Final = re.compile(rf"(?:(?<=..[{VOWELS}])|(?<=[^{VOWELS}])[ыиу])ш$")


def verb_forms(root: str) -> Iterator[str]:
    """Forms of a root that are indexed as they stand, or as a noun in the accusative is."""
    if root[-1] not in VOWELS:
        yield from _after_consonant(root)
        voice = "н" if root[-1] == "л" else "л"
        for high, low in _harmony(root):
            endings = ("ды", f"{high}п", f"{low}т", f"{low}тын", f"{low}тин")
            yield from (f"{root}{high}{voice}{ending}" for ending in endings)
            yield from (f"{root}{high}ш{ending}" for ending in ("кан", "ты", f"{low}т"))
        return
    yield from (f"{root}{ending}" for ending in ("п", "йт", "йды", "р", "са", "се"))
    for voice in "лн":
        yield f"{root}{voice}ды"
        for high, low in _harmony(root):
            yield from (f"{root}{voice}{end}" for end in (f"{high}п", f"{low}т"))
    yield from (f"{root}ш{ending}" for ending in ("кан", "ты", "ат", "ет", "от"))


def _after_consonant(root: str) -> Iterator[str]:
    yield f"{root}{'ты' if root[-1] in HARD else 'ды'}"
    for high, low in _harmony(root):
        middle = "ы" if high == "ы" else "и"
        yield from (
            f"{root}{end}" for end in (f"{high}п", f"{high}йт", f"{low}т", f"{low}т{middle}н")
        )
        yield from (f"{root}{end}" for end in (f"{low}р", f"с{low}"))


def _harmony(root: str) -> tuple[tuple[str, str], ...]:
    """High and low vowels of endings; folded, о and у are of either row."""
    match _last_vowel(root):
        case "а" | "ы" | "я":
            return (("ы", "а"),)
        case "е" | "и" | "э":
            return (("и", "е"),)
        case "о":
            return (("у", "о"), ("и", "е"), ("ы", "а"))
        case _:
            return (("у", "а"), ("у", "о"), ("и", "е"), ("ы", "а"))


def high_vowels(stem: str) -> tuple[str, ...]:
    """Vowels of which one is the possession behind a stem."""
    return tuple(high for high, _ in _harmony(stem))


def _last_vowel(root: str) -> str:
    return next((letter for letter in reversed(root) if letter in VOWELS), "э")


def _if_stem(root: str) -> str:
    return root if is_stem(root) else ""
