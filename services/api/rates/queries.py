"""What is asked of the views about rates: one function per question, its SQL in it.

Only values that stand are read, and only for days of the calendar: to the pattern of an event
31 February is one, and no arithmetic takes it. SQLite puts such a day right once it counts on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final, cast

import orjson

from services.api.rates.points import Point
from services.api.rates.rhythm import AS_OFS_READ_MAX
from shared.news import RateKind
from shared.views import Connection

SERIES_MAX: Final = 5_000
"""Series that one request walks over: seventy banks with seventy currencies each. Further ones, in
the order of their names, are not answered."""
POINTS_MAX: Final = 5_000
"""Of one answer: twenty years of one daily series, 30 ms of reading."""
DOUBTED_SHOWN_MAX: Final = 20
"""Doubted values named in one answer; the last member counts up to a hundred."""
DOUBTED_COUNTED_MAX: Final = 100
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
"""Days that rates are read for; a year more or less still is one in every calendar."""

# Left to itself SQLite takes the table, and walks over any number of doubted values.
_STANDING: Final = (
    "SELECT r.as_of, CASE WHEN r.standing_version = r.version THEN r.document ELSE "
    "(SELECT v.document FROM rate_version v WHERE v.series = r.series AND v.as_of = r.as_of "
    "AND v.version = r.standing_version) END FROM rate r "
    "INDEXED BY rate_standing WHERE r.series = ? "
    "AND r.standing_version IS NOT NULL AND r.as_of >= ? AND r.as_of < ? "
    "AND date(substr(r.as_of, 1, 10), '+0 days') IS substr(r.as_of, 1, 10) ORDER BY r.as_of DESC"
)


@dataclass(frozen=True, slots=True)
class Series:
    """A series that the views hold."""

    source: str
    kind: RateKind
    base: str
    quote: str

    @property
    def name(self) -> str:
        """``source:kind:BASE-QUOTE``."""
        return f"{self.source}:{self.kind}:{self.pair}"

    @property
    def pair(self) -> str:
        """``BASE-QUOTE``."""
        return f"{self.base}-{self.quote}"


@dataclass(frozen=True, slots=True)
class Doubted:
    """A value that is not plausible, and so not part of an answer."""

    series: str
    as_of: str
    value: str
    nominal: int


def known(connection: Connection) -> list[Series]:
    """Every series, by name. The recursion seeks from series to series; history is not read."""
    rows = connection.execute(
        "WITH RECURSIVE known (series) AS (SELECT min(series) FROM rate UNION ALL "
        "SELECT (SELECT min(r.series) FROM rate r WHERE r.series > known.series) FROM known "
        "WHERE known.series IS NOT NULL) "
        "SELECT series FROM known WHERE series IS NOT NULL LIMIT ?",
        (SERIES_MAX,),
    )
    return [series(row[0]) for row in rows]


def series(name: str) -> Series:
    """A series by its name, which the events of the wire have checked."""
    source, kind, pair = name.split(":")
    base, quote = pair.split("-")
    return Series(source, cast("RateKind", kind), base, quote)


def on_or_before(connection: Connection, wanted: Iterable[Series], day: date) -> list[Point]:
    """Of each series the last point for a day or before it, whatever its age."""
    found = []
    for one in wanted:
        row = connection.execute(f"{_STANDING} LIMIT 1", _between(one, FIRST_DAY, day)).fetchone()
        if row:
            found.append(_point(row))
    return found


def points(
    connection: Connection, wanted: Sequence[Series], first: date, last: date
) -> list[Point]:
    """The latest points of all these series between two days, latest first; one more than fit.

    Each series is walked backwards as far as it is needed: as many rows are read as there are
    points, and one more for each series.
    """
    walks = [_walk(connection, one, first, last) for one in wanted]
    merged = heapq.merge(*walks, key=lambda row: row[0], reverse=True)
    return [_point(row) for row in islice(merged, POINTS_MAX + 1)]


def doubted(
    connection: Connection, wanted: Sequence[Series], first: date, last: date
) -> list[Doubted]:
    """Values of these days that are doubted, at most a hundred and one: what answers left out."""
    found: list[Doubted] = []
    for one in wanted:
        rows = connection.execute(
            "SELECT r.series, r.as_of, r.document FROM rate r WHERE r.series = ? "
            "AND r.standing_version IS NOT r.version AND r.as_of >= ? AND r.as_of < ? "
            "ORDER BY r.as_of DESC LIMIT ?",
            (*_between(one, first, last), DOUBTED_COUNTED_MAX + 1 - len(found)),
        )
        for row in rows:
            said = orjson.loads(row[2])
            found.append(Doubted(row[0], row[1], said["value"], said["nominal"]))
    return found


def days(connection: Connection, series_name: str) -> list[date]:
    """The days of the last values of a series that stand, latest first."""
    rows = connection.execute(
        "SELECT substr(r.as_of, 1, 10) FROM rate r INDEXED BY rate_standing WHERE r.series = ? "
        "AND r.standing_version IS NOT NULL AND r.as_of >= ? AND r.as_of < ? "
        "AND date(substr(r.as_of, 1, 10), '+0 days') IS substr(r.as_of, 1, 10) "
        "ORDER BY r.as_of DESC LIMIT ?",
        (*_between(series(series_name), FIRST_DAY, LAST_DAY), AS_OFS_READ_MAX),
    )
    return [date.fromisoformat(row[0]) for row in rows]


def _walk(connection: Connection, one: Series, first: date, last: date) -> Iterator[Any]:
    return iter(connection.execute(_STANDING, _between(one, first, last)))


def _between(one: Series, first: date, last: date) -> tuple[str, str, str]:
    # A tilde sorts behind the ``T`` of an instant: all of the last day is in it.
    return one.name, first.isoformat(), f"{last.isoformat()}~"


def _point(row: Sequence[Any]) -> Point:
    said = orjson.loads(row[1])
    return Point(
        source=said["source"],
        kind=said["kind"],
        base=said["base"],
        quote=said["quote"],
        as_of=said["as_of"],
        value=said["value"],
        nominal=said["nominal"],
        credit=said.get("credit"),
    )
