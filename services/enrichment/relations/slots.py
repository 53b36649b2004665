"""What stands in the places of a text that a template leaves open: figures, days and names. Pure.

Two notes by one template say nearly the same words; what they are about stands in a few slots. A
slot is a run of figures, days, months and capitalised words between words of the running text, and
it is the same slot in two texts where the words beside it are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, Literal

from services.enrichment.relations.shingles import tokens_of

Part = Literal["figures", "days", "names"]
PARTS: Final[tuple[Part, ...]] = ("figures", "days", "names")

TEXTS_KEPT_MAX: Final = 500
"""Texts whose slots are kept: a text is compared with many, one after the other."""
BESIDE_MIN: Final = 2
"""Words of the running text that stand beside a slot at least."""
ALIKE_MIN: Final = 0.7
"""Likeness of spelling from which two words are one name: Zhaparov, Japarov."""
_DAY: Final = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|понедельник\w*|вторник\w*|сред[аыуе]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+"
    r"|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяюе]м?|март[ае]?|ма[йяе]"
    r"|август[ае]?"
    r"|дүйсенбі\w*|сейсенбі\w*|сәрсенбі\w*|бейсенбі\w*|жұма\w*|сенбі\w*|жексенбі\w*"
    r"|дүйшөмбү\w*|шейшемби\w*|шаршемби\w*|бейшемби\w*|ишемби\w*|жекшемби\w*"
    r"|(?:du|se|chor|pay)shanba\w*|yakshanba\w*|juma\w*"
)
"""Days of the week and months where they are written small, or may begin a sentence."""
_OPEN: Final = "*"
_ANY: Final = "?"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the slots that two texts have in common, those that hold the same."""

    same: int
    other: int

    @property
    def differing(self) -> float:
        """The share that holds something else, 0–1."""
        return self.other / ((self.same + self.other) or 1)


Filling = Mapping[Part, frozenset[str]]
Place = tuple[str, ...]
"""The words beside a slot."""


@dataclass(frozen=True, slots=True)
class _Slot:
    filling: Filling
    places: tuple[Place, ...]


def agreements(this: str, other: str) -> dict[Part, Agreement]:
    """How far the slots of two texts hold the same; a slot that one of them lacks says nothing."""
    slots, held = _slots(this), _held(other)
    said: dict[Part, list[bool]] = {part: [] for part in PARTS}
    for slot in slots:
        beside = [held[place] for place in slot.places if place in held]
        for part, found in slot.filling.items():
            there = [one[part] for one in beside if part in one]
            if there:
                said[part].append(any(_is_same(part, found, one) for one in there))
    return {part: Agreement(sum(each), len(each) - sum(each)) for part, each in said.items()}


def _is_same(part: Part, these: frozenset[str], others: frozenset[str]) -> bool:
    left, right = these - others, others - these
    if not left or not right:
        return True
    return part == "names" and any(_alike(one, two) for one in left for two in right)


@lru_cache(maxsize=10_000)
def _alike(one: str, other: str) -> bool:
    """Whether two words may be one name: spelled nearly alike, or one the initial of the other."""
    if one.startswith(other) or other.startswith(one):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE_MIN


@lru_cache(maxsize=TEXTS_KEPT_MAX)
def _slots(text: str) -> list[_Slot]:
    """Of a text, those that can be told from each other by the words beside them."""
    words, fillings = _opened(tokens_of(text))
    padded = ["", "", *words, "", ""]
    slots = [
        _Slot(filling, tuple(_places(padded[at : at + 5]))) for at, filling in fillings.items()
    ]
    times = Counter(place for slot in slots for place in slot.places)
    return [
        _Slot(slot.filling, tuple(place for place in slot.places if times[place] == 1))
        for slot in slots
    ]


@lru_cache(maxsize=TEXTS_KEPT_MAX)
def _held(text: str) -> dict[Place, Filling]:
    return {place: slot.filling for slot in _slots(text) for place in slot.places}


def _places(beside: Sequence[str]) -> Iterator[Place]:
    """The words beside a slot, three of which one is another slot or passed over at most.

    One is passed over where templates have a word of their own: rose, weakened.
    """
    far, before, _, after, farther = beside
    around = (far, before, _OPEN, after), (before, _OPEN, after, farther)
    for place in (*around, (before, _OPEN, _ANY, farther), (far, _ANY, _OPEN, after)):
        if sum(word not in {"", _OPEN, _ANY} for word in place) >= BESIDE_MIN:
            yield place


def _opened(tokens: Sequence[tuple[str, str]]) -> tuple[list[str], dict[int, Filling]]:
    small = {word for written, word in tokens if written[0].islower()}
    words: list[str] = []
    fillings: dict[int, dict[Part, frozenset[str]]] = {}
    for written, word in tokens:
        part = _part(written, word, small)
        if part is None:
            words.append(word)
            continue
        if not words or words[-1] != _OPEN:
            words.append(_OPEN)
        filling = fillings.setdefault(len(words) - 1, {})
        filling[part] = filling.get(part, frozenset()) | {word}
    return words, dict(fillings)


def _part(written: str, word: str, small: set[str]) -> Part | None:
    if written[0].isdigit():
        return "figures"
    if _DAY.fullmatch(word) or written == "May":
        return "days"
    return "names" if written[0].isupper() and word not in small else None
