"""The words of a text, and what of them is indexed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from shared.search.folding import APOSTROPHES, UNSEEN
from shared.search.stems import Inflection, inflection

WORDS_KEPT_MAX: Final = 100_000
"""Of one way to inflect, and as many with the signs beside them, each with what is indexed of it:
about 50 MB. A year of texts has more, and nineteen words in twenty of them are among these."""
JOINT: Final = "·"
"""Between the parts of a word of several, where it is indexed as one: it stands in no word."""

WORD: Final = re.compile(rf"\w++(?:[-‐‑–.,/{APOSTROPHES}{UNSEEN}]\w++)*+")
"""A word, or several that stand together: Алма-Ата, 7.2, Mi-8. What it gives are places in the
text as it stands, so that a hit can be shown in it. The text has to be ``composed``."""
_PART: Final = re.compile(rf"[^\W_]+(?:[{UNSEEN}{APOSTROPHES}][^\W_]+)*")

Form = tuple[str, str]
"""What is indexed of a word: its folded parts, and marked stems; both with blanks between."""


class Forms(dict[str, Form]):
    """What is indexed of a piece of text, worked out once a piece.

    When half of what may be kept is full it becomes the older half, from which pieces that come
    again are taken over; what was in the older half before is forgotten.
    """

    def __init__(self, make: Callable[[str], Form]) -> None:
        super().__init__()
        self._make = make
        self._older: dict[str, Form] = {}

    def __missing__(self, piece: str) -> Form:
        if len(self) >= WORDS_KEPT_MAX // 2:
            self._older = dict(self)
            self.clear()
        form = self[piece] = self._older.get(piece) or self._make(piece)
        return form


def composed(text: str) -> str:
    """A text with every letter and its signs in one character, as nearly all texts come."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)


def _form(word: str, inflected: Inflection) -> Form:
    if word.isalpha():
        part = inflected.fold(word)
        stem = marked(part, inflected)
        return part, stem if inflected.is_always_marked or stem[1:] != part else ""
    parts = folded_parts(word, inflected)
    stems = [marked(part, inflected) for part in parts]
    shown = [
        stem for stem, part in zip(stems, parts, strict=True)
        if inflected.is_always_marked or stem[1:] != part
    ]  # fmt: skip
    if len(parts) > 1:
        shown.append(joint(parts, inflected))
    return " ".join(parts), " ".join(shown)


def folded_parts(word: str, inflected: Inflection) -> list[str]:
    """The parts of a word as they are indexed; of most words one."""
    return [part for one in _PART.findall(word) if (part := inflected.fold(one))]


def marked(part: str, inflected: Inflection) -> str:
    """The stem of a folded word, with its mark."""
    return inflected.mark + inflected.stem(part)


def joint(parts: list[str], inflected: Inflection) -> str:
    """A word of several parts as one, so that it is found whatever its last part's ending."""
    return inflected.mark + JOINT.join([*parts[:-1], inflected.stem(parts[-1])])


@cache
def _words(inflected: Inflection) -> Forms:
    return Forms(lambda word: _form(word, inflected))


@cache
def _chunks(inflected: Inflection) -> Forms:
    """By what stands between blanks, a word with its comma, say: twice as fast as by words."""
    words = _words(inflected)

    def form(chunk: str) -> Form:
        found = [words[word] for word in WORD.findall(chunk)]
        return " ".join([one[0] for one in found]), " ".join([one[1] for one in found if one[1]])

    return Forms(form)


def forms(language: str) -> Mapping[str, Form]:
    """What is indexed of any word of a language, by its BCP 47 primary tag."""
    return _words(inflection(language))


def indexed(text: str, language: str) -> str:
    """What is indexed of a text: all its words in their order, then the stems that differ."""
    known = _chunks(inflection(language))
    found = [known[chunk] for chunk in composed(text).split()]
    words = [form[0] for form in found if form[0]]
    words += [form[1] for form in found if form[1]]
    return " ".join(words)
