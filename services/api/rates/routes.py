"""The JSON routes about rates. Each reads one snapshot; every day's rate comes from ``rate_on``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from services.api import answers, cursors
from services.api import queries as views
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, Responses, responses
from services.api.queries import LatestRate
from services.api.rate_schemas import RateList
from services.api.rates import items, pairs, queries, reading, refusals, writing
from services.api.rates.asking import etag_of, reader_of, today_of
from services.api.rates.items import Item
from services.api.rates.parameters import (
    ConvertQuery,
    CurrenciesQuery,
    LatestQuery,
    PairText,
    SeriesQuery,
)
from services.api.rates.queries import Series
from services.api.rates.reading import Range
from services.api.rates.rhythm import rhythm
from services.api.rates.schemas import Conversion, Currencies, PairRates
from services.api.rates.writing import Written
from services.api.schemas import once
from shared import web
from shared.views import Connection
from shared.web import Problem

router: Final = APIRouter(tags=["rates"])

Pair = Annotated[PairText, Path(description="ISO 4217 codes of base and quote: `USD-KGS`.")]


def _responses(body: type[Any], said: str, **others: str) -> Responses:
    """Those of a route that answers in three forms."""
    found = responses(body, said, _304=UNCHANGED, _422=INVALID, _503=UNAVAILABLE, **others)
    text = {"schema": {"type": "string"}}
    found[200]["content"] = {writing.NDJSON: text, "text/csv": text}
    return found


@router.get(
    "/v1/rates/latest",
    responses=_responses(RateList, "Rates."),
    dependencies=[Depends(once(LatestQuery))],
)
async def latest_rates(request: Request, query: Annotated[LatestQuery, Query()]) -> Response:
    """The latest rate of every series that stands, by base, quote and source.

    A later one that is doubted is its `doubted`; where none stands, the doubted one is the item.
    """
    with reader_of(request).snapshot() as snapshot:
        tag = etag_of(request, snapshot)
        if same := answers.unchanged(request, tag):
            return same
        rates = _selected(views.latest_rates(snapshot.connection), query)
        found = [_latest(snapshot.connection, rate, today_of(request)) for rate in rates]
    cursor = cursors.text(cursors.since(snapshot.checkpoint))
    body = {"items": found, "cursor": cursor}
    return writing.answer(Written(found, items.LATEST_COLUMNS, body), query.format, tag)


@router.get(
    "/v1/rates/{pair}",
    responses=_responses(
        PairRates, "Its values, or bars of them.", _404="No series quotes it; `nearest` names some."
    ),
    dependencies=[Depends(once(SeriesQuery))],
)
async def pair_rates(
    request: Request, pair: Pair, query: Annotated[SeriesQuery, Query()]
) -> Response:
    """The rates of one pair, as its sources published them, each source for itself.

    Bars of a step are whole periods. What is doubted is left out, and named.
    """
    with reader_of(request).snapshot() as snapshot:
        tag = etag_of(request, snapshot)
        if same := answers.unchanged(request, tag):
            return same
        found = _pair(snapshot.connection, pair, query, today_of(request))
    if isinstance(found, Problem):
        return web.answer(found)
    return writing.answer(found, query.format, tag)


@router.get(
    "/v1/rates/{pair}/convert",
    responses=_responses(
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
    with reader_of(request).snapshot() as snapshot:
        tag = etag_of(request, snapshot)
        if same := answers.unchanged(request, tag):
            return same
        found = _conversion(snapshot.connection, pair, query, query.on or today_of(request))
    if isinstance(found, Problem):
        return web.answer(found)
    written = Written([found], items.CONVERSION_COLUMNS, found, _left_out(found))
    return writing.answer(written, query.format, tag)


@router.get(
    "/v1/currencies",
    responses=_responses(Currencies, "Currencies."),
    dependencies=[Depends(once(CurrenciesQuery))],
)
async def currencies(request: Request, query: Annotated[CurrenciesQuery, Query()]) -> Response:
    """Every currency that some series quotes, with the sources that do."""
    with reader_of(request).snapshot() as snapshot:
        tag = etag_of(request, snapshot)
        if same := answers.unchanged(request, tag):
            return same
        known = queries.known(snapshot.connection)
    found = items.currencies(one for one in known if query.source in {None, one.source})
    body = {"items": found, "is_whole": len(known) < queries.SERIES_MAX}
    return writing.answer(Written(found, items.CURRENCY_COLUMNS, body), query.format, tag)


def _selected(rates: Sequence[LatestRate], query: LatestQuery) -> list[LatestRate]:
    """The wanted series, by base, quote, source and kind."""
    keyed = []
    wanted = query.base, query.quote, query.source, query.kind
    for rate in rates:
        one = queries.series(rate.series)
        key = one.base, one.quote, one.source, one.kind
        if all(asked in {None, found} for asked, found in zip(wanted, key, strict=True)):
            keyed.append((key, rate))
    return [rate for _, rate in sorted(keyed, key=lambda pair: pair[0])]


def _latest(connection: Connection, rate: LatestRate, today: date) -> Item:
    found = rhythm(queries.days(connection, rate.series), today)
    return {**orjson.loads(rate.json()), **items.age(found)}


def _pair(connection: Connection, pair: str, query: SeriesQuery, today: date) -> Written | Problem:
    if query.from_day and query.to_day and query.from_day > query.to_day:
        return refusals.reversed_range(query.from_day, query.to_day)
    known = queries.known(connection)
    wanted = reading.asked_for(known, pair, query)
    if not wanted:
        return _unknown(known, pair, query.source)
    found = reading.ranged(connection, wanted, query)
    if found is None:
        return refusals.too_many()
    said = [reading.about(connection, one, query.to_day, today) for one in wanted]
    return _written(found, pair, query, said)


def _written(found: Range, pair: str, query: SeriesQuery, series: list[Item]) -> Written:
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
    headers = {**_left_out(body), **_link(pair, query, found.next_to)}
    return Written(listed, columns, body, headers)


def _conversion(
    connection: Connection, pair: str, query: ConvertQuery, day: date
) -> Item | Problem:
    known = queries.known(connection)
    legs = reading.legs_of(known, pair, query.source)
    if not legs:
        return _unknown(known, pair, query.source)
    found = reading.chosen(connection, legs, pair, day)
    if found.price is None:
        return refusals.no_rate(pair, day, found.before)
    base, _, quote = pair.partition("-")
    converted = items.conversion(found.price, query.amount, (base, quote), day)
    return {**converted, **items.left_out(found.doubted)}


def _unknown(known: Sequence[Series], pair: str, source: str | None) -> Problem:
    of_source = [one.pair for one in known if source in {None, one.source}]
    near = pairs.nearest(pair, of_source or [one.pair for one in known])
    return refusals.unknown_pair(pair, source, near)


def _left_out(body: Item) -> dict[str, str]:
    """What a table and lines have no place for."""
    return {"Newswire-Left-Out": str(body["left_out_count"])}


def _link(pair: str, query: SeriesQuery, next_to: date | None) -> dict[str, str]:
    """The address of what lies before this answer in time."""
    if next_to is None:
        return {}
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"Link": f'</v1/rates/{pair}?{urlencode({**asked, "to": next_to})}>; rel="next"'}
