"""The routes for feed readers: the rates of one pair."""

from __future__ import annotations

from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import problems
from services.api.feed_routes import declared_as, moved_at, rendered
from services.api.rates import queries, reading
from services.api.rates.answering import Pair, unknown
from services.api.rates.pair_routes import UNKNOWN
from services.api.routes import reader_of
from services.api.schemas import once
from services.api.syndication import rates
from services.api.syndication.links import ATOM, JSON_FEED, RSS, Format, Site
from services.api.syndication.query import RatesFeedQuery
from shared import web

router: Final = APIRouter(
    prefix="/feeds/rates", tags=["feeds"], dependencies=[Depends(once(RatesFeedQuery))]
)

Asked = Annotated[RatesFeedQuery, Query()]
_SAID: Final = "Values of a pair, the last day first,"


@router.get(
    "/{pair}.atom", responses=declared_as(ATOM, _SAID, _404=UNKNOWN), response_class=Response
)
async def pair_as_atom(request: Request, pair: Pair, query: Asked) -> Response:
    """The rates of one pair as Atom 1.0, as they were published; doubted ones are left out."""
    return _pair(request, pair, query, ATOM)


@router.get("/{pair}.rss", responses=declared_as(RSS, _SAID, _404=UNKNOWN), response_class=Response)
async def pair_as_rss(request: Request, pair: Pair, query: Asked) -> Response:
    """The rates of one pair as RSS 2.0, as they were published; doubted ones are left out."""
    return _pair(request, pair, query, RSS)


@router.get(
    "/{pair}.json", responses=declared_as(JSON_FEED, _SAID, _404=UNKNOWN), response_class=Response
)
async def pair_as_json_feed(request: Request, pair: Pair, query: Asked) -> Response:
    """The rates of one pair as JSON Feed 1.1, as they were published; doubted ones are left out."""
    return _pair(request, pair, query, JSON_FEED)


def _pair(request: Request, pair: str, query: RatesFeedQuery, form: Format) -> Response:
    site = cast("Site | None", request.app.state.site)
    if site is None:
        return web.answer(problems.unknown_address())
    with reader_of(request).snapshot() as snapshot:
        known = queries.known(snapshot.connection)
        wanted = reading.asked_for(known, pair, query.source, query.kind)
        if not wanted:
            return web.answer(unknown(known, pair, query.source))
        found = queries.last_documents(snapshot.connection, wanted, query.limit)
        made = rates.of_pair(found, pair, query, (site, form, moved_at(snapshot)))
        return rendered(request, snapshot, made, form)
