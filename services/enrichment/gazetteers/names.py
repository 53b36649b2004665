"""The gazetteer as values, and the automaton over every spelling of its names.

Pure: the tables come as arguments. Where names stand in a text is found in matching; what a name
*means* where it stands is decided in steps.names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ahocorasick_rs import AhoCorasick

from services.enrichment.gazetteers.context import Context

Rule: TypeAlias = Literal["person", "given", "word", "amount", "never", "code", "commodity"]
"""What a name asks of its surroundings (ambiguous.tsv); ``code`` is a currency's code."""

Scheme: TypeAlias = Literal[
    "iso3166", "iso3166-2", "geonames", "iso4217", "person", "organisation", "commodity"
]
Kind: TypeAlias = Literal[
    "country", "region", "place", "currency", "person", "organisation", "commodity"
]
Sense: TypeAlias = Literal["name", "adjective", "surname", "part", "worn"]
"""How a spelling stands for an entry. A surname counts only after the full name; a part is the
adjective of a region, which counts in a list of them; a worn name counts in quotation marks."""

PLACE_KINDS: frozenset[Kind] = frozenset({"country", "region", "place"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Whatever a tag may name, and every spelling it is matched by."""

    scheme: Scheme
    code: str
    name: str
    kind: Kind
    names: tuple[str, ...]
    """Matched as written, besides ``name``: English names, Russian ones form by form."""
    adjectives: tuple[str, ...] = ()
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    native: tuple[tuple[str, str], ...] = ()
    """Language and name, of languages whose endings a name may carry (suffixes.tsv)."""
    native_adjectives: tuple[tuple[str, str], ...] = ()
    admin: str | None = None
    """First-order division in GeoNames: of a place where it lies, of a region its own."""
    population: int = 0
    asks: Rule | None = None
    """The rule of all its names, whatever else bears them."""
    is_minor: bool = False
    """A town of the wide world: unlike those of the desk's region it must be likely."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Entries, the rule of every name that means something else as well, and what decides."""

    entries: tuple[Entry, ...]
    rules: tuple[tuple[str, Rule], ...]
    suffixes: tuple[tuple[str, str], ...] = ()
    """Language and ending."""
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name in one spelling: what it may stand for, and what it asks of its surroundings."""

    candidates: tuple[tuple[Entry, Sense], ...]
    """Empty for a name that is never one; several where bearers share it."""
    rule: Rule | None
    endings: frozenset[str]
    """What may follow it within the word."""
    is_place_name: bool
    """Whether it names a spot on the map, as neither an adjective nor a currency does."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """The automaton and what each of its patterns stands for, by index."""

    automaton: AhoCorasick
    patterns: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    context: Context


@dataclass(slots=True)
class _Draft:
    """A spelling while the table is being filled."""

    candidates: dict[tuple[str, str], tuple[Entry, Sense]] = field(default_factory=dict)
    rule: Rule | None = None
    languages: set[str] = field(default_factory=set)


Table: TypeAlias = defaultdict[str, _Draft]


def matcher(gazetteer: Gazetteer) -> Matcher:
    """The automaton over every spelling of a gazetteer; built once, used for every article."""
    rules = dict(gazetteer.rules)
    table: Table = defaultdict(_Draft)
    for name, rule in rules.items():
        if rule == "never":
            table[name].rule = rule
    for entry in gazetteer.entries:
        for name, sense, languages in _spelt(entry, gazetteer.context):
            rule_of = rules.get(name)
            for variant in _variants(name, entry.kind, may_shout=_may_shout(entry, rule_of)):
                _add(table[variant], entry, sense, rule_of, languages)
        if entry.kind == "currency":
            _add(table[entry.code], entry, "name", "code", ())
    declined = ((QUOTED, ending) for ending in gazetteer.context.of("declension", "itself"))
    endings = _Endings((*gazetteer.suffixes, *declined))
    spellings = tuple(_finished(draft, endings) for draft in table.values())
    return Matcher(AhoCorasick(list(table)), tuple(table), spellings, gazetteer.context)


FOREIGN_STEM_MIN = 4
"""Letters of a Russian name that takes the endings of the languages around it: Парижде."""
_SURNAME_MIN = 3
_NEIGHBOURS = ("kk", "ky", "uz_cyrl", "tg")
"""Languages that write a foreign town as Russian does."""


def _spelt(entry: Entry, context: Context) -> Iterator[tuple[str, Sense, tuple[str, ...]]]:
    """Every name of an entry, how it stands for it, and whose endings it may carry."""
    first_russian = next((name for name in entry.names if _is_cyrillic(name)), None)
    takes_all = entry.kind in PLACE_KINDS and len(first_russian or "") >= FOREIGN_STEM_MIN
    for name in (entry.name, *entry.names):
        yield name, "name", _NEIGHBOURS if takes_all and name == first_russian else ()
    for language, name in entry.native:
        yield name, "name", (language,)
        if entry.kind in {"region", "place"}:
            yield _without_noun(name, context)[0], "name", (language,)
    for adjective in entry.adjectives:
        yield adjective, "adjective", ()
    for language, adjective in entry.native_adjectives:
        yield adjective, "adjective", (language,)
    for language, name in (*(("", n) for n in (entry.name, *entry.names)), *entry.native):
        for derived, sense in _derived(entry, name, context):
            own = (language,) if language else ()
            yield derived, sense, (*own, QUOTED) if sense == "worn" else own


QUOTED = "quoted"
"""The language, so to say, of Russian endings of a quoted name (context.tsv, declension)."""
_IN_QUOTES = re.compile(r"([^«»]*)«([^«»]+)»([^«»]*)")


def _derived(entry: Entry, name: str, context: Context) -> Iterator[tuple[str, Sense]]:
    """What a person, a region or a club is called for short."""
    if entry.kind == "person":
        surname = surname_of(name, entry.country, context)
        if surname is not None:
            yield surname, "surname"
    elif entry.kind == "region" and _is_cyrillic(name):
        adjective, _, noun = name.rpartition(" ")
        if adjective and noun in context.of("region", "before"):
            yield adjective, "part"
    elif entry.kind == "organisation":
        quoted = _IN_QUOTES.fullmatch(name)
        words = context.of("club", "before")
        if quoted and {*quoted[1].lower().split(), *quoted[3].lower().split()} & words:
            yield quoted[2], "worn"
            if quoted[2][-1] in "ая":
                yield quoted[2][:-1], "worn"


def _without_noun(name: str, context: Context) -> tuple[str, str]:
    """A name and the word region or town in it: Ысык-Көл облусу, вилояти Хатлон, Mary şäheri."""
    bare, _, noun = name.rpartition(" ")
    if bare and noun in context.of("region", "after") | context.of("town", "after"):
        return bare, noun
    noun, _, bare = name.partition(" ")
    if bare and noun in context.of("region", "before") | context.of("town", "before"):
        return bare, noun
    return name, ""


def surname_of(name: str, country: str | None, context: Context) -> str | None:
    """What a person is called the second time; None: the name has no such part."""
    words = name.split()
    if len(words) < 2 or words[-1].lower() in context.of("particle", "itself"):
        return None
    if country in context.of("surname-first", "itself"):
        return words[0]
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in context.of("particle", "before"):
        start -= 1
    surname = " ".join(words[start:])
    return surname if len(surname) >= _SURNAME_MIN and surname[:1].isalpha() else None


def _is_cyrillic(name: str) -> bool:
    return "А" <= name[0] <= "я" or name[0] == "Ё"


def _may_shout(entry: Entry, rule: Rule | None) -> bool:
    return rule is None and entry.kind not in {"currency", "commodity"}


def _add(
    draft: _Draft, entry: Entry, sense: Sense, rule: Rule | None, languages: tuple[str, ...]
) -> None:
    if draft.rule == "never" or rule == "never":
        return
    if rule is not None or (sense == "name" and not draft.candidates):
        draft.rule = rule
    draft.languages.update(languages)
    draft.candidates.setdefault((entry.scheme, entry.code), (entry, sense))


class _Endings:
    """The endings of a set of languages: one set for all spellings that have the same."""

    def __init__(self, suffixes: tuple[tuple[str, str], ...]) -> None:
        by_language: defaultdict[str, set[str]] = defaultdict(set)
        for language, suffix in suffixes:
            by_language[language].add(suffix)
        self._by_language = by_language
        self._made: dict[frozenset[str], frozenset[str]] = {}

    def of(self, languages: frozenset[str]) -> frozenset[str]:
        """Of all of them together."""
        if languages not in self._made:
            sets = [self._by_language.get(language, set()) for language in languages]
            self._made[languages] = frozenset[str]().union(*sets)
        return self._made[languages]


def _finished(draft: _Draft, endings: _Endings) -> Spelling:
    candidates = tuple(draft.candidates.values())
    names_spot = any(e.kind in PLACE_KINDS and s in {"name", "part"} for e, s in candidates)
    takes = endings.of(frozenset(draft.languages)) if draft.languages else frozenset[str]()
    return Spelling(candidates, draft.rule, takes, names_spot)


APOSTROPHES = "'’‘ʻ"
_MARKS = [str.maketrans(dict.fromkeys(APOSTROPHES, mark)) for mark in APOSTROPHES]
_SHOUT_MIN = 4
"""Letters a name needs to be matched in capitals, as in a dateline: ALMATY, but not OSH rules."""


def _variants(text: str, kind: Kind, *, may_shout: bool) -> set[str]:
    """The text, with a capital, in capitals, and with every apostrophe in use."""
    cased = {text, text[0].upper() + text[1:]}
    if kind == "organisation" and " " in text:
        cased.add(" ".join(word[:1].upper() + word[1:] for word in text.split(" ")))
    if may_shout and len(text) >= _SHOUT_MIN:
        cased.add(text.upper())
    if not any(mark in text for mark in APOSTROPHES):
        return cased
    return {form.translate(marks) for form in cased for marks in _MARKS}
