"""What the views say about a pair: read within one snapshot, as far as an answer needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from services.api.rates import consensus, items, queries
from services.api.rates.asking import Room
from services.api.rates.bars import Step, bars, period
from services.api.rates.changes import STEPS, changes, day_before
from services.api.rates.consensus import BASES, Basis, Consensus
from services.api.rates.crossing import KINDS, Price, price
from services.api.rates.items import Item
from services.api.rates.parameters import SeriesQuery
from services.api.rates.points import CARRIED_DAYS_MAX, Point, rate_on
from services.api.rates.queries import LAST_DAY, POINTS_MAX, Doubted, Series
from services.api.rates.rhythm import AS_OFS_READ_MAX, rhythm
from shared.views import Connection

RANGE_DAYS: Final = 366
"""Of an answer for which no first day was asked for."""
DAYS_TRIED_MAX: Final = 10
"""Days that are tried for one that has a price, where the one that was asked for has none."""


@dataclass(frozen=True, slots=True)
class Range:
    """Values of a pair between two days."""

    first: date | None
    last: date | None
    points: Sequence[Point]
    """Oldest first."""
    doubted: Sequence[Doubted]
    next_to: date | None
    """The last day of what did not fit; None: all did."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The price of a pair for a day."""

    price: Price | None
    before: date | None
    """Where there is none: a day before it that has one; None: none is seen."""
    doubted: Sequence[Doubted]


@dataclass(frozen=True, slots=True)
class Together:
    """What several sources say of a pair for a day."""

    basis: Basis
    found: Consensus | None
    """None: no source says anything."""
    before: date | None
    """Where none says anything: a day before it for which some do; None: none is seen."""
    doubted: Sequence[Doubted]


def asked_for(
    known: Sequence[Series], pair: str, source: str | None, kind: str | None
) -> list[Series]:
    """The series of a pair; None: of every source, of every kind."""
    return [
        one
        for one in known
        if one.pair == pair and source in {None, one.source} and kind in {None, one.kind}
    ]


def ranged(
    connection: Connection, wanted: Sequence[Series], query: SeriesQuery, then: int | None
) -> Range | None:
    """The latest values of the days that a query asks for; None: one step alone is too much.

    With a step its periods are whole, at both ends.
    """
    last = query.to_day or LAST_DAY
    latest = queries.on_or_before(connection, wanted, last, then)
    if not latest:
        return Range(query.from_day, query.to_day, (), (), None)
    newest = max(point.day for point in latest)
    first = query.from_day or newest - timedelta(days=RANGE_DAYS)
    if query.step:
        first = period(first, query.step).first
        last = period(last, query.step).last
    found = queries.points(connection, wanted, first, last, then)
    begin = first
    if len(found) > POINTS_MAX:
        cut = period(found[-1].day, query.step or "day")
        begin = cut.last + timedelta(days=1)
        found = [point for point in found if point.day >= begin]
        if not found:
            return None
    doubted = queries.doubted(connection, wanted, begin, last, then)
    next_to = begin - timedelta(days=1) if begin != first else None
    end = last if query.to_day else period(newest, query.step or "day").last
    return Range(begin, end, found[::-1], doubted, next_to)


def stepped(points: Sequence[Point], step: Step) -> list[Item]:
    """The bars of each series, oldest first, then by series."""
    by_series = sorted(points, key=lambda point: point.series)
    found = [
        one
        for _, group in groupby(by_series, key=lambda point: point.series)
        for one in bars(group, step)
    ]
    return [items.bar(one) for one in sorted(found, key=lambda one: one.period.first)]


def about(room: Room, one: Series, last: date | None) -> Item:
    """A series: what holds for a day, else for its last one; its changes; its age."""

    def up_to(day: date) -> list[Point]:
        return queries.on_or_before(room.connection, [one], day, room.then)

    latest = up_to(LAST_DAY)
    points = up_to(last) if last else latest
    day = last or (latest[0].day if latest else room.today)
    if points:
        before = [day_before(points[0].day, step) for step in STEPS]
        points += [point for day in before for point in up_to(day)]
    days = queries.days(room.connection, one.name, room.then)
    return {
        "series": one.name,
        "source": one.source,
        "kind": one.kind,
        "credit": latest[0].credit if latest else None,
        "holds": items.held(rate_on(points, day)),
        "changes": items.changes(changes(points, day)),
        "latest_as_of": latest[0].as_of if latest else None,
        **items.age(rhythm(days, room.today)),
    }


def chosen(room: Room, legs: Sequence[Series], pair: str, day: date) -> Chosen:
    """The price of a pair for a day out of the series that may serve as its legs."""
    base, _, quote = pair.partition("-")
    points = queries.on_or_before(room.connection, legs, day, room.then)
    found = price(points, base, quote, day)
    return Chosen(found, None if found else _before(points, base, quote), _doubted(room, legs, day))


def together(
    room: Room, legs: Sequence[Series], pair: str, day: date, basis: Basis | None
) -> Together:
    """What the sources say together of a pair for a day, out of the series that may serve."""
    points = queries.on_or_before(room.connection, legs, day, room.then)
    wanted: Sequence[Basis] = (basis,) if basis else BASES
    for one in wanted:
        said = consensus.prices(points, one, pair, day)
        if said:
            found = consensus.consensus(consensus.voices(said, _days_up_to(room, said, day), day))
            return Together(one, found, None, _doubted(room, legs, day))
    base, _, quote = pair.partition("-")
    before = None if basis else _before(points, base, quote)
    return Together(wanted[0], None, before, _doubted(room, legs, day))


def _days_up_to(room: Room, said: Sequence[Price], day: date) -> dict[str, list[date]]:
    """The days of the last values of every series on the way, by series."""
    used = {leg.held.point.series for one in said for leg in one.legs}
    found = {}
    for name in used:
        points = queries.last_points(
            room.connection, queries.series(name), day, AS_OFS_READ_MAX, room.then
        )
        found[name] = [point.day for point in points]
    return found


def _doubted(room: Room, legs: Sequence[Series], day: date) -> list[Doubted]:
    first = day - timedelta(days=CARRIED_DAYS_MAX)
    return queries.doubted(room.connection, legs, first, day, room.then)


def legs_of(known: Sequence[Series], pair: str, source: str | None) -> list[Series]:
    """The series with which a pair may be converted: its own, turned round, and over a third one.

    Empty: no way leads from the one to the other.
    """
    base, _, quote = pair.partition("-")
    usable = [one for one in known if one.kind in KINDS and source in {None, one.source}]
    near: dict[tuple[str, str], set[str]] = {}
    for one in usable:
        if one.kind == "official":
            near.setdefault((one.source, one.base), set()).add(one.quote)
            near.setdefault((one.source, one.quote), set()).add(one.base)
    return [one for one in usable if _leads(one, {base, quote}, near)]


def _before(points: Sequence[Point], base: str, quote: str) -> date | None:
    """The last day for which the last values of some series make a price; None: none is seen."""
    days = sorted({point.day for point in points}, reverse=True)[:DAYS_TRIED_MAX]
    return next((day for day in days if price(points, base, quote, day)), None)


def _leads(one: Series, ends: set[str], near: dict[tuple[str, str], set[str]]) -> bool:
    sides = {one.base, one.quote}
    if sides == ends:
        return True
    over = sides - ends
    if one.kind != "official" or len(over) != 1 or len(ends) != 2:
        return False
    return ends <= near[one.source, over.pop()]
