"""Where an article comes from, as JSON: its events, and how it stands to others."""

from __future__ import annotations

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, problems, queries
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.provenance import events, relations
from services.api.provenance.schemas import (
    ArticleRelations,
    Provenance,
    ProvenanceQuery,
    RelationsQuery,
)
from services.api.routes import reader_of
from services.api.schemas import once
from shared import web
from shared.views import Connection

router: Final = APIRouter()

_UNKNOWN: Final = "Unknown, or not available."
_CANCELED: Final = "Canceled: remove every copy. Members `reason`, `by`, `observed_at`."


@router.get(
    "/v1/articles/{article_id}/provenance",
    responses=responses(
        Provenance, "The events of the wire about it, the earliest first.",
        _304=UNCHANGED, _404=_UNKNOWN, _410=_CANCELED, _422=INVALID, _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(ProvenanceQuery))],
    tags=["articles"],
)  # fmt: skip
async def show_provenance(
    request: Request, article_id: str, query: Annotated[ProvenanceQuery, Query()]
) -> Response:
    """Which events made an article what it is, and from which document each was read.

    Among them those that took it back, and those of stories that took it in or let it go.
    """
    with reader_of(request).snapshot() as snapshot:
        if refused := _refused(snapshot.connection, article_id):
            return refused
        found = events.earliest(snapshot.connection, article_id, query.after, query.limit + 1)
    body = orjson.dumps({
        "article_id": article_id,
        "items": [one.json() for one in found[: query.limit]],
        "has_more": len(found) > query.limit,
    })  # fmt: skip
    tag = answers.of_body(request, body)
    return answers.unchanged(request, tag) or answers.json(body, tag)


@router.get(
    "/v1/articles/{article_id}/relations",
    responses=responses(
        ArticleRelations, "The relations that hold now, each with its evidence.",
        _304=UNCHANGED, _404=_UNKNOWN, _410=_CANCELED, _422=INVALID, _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(RelationsQuery))],
    tags=["articles"],
)  # fmt: skip
async def show_relations(
    request: Request, article_id: str, query: Annotated[RelationsQuery, Query()]
) -> Response:
    """What an article copies, contains or draws on, and what does so with it.

    Of another article that was taken back is told that it was, and no word.
    """
    with reader_of(request).snapshot() as snapshot:
        if refused := _refused(snapshot.connection, article_id):
            return refused
        found = relations.relations(snapshot.connection, article_id, query.limit + 1)
    body = orjson.dumps({
        "article_id": article_id,
        "relations": found[: query.limit],
        "has_more": len(found) > query.limit,
    })  # fmt: skip
    tag = answers.of_body(request, body)
    return answers.unchanged(request, tag) or answers.json(body, tag)


def _refused(connection: Connection, article_id: str) -> Response | None:
    """The answer in place of an article's that may not be shown; None: it may."""
    row = queries.article(connection, article_id)
    if row is None or row.status == "withheld":
        return web.answer(problems.unknown_article(article_id))
    if row.status == "canceled":
        return web.answer(problems.canceled_article(orjson.loads(row.document)))
    return None
