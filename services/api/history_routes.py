"""The history of an article, as JSON."""

from __future__ import annotations

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, problems, queries, revisions
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.history_schemas import ArticleHistory, HistoryQuery
from services.api.routes import reader_of
from services.api.schemas import once
from shared import web

router: Final = APIRouter()


@router.get(
    "/v1/articles/{article_id}/history",
    responses=responses(
        ArticleHistory, "The versions, the latest first, with what each changed.",
        _304=UNCHANGED, _404="Unknown, or not available.",
        _410="Canceled: remove every copy. Members `reason`, `by`, `observed_at`.",
        _422=INVALID, _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(HistoryQuery))],
    tags=["articles"],
)  # fmt: skip
async def show_history(
    request: Request, article_id: str, query: Annotated[HistoryQuery, Query()]
) -> Response:
    """Every state that an article had on the wire, with a word-level difference to the one before.

    Text that was taken back is not given, also where the article came back later.
    """
    with reader_of(request).snapshot() as snapshot:
        row = queries.article(snapshot.connection, article_id)
        if row is None or row.status == "withheld":
            return web.answer(problems.unknown_article(article_id))
        if row.status == "canceled":
            return web.answer(problems.canceled_article(orjson.loads(row.document)))
        found = revisions.versions(snapshot.connection, article_id, query.limit + 1)
    body = orjson.dumps({
        "article_id": article_id,
        "versions": [one.json() for one in found[: query.limit]],
        "has_more": len(found) > query.limit,
    })  # fmt: skip
    tag = answers.of_body(request, body)
    return answers.unchanged(request, tag) or answers.json(body, tag)
