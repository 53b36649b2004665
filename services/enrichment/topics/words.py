"""The words of a text as the topics model counts them: word stems, and signs such as scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

WORD_CHARS_MAX: Final = 40
"""Longer runs of letters are no words of a newspaper, and would make rows of a model."""

_LETTER: Final = r"[a-z\u00df-\u00f6\u00f8-\u024f\u0400-\u052f\u1e00-\u1eff]"
"""Latin and Cyrillic in lower case, which the models know. Three times as fast as any letter."""
_IS_LETTER: Final = re.compile(_LETTER)
WORD: Final = re.compile(_LETTER + "{2,}")
_SIGN: Final = re.compile(
    r"[\d$€£¥₸₽]"
    r"(?:(?<=\d)(?:(?<!\d{4})[-–:]\d{1,3}\b|\s?(?:%|°|per\s?cent\b|percent\b|процент))"
    r"|(?<=[$€£¥₸₽])\s?\d)"
)
"""A score, a share, a temperature, a sum of money. A pattern of its own: one for both is slower."""


def tokens(lowered: str) -> list[str]:
    """Words of two letters or more of a text in lower case, in its order, and then its signs."""
    return WORD.findall(lowered) + _SIGN.findall(lowered)


def place(lowered: str, token: str) -> int:
    """Where a token stands first, in code points; -1: it does not, but as a part of another."""
    at = lowered.find(token)
    while at >= 0 and token[0].isalpha():
        end = at + len(token)
        before, after = lowered[at - 1 : at] if at else "", lowered[end : end + 1]
        if not (_IS_LETTER.match(before) or _IS_LETTER.match(after)):
            break
        at = lowered.find(token, at + 1)
    return at


def lower(text: str) -> str:
    """A text in lower case with as many code points, so that offsets into it are offsets of it."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def sign_name(token: str) -> str:
    """What a sign counts as: a score, a share, a temperature, a sum of money."""
    if token[0] in "$€£¥₸₽":
        return "#money"
    if token[-1] == "°":
        return "#degrees"
    return "#score" if token[-1].isdigit() else "#percent"


def english(token: str) -> str:
    """The stem of an English word or the name of a sign; empty: a word that says nothing."""
    if not token[0].isalpha():
        return sign_name(token)
    if token in _STOP_ENGLISH or len(token) > WORD_CHARS_MAX:
        return ""
    if len(token) < 4:
        return token
    for ending, shortest in _ENDINGS_BY_LAST.get(token[-1], ()):
        if token.endswith(ending) and len(token) - len(ending) >= shortest:
            return token[: -len(ending)]
    return token


def russian(token: str) -> str:
    """The first letters of a Russian word or the name of a sign; empty: a word that says nothing.

    Endings differ in the last one to three letters: six letters kept hold the forms together.
    """
    if not token[0].isalpha():
        return sign_name(token)
    folded = token.replace("ё", "е")
    if folded in _STOP_RUSSIAN or len(token) > WORD_CHARS_MAX:
        return ""
    if len(folded) <= 4:
        return folded
    return folded[: max(4, min(6, len(folded) - 2))]


STEMMERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"en": english, "ru": russian}
)
"""By BCP 47 language: those that have a model."""

_ENDINGS: Final = (
    ("ations", 3),
    ("ation", 3),
    ("ments", 3),
    ("ment", 3),
    ("ingly", 3),
    ("ities", 3),
    ("ings", 3),
    ("ing", 3),
    ("ies", 3),
    ("ied", 3),
    ("ers", 3),
    ("ors", 3),
    ("ed", 3),
    ("es", 3),
    ("er", 3),
    ("or", 4),
    ("ly", 3),
    ("s", 3),
    ("y", 3),
    ("e", 3),
)
"""Endings cut off an English word, first that fits, with the fewest letters that must stay."""
_ENDINGS_BY_LAST: Final = {
    last: tuple(one for one in _ENDINGS if one[0][-1] == last)
    for last in {ending[-1] for ending, _ in _ENDINGS}
}
"""By their last letter: nine in ten need not be tried."""

_WORDS_ENGLISH: Final = """
about above after again against all almost along already also although always am among an and
another any april are around as at august away back be became because become been before being
below between both but by can cannot could couldn day days december did didn do does doesn doing
don done down during each either else ever every february few first for friday from further get
gets getting give given go goes going gone got had has have having he her here hers herself him
himself his how however if in instead into is isn it its itself january july june just last
later least less like ll made make makes making many march may me might mon monday more most mr
mrs ms much must my near nearly never new next no nor not nothing november now october of off
often on once one only or other others our out over own per put rather re said same saturday say
saying says second see seen september set she should since so some still such sunday take taken
taking than that the their them then there these they thing things third this those though three
through thursday thus time to today told too took tuesday two under until up upon us use used ve
very was wasn way we wednesday week weeks well went were what when where whether which while who
whom whose why will with within without would wouldn year years yes yesterday yet you your
"""
_WORDS_RUSSIAN: Final = """
августа апреля без более больше будет будут бы был была были было быть вам вас весь во
воскресенье вот все всего всех вторник вы где год года году даже два декабря для до его ее если
есть еще же за из или им их июля июня как когда которая которого которое которой которые который
которых кто лет ли либо марта мая между меня мне может можно мы на над надо нам нас не него нее
ней нем несколько нет ни них но ноября об однако октября он она они оно от очень перед по под
понедельник после при про пятницу раз с сам сентября сказал сказала сказали со сообщил сообщила
сообщили среду субботу так также там тем того тоже только том тот три ту ты уже февраля хотя
чего чем четверг что чтобы эта эти это этого этой этом этот эту января
"""
_STOP_ENGLISH: Final = frozenset(_WORDS_ENGLISH.split())
_STOP_RUSSIAN: Final = frozenset(_WORDS_RUSSIAN.split())
"""Words that stand in any text, and so speak for no topic."""
