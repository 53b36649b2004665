"""The JSON routes about all rates. Each reads one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import assembled, cursors
from services.api.rate_schemas import RateList
from services.api.rates import items, latest, queries
from services.api.rates.answering import answered, declared
from services.api.rates.asking import Room
from services.api.rates.parameters import CurrenciesQuery, LatestQuery
from services.api.rates.queries import Series
from services.api.rates.schemas import Currencies
from services.api.rates.writing import Written
from services.api.schemas import once

router: Final = APIRouter(tags=["rates"])


@router.get(
    "/v1/rates/latest",
    responses=declared(RateList, "Rates."),
    dependencies=[Depends(once(LatestQuery))],
)
async def latest_rates(request: Request, query: Annotated[LatestQuery, Query()]) -> Response:
    """The latest rate of every series that stands, by base, quote and source.

    A later one that is doubted is its `doubted`; where none stands, the doubted one is the item.
    """
    return answered(request, query, lambda room: _latest(room, query))


@router.get(
    "/v1/currencies",
    responses=declared(Currencies, "Currencies."),
    dependencies=[Depends(once(CurrenciesQuery))],
)
async def currencies(request: Request, query: Annotated[CurrenciesQuery, Query()]) -> Response:
    """Every currency that some series quotes, with the sources that do."""
    return answered(request, query, lambda room: _currencies(room, query))


def _latest(room: Room, query: LatestQuery) -> Written:
    wanted = _selected(queries.known(room.connection, room.then), query)
    found = latest.latest(room.connection, wanted, room.then)
    if query.per == "pair":
        found = latest.of_pairs(found)
    aged = [(rate, items.age(rate.rhythm(room.today))) for rate in found]
    cursor = cursors.text(room.here)
    # Only a table has to look into the documents: 700 of them are read in 5 ms.
    if query.format == "csv":
        return Written([{**rate.read(), **age} for rate, age in aged], items.LATEST_COLUMNS, {})
    listed = [orjson.Fragment(assembled.with_members(rate.json(), age)) for rate, age in aged]
    return Written(listed, items.LATEST_COLUMNS, {"items": listed, "cursor": cursor})


def _selected(known: Sequence[Series], query: LatestQuery) -> list[Series]:
    """The wanted series, by base, quote, source and kind."""
    wanted = query.base, query.quote, query.source, query.kind
    found = []
    for one in known:
        key = one.base, one.quote, one.source, one.kind
        if all(asked in {None, said} for asked, said in zip(wanted, key, strict=True)):
            found.append((key, one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _currencies(room: Room, query: CurrenciesQuery) -> Written:
    known = queries.known(room.connection, room.then)
    found = items.currencies(one for one in known if query.source in {None, one.source})
    body = {"items": found, "is_whole": len(known) < queries.SERIES_MAX}
    return Written(found, items.CURRENCY_COLUMNS, body)
