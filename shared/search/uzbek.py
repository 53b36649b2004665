"""Stems of Uzbek in its Latin script, to which its Cyrillic one is folded.

As in Kazakh, nouns and verbs have stems of their own, and endings are taken off in their order:
plural, possession and case of a noun; voice, negation, and tense or participle of a verb. The
accusative, -ni, is never written like the past, -di, but possession may be: zavod-i.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

ENDINGS_MAX: Final = 6
"""Taken off one word: shahar-lar-imiz-da-gi-lar-ning has six."""
_VERB: Final = "¹"
_POSSESSED: Final = "²"
"""Behind stems, of verbs and of short nouns with or without possession: no folded word has them."""
_SHORT_MAX: Final = 3
"""Letters of a stem that possession is left with: of qori nobody can tell whether it is qor-i."""


def _any(endings: str) -> str:
    return "|".join(sorted(endings.split(), key=len, reverse=True))


_CASE: Final = rf"{_any('ning ni ga da dan gacha')}|(?<=k)ka|(?<=q)qa"
_LOCAL: Final = "dagi"
_POSSESSION: Final = r"(?<=[aeiou])(?:si|miz)|(?<=[^aeiou])i|(?<=..[^aeiou])(?:im|ing|imiz|ingiz)"
_ENDINGS: Final = re.compile(
    rf"(?:(?:{_CASE}|{_LOCAL})|(?P<possession>{_POSSESSION})|(?P<plural>lar))$"
)
_ENDING_CHARS_MAX: Final = 5
"""As in -ingiz: what stands before needs no search."""
_KEPT: Final = re.compile(r".{3}|[aeiou][^aeiou]$")
"""What a stem must have: three letters, or a vowel and a consonant, as in un and oy."""
_TOLD_PRONOUNS: Final = """
u uni unga uning unda undan bu buni bunga buning bunda bundan shu shuni shunda men meni menga
sen seni senga biz bizni siz sizni ular ularning ularni ularga
"""
_KEPT_WHOLE: Final = frozenset(("", *_TOLD_PRONOUNS.split()))
"""Pronouns; and what folds to nothing."""
_NOUNS: Final = frozenset(("talab", "matlab"))
"""That look like forms of verbs."""
_TENSE: Final = re.compile(
    r"(?:(?:y?di|yapti|moqda|sin)(?:lar)?|moqchi|(?<=[aeiou]l[ae])b|(?<=[^aeiou]l[ae])b)$"
)
_TENSE_LAST: Final = frozenset("irnab")
"""With which one of these ends; most words need no search."""
_PARTICIPLE: Final = re.compile(
    r"(?:y?digan|yotgan|(?<=k)kan|(?<=q)qan|(?<=[^kq])gan|moq|mas|(?<=[^aeiou])ish|(?<=[ai])sh)"
    r"(?:lik)?$"
)
_CONVERB: Final = re.compile(r"(?:(?<=..[^aeiou])(?:ib|sa|ar)|(?<=..[aeiou])(?:b|sa|r))$")
"""Told from nouns by nothing: what is indexed is the word, and a search looks for both."""
_NEGATION: Final = re.compile(r"m[ae]$")
_PASSIVE: Final = re.compile(r"(?<=[^aeiou])il$|(?<=l)in$|(?<=l[ae])n$|(?<=..[^aeiou][aei])l$")


def latin_stem(word: str) -> str:
    """What stays of a folded word of Uzbek in its Latin script."""
    if word in _KEPT_WHOLE:
        return word
    root, noun, last = _read(word)
    if root:
        return plain_root(root) + _VERB
    stem = _with_last_letter(noun)
    return stem + _POSSESSED if last != "plural" and _may_be_possessed(noun) else stem


def latin_others(word: str) -> Iterator[str]:
    """Forms of a folded word that have another stem. Some there are not: they find nothing."""
    if word in _KEPT_WHOLE:
        return
    root, noun, last = _read(word)
    if root:
        yield from _verb_forms(root)
        if word.endswith("di"):  # zavod-i is written like a past
            yield word[:-1]
        return
    if noun.endswith("d"):
        yield f"{noun}i"
    yield from _with_other_vowels(noun)
    if _may_be_possessed(noun):
        yield noun if last == "plural" else f"{noun}lar"
        if last != "plural":
            yield _with_last_letter(noun[:-1])
            yield from _with_possession(noun[:-1])
            yield from _with_other_vowels(noun[:-1])
    elif len(noun) <= _SHORT_MAX:
        yield from _with_possession(noun)
    if found := _CONVERB.search(word):
        yield f"{word[: found.start()]}di"
        yield from _verb_forms(word[: found.start()])


def _read(word: str) -> tuple[str, str, str]:
    """The root of a verb, or the stem of a noun with the ending that was taken off it last."""
    found = _TENSE.search(word) if word[-1:] in _TENSE_LAST else None
    if found and word not in _NOUNS and _is_root(word[: found.start()]):
        return word[: found.start()], "", ""
    last = ""
    for _ in range(ENDINGS_MAX):
        found = _PARTICIPLE.search(word) if word[-1] in "nhqsk" else None
        if found and word not in _NOUNS and _is_root(word[: found.start()]):
            return word[: found.start()], "", ""
        shorter, ending = _without_ending(word)
        if not shorter:
            break
        word, last = shorter, ending
    return "", word, last


def _without_ending(word: str) -> tuple[str, str]:
    """A word without its last ending, and which kind of ending that was; ("", ""): it has none."""
    found = _ENDINGS.search(word, max(0, len(word) - _ENDING_CHARS_MAX))
    while found and word not in _KEPT_WHOLE:
        stem, ending = word[: found.start()], str(found.lastgroup)
        if _KEPT.match(stem) and (len(stem) > _SHORT_MAX or ending != "possession"):
            return stem, ending
        found = _ENDINGS.search(word, found.start() + 1)
    return "", ""


def _may_be_possessed(noun: str) -> bool:
    return len(noun) <= _SHORT_MAX + 1 and noun[-1] == "i" and _is_root(noun[:-1])


def _is_root(root: str) -> bool:
    return _KEPT.match(root) is not None


def plain_root(root: str) -> str:
    """What stays of a root in all its forms: without voice and negation, and its last vowel."""
    for _ in range(ENDINGS_MAX):
        shorter = _shorter(root)
        if shorter == root:
            break
        root = shorter
    return _with_last_letter(root)


def _shorter(root: str) -> str:
    for ending in (_NEGATION, _PASSIVE):
        if (found := ending.search(root)) and _is_root(root[: found.start()]):
            return root[: found.start()]
    is_vowel = root[-1] in "aeiou" or (root[-1] == "y" and root[-2] in "aei" and len(root) > 3)
    return root[:-1] if is_vowel and _is_root(root[:-1]) else root


def _verb_forms(root: str) -> Iterator[str]:
    """Forms that are indexed as they stand: they look like nouns."""
    for each in dict.fromkeys((root, plain_root(root))):
        for form in (f"{each}{ending}" for ending in _endings_of(each)):
            told, noun, _ = _read(form)  # boshla-r is written like the plural of bosh
            if told or noun == form:
                yield form


def _endings_of(root: str) -> tuple[str, ...]:
    return (
        ("b", "r", "sa") if root[-1] in "aeiou" else ("ib", "ar", "sa", "ilar", "ilib", "ab", "lab")
    )


def _with_possession(stem: str) -> Iterator[str]:
    if stem[-1:] not in "aeiou":
        voiced = stem[:-1] + {"k": "g", "q": "g"}.get(stem[-1], stem[-1])
        yield from (each for one in (stem, voiced) if (each := f"{one}i") not in _KEPT_WHOLE)


def _with_other_vowels(noun: str) -> Iterator[str]:
    """The vowel that comes and goes: shahar, shahri."""
    if len(noun) < _SHORT_MAX or noun[-1] in "aeiou":
        return
    if noun[-2] not in "aeiou":
        yield from (f"{noun[:-1]}{vowel}{noun[-1]}" for vowel in "aiu")
    elif len(noun) > _SHORT_MAX and noun[-2] in "aiu" and noun[-3] not in "aeiou":
        stem = f"{noun[:-2]}{noun[-1]}"
        if _read(f"{stem}i")[1] in (stem, f"{stem}i"):  # uchun is not of uch
            yield f"{stem}i"


def _with_last_letter(stem: str) -> str:
    """A stem as it is written without an ending.

    Of avtobusi nobody can tell whether it is avtobus and -i or avtobu and -si, but by knowing the
    word: it loses its s, as does avtobus.
    """
    if len(stem) > _SHORT_MAX + 1 and stem[-1] == "s" and stem[-2] in "aeiou":
        return stem[:-1]
    return f"{stem[:-1]}k" if stem.endswith(("q", "g")) and not stem.endswith("ng") else stem
