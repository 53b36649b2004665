"""Stems of Kazakh and Kyrgyz.

No stemmer of these languages is published that keeps up with a newswire. A word is read as a noun,
as a verb, or as what may be either, and the three have stems of their own: қала is a town, қал- to
stay, and қалды is no form of қала. Where two readings are possible all forms of a word end alike,
if not at its stem; what looks for the one or the other looks for what may be either, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from shared.search import turkic_nouns, turkic_verbs
from shared.search.turkic_nouns import HARD, VOWELS

_VERB: Final = "¹"
_EITHER: Final = "²"
_POSSESSED: Final = "³"
"""Behind stems: no folded word has them."""
_TOLD_KEPT: Final = """
ол оны онын оган онда одан бул буны бунын буган мунда муны мунун муну аны анын ага анда андан
сен сени сага саган мен мени мага маган биз бизге сиз сизге
караганды кару тару ару бузау куйеу биреу екеу ушеу анау мынау асау
"""
_KEPT: Final = frozenset(("", *_TOLD_KEPT.split()))
"""Pronouns, and nouns that look like forms; and what folds to nothing."""


class _Reading(NamedTuple):
    kind: Literal["noun", "verb", "either", "possessed"]
    """Possessed: a short noun, with or without possession."""
    root: str
    """Without endings, as it stands in the word."""

    def stem(self) -> str:
        match self.kind:
            case "verb":
                return turkic_verbs.plain_root(self.root) + _VERB
            case "either":
                return turkic_nouns.with_last_letter(self.root) + _EITHER
            case "possessed":
                return turkic_nouns.with_last_letter(self.root) + _POSSESSED
            case "noun":
                return turkic_nouns.with_last_letter(self.root)


def cyrillic_stem(word: str) -> str:
    """What stays of a folded word of Kazakh or Kyrgyz."""
    return word if word in _KEPT else _read(word).stem()


def cyrillic_others(word: str) -> Iterator[str]:
    """Forms of a folded word that have another stem. Some there are not: they find nothing."""
    if word in _KEPT:
        return
    reading = _read(word)
    root = reading.root
    if reading.kind != "noun" and word[-2:-1] == "д":  # завод-у is written like a past
        yield word[:-1]
    match reading.kind:
        case "verb":
            yield from _of_verb(root)
        case "either":
            yield from (root, _participle(root))
            yield from _of_verb(root)
            yield from _of_noun(root)
        case "possessed":
            noun = turkic_nouns.with_last_letter(root[:-1])
            yield from (noun, f"{root}лар")
            yield from _of_noun(noun)
        case "noun":
            yield from _of_noun(turkic_nouns.with_last_letter(root), root)
            if perhaps := turkic_verbs.perhaps_root(word):
                yield _participle(perhaps)
                yield from _of_verb(perhaps)


def _of_verb(root: str) -> Iterator[str]:
    others = [f"{root[:-1]}а"] if root[-1] == "о" else []  # кулоо is of кула
    singular = turkic_verbs.without_plural(root)
    yield from map(_participle, singular)
    for each in dict.fromkeys((root, turkic_verbs.plain_root(root), *singular, *others)):
        yield from (form for form in turkic_verbs.verb_forms(each) if _is_of_verb(form, each))


def _is_of_verb(form: str, root: str) -> bool:
    """Whether a form that was made is read as one: баста-р is written like the plural of бас."""
    kind, read = _read(form)
    match kind:
        case "verb":
            return read.startswith(root)
        case "either":
            return True
        case _:
            return read == form


def _participle(root: str) -> str:
    return f"{root}{'кан' if root[-1] in HARD else 'ган'}"


def _of_noun(stem: str, root: str = "") -> Iterator[str]:
    """Its accusative, which may be a verb's past; of a short one its possession, or without it."""
    whole = root if len(root) > len(stem) else stem
    if turkic_nouns.may_be_possessed(whole):
        yield whole
    if len(stem) <= turkic_nouns.SHORT_MAX and (stem[-1] not in VOWELS or stem[-1] == "у"):
        voiced = stem[:-1] + _VOICED.get(stem[-1], stem[-1])
        for high in turkic_verbs.high_vowels(stem):
            yield from filter(_is_of_noun, (f"{each}{high}" for each in (stem, voiced)))
    if whole[-1] in VOWELS:
        return
    if whole not in turkic_verbs.ROOTS:
        yield f"{whole}{'ты' if whole[-1] in HARD else 'ды'}"
    if whole[-1] == "д":
        yield from (f"{whole}{high}" for high in "ыиу")
    yield from filter(_is_of_noun, _with_other_vowels(whole))


def _with_other_vowels(noun: str) -> Iterator[str]:
    """The vowel that comes and goes: халык, халкы."""
    if len(noun) <= turkic_nouns.SHORT_MAX:
        return
    if noun[-2] not in VOWELS:
        yield from (f"{noun[:-1]}{high}{noun[-1]}" for high in "ыиу")
    elif noun[-2] in "ыиу" and noun[-3] not in VOWELS:
        yield f"{noun[:-2]}{noun[-1]}{noun[-2]}"


def _is_of_noun(form: str) -> bool:
    return form not in _KEPT and _read(form).kind != "verb"


_VOICED: Final = {"п": "б", "к": "г"}


def _read(word: str) -> _Reading:
    root, is_sure = turkic_verbs.past_root(word)
    if root and is_sure:
        return _Reading("verb", root)
    if root:
        inner = _read_noun(root)
        return inner if inner.kind == "verb" else _Reading("either", inner.root)
    if root := turkic_verbs.other_root(word):
        return _Reading("verb", root)
    return _read_noun(f"балалар{word[6:]}" if word.startswith("балдар") else word)


def _read_noun(word: str) -> _Reading:
    is_whole = False
    for _ in range(turkic_nouns.ENDINGS_MAX):
        if word in _KEPT:
            break
        if root := turkic_verbs.participle_root(word):
            return _Reading("verb", root)
        shorter, ends_whole = turkic_nouns.without_ending(word)
        if not shorter:
            break
        word, is_whole = shorter, ends_whole
    stem = word[:-1] if len(word) > _POSSESSED_MIN and word[-1] == "н" else word
    if not is_whole and turkic_nouns.may_be_possessed(stem):
        return _Reading("possessed", stem)
    return _Reading("noun", word)


_POSSESSED_MIN: Final = 4
"""Letters of which жолы-н, its road, has more; отун is firewood."""
