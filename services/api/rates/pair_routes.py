"""The JSON routes about one pair. Each reads one snapshot; a day's rate comes from ``rate_on``."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api.rates import items, queries, reading, refusals, versions
from services.api.rates.answering import Pair, answered, declared, left_out, link, unknown
from services.api.rates.asking import Room
from services.api.rates.items import Item
from services.api.rates.parameters import ConsensusQuery, ConvertQuery, SeriesQuery, VersionsQuery
from services.api.rates.reading import Range
from services.api.rates.schemas import ConsensusBody, Conversion, PairRates, VersionList
from services.api.rates.writing import Written
from services.api.schemas import once
from shared.web import Problem

UNKNOWN: Final = "No series quotes it; `nearest` names some."

router: Final = APIRouter(tags=["rates"])


@router.get(
    "/v1/rates/{pair}",
    responses=declared(PairRates, "Its values, or bars of them.", _404=UNKNOWN),
    dependencies=[Depends(once(SeriesQuery))],
)
async def pair_rates(
    request: Request, pair: Pair, query: Annotated[SeriesQuery, Query()]
) -> Response:
    """The rates of one pair, as its sources published them, each source for itself.

    Bars of a step are whole periods. What is doubted is left out, and named.
    """
    return answered(request, query, lambda room: _pair(room, pair, query))


@router.get(
    "/v1/rates/{pair}/convert",
    responses=declared(
        Conversion, "The amount in the other currency, and how it came about.",
        _404="No way leads from the one to the other, or no rate holds for the day.",
    ),
    dependencies=[Depends(once(ConvertQuery))],
)  # fmt: skip
async def convert(
    request: Request, pair: Pair, query: Annotated[ConvertQuery, Query()]
) -> Response:
    """An amount of the base in the quote, at the rate that holds for a day.

    One rule chooses it: official before market before ticker; as published, else its inverse, else
    over one currency that a source quotes both against.
    """
    return answered(request, query, lambda room: _conversion(room, pair, query))


@router.get(
    "/v1/rates/{pair}/consensus",
    responses=declared(
        ConsensusBody, "What the sources say together, and each of them.",
        _404="No way leads from the one to the other, or no rate holds for the day.",
    ),
    dependencies=[Depends(once(ConsensusQuery))],
)  # fmt: skip
async def show_consensus(
    request: Request, pair: Pair, query: Annotated[ConsensusQuery, Query()]
) -> Response:
    """The median of what several sources say for a day.

    What is left out is named, with the reason. Official rates are never mixed with those of markets
    and newspapers.
    """
    return answered(request, query, lambda room: _consensus(room, pair, query))


@router.get(
    "/v1/rates/{pair}/versions",
    responses=declared(
        VersionList, "The values, each in the order in which it was heard.",
        _404="No series quotes the pair, or none says anything for the day.",
    ),
    dependencies=[Depends(once(VersionsQuery))],
)  # fmt: skip
async def list_versions(
    request: Request, pair: Pair, query: Annotated[VersionsQuery, Query()]
) -> Response:
    """Every value that a day of a pair has had: restated, repeated or doubted, and since when."""
    return answered(request, query, lambda room: _versions(room, pair, query))


def _pair(room: Room, pair: str, query: SeriesQuery) -> Written | Problem:
    if query.from_day and query.to_day and query.from_day > query.to_day:
        return refusals.reversed_range(query.from_day, query.to_day)
    known = queries.known(room.connection, room.then)
    wanted = reading.asked_for(known, pair, query.source, query.kind)
    if not wanted:
        return unknown(known, pair, query.source)
    found = reading.ranged(room.connection, wanted, query, room.then)
    if found is None:
        return refusals.too_many()
    said = [reading.about(room, one, query.to_day) for one in wanted]
    return _ranged(found, pair, query, said)


def _ranged(found: Range, pair: str, query: SeriesQuery, series: list[Item]) -> Written:
    if query.step:
        listed, columns = reading.stepped(found.points, query.step), items.BAR_COLUMNS
    else:
        listed, columns = [items.point(one) for one in found.points], items.POINT_COLUMNS
    base, _, quote = pair.partition("-")
    body = {
        "base": base,
        "quote": quote,
        "from": found.first,
        "to": found.last,
        "step": query.step,
        "rule": "every-source",
        "series": series,
        "items": listed,
        **items.left_out(found.doubted),
        "next_to": found.next_to,
    }
    headers = {**left_out(body), **(link(pair, query, to=found.next_to) if found.next_to else {})}
    return Written(listed, columns, body, headers)


def _conversion(room: Room, pair: str, query: ConvertQuery) -> Written | Problem:
    known = queries.known(room.connection, room.then)
    legs = reading.legs_of(known, pair, query.source)
    if not legs:
        return unknown(known, pair, query.source)
    day = query.on or room.today
    found = reading.chosen(room, legs, pair, day)
    if found.price is None:
        return refusals.no_rate(pair, day, found.before)
    base, _, quote = pair.partition("-")
    converted = items.conversion(found.price, query.amount, (base, quote), day)
    body = {**converted, **items.left_out(found.doubted)}
    return Written([body], items.CONVERSION_COLUMNS, body, left_out(body))


def _consensus(room: Room, pair: str, query: ConsensusQuery) -> Written | Problem:
    known = queries.known(room.connection, room.then)
    legs = reading.legs_of(known, pair, None)
    if not legs:
        return unknown(known, pair, None)
    day = query.on or room.today
    found = reading.together(room, legs, pair, day, query.basis)
    if found.found is None:
        return refusals.no_rate(pair, day, found.before)
    base, _, quote = pair.partition("-")
    said = items.consensus(found.found, found.basis, (base, quote), day)
    body = {**said, **items.left_out(found.doubted)}
    return Written(body["items"], items.VOICE_COLUMNS, body, left_out(body))


def _versions(room: Room, pair: str, query: VersionsQuery) -> Written | Problem:
    known = queries.known(room.connection, room.then)
    wanted = reading.asked_for(known, pair, query.source, query.kind)
    if not wanted:
        return unknown(known, pair, query.source)
    day = query.on or versions.last_day(room, wanted)
    found = versions.versions(room, wanted, day) if day else []
    if not day or not found:
        before = versions.last_day(room, wanted, day) if day else None
        return refusals.no_versions(pair, day or room.today, before)
    shown = found[: versions.VERSIONS_MAX]
    base, _, quote = pair.partition("-")
    body = {
        "base": base, "quote": quote, "on": day, "items": shown,
        "is_whole": len(shown) == len(found),
    }  # fmt: skip
    return Written(shown, versions.VERSION_COLUMNS, body)
