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

from services.enrichment.relations.directions import direction_of
from services.enrichment.relations.shingles import tokens_of

Part = Literal["figures", "days", "names", "directions"]
PARTS: Final[tuple[Part, ...]] = ("figures", "days", "names", "directions")

TEXTS_KEPT_MAX: Final = 500
"""Texts whose slots are kept: a text is compared with many, one after the other."""
DAYS_KEPT_MAX: Final = 4_096
"""Words of which it is kept whether they are days: the ones that stand everywhere."""
BESIDE_MIN: Final = 2
"""Words of the running text that stand beside a slot at least."""
ALIKE_MIN: Final = 0.7
"""Likeness of spelling from which two words are one name: Zhaparov, Japarov."""
PLACE_WORDS_MAX: Final = 4
"""Words that stand in one place at most: a name with its title, a number with its parts."""
APART_WORDS_MAX: Final = 300
"""Words between the first and the last place in which two texts are compared word by word."""
END_WORDS: Final = 8
"""Words of the running text by which it ends alike."""
LENGTH_APART_MAX: Final = 0.05
"""Share of the running text by which its length may differ: a slot had a word more."""
FUNCTION_LETTERS: Final = 2
"""Letters of a word that says nothing, whatever stands instead of it: a, on."""
HEAD_WORDS_MAX: Final = 10
"""Words of a byline and a dateline."""
MONTH_DAYS: Final = 31
_DAY: Final = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|понедельник\w*|вторник\w*|сред[аыуе]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+"
    r"|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)\w{0,4}|март(?:[аеи]|та\w*)?"
    r"|ма[йяе]|август\w{0,3}"
    r"|дүйсенбі\w*|сейсенбі\w*|сәрсенбі\w*|бейсенбі\w*|жұма\w*|сенбі\w*|жексенбі\w*"
    r"|(?:қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан)"
    r"(?:[дт][аеы]\w*|ның|нің)?"
    r"|дүйшөмбү\w*|шейшемби\w*|шаршемби\w*|бейшемби\w*|ишемби\w*|жекшемби\w*"
    r"|(?:du|se|chor|pay)shanba\w*|yakshanba\w*|juma\w*"
    r"|(?:yanvar|fevral|mart|aprel|iyun|iyul|avgust|sent[iy]?abr|okt[iy]?abr|noyabr|dekabr)"
    r"(?:da\w*|ga|ning|gacha)?|may(?:da\w*|ga|ning|gacha)"
)
"""Days of the week and months where they are written small, or may begin a sentence."""
_BY: Final = "by"
_HEAD: Final = re.compile(r"[^\n]{0,80}?(?:\s[-–—]\s|\n)|(?:by|BY|By)\s|[^\W\d_a-zа-яё]{3}")
"""A dash or the end of a line early on, a word for the author, a place in capitals."""
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


Replaced = Literal["figures", "names", "words"]
Filling = Mapping[Part, tuple[str, ...]]
"""What stands in a slot, in its order."""
Place = tuple[str, ...]
"""The words beside a slot."""


@dataclass(frozen=True, slots=True)
class _Slot:
    filling: Filling
    places: tuple[Place, ...]
    """Those that no other slot of the text has; none: the words beside it tell nothing."""
    is_opening: bool
    """Whether the text begins with it, as with a dateline, or with a word for its author."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A text and its slots."""

    words: tuple[str, ...]
    """The running text, each slot as one sign."""
    is_headed: bool
    """Whether it begins with a byline or a dateline, by its signs."""
    slots: tuple[_Slot, ...]
    """As they follow one another."""
    held: Mapping[Place, Filling]


def agreements(this: str, other: str) -> dict[Part, Agreement]:
    """How far the slots of two texts hold the same; a slot that one of them lacks says nothing.

    A byline or dateline is every publisher's own: of what a text opens with, the names count as
    the same where one of the two has such a head, and the day where it stands beside a name.
    """
    said: dict[Part, list[bool]] = {part: [] for part in PARTS}
    these, others = _read(this), _read(other)
    is_headed = these.is_headed or others.is_headed
    for slot, beside in _aligned(these, others):
        own: set[Part] = {"names", "days"} if is_headed and slot.is_opening else set()
        for part, held in slot.filling.items():
            there = [one[part] for one in beside if part in one]
            if there:
                is_own = part in own and "names" in slot.filling
                said[part].append(is_own or any(_is_same(part, held, one) for one in there))
    return {part: Agreement(sum(each), len(each) - sum(each)) for part, each in said.items()}


def is_same_form(this: str, other: str) -> bool:
    """Whether the running text of two texts is of one length and ends alike: neither adds to it."""
    these, others = _read(this).words, _read(other).words
    if these == others:
        return True
    apart = abs(len(these) - len(others))
    return (
        apart <= LENGTH_APART_MAX * min(len(these), len(others))
        and these[-END_WORDS:] == others[-END_WORDS:]
    )


def replaced(this: str, other: str, places_max: int) -> tuple[Replaced, ...]:
    """What stands in the few places in which two texts hold something else, from first to last.

    Empty: they differ in many places, or one of them says more somewhere, or they differ in the
    spelling of words alone.
    """
    left, right = _apart(_compared(this), _compared(other))
    if max(len(left), len(right)) > APART_WORDS_MAX:
        return ()
    places = [
        (left[i:j], right[k:m])
        for sign, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        if sign != "equal"
    ]
    if len(places) > places_max:
        return ()
    if any(not 0 < len(words) <= PLACE_WORDS_MAX for place in places for words in place):
        return ()
    ours_named, theirs_named = _names(this), _names(other)
    kinds: list[Replaced] = []
    for ours, theirs in places:
        if _digits(ours) and _digits(theirs) and _digits(ours) != _digits(theirs):
            kinds.append("figures")
        elif _is_same("names", _telling(ours), _telling(theirs)):
            continue
        elif ours_named.isdisjoint(ours) or theirs_named.isdisjoint(theirs):
            kinds.append("words")
        else:
            kinds.append("names")
    return tuple(kinds)


def _digits(words: Sequence[str]) -> str:
    return "".join(word for word in words if word[0].isdigit())


def _telling(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) > FUNCTION_LETTERS or word[0].isdigit()]


def _aligned(this: _Read, other: _Read) -> Iterator[tuple[_Slot, Sequence[Filling]]]:
    """The slots of a text, each with those that stand in the same place of the other one."""
    if this.words == other.words:
        for slot, there in zip(this.slots, other.slots, strict=True):
            yield slot, (there.filling,)
        return
    for slot in this.slots:
        yield slot, [other.held[place] for place in slot.places if place in other.held]


def _apart(these: Sequence[str], others: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """What is left of two texts without what they begin and end with in common."""
    shorter = min(len(these), len(others))
    begin = 0
    while begin < shorter and these[begin] == others[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and these[-1 - end] == others[-1 - end]:
        end += 1
    return these[begin : len(these) - end], others[begin : len(others) - end]


def _is_same(part: Part, these: Sequence[str], others: Sequence[str]) -> bool:
    if part == "figures":
        return _is_same_figures(these, others)
    left, right = set(these) - set(others), set(others) - set(these)
    if not left or not right:
        return True
    return part == "names" and any(_alike(one, two) for one in left for two in right)


def _is_same_figures(these: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two rows of digits are the same, or one has the other in it and more beside it."""
    short, long = sorted((these, others), key=len)
    if len(short) == len(long):
        return these == others
    if "".join(short) == "".join(long):
        return True  # 1,200 and 1200
    rows = range(len(long) - len(short) + 1)
    return any(tuple(long[at : at + len(short)]) == tuple(short) for at in rows)


@lru_cache(maxsize=10_000)
def _alike(one: str, other: str) -> bool:
    """Whether two words may be one name: spelled nearly alike, or one the initial of the other."""
    if one.startswith(other) or other.startswith(one):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE_MIN


@lru_cache(maxsize=TEXTS_KEPT_MAX)
def _compared(text: str) -> tuple[str, ...]:
    return tuple(word for _, word in tokens_of(text))


@lru_cache(maxsize=TEXTS_KEPT_MAX)
def _names(text: str) -> frozenset[str]:
    tokens = tokens_of(text)
    small = {word for written, word in tokens if written[0].islower()}
    names = {word for written, word in tokens if _part(written, word, small) == "names"}
    if _HEAD.match(text):
        names -= {word for _, word in tokens[:HEAD_WORDS_MAX]}
    return frozenset(names)


@lru_cache(maxsize=TEXTS_KEPT_MAX)
def _read(text: str) -> _Read:
    words, fillings = _opened(tokens_of(text))
    padded = ["", "", *words, "", ""]
    places = {at: tuple(_places(padded[at : at + 5])) for at in fillings}
    times = Counter(place for each in places.values() for place in each)
    opening = 1 if words[:1] == [_BY] else 0
    slots = tuple(
        _Slot(filling, tuple(one for one in places[at] if times[one] == 1), at == opening)
        for at, filling in fillings.items()
    )
    held = {place: slot.filling for slot in slots for place in slot.places}
    return _Read(tuple(words), bool(_HEAD.match(text)), slots, held)


def _places(beside: Sequence[str]) -> Iterator[Place]:
    """The words beside a slot, three of which one is another slot or passed over at most.

    One is passed over where templates have a word of their own: cloudy, clear.
    """
    far, before, _, after, farther = beside
    around = (far, before, _OPEN, after), (before, _OPEN, after, farther)
    for place in (*around, (before, _OPEN, _ANY, farther), (far, _ANY, _OPEN, after)):
        if sum(word not in {"", _OPEN, _ANY} for word in place) >= BESIDE_MIN:
            yield place


def _opened(tokens: Sequence[tuple[str, str]]) -> tuple[list[str], dict[int, Filling]]:
    small = {word for written, word in tokens if written[0].islower()}
    parts = [_part(written, word, small) for written, word in tokens]
    words: list[str] = []
    fillings: dict[int, dict[Part, tuple[str, ...]]] = {}
    for at, (_, word) in enumerate(tokens):
        part = parts[at]
        if part is None:
            words.append(word)
            continue
        if not words or words[-1] != _OPEN:
            words.append(_OPEN)
        if part == "figures" and _is_of_month(at, tokens, parts):
            part = "days"
        filling = fillings.setdefault(len(words) - 1, {})
        held = (direction_of(word) or word) if part == "directions" else word
        filling[part] = (*filling.get(part, ()), held)
    return words, dict(fillings)


def _is_of_month(at: int, tokens: Sequence[tuple[str, str]], parts: Sequence[Part | None]) -> bool:
    """Whether a figure is the day in a date: it stands before a day's name, else behind it."""
    figure = tokens[at][1]
    if not figure.isdecimal() or not 1 <= int(figure) <= MONTH_DAYS:
        return False
    if at + 1 < len(parts) and parts[at + 1] == "days":
        return True
    is_behind = at > 0 and parts[at - 1] == "days"
    return is_behind and not (at > 1 and parts[at - 2] == "figures")


def _part(written: str, word: str, small: set[str]) -> Part | None:
    if written[0].isdigit():
        return "figures"
    if _is_day(word) or written == "May":
        return "days"
    if written[0].isupper():
        return "names" if word not in small else None
    return "directions" if written[0].islower() and direction_of(word) else None


@lru_cache(maxsize=DAYS_KEPT_MAX)
def _is_day(word: str) -> bool:
    return _DAY.fullmatch(word) is not None
