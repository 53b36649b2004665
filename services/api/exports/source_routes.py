"""The routes of sources."""

from __future__ import annotations

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, problems, source_queries
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.exports import sources
from services.api.exports.source_schemas import SourceItem, SourceList, SourcesQuery
from services.api.routes import reader_of
from services.api.schemas import NoQuery, once
from shared import web
from shared.views import Connection

router: Final = APIRouter(prefix="/v1/sources", tags=["sources"])


@router.get(
    "",
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
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        body = _page(snapshot.connection, query.after or "", query.limit)
    return answers.json(body, tag)


@router.get(
    "/{source_id}",
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
        tag = answers.etag(request, snapshot.state)
    if row is None:
        return web.answer(problems.unknown_source(source_id))
    body = orjson.dumps(sources.told(row))
    return answers.unchanged(request, tag) or answers.json(body, tag)


def _page(connection: Connection, after: str, limit: int) -> bytes:
    behind = [one for one in source_queries.sources(connection) if one > after]
    found = (source_queries.source(connection, one) for one in behind[:limit])
    items = [sources.told(row) for row in found if row]
    following = behind[limit - 1] if len(behind) > limit else None
    return orjson.dumps({"items": items, "next": following})
