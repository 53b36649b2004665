"""Why a cursor or an instant is not answered just now, or not any more."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote, urlencode

from starlette.requests import Request

from services.api import cursors, problems
from services.api.cursors import AfterStory, Cursor
from services.api.live import Live
from services.api.reading import Reader, Snapshot
from shared.web import Problem


def behind(snapshot: Snapshot, cursor: Cursor | AfterStory) -> Problem | None:
    """These views hold less than whoever gave the cursor has shown; None: they do not.

    Whether the cursor is of this log has to be asked before: a log that was restored would never
    come so far again.
    """
    seq = cursors.place(cursor).seq
    return problems.views_behind(seq, snapshot.checkpoint.seq) if snapshot.is_behind(seq) else None


async def page(request: Request, cursor: Cursor) -> Problem | None:
    """Why a further page for readers cannot be given; the log is asked only where views are behind.

    None: it can.
    """
    with cast("Reader", request.app.state.reader).snapshot() as snapshot:
        problem = behind(snapshot, cursor)
    live = cast("Live", request.app.state.live)
    if problem and await live.is_foreign(cursors.place(cursor)):
        return problems.foreign_cursor()
    return problem


def unknown_then(snapshot: Snapshot, seq: int, request: Request) -> Problem | None:
    """Why nothing can be said of the instant at which an event was the last; None: it can."""
    if seq > snapshot.checkpoint.seq:
        return problems.not_said_yet(snapshot.checkpoint.seq)
    row = snapshot.connection.execute("SELECT min(seq) FROM moment").fetchone()
    if row[0] is None or seq >= row[0]:
        return None
    asked = [pair for pair in request.query_params.multi_items() if pair[0] not in {"at", "cursor"}]
    query = urlencode([*asked, ("at", row[0])], errors="replace")
    return problems.before_the_first(f"{quote(request.scope['path'], safe='/:')}?{query}")
