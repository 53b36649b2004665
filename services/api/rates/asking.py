"""What every answer about rates asks of the request: the views, the day, the instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast

from starlette.requests import Request

from services.api import answers, asof, past
from services.api.cursors import Since
from services.api.following import refusing
from services.api.reading import Reader, Snapshot
from shared.views import Connection
from shared.web import Problem

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """The views during one request, and the instant that it is about."""

    connection: Connection
    here: Since
    """Where whoever reads all of them goes on."""
    then: int | None
    """The event by which things were known; None: whatever is known by now."""
    today: date
    """The day of that instant, in UTC."""


def room(request: Request, snapshot: Snapshot, at: str | None) -> Room | Problem:
    """The views as they are, or as they were at an instant; a problem: that is not known."""
    today = today_of(request)
    connection = snapshot.connection
    if at is None:
        return Room(connection, snapshot.here, None, today)
    asked = asof.read(at)
    then = past.seq_at(connection, asked)
    if refusal := refusing.unknown_then(snapshot, then, request):
        return refusal
    day = _day(connection, then) if isinstance(asked, int) else _in_utc(asked)
    return Room(connection, snapshot.here, then, min(day or today, today))


def reader_of(request: Request) -> Reader:
    """The views of this process."""
    return cast("Reader", request.app.state.reader)


def today_of(request: Request) -> date:
    """The day it is, in UTC."""
    return cast("date", request.app.state.today())


def etag_of(request: Request, snapshot: Snapshot, *more: str) -> str:
    """Of an answer that also depends on the day: a rate grows older while nothing happens."""
    return answers.etag(request, snapshot.state, today_of(request).isoformat(), *more)


def dated_of(request: Request, snapshot: Snapshot) -> str | None:
    """Its ``Last-Modified``: when the last event was said, or when the day began.

    None: none is given.
    """
    said_at_ms = snapshot.said_at_ms()
    if said_at_ms is None:
        return None
    begun = datetime.combine(today_of(request), time(), UTC)
    return answers.dated(request, max(said_at_ms, (begun - _EPOCH) // timedelta(milliseconds=1)))


def _day(connection: Connection, seq: int) -> date | None:
    """The day in UTC on which an event was said; None: nothing had been said."""
    query = "SELECT at_ms FROM moment WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, (seq,)).fetchone()
    return (_EPOCH + timedelta(milliseconds=row[0])).date() if row else None


def _in_utc(instant: datetime) -> date | None:
    """Its day in UTC; None: it is within a day of where all calendars end."""
    try:
        return instant.astimezone(UTC).date()
    except OverflowError:
        return None
