"""The two instants of a comparison, as a request names them."""

from __future__ import annotations

from datetime import datetime

from fastapi.exceptions import RequestValidationError

from services.api import asof, past
from services.api.reading import Snapshot
from services.api.times.differing import Span


def span(snapshot: Snapshot, begin: str, end: str | None) -> Span:
    """The last event at each; ``end`` None: as far as the views are.

    Raises:
        RequestValidationError: one has not been said yet, or the later one lies before the other.
    """
    head = snapshot.checkpoint.seq
    found = Span(
        past.seq_at(snapshot.connection, asof.read(begin)),
        past.seq_at(snapshot.connection, asof.read(end)) if end else head,
    )
    for name, seq in (("from", found.begin), ("to", found.end)):
        if seq > head:
            said = f"Input should be at most {head}, the event at which the views stand"
            raise _fault(name, said)
    if found.begin > found.end:
        raise _fault("to", f"Input should not be before `from`, which is event {found.begin}")
    return found


def when(snapshot: Snapshot, asked: str | None, seq: int) -> datetime | None:
    """The instant of one end: as it was asked for, else that of its last event.

    A time that is still to come is that of the last event too. None: nothing had been said.
    """
    said = past.said_at(snapshot.connection, seq)
    last = past.said_at(snapshot.connection, snapshot.checkpoint.seq)
    if said is None or last is None:
        return None
    at = asof.read(asked) if asked else None
    return at if isinstance(at, datetime) and at <= last else said


def _fault(name: str, said: str) -> RequestValidationError:
    return RequestValidationError([{"type": "conflict", "loc": ("query", name), "msg": said}])
