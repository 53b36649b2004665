"""The page of what differs between two instants, with a form to choose them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, Response

from services.api import answers, faults
from services.api.assets import EDITION
from services.api.pages import read_beside, render
from services.api.reading import Snapshot
from services.api.schemas import once
from services.api.times import differing, spans, telling
from services.api.times.differing import LOOKED_MAX, Span
from services.api.times.schemas import DIFFERENCES_USUAL, DifferencesPageQuery
from services.api.words import troubles
from services.api.words.paths import href
from shared.web import Problem

TYPED_CHARS_MAX: Final = 40
"""Of what was typed and was no instant, so much is shown again: the longest one that is read."""


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Form(APIRoute):
    """Says what is wrong beside the form, which keeps what was typed."""

    def get_route_handler(self) -> Handler:
        answered = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await answered(request)
            except RequestValidationError as error:
                return _refused(request, faults.told(request, error))

        return handler


router: Final = APIRouter(include_in_schema=False, route_class=_Form)


@router.get("/differences", dependencies=[Depends(once(DifferencesPageQuery))])
async def differences_page(
    request: Request, query: Annotated[DifferencesPageQuery, Query()]
) -> Response:
    """What came, changed and left between two instants; without the earlier one the form alone."""
    if not query.from_:
        return HTMLResponse(_page(query, {"span": None}), headers={"Cache-Control": "no-cache"})

    def job(snapshot: Snapshot) -> Response:
        span = spans.span(snapshot, query.from_, query.to or None)
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        found = _found(snapshot, query, span)
        return HTMLResponse(_page(query, found), headers=answers.headers(tag))

    # As other lists that may cost much: thousands of events may be looked at for a page.
    return await read_beside(request, job)


def _found(snapshot: Snapshot, query: DifferencesPageQuery, span: Span) -> Mapping[str, object]:
    """What the page shows of the time between."""
    connection, later = snapshot.connection, query.to or None
    ends = spans.when(snapshot, query.from_, span.begin), spans.when(snapshot, later, span.end)
    found = differing.differences(connection, span, query.after, query.limit)
    return {
        "span": span,
        "ends": [telling.printed(at) for at in ends],
        "is_further": query.after is not None,
        "parts_of": telling.parts(connection, found.items, span.end if query.to else None),
        "following": _following(span, found.next, query.limit),
    }


def _page(query: DifferencesPageQuery, found: Mapping[str, object]) -> str:
    return _filled(query.from_, query.to or "", {"shown_max": query.limit, **found})


def _refused(request: Request, problem: Problem) -> Response:
    begin, end = (request.query_params.get(name, "")[:TYPED_CHARS_MAX] for name in ("from", "to"))
    page = _filled(begin, end, {"span": None, "trouble": troubles.told(problem)})
    return HTMLResponse(page, problem.status, {"Cache-Control": "no-store", **problem.headers})


def _filled(begin: str, end: str, values: Mapping[str, object]) -> str:
    """The page, with this in its form."""
    asked = {"begin": begin, "end": end}
    usual = {"trouble": None, "shown_max": DIFFERENCES_USUAL, "looked_max": LOOKED_MAX}
    return render("differences.html", asked=asked, **{**usual, **values})


def _following(span: Span, after: int | None, limit: int) -> str | None:
    """Where it goes on: with both instants as events, for the later one may be the present."""
    if after is None:
        return None
    said = {"from": span.begin, "to": span.end, "after": after, "limit": limit}
    return f"{href('/differences')}?{urlencode(said)}"
