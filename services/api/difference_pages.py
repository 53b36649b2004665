"""The page of what differs between two instants, with a form to choose them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.api import answers
from services.api.assets import EDITION
from services.api.pages import problem_page, render
from services.api.reading import Snapshot
from services.api.schemas import once
from services.api.search import answering
from services.api.search.searcher import LIST_S_MAX, Look
from services.api.times import differing, spans, telling
from services.api.times.differing import LOOKED_MAX, Differences, Span
from services.api.times.schemas import DifferencesPageQuery
from services.api.times.telling import Gathered
from services.api.words.paths import href
from shared.web import Problem

router: Final = APIRouter(include_in_schema=False)

_Ends = tuple[datetime | None, datetime | None]
_Found = tuple[Span, _Ends, Differences, Gathered]


@router.get("/differences", dependencies=[Depends(once(DifferencesPageQuery))])
async def differences_page(
    request: Request, query: Annotated[DifferencesPageQuery, Query()]
) -> Response:
    """What came, changed and left between two instants; without the earlier one the form alone."""
    if not query.from_:
        return HTMLResponse(_page(query, None), headers={"Cache-Control": "no-cache"})

    def job(snapshot: Snapshot, _: Look) -> tuple[str, _Found | None]:
        connection, later = snapshot.connection, query.to or None
        span = spans.span(snapshot, query.from_, later)
        tag = answers.etag(request, snapshot.state, EDITION)
        if answers.unchanged(request, tag):
            return tag, None
        ends = spans.when(snapshot, query.from_, span.begin), spans.when(snapshot, later, span.end)
        found = differing.differences(connection, span, query.after, query.limit)
        return tag, (span, ends, found, telling.gathered(connection, found.items))

    # As other lists that may cost much: thousands of events may be looked at for a page.
    answer = await answering.answered(request, job, LIST_S_MAX)
    if isinstance(answer, Problem):
        return problem_page(answer)
    tag, made = answer
    headers = answers.headers(tag)
    if made is None:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(_page(query, made), headers=headers)


def _page(query: DifferencesPageQuery, made: _Found | None) -> str:
    asked = {"begin": query.from_, "end": query.to or ""}
    bounds = {"shown_max": query.limit, "looked_max": LOOKED_MAX}
    if made is None:
        return render("differences.html", asked=asked, span=None, **bounds)
    span, ends, found, told = made
    return render(
        "differences.html",
        asked=asked,
        span=span,
        ends=[telling.printed(at) for at in ends],
        is_further=query.after is not None,
        parts_of=telling.parts(told, span.end if query.to else None),
        following=_following(span, found.next, query.limit),
        **bounds,
    )


def _following(span: Span, after: int | None, limit: int) -> str | None:
    """Where it goes on: with both instants as events, for the later one may be the present."""
    if after is None:
        return None
    said = {"from": span.begin, "to": span.end, "after": after, "limit": limit}
    return f"{href('/differences')}?{urlencode(said)}"
