"""The route of what differs between two instants."""

from __future__ import annotations

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.reading import Snapshot
from services.api.schemas import once
from services.api.search import answering
from services.api.times import differing, spans
from services.api.times.schemas import DifferenceList, DifferencesQuery

router: Final = APIRouter()


@router.get(
    "/v1/differences",
    responses=responses(
        DifferenceList, "What differs, by the event that made it so.",
        _304=UNCHANGED, _422=INVALID, _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(DifferencesQuery))],
    tags=["changes"],
)  # fmt: skip
async def list_differences(
    request: Request, query: Annotated[DifferencesQuery, Query()]
) -> Response:
    """What differs between two instants: articles, stories and the rates that stand.

    Of two states, not of the events between them: what changed there and back is not in it. Text
    that was taken back since is at neither instant; that an article left is said, without a word of
    it. An answer may have fewer than `limit`, or none, and a `next`.
    """

    def job(snapshot: Snapshot) -> Response:
        span = spans.span(snapshot, query.from_, query.to)
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        found = differing.differences(snapshot.connection, span, query.after, query.limit)
        said = {"from_seq": span.begin, "to_seq": span.end}
        return answers.json(orjson.dumps({**said, "items": found.items, "next": found.next}), tag)

    # Two tenths of a second where the file is large and not in memory yet.
    return await answering.listed(request, job)
