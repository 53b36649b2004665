"""The latest rate of each series, and the one that is chosen for a pair: what the ticker shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import orjson

from services.api import assembled
from services.api.rates import queries
from services.api.rates.crossing import KINDS, price
from services.api.rates.points import Point
from services.api.rates.queries import FIRST_DAY, LAST_DAY, Series
from services.api.rates.rhythm import AS_OFS_READ_MAX, Rhythm, rhythm
from shared.views import Connection

# Read as text, 700 series in one statement: 6 ms. That a day is of the calendar is looked at below.
_LATEST: Final = """
SELECT s.series, r.document, r.standing_version IS r.version,
  (SELECT group_concat(day) FROM
    (SELECT substr(l.as_of, 1, 10) AS day FROM rate l INDEXED BY rate_standing
     WHERE l.series = s.series AND l.standing_version IS NOT NULL ORDER BY l.as_of DESC LIMIT ?))
FROM (SELECT value AS series FROM json_each(?)) s CROSS JOIN rate r ON r.series = s.series
  AND r.as_of = (SELECT m.as_of FROM rate m WHERE m.series = s.series ORDER BY m.as_of DESC LIMIT 1)
"""
_STANDS: Final = """
SELECT v.document FROM rate r JOIN rate_version v ON v.series = r.series
  AND v.as_of = r.as_of AND v.version = r.standing_version
WHERE r.series = ? AND r.standing_version IS NOT NULL ORDER BY r.as_of DESC LIMIT 1
"""
_LAST_KNOWN: Final = """
SELECT v.document, v.standing_version IS v.version FROM rate_version v INDEXED BY rate_known
WHERE v.series = ? AND v.seq <= ? ORDER BY v.as_of DESC, v.seq DESC LIMIT 1
"""
_STOOD: Final = """
SELECT (SELECT v.document FROM rate_version v WHERE v.series = k.series AND v.as_of = k.as_of
        AND v.version = k.standing_version)
FROM (SELECT series, as_of, standing_version, max(seq) FROM rate_version INDEXED BY rate_known
      WHERE series = ? AND seq <= ? GROUP BY as_of ORDER BY as_of DESC) k
WHERE k.standing_version IS NOT NULL LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LatestRate:
    """What is shown of a series."""

    one: Series
    document: str
    """Of the rate that stands; where none does, of one that is doubted."""
    stands: bool
    """False: it is doubted, and there is no other."""
    doubted: str | None
    """Document of a later rate, or of a later value for the same ``as_of``, that is doubted."""
    days: str
    """Of its last values that stand, joined by commas; empty: none does."""

    def rhythm(self, today: date) -> Rhythm | None:
        """How old it is, by what is usual for it; None: none of its values stands."""
        return _rhythm(self.days, today)

    def json(self) -> bytes:
        """The stored document; of a rate that stands with what is doubted."""
        if not self.stands:
            return self.document.encode()
        doubted = orjson.Fragment(self.doubted) if self.doubted else None
        return assembled.with_members(self.document.encode(), {"doubted": doubted})

    def read(self) -> dict[str, Any]:
        """The same, read."""
        said: dict[str, Any] = orjson.loads(self.json())
        return said


def latest(
    connection: Connection, wanted: Sequence[Series], then: int | None = None
) -> list[LatestRate]:
    """What is latest of each of these series; of one that nobody had quoted by then, nothing."""
    if then is not None:
        found = (_at(connection, one, then) for one in wanted)
        return [one for one in found if one]
    names = orjson.dumps([one.name for one in wanted]).decode()
    rows = connection.execute(_LATEST, (AS_OFS_READ_MAX, names))
    by_name = {row[0]: _now(connection, row) for row in rows}
    return [by_name[one.name] for one in wanted if one.name in by_name]


def of_pairs(rates: Iterable[LatestRate]) -> list[LatestRate]:
    """Of each pair among these the rate that is chosen for it, by pair.

    Where nothing can be chosen, for there are only rates of buying and selling, or doubted ones:
    one that stands before one that is doubted, then the latest, then the first by its name.
    """
    by_pair: dict[str, list[LatestRate]] = {}
    for rate in sorted(rates, key=lambda rate: rate.one.name):
        by_pair.setdefault(rate.one.pair, []).append(rate)
    return [_of_pair(by_pair[pair]) for pair in sorted(by_pair)]


def chosen(points: Sequence[Point]) -> Point | None:
    """Of what several series of one pair have latest the one that stands for the pair.

    It is what ``crossing.price`` gives for the latest day that any of them is for: official before
    market before ticker, then the latest, then the one with the most digits. None: there is none.
    """
    usable = [one for one in points if one.kind in KINDS]
    if not usable:
        return None
    last = max(one.day for one in usable)
    found = price(usable, usable[0].base, usable[0].quote, last)
    return found.legs[0].held.point if found else None


def _of_pair(rates: Sequence[LatestRate]) -> LatestRate:
    if len(rates) == 1:
        return rates[0]
    read = [(rate, rate.read()) for rate in rates]
    points = [
        queries.read_point(said)
        for rate, said in read
        if rate.stands and _are_days(said["as_of"][:10])
    ]
    found = chosen(points)
    if found:
        return next(rate for rate in rates if rate.one.name == found.series)
    return max(read, key=lambda one: (one[0].stands, one[1]["as_of"]))[0]


def _now(connection: Connection, row: Sequence[Any]) -> LatestRate:
    name, document, stands, days = row
    one = queries.series(name)
    if not _are_days(days or ""):
        days = _joined(queries.days(connection, name))
    if stands:
        return LatestRate(one, document, stands=True, doubted=None, days=days)
    standing = connection.execute(_STANDS, (name,)).fetchone()
    if standing is None:
        return LatestRate(one, document, stands=False, doubted=None, days=days or "")
    return LatestRate(one, standing[0], stands=True, doubted=document, days=days)


def _at(connection: Connection, one: Series, then: int) -> LatestRate | None:
    last = connection.execute(_LAST_KNOWN, (one.name, then)).fetchone()
    if last is None:
        return None
    days = _joined(queries.days(connection, one.name, then))
    if last[1]:
        return LatestRate(one, last[0], stands=True, doubted=None, days=days)
    standing = connection.execute(_STOOD, (one.name, then)).fetchone()
    if standing is None:
        return LatestRate(one, last[0], stands=False, doubted=None, days=days)
    return LatestRate(one, standing[0], stands=True, doubted=last[0], days=days)


def _joined(days: Sequence[date]) -> str:
    return ",".join(day.isoformat() for day in days)


# Both are kept by the text: the series of a bank come on the same days.
@lru_cache(maxsize=1_000)
def _are_days(days: str) -> bool:
    """Whether all of them are days of the calendar that rates are read for."""
    try:
        found = [date.fromisoformat(day) for day in days.split(",") if day]
    except ValueError:
        return False
    return all(FIRST_DAY <= day <= LAST_DAY for day in found)


@lru_cache(maxsize=1_000)
def _rhythm(days: str, today: date) -> Rhythm | None:
    return rhythm((date.fromisoformat(day) for day in days.split(",") if day), today)
