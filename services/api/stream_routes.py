"""The routes that give events: the live stream, and the wire by number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, cast

import anyio
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from sse_starlette import EventSourceResponse
from starlette.responses import Response

from services.api import answers, assembled, cursors, history, problems, selection
from services.api.clients import Client
from services.api.declared import (
    BEHIND,
    FOREIGN,
    INVALID,
    UNAVAILABLE,
    UNREADABLE,
    responses,
)
from services.api.feed import Feed
from services.api.history import Page
from services.api.live import Live
from services.api.schemas import EventPage, EventsQuery, StreamQuery, once
from services.api.selection import Selection
from shared import web
from shared.errors import LogDamaged, NewswireError, Rejected

router: Final = APIRouter()

NDJSON: Final = "application/x-ndjson"
RESUME: Final = "/v1/changes"
"""Who misses events of the wire finds here what they made of everything."""
ABORT: Final = "newswire.abort"
"""Key of the scope's extensions: a call that ends the connection at once, sent or not."""
END_S_MAX: Final = 0.3
"""A stream may take so long to end; with the half second in which the exit is noticed, below what
the server waits for."""
_TWO_PLACES: Final = {
    "type": "conflict", "loc": ("query", "from"),
    "msg": "Leave it out with `cursor`: both say where to begin",
}  # fmt: skip
_STREAM_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_STREAM = responses(
    None, "Server-sent events without end; docs/live.md describes them.",
    _400="The cursor cannot be read.", _422=INVALID,
    _503="Every place is taken; `Retry-After` says when to ask again.",
)  # fmt: skip
_STREAM[200]["content"] = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": "id: 6f1c…\nevent: article.published\ndata: {…}\n\n",
    }
}
_EVENTS = responses(
    EventPage, "Events in order, oldest first.", _422=INVALID,
    _400=UNREADABLE,
    _410=f"The log does not hold these events any more; `resume` is the address to go on at. "
    f"{FOREIGN}",
    _503=f"The log does not answer. {UNAVAILABLE} {BEHIND}",
)  # fmt: skip
_EVENTS[200]["content"] = {NDJSON: {"schema": {"type": "string"}}}


@router.get(
    "/v1/stream", responses=_STREAM, response_class=Response,
    dependencies=[Depends(once(StreamQuery))], tags=["events"],
)  # fmt: skip
async def stream(
    request: Request,
    query: Annotated[StreamQuery, Query()],
    last_event_id: Annotated[
        str | None, Header(description="As browsers send it: `id` of the last event that came.")
    ] = None,
) -> Response:
    """What the wire says, as it says it; never before lists and articles show it."""
    live = _live(request)
    given = last_event_id or query.after
    begin = cursors.read_since(given) if given else None
    if live.is_full:
        return web.answer(problems.too_many_clients(live.clients_max))
    if request.scope.get("is_head"):
        return Response(headers=_STREAM_HEADERS, media_type="text/event-stream")
    client = Client(_selection(query), _abort(request))
    parts = Feed(live, client, begin).parts()
    # Heartbeats are written by the feed itself: two writers could overtake each other.
    return EventSourceResponse(
        parts, headers=_STREAM_HEADERS, ping=0, sep="\n",
        shutdown_event=cast("anyio.Event", client), shutdown_grace_period=END_S_MAX,
    )  # fmt: skip


@router.get(
    "/v1/events", responses=_EVENTS, response_class=Response,
    dependencies=[Depends(once(EventsQuery))], tags=["events"],
)  # fmt: skip
async def events(request: Request, query: Annotated[EventsQuery, Query()]) -> Response:
    """What the wire carried, by number, as far as lists and articles show it."""
    if query.cursor and "from_seq" in query.model_fields_set:
        raise RequestValidationError([_TWO_PLACES])
    live = _live(request)
    shown_seq = live.gate.seq()  # where there are no views, that is what is said
    begin = cursors.read_since(query.cursor) if query.cursor else None
    if begin and await live.is_foreign(begin):
        return web.answer(problems.foreign_cursor())
    if begin and begin.seq > shown_seq:
        return web.answer(problems.views_behind(begin.seq, shown_seq))
    from_seq = begin.seq + 1 if begin else query.from_seq
    try:
        page = await history.page(live, from_seq, query.limit)
    except (LogDamaged, Rejected):
        return web.answer(problems.events_gone(from_seq, RESUME))
    except NewswireError:
        return web.answer(problems.log_unavailable())
    headers = {"Cache-Control": "no-store", "Vary": "Accept", **_link(query, page)}
    if _wants_lines(request, query):
        lines = b"".join(event.document + b"\n" for event in page.events)
        return Response(lines, headers=headers, media_type=NDJSON)
    return Response(_body(page), headers=headers, media_type="application/json")


def _live(request: Request) -> Live:
    return cast("Live", request.app.state.live)


def _selection(query: StreamQuery) -> Selection:
    return selection.selection(query.type, query.tag, query.source)


def _abort(request: Request) -> Callable[[], None]:
    """How the connection of a request is ended while a write of it stands still."""
    extensions = request.scope.get("extensions") or {}
    return cast("Callable[[], None]", extensions.get(ABORT, lambda: None))


def _wants_lines(request: Request, query: EventsQuery) -> bool:
    if query.format:
        return query.format == "ndjson"
    given = request.headers.get("Accept", "")
    lines = answers.weight(given, NDJSON)
    return lines > 0 and lines >= answers.weight(given, "application/json")


def _link(query: EventsQuery, page: Page) -> dict[str, str]:
    if page.next is None:
        return {}
    lines = f"&format={query.format}" if query.format else ""
    return {"Link": f'</v1/events?from={page.next}&limit={query.limit}{lines}>; rel="next"'}


def _body(page: Page) -> bytes:
    cursor = cursors.text(cursors.since(page.events[-1].at)) if page.events else None
    items = [event.document for event in page.events]
    return assembled.listing(items, {"next": page.next, "head": page.head, "cursor": cursor})
