"""What is asked of the views about rates: one function per question, its SQL in it.

Only values that stand are read, and only for days of the calendar: to the pattern of an event
31 February is one, and no arithmetic takes it. SQLite puts such a day right once it counts on.

``then`` is the seq of an event: what was known by it. None: what is known by now. That the two are
one rule is kept by a property test, which folds the log up to there.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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

_IS_DAY: Final = "date(substr({0}, 1, 10), '+0 days') IS substr({0}, 1, 10)"
# Left to itself SQLite takes the table, and walks over any number of doubted values.
_STANDING: Final = (
    "SELECT r.as_of, CASE WHEN r.standing_version = r.version THEN r.document ELSE "  # noqa: S608  # our own names
    "(SELECT v.document FROM rate_version v WHERE v.series = r.series AND v.as_of = r.as_of "
    "AND v.version = r.standing_version) END FROM rate r "
    "INDEXED BY rate_standing WHERE r.series = ? "
    "AND r.standing_version IS NOT NULL AND r.as_of >= ? AND r.as_of < ? "
    f"AND {_IS_DAY.format('r.as_of')} ORDER BY r.as_of DESC"
)
# The bare column beside max() is of the same row: that is SQLite's word. The walk goes backwards
# along the index and stops where it has enough.
_KNOWN: Final = (
    "(SELECT series, as_of, standing_version, max(seq) AS seq FROM rate_version "
    "INDEXED BY rate_known WHERE series = ? AND as_of >= ? AND as_of < ? AND seq <= ? "
    "GROUP BY as_of ORDER BY as_of DESC)"
)
_STOOD: Final = (
    "SELECT k.as_of, (SELECT v.document FROM rate_version v WHERE v.series = k.series "  # noqa: S608  # our own names
    f"AND v.as_of = k.as_of AND v.version = k.standing_version) FROM {_KNOWN} k "
    f"WHERE k.standing_version IS NOT NULL AND {_IS_DAY.format('k.as_of')}"
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


def known(connection: Connection, then: int | None = None) -> list[Series]:
    """Every series, by name."""
    rows = connection.execute(
        "SELECT series FROM rate_series WHERE seq <= coalesce(?, seq) ORDER BY series LIMIT ?",
        (then, SERIES_MAX),
    )
    return [series(row[0]) for row in rows]


@lru_cache(maxsize=SERIES_MAX)
def series(name: str) -> Series:
    """A series by its name, which the events of the wire have checked."""
    source, kind, pair = name.split(":")
    base, quote = pair.split("-")
    return Series(source, cast("RateKind", kind), base, quote)


def on_or_before(
    connection: Connection, wanted: Iterable[Series], day: date, then: int | None = None
) -> list[Point]:
    """Of each series the last point for a day or before it, whatever its age."""
    return [point for one in wanted for point in last_points(connection, one, day, 1, then)]


def last_points(
    connection: Connection, one: Series, day: date, count: int, then: int | None = None
) -> list[Point]:
    """The last so many points of a series for a day or before it, latest first."""
    return [_point(row) for row in islice(_walk(connection, one, FIRST_DAY, day, then), count)]


def points(
    connection: Connection,
    wanted: Sequence[Series],
    first: date,
    last: date,
    then: int | None = None,
) -> list[Point]:
    """The latest points of all these series between two days, latest first; one more than fit.

    Each series is walked backwards as far as it is needed: as many rows are read as there are
    points, and one more for each series.
    """
    merged = _merged(connection, wanted, first, last, then)
    return [_point(row) for row in islice(merged, POINTS_MAX + 1)]


def last_documents(
    connection: Connection, wanted: Sequence[Series], count: int
) -> list[dict[str, Any]]:
    """Documents of the last values of all these series together, latest first."""
    merged = _merged(connection, wanted, FIRST_DAY, LAST_DAY, None)
    return [orjson.loads(row[1]) for row in islice(merged, count)]


def doubted(
    connection: Connection,
    wanted: Sequence[Series],
    first: date,
    last: date,
    then: int | None = None,
) -> list[Doubted]:
    """Values of these days that are doubted, at most a hundred and one: what answers left out."""
    found: list[Doubted] = []
    for one in wanted:
        left = DOUBTED_COUNTED_MAX + 1 - len(found)
        for row in _doubted(connection, between(one, first, last), left, then):
            said = orjson.loads(row[2])
            found.append(Doubted(row[0], row[1], said["value"], said["nominal"]))
    return found


def days(connection: Connection, series_name: str, then: int | None = None) -> list[date]:
    """The days of the last values of a series that stand, latest first."""
    bounds = between(series(series_name), FIRST_DAY, LAST_DAY)
    if then is None:
        rows = connection.execute(
            "SELECT substr(r.as_of, 1, 10) FROM rate r INDEXED BY rate_standing "  # noqa: S608  # our own names
            "WHERE r.series = ? AND r.standing_version IS NOT NULL AND r.as_of >= ? "
            f"AND r.as_of < ? AND {_IS_DAY.format('r.as_of')} ORDER BY r.as_of DESC LIMIT ?",
            (*bounds, AS_OFS_READ_MAX),
        )
    else:
        rows = connection.execute(
            f"SELECT substr(k.as_of, 1, 10) FROM {_KNOWN} k WHERE k.standing_version "  # noqa: S608  # our own names
            f"IS NOT NULL AND {_IS_DAY.format('k.as_of')} LIMIT ?",
            (*bounds, then, AS_OFS_READ_MAX),
        )
    return [date.fromisoformat(row[0]) for row in rows]


def _doubted(
    connection: Connection, bounds: tuple[str, str, str], count: int, then: int | None
) -> Iterator[Any]:
    if then is None:
        return connection.execute(
            "SELECT r.series, r.as_of, r.document FROM rate r WHERE r.series = ? "
            "AND r.standing_version IS NOT r.version AND r.as_of >= ? AND r.as_of < ? "
            "ORDER BY r.as_of DESC LIMIT ?",
            (*bounds, count),
        )
    return connection.execute(
        "SELECT v.series, v.as_of, v.document "  # noqa: S608  # our own names
        f"FROM {_KNOWN} k JOIN rate_version v ON v.series = k.series "
        "AND v.as_of = k.as_of AND v.seq = k.seq AND v.version IS NOT k.standing_version LIMIT ?",
        (*bounds, then, count),
    )


def _merged(
    connection: Connection, wanted: Sequence[Series], first: date, last: date, then: int | None
) -> Iterator[Any]:
    walks = [_walk(connection, one, first, last, then) for one in wanted]
    return heapq.merge(*walks, key=lambda row: row[0], reverse=True)


def _walk(
    connection: Connection, one: Series, first: date, last: date, then: int | None
) -> Iterator[Any]:
    """Rows of what stands, latest first, read as far as somebody goes on."""
    bounds = between(one, first, last)
    if then is None:
        return connection.execute(_STANDING, bounds)
    return connection.execute(_STOOD, (*bounds, then))


def between(one: Series, first: date, last: date) -> tuple[str, str, str]:
    """A series and two days as SQL takes them: from the first, before the end of the last."""
    # A tilde sorts behind the ``T`` of an instant: all of the last day is in it.
    return one.name, first.isoformat(), f"{last.isoformat()}~"


def _point(row: Sequence[Any]) -> Point:
    return read_point(orjson.loads(row[1]))


def read_point(said: Mapping[str, Any]) -> Point:
    """The point of a document of the views."""
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
