"""Gazetteers: the names of countries, regions, places and currencies, as tables people can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import cast, get_args

from services.enrichment.gazetteers.names import Entry, Gazetteer, Rule

Row = Mapping[str, str]
"""One line of a table: its cells by the names in the header."""


def read() -> Gazetteer:
    """The tables of this package, read from disk: once, when the service starts.

    Raises:
        ValueError: A table has a row of the wrong width or an unknown rule; our bug.
    """
    entries = (
        *map(_country, _table("countries.tsv")),
        *map(_currency, _table("currencies.tsv")),
        *map(_place, _table("places.tsv")),
    )
    return Gazetteer(entries, tuple(_rules(_table("ambiguous.tsv"))))


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


def _country(row: Row) -> Entry:
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
    )


def _currency(row: Row) -> Entry:
    names = _cells(row["names_en"], row["names_ru"])
    return Entry("iso4217", row["code"], row["name"], "currency", names)


def _place(row: Row) -> Entry:
    is_region = row["kind"] == "region"
    return Entry(
        scheme="iso3166-2" if is_region else "geonames",
        code=row["admin"] if is_region else row["geonames"],
        name=row["name"],
        kind="region" if is_region else "place",
        names=_cells(row["names_en"], row["names_ru"]),
        country=row["country"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )


def _rules(table: Iterator[Row]) -> Iterator[tuple[str, Rule]]:
    for row in table:
        if row["rule"] not in get_args(Rule):
            msg = f"expected one of {get_args(Rule)}, got {row['rule']!r}: see ambiguous.tsv"
            raise ValueError(msg)
        yield from ((name, cast("Rule", row["rule"])) for name in _cells(row["names"]))


def _cells(*cells: str) -> tuple[str, ...]:
    return tuple(name for cell in cells for name in cell.split("|") if name)
