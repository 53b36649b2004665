"""Where the names of a gazetteer stand in a text: whole words, their endings, the longest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.enrichment.gazetteers.names import APOSTROPHES, Entry, Matcher, Sense, Spelling


class Hit(NamedTuple):
    """One spelling in a text; offsets count code points and take its ending in."""

    start: int
    end: int
    spelling: Spelling
    name: str
    """The spelling without its ending."""
    candidates: tuple[tuple[Entry, Sense], ...]
    """Of every spelling that ends with the same word: Астану is a town and, quoted, a club."""


def hits(texts: Sequence[str], found_by: Matcher) -> list[list[Hit]]:
    """The names in each text: whole words only, leftmost and longest.

    Chosen among all overlapping matches: the automaton's own leftmost-longest mode knows no word
    boundaries, and a longest match that ends inside a word would hide the shorter name in it. No
    name has the end of a line in it, so that all texts are searched at once.
    """
    by_text: list[list[Hit]] = [[] for _ in texts]
    number = begin = 0
    for hit in _chosen("\n".join(texts), found_by):
        while hit.start > begin + len(texts[number]):
            begin += len(texts[number]) + 1
            number += 1
        by_text[number].append(
            hit._replace(start=hit.start - begin, end=hit.end - begin) if begin else hit
        )
    return by_text


def _chosen(text: str, found_by: Matcher) -> list[Hit]:
    found: list[tuple[int, int, int, int]] = []
    spellings = found_by.spellings
    for number, start, stop in found_by.automaton.find_matches_as_indexes(text, overlapping=True):
        if start and not _may_start(text, start):
            continue
        end = _end(text, stop, spellings[number].endings)
        if end:
            found.append((start, -end, -stop, number))
    if not found:
        return []
    chosen: list[Hit] = []
    last = 0
    for start, minus_end, _, number in sorted(found):
        spelling = spellings[number]
        if start >= last:
            last = -minus_end
            name = found_by.patterns[number]
            chosen.append(Hit(start, last, spelling, name, spelling.candidates))
        elif spelling.candidates and (start, -minus_end) == (chosen[-1].start, last):
            chosen[-1] = _joined(chosen[-1], spelling)
    ends = {hit.end for hit in chosen}
    return [hit for hit in chosen if not _is_tail_of_name(text, hit.start, ends)]


def _joined(hit: Hit, other: Spelling) -> Hit:
    if not hit.candidates:
        return hit  # a name that is never one stays so
    known = {entry.code for entry, _ in hit.candidates}
    more = tuple(one for one in other.candidates if one[0].code not in known)
    return hit._replace(candidates=hit.candidates + more)


def _may_start(text: str, start: int) -> bool:
    """Astana’s holds Astana; Kazakhstani does not hold Kazakhstan, nor d’Oman Oman."""
    before = text[start - 1]
    if before.isalnum():
        return False
    return not (start > 1 and before in APOSTROPHES and text[start - 2].isalnum())


_AFTER = re.compile(rf"(?!\w)(?:[{APOSTROPHES}](?:[sS]\b|(?!\w))|(?![{APOSTROPHES}]))")
_ENDING = re.compile(rf"-?[\w{APOSTROPHES}]{{1,12}}+(?!\w)")
"""Twelve letters: longer than any ending."""


def _end(text: str, stop: int, endings: frozenset[str]) -> int:
    """Where the word ends that a name begins; 0 where it is another word."""
    if stop == len(text) or text[stop] in " ,.\n":
        return stop
    if endings:
        tail = _ENDING.match(text, stop)
        if tail is not None and _is_ending(tail[0], endings):
            return tail.end()
    return stop if _AFTER.match(text, stop) else 0


def _is_ending(tail: str, endings: frozenset[str]) -> bool:
    """Also after a hyphen, as after an acronym, and in capitals as in a dateline."""
    ending = tail.removeprefix("-")
    return ending in endings or (ending.isupper() and ending.lower() in endings)


_PREFIX = re.compile(r"Anti|Pro|Non|Post|Ex|Pan|Trans|Sino|Mid|Анти|Про|Не|Пост|Экс")
_HYPHENED = re.compile(r"(\w+)-$")


def _is_tail_of_name(text: str, start: int, ends: set[int]) -> bool:
    """Whether a hyphen ties it to a name: S-Agro-Almaty, but not Kyrgyz-Kazakh or pro-Russian."""
    if not start or text[start - 1] != "-" or start - 1 in ends:
        return False
    tied = _HYPHENED.search(text, max(0, start - 40), start)
    return tied is not None and tied[1][0].isupper() and not _PREFIX.fullmatch(tied[1])
