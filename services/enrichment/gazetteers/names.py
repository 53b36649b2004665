"""The gazetteer as values, and where its names stand in a text: an automaton with word boundaries.

Pure: the tables come as arguments. What a name *means* where it stands is decided in steps.places.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from ahocorasick_rs import AhoCorasick

Rule = Literal["person", "word", "amount", "never", "code"]
"""What a name asks of its surroundings (ambiguous.tsv); ``code`` is a currency's code."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A country, region, place or currency and every spelling it is matched by."""

    scheme: Literal["iso3166", "iso3166-2", "geonames", "iso4217"]
    code: str
    name: str
    kind: Literal["country", "region", "place", "currency"]
    names: tuple[str, ...]
    """Matched as written, besides ``name``."""
    adjectives: tuple[str, ...] = ()
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Entries, and the rule of every name that means something else as well."""

    entries: tuple[Entry, ...]
    rules: tuple[tuple[str, Rule], ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name in one spelling: what it may stand for, and what it asks of its surroundings."""

    entries: tuple[Entry, ...]
    """Empty for a name that is never a place; a region and a place may share one."""
    rule: Rule | None
    is_adjective: bool

    @property
    def is_place_name(self) -> bool:
        """Whether it names a spot on the map, as neither an adjective nor a currency does."""
        return not self.is_adjective and any(e.kind != "currency" for e in self.entries)


@dataclass(frozen=True, slots=True)
class Hit:
    """One spelling in a text; offsets count code points."""

    start: int
    end: int
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class Matcher:
    """The automaton and what each of its patterns stands for, by index."""

    automaton: AhoCorasick
    spellings: tuple[Spelling, ...]


@dataclass(slots=True)
class _Draft:
    """A spelling while the table is being filled."""

    entries: list[Entry] = field(default_factory=list)
    rule: Rule | None = None
    is_adjective: bool = False


def matcher(gazetteer: Gazetteer) -> Matcher:
    """The automaton over every spelling of a gazetteer; built once, used for every article."""
    rules = dict(gazetteer.rules)
    table: defaultdict[str, _Draft] = defaultdict(_Draft)
    for name, rule in rules.items():
        if rule == "never":
            table[name].rule = rule
    for entry in gazetteer.entries:
        for name in (entry.name, *entry.names):
            _enter(table, entry, name, rules.get(name))
        for adjective in entry.adjectives:
            _enter(table, entry, adjective, rules.get(adjective), is_adjective=True)
        if entry.kind == "currency":
            _add(table[entry.code], entry, "code")
    spellings = (Spelling(tuple(d.entries), d.rule, d.is_adjective) for d in table.values())
    return Matcher(AhoCorasick(list(table)), tuple(spellings))


def hits(text: str, found_by: Matcher) -> tuple[Hit, ...]:
    """Whole words only, leftmost and longest.

    Chosen among all overlapping matches: the automaton's own leftmost-longest mode knows no word
    boundaries, and a longest match that ends inside a word would hide the shorter name in it.
    """
    found = found_by.automaton.find_matches_as_indexes(text, overlapping=True)
    whole = [(start, -end, n) for n, start, end in found if _is_whole_word(text, start, end)]
    chosen: list[Hit] = []
    for start, minus_end, number in sorted(whole):
        if not chosen or start >= chosen[-1].end:
            chosen.append(Hit(start, -minus_end, found_by.spellings[number]))
    ends = {hit.end for hit in chosen}
    return tuple(hit for hit in chosen if not _is_tail_of_name(text, hit.start, ends))


def _enter(
    table: defaultdict[str, _Draft],
    entry: Entry,
    text: str,
    rule: Rule | None,
    *,
    is_adjective: bool = False,
) -> None:
    for variant in _variants(text, may_shout=rule is None and entry.kind != "currency"):
        _add(table[variant], entry, rule, is_adjective=is_adjective)


def _add(draft: _Draft, entry: Entry, rule: Rule | None, *, is_adjective: bool = False) -> None:
    if draft.rule != "never" and rule != "never" and entry not in draft.entries:
        draft.rule, draft.is_adjective = rule, is_adjective
        draft.entries.append(entry)


_APOSTROPHES = "'’‘ʻ"
_SHOUT_MIN = 4
"""Letters a name needs to be matched in capitals, as in a dateline: ALMATY, but not OSH rules."""


def _variants(text: str, *, may_shout: bool) -> set[str]:
    """The text, with a capital, in capitals, and with every apostrophe in use."""
    cased = {text, text[0].upper() + text[1:]}
    if may_shout and len(text) >= _SHOUT_MIN:
        cased.add(text.upper())
    if not any(mark in text for mark in _APOSTROPHES):
        return cased
    return {re.sub(f"[{_APOSTROPHES}]", mark, form) for form in cased for mark in _APOSTROPHES}


_AFTER = re.compile(rf"(?!\w)(?:[{_APOSTROPHES}](?:[sS]\b|(?!\w))|(?![{_APOSTROPHES}]))")


def _is_whole_word(text: str, start: int, end: int) -> bool:
    """Astana’s holds Astana; Kazakhstani does not hold Kazakhstan, nor d’Oman Oman."""
    if start and text[start - 1].isalnum():
        return False
    if start > 1 and text[start - 1] in _APOSTROPHES and text[start - 2].isalnum():
        return False
    return _AFTER.match(text, end) is not None


_PREFIX = re.compile(r"Anti|Pro|Non|Post|Ex|Pan|Trans|Sino|Mid|Анти|Про|Не|Пост|Экс")
_HYPHENED = re.compile(r"(\w+)-$")


def _is_tail_of_name(text: str, start: int, ends: set[int]) -> bool:
    """Whether a hyphen ties it to a name: S-Agro-Almaty, but not Kyrgyz-Kazakh or pro-Russian."""
    if not start or text[start - 1] != "-" or start - 1 in ends:
        return False
    tied = _HYPHENED.search(text, max(0, start - 40), start)
    return tied is not None and tied[1][0].isupper() and not _PREFIX.fullmatch(tied[1])
