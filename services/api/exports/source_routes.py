"""The routes of sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Final, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, problems, source_queries
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.exports import opml, sources
from services.api.exports.opml import Subscription
from services.api.exports.source_schemas import SourceItem, SourceList, SourcesQuery
from services.api.feed_routes import moved_at
from services.api.routes import reader_of
from services.api.schemas import NoQuery, once
from services.api.syndication.links import Site
from shared import web
from shared.views import Connection

router: Final = APIRouter(tags=["sources"])

OPML: Final = "text/x-opml"
OUTLINES_MAX: Final = 1_000
"""Sources of one list: each is read of its newest article, 40 ms in all."""
_OPML = responses(
    None, "The sources, by id.", _304=UNCHANGED, _422=INVALID,
    _503=f"{UNAVAILABLE} Without it: nobody told the api its own address.",
)  # fmt: skip
_OPML[200]["content"] = {
    OPML: {"schema": {"type": "string"}, "example": '<opml version="2.0">…</opml>'}
}


@router.get(
    "/v1/sources",
    responses=responses(
        SourceList, "Sources, by id.", _304=UNCHANGED, _422=INVALID, _503=UNAVAILABLE
    ),
    dependencies=[Depends(once(SourcesQuery))],
)
async def list_sources(request: Request, query: Annotated[SourcesQuery, Query()]) -> Response:
    """Sources of which the wire carries something that may be shown: articles, or rates.

    How they are read is not told: the address of a feed may be private.
    """
    with reader_of(request).snapshot() as snapshot:
        body = _page(snapshot.connection, query.after or "", query.limit)
        dated = answers.dated(request, snapshot.said_at_ms())
    return answers.content(request, body, answers.JSON, dated)


@router.get(
    "/v1/sources/{source_id}",
    responses=responses(
        SourceItem, "The source.", _304=UNCHANGED, _404="Nothing of it is on the wire.",
        _422=INVALID, _503=UNAVAILABLE,
    ),
)  # fmt: skip
async def show_source(
    request: Request, source_id: str, _query: Annotated[NoQuery, Query()]
) -> Response:
    """One source, as far as something of it may be shown."""
    with reader_of(request).snapshot() as snapshot:
        row = source_queries.source(snapshot.connection, source_id)
        dated = answers.dated(request, snapshot.said_at_ms())
    if row is None:
        return web.answer(problems.unknown_source(source_id))
    return answers.content(request, orjson.dumps(sources.told(row)), answers.JSON, dated)


@router.get("/sources.opml", responses=_OPML, response_class=Response)
async def sources_as_opml(request: Request, _query: Annotated[NoQuery, Query()]) -> Response:
    """The sources of articles as a list of subscriptions, each to the feed of it that we give.

    The first thousand, by id. The addresses that we read are in none of our answers: they may be
    private; `newswire sources export` has them.
    """
    site = cast("Site | None", request.app.state.site)
    if site is None:
        return web.answer(problems.unknown_address())
    with reader_of(request).snapshot() as snapshot:
        dated = answers.dated(request, snapshot.said_at_ms())
        found = list(islice(_subscriptions(snapshot.connection, site), OUTLINES_MAX))
        at = moved_at(snapshot)
    body = opml.render(found, f"Sources of {site.desk}", at)
    return answers.content(request, body, OPML, dated)


def _subscriptions(connection: Connection, site: Site) -> Iterator[Subscription]:
    for source_id in source_queries.sources(connection):
        document = source_queries.newest(connection, source_id)
        if document:
            yield sources.subscription(source_id, document, site)


def _page(connection: Connection, after: str, limit: int) -> bytes:
    behind = [one for one in source_queries.sources(connection) if one > after]
    found = (source_queries.source(connection, one) for one in behind[:limit])
    items = [sources.told(row) for row in found if row]
    following = behind[limit - 1] if len(behind) > limit else None
    return orjson.dumps({"items": items, "next": following})
