"""What differs between two versions of a text, word by word. Pure.

Paragraphs are matched first, then the words of those that differ. Work is bounded: where a text
has more to compare, whole paragraphs are told as taken out and put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal, NamedTuple

PAIRS_MAX: Final = 400_000
"""Pairs of words, or of paragraphs, that may have to be compared for one answer: 0.1 s at worst."""

ALIKE_MIN: Final = 0.4
"""Share of words from which a paragraph is one that was changed, and no other one."""

PAIRED_MAX: Final = 100
"""Pairs of paragraphs among which what belongs together is sought; more are taken in order."""
LIKENESS_COSTS: Final = 100
"""Pairs of words that one look at two paragraphs costs."""
LIKENESS_CHARS_MAX: Final = 1_000
"""Of a paragraph, from its beginning."""

_TOKEN: Final = re.compile(r"\w+|[^\w\s]|\s+")

Operation = Literal["equal", "insert", "delete"]
Field = Literal["headline", "summary", "body"]


class Piece(NamedTuple):
    """A run of text, and whether both versions have it."""

    operation: Operation
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What of an article is compared."""

    headline: str
    summary: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A text of an article that is another one now."""

    field: Field
    paragraph: int | None
    """Of the later version, from 0; of one that was taken out, where it stood."""
    pieces: tuple[Piece, ...]
    """In the order of the text; together without ``insert`` the earlier, without ``delete`` the
    later one."""


class Budget:
    """What is left to compare for an answer."""

    def __init__(self) -> None:
        self.left = PAIRS_MAX

    def takes(self, one: int, other: int) -> bool:
        """Whether so many may be compared with so many more."""
        if one * other > self.left:
            return False
        self.left -= one * other
        return True


def differences(before: Words, after: Words, budget: Budget) -> list[Difference]:
    """What is another text in the later version: headline, summary, then the body in its order."""
    found: list[Difference] = []
    plain: tuple[tuple[Field, str, str], ...] = (
        ("headline", before.headline, after.headline),
        ("summary", before.summary, after.summary),
    )
    for field, old, new in plain:
        if old != new:
            found.append(Difference(field, None, pieces(old, new, budget)))
    for paragraph, old, new in _paragraphs(before.body, after.body, budget):
        found.append(Difference("body", paragraph, pieces(old, new, budget)))
    return found


def pieces(before: str, after: str, budget: Budget) -> tuple[Piece, ...]:
    """Two texts as one row of pieces; blanks between two changed words are changed with them."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head, tail = _common(old, new)
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [Piece("equal", "".join(old[:head]))]
    if budget.takes(len(middle), len(other)):
        found += _compared(middle, other)
    else:
        found += Piece("delete", "".join(middle)), Piece("insert", "".join(other))
    found.append(Piece("equal", "".join(old[len(old) - tail :])))
    return tuple(piece for piece in found if piece.text)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    out, into = "", ""
    for operation, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[i:j]), "".join(new[k:m])
        if operation == "equal" and not (gone.isspace() and (out or into)):
            yield from (Piece("delete", out), Piece("insert", into), Piece("equal", gone))
            out = into = ""
        else:
            out, into = out + gone, into + came
    yield from (Piece("delete", out), Piece("insert", into))


def _paragraphs(
    before: Sequence[str], after: Sequence[str], budget: Budget
) -> Iterator[tuple[int, str, str]]:
    """Paragraphs that differ: where, what stood there and what stands there; one may be empty."""
    head, tail = _common(before, after)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if budget.takes(len(old), len(new)):
        codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    else:
        codes = [("replace", 0, len(old), 0, len(new))]
    for operation, i, j, k, m in codes:
        if operation != "equal":
            gone, came = old[i:j], new[k:m]
            size = len(gone) * len(came)
            if size <= PAIRED_MAX and budget.takes(LIKENESS_COSTS, size):
                pairs = _paired(gone, came)
            else:
                rows = zip_longest(gone, came, fillvalue="")
                pairs = ((number, one, other) for number, (one, other) in enumerate(rows))
            for number, one, other in pairs:
                yield head + k + number, one, other


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Paragraphs with those that they have become; one that shares too little stands alone."""
    if len(old) == len(new) == 1:
        yield 0, old[0], new[0]
        return
    likeness = [[_likeness(one, other) for other in new] for one in old] if old and new else []
    best = max((max(row) for row in likeness), default=0.0)
    if best < ALIKE_MIN:
        yield from ((0, one, "") for one in old)
        yield from ((number, "", other) for number, other in enumerate(new))
        return
    row, column = next(
        (r, c) for r, each in enumerate(likeness) for c, one in enumerate(each) if one == best
    )
    yield from _paired(old[:row], new[:column])
    yield column, old[row], new[column]
    for number, one, other in _paired(old[row + 1 :], new[column + 1 :]):
        yield column + 1 + number, one, other


def _likeness(one: str, other: str) -> float:
    """Share of the words of the shorter text that the other has."""
    words, others = (set(text[:LIKENESS_CHARS_MAX].split()) for text in (one, other))
    return len(words & others) / (min(len(words), len(others)) or 1)


def _common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many stand at the beginning of both, and how many of the rest at the end of both."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    left = shorter - head
    tail = next((n for n in range(left) if old[-1 - n] != new[-1 - n]), left)
    return head, tail
