"""Where in a text the words stand that a search asked for, without reading its other words.

What all forms of a word begin with is looked for in the bytes of the text; the words that begin so
are read as ``places`` reads them, and so are those whose folding is not told by their bytes. What
is found is therefore the same, in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.api.search.letters import ODD, in_bytes
from services.api.search.places import PLACES_MAX, Asked, Place, in_order, runs
from shared.search.words import JOINT, WORD

ODD_EVERY: Final = 20
"""Characters: where more than one in so many is odd, reading all words is not dearer."""
_REACH: Final = 20
"""Characters of a word with its blank: how far words are looked for beside an odd one at first."""
_STEPS: Final = 3
"""How often that is doubled."""
_BLANKS: Final = " \n"
_BEGUN: Final = re.compile(rb" [^ ?]")


@dataclass(frozen=True, slots=True)
class Needles:
    """What is looked for in the bytes of texts."""

    beginnings: tuple[bytes, ...]
    """A blank, and what a word asked for begins with."""
    sequences: tuple[re.Pattern[bytes] | None, ...]
    """Of words that follow one another, where each of them is told by its bytes."""


def needles(asked: Asked) -> Needles | None:
    """What is looked for; None: there is a word of which nothing is sure to stand in a text."""
    roots = {root for token in asked.key_by_token for root in _roots(token, asked)}
    roots |= set(asked.beginnings)
    if "" in roots:
        return None
    shortest = [
        root for root in roots
        if not any(root.startswith(other) for other in roots if other != root)
    ]  # fmt: skip
    found = (_bytes(root, asked) for root in sorted(shortest))
    return Needles(
        tuple(b" " + one for one in found if ODD not in one),
        tuple(_pattern([_bytes(part, asked) for part in one]) for one in asked.sequences),
    )


def _roots(token: str, asked: Asked) -> Iterable[str]:
    """What words begin with of which a token is indexed; none: no word of the language has it."""
    if token[0].isalnum():
        return (token,)
    if token[0] != asked.inflected.mark:
        return ()
    stem = token[1:]
    return (stem.partition(JOINT)[0],) if JOINT in stem else asked.inflected.roots(stem)


def _bytes(folded: str, asked: Asked) -> bytes:
    return in_bytes(folded, asked.inflected)[1:-1]


def _pattern(parts: Sequence[bytes]) -> re.Pattern[bytes] | None:
    if any(ODD in part for part in parts):
        return None  # in a text such a word is odd, too
    return re.compile(b" " + b" +".join(map(re.escape, parts)) + b"(?= )")


def spotted(text: str, asked: Asked, sought: Needles) -> list[Place] | None:
    """What ``places.read`` finds; None: it is not cheaper here."""
    data = in_bytes(text, asked.inflected)
    if data.count(ODD) > len(text) // ODD_EVERY + 1:
        return None
    single = _single(text, data, asked, sought)
    if not asked.sequences:
        return list(islice(asked.until_all(single), PLACES_MAX))
    of_sequences = []
    for sequence, told in zip(asked.sequences, sought.sequences, strict=True):
        found = _runs(text, data, asked, sequence, told)
        if found is None:
            return None
        of_sequences.append(found)
    return in_order(single, of_sequences)


def _single(text: str, data: bytes, asked: Asked, sought: Needles) -> Iterator[Place]:
    done = 0
    for at in _candidates(data, (*sought.beginnings, ODD)):
        if at < done:
            continue  # of a word that was read
        word = _word_at(text, at, done)
        if word is None:
            done = at + 1
            continue
        done = word.end()
        if key := asked.key(word[0]):
            yield Place(word.start(), done, key)


def _candidates(data: bytes, sought: Sequence[bytes]) -> Iterator[int]:
    """Where words of a text may stand that are to be read, in order."""
    found = {one: at for one in sought if (at := data.find(one)) >= 0}
    while found:
        one = min(found, key=found.__getitem__)
        at = found[one]
        yield at - (one == ODD)  # before all others is a blank, and before the text
        if (following := data.find(one, at + 1)) >= 0:
            found[one] = following
        else:
            del found[one]


def _word_at(text: str, at: int, done: int) -> re.Match[str] | None:
    """The word that a character is of, or stands before; None: neither. None goes over ``done``."""
    if at == 0 or text[at - 1] in _BLANKS:
        return WORD.match(text, at) or WORD.match(text, at + 1)
    for word in WORD.finditer(text, max(done, text.rfind(" ", done, at) + 1)):
        if word.end() > at:
            return word if word.start() <= at + 1 else None
    return None


def _word_of(text: str, at: int, done: int) -> re.Match[str]:
    """The word that a letter is of."""
    word = _word_at(text, at, done)
    if word is None:
        raise AssertionError("a letter stands in a word")
    return word


def _runs(
    text: str, data: bytes, asked: Asked, sequence: Sequence[str], told: re.Pattern[bytes] | None
) -> Iterator[Place] | None:
    """Where words follow one another as asked; None: reading all words is not dearer."""
    spans = _beside_odd(text, data, asked, sequence)
    if spans is None:
        return None
    found = {*_told_runs(text, data, " ".join(sequence), told)} if told else set[Place]()
    for begin, end in spans:
        found.update(runs(asked.pieces(WORD.finditer(text, begin, end)), sequence))
    return iter(sorted(found))


def _told_runs(text: str, data: bytes, key: str, told: re.Pattern[bytes]) -> Iterator[Place]:
    """Runs of words that are told by their bytes."""
    first = last = None
    run = told.search(data)
    for _ in range(PLACES_MAX):
        if run is None:
            return
        begin, end = run.start(), run.end() - 2
        if first is None or begin >= first.end():
            first = _word_of(text, begin, first.end() if first else 0)
        if last is None or end >= last.end():
            last = _word_of(text, end, max(first.start(), last.end() if last else 0))
        yield Place(first.start(), last.end(), key)
        run = told.search(data, run.start() + 1)


def _beside_odd(
    text: str, data: bytes, asked: Asked, sequence: Sequence[str]
) -> list[tuple[int, int]] | None:
    """From and to where a sequence may stand with something odd; None: nearly everywhere."""
    wanted, done, read = set(sequence), 0, 0
    found = [(0, 0)]
    for at in _candidates(data, (ODD,)):
        if at < done:
            continue
        word = _word_at(text, at, done)
        done = word.end() if word else at + 1
        if word and wanted.isdisjoint(asked.known[word[0]][0].split()):
            continue
        begin, end = _around(text, data, at, len(sequence))
        if begin < found[-1][0] or end > found[-1][1]:
            found.append((begin, end))
            read += end - begin
            if read > len(text):
                return None
    return found


def _around(text: str, data: bytes, at: int, words: int) -> tuple[int, int]:
    """From and to where in a text at least so many words stand on both sides of a character."""
    begin = end = at
    for step in range(_STEPS):
        reach = _REACH * words << step
        if begin > 0 and len(_BEGUN.findall(data, begin, at)) < words:
            begin = max(0, at - reach)
        if end < len(text) and len(_BEGUN.findall(data, at + 1, end)) <= words:
            end = min(len(text), at + reach)
    if len(_BEGUN.findall(data, begin, at)) < words:
        begin = 0
    if len(_BEGUN.findall(data, at + 1, end)) <= words:
        end = len(text)
    stop = text.find(" ", end)
    return text.rfind(" ", 0, begin) + 1, stop if stop >= 0 else len(text)
