"""Gazetteers: the names that articles are tagged with, and how they match, as tables to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Literal, TypeAlias, cast, get_args

from services.enrichment.gazetteers.context import Context, Evidence, Position, WordRule
from services.enrichment.gazetteers.languages import Marks
from services.enrichment.gazetteers.names import Entry, Gazetteer, Rule, Scheme

Row = Mapping[str, str]
"""One line of a table: its cells by the names in the header."""

NATIVE = ("kk", "ky", "uz", "uz_cyrl", "tg", "tk")
"""Languages whose names take endings, as columns call them."""


def read() -> Gazetteer:
    """The tables of this package, read from disk: once, when the service starts.

    Raises:
        ValueError: A table has a row of the wrong width or an unknown rule; our bug.
    """
    generic = _generic()
    others = {(row["scheme"], row["code"]): row for row in _table("names_other.tsv")}
    peoples = {row["code"]: row for row in _table("adjectives.tsv")}
    entries = (
        *(
            _country(row, others.get(("iso3166", row["code"])), peoples.get(row["code"]))
            for row in _table("countries.tsv")
        ),
        *(_currency(row, others.get(("iso4217", row["code"]))) for row in _table("currencies.tsv")),
        *(_place(row, others) for row in _table("places.tsv")),
        *(_region(row, row["code"]) for row in _table("regions.tsv")),
        *map(_minor_town, _table("cities.tsv")),
        *map(_minor_town, _table("towns.tsv")),
        *(_bearer(row, "person", generic) for row in _table("people.tsv")),
        *(_bearer(row, "organisation", generic) for row in _table("organisations.tsv")),
        *(_bearer(row, "commodity", generic) for row in _table("commodities.tsv")),
    )
    suffixes = tuple((row["language"], row["suffix"]) for row in _table("suffixes.tsv"))
    return Gazetteer(entries, tuple(_rules(_table("ambiguous.tsv"))), suffixes, _context())


def marks() -> Marks:
    """What tells languages apart, from languages.tsv."""
    table = list(_table("languages.tsv"))
    words: defaultdict[str, set[str]] = defaultdict(set)
    for row in table:
        words[row["language"]].update(_cells(row["words"]))
    return Marks(
        letters={(row["language"], row["script"]): frozenset(row["letters"]) for row in table},
        words={language: frozenset(own) for language, own in words.items()},
    )


def rows(text: str) -> Iterator[Row]:
    """The rows of a table: tab-separated, a header first, ``#`` before a comment.

    Raises:
        ValueError: A row has more or fewer cells than the header.
    """
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    header = next(lines).split("\t")
    for line in lines:
        yield dict(zip(header, line.split("\t"), strict=True))


def _table(name: str) -> Iterator[Row]:
    return rows(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _country(row: Row, other: Row | None, people: Row | None) -> Entry:
    return Entry(
        scheme="iso3166",
        code=row["code"],
        name=row["name"],
        kind="country",
        names=_cells(row["names_en"], row["names_ru"]),
        adjectives=_cells(row["adjectives"]),
        country=row["code"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        native=_native(other, "names"),
        native_adjectives=_native(people, "adjectives"),
    )


def _currency(row: Row, other: Row | None) -> Entry:
    names = _cells(row["names_en"], row["names_ru"])
    native = _native(other, "names")
    return Entry("iso4217", row["code"], row["name"], "currency", names, native=native)


def _place(row: Row, others: Mapping[tuple[str, str], Row]) -> Entry:
    is_region = row["kind"] == "region"
    one = _region(row, row["admin"]) if is_region else _town(row)
    native = _native(others.get((one.scheme, one.code)), "names")
    return replace(one, native=native, admin=None if is_region else one.admin)


def _minor_town(row: Row) -> Entry:
    return replace(_town(row), is_minor=True)


def _region(row: Row, code: str) -> Entry:
    return _located(row, "iso3166-2", code, "region")


def _town(row: Row) -> Entry:
    return _located(row, "geonames", row["geonames"], "place")


def _located(row: Row, scheme: Scheme, code: str, kind: Literal["region", "place"]) -> Entry:
    return Entry(
        scheme=scheme,
        code=code,
        name=row["name"],
        kind=kind,
        names=_cells(row["names_en"], row["names_ru"]),
        country=row["country"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        admin=row["admin"],
        population=int(row.get("population") or 0),
    )


Generic: TypeAlias = Mapping[str, list[tuple[str, str]]]
"""Language and name by the code of a body, from generic.tsv."""


def _generic() -> Generic:
    names: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _table("generic.tsv"):
        for code in _cells(row["codes"]):
            names[code].extend((row["language"], name) for name in _cells(row["names"]))
    return names


def _bearer(
    row: Row, kind: Literal["person", "organisation", "commodity"], generic: Generic
) -> Entry:
    more = generic.get(row["code"], []) if kind == "organisation" else []
    return Entry(
        scheme=kind,
        code=row["code"],
        name=row["name"],
        kind=kind,
        names=(
            *_cells(row["names_en"], row["names_ru"]),
            *(name for language, name in more if language not in NATIVE),
        ),
        country=row.get("country") or None,
        native=(*_native(row, "names"), *(one for one in more if one[0] in NATIVE)),
        asks=cast("Rule | None", row.get("rule") or None),
    )


def _native(row: Row | None, prefix: str) -> tuple[tuple[str, str], ...]:
    """Language and name of every cell in a language with endings."""
    if row is None:
        return ()
    cells = ((language, row.get(f"{prefix}_{language}", "")) for language in NATIVE)
    return tuple((language, name) for language, cell in cells for name in _cells(cell))


def _rules(table: Iterator[Row]) -> Iterator[tuple[str, Rule]]:
    for row in table:
        if row["rule"] not in get_args(Rule):
            msg = f"expected one of {get_args(Rule)}, got {row['rule']!r}: see ambiguous.tsv"
            raise ValueError(msg)
        yield from ((name, cast("Rule", row["rule"])) for name in _cells(row["names"]))


def _context() -> Context:
    words: defaultdict[tuple[WordRule, Position], set[str]] = defaultdict(set)
    home: dict[str, str] = {}
    for row in _table("context.tsv"):
        if row["rule"] not in get_args(WordRule) or row["position"] not in get_args(Position):
            msg = f"expected a rule and a position of context.py, got {dict(row)}: see context.tsv"
            raise ValueError(msg)
        rule, position = cast("WordRule", row["rule"]), cast("Position", row["position"])
        if rule == "home" and row["language"] != "hosts":
            home[row["language"]] = row["words"]
        else:
            words[rule, position].update(row["words"].split("|"))
    points = {cast("Evidence", row["evidence"]): float(row["points"]) for row in _points()}
    first_names = frozenset(n for row in _table("first_names.tsv") for n in _first_names(row))
    return Context(
        words={key: frozenset(value) for key, value in words.items()},
        home_by_language=home,
        first_names=first_names,
        points=points,
    )


def _points() -> Iterator[Row]:
    for row in _table("points.tsv"):
        if row["evidence"] not in get_args(Evidence):
            raise ValueError(f"expected one of {get_args(Evidence)}, got {dict(row)}: points.tsv")
        yield row


def _first_names(row: Row) -> Iterator[str]:
    yield from _cells(row["name"], row["forms"])


def _cells(*cells: str) -> tuple[str, ...]:
    return tuple(name for cell in cells for name in cell.split("|") if name)
