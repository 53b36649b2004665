"""Server-sent events as bytes. Pure. Source: HTML, "Server-sent events", 9.2.5 and 9.2.6."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import orjson

from services.api import cursors
from services.api.cursors import Since
from services.api.outgoing import PREFIX, Told

RETRY_MS: Final = 1_000
"""How long a browser waits before it comes back."""

ResetReason = Literal["diverged", "trimmed", "gap"]
"""Words of the glossary: the log is another one, it begins later, or it has a hole."""
_WHY: Final[dict[ResetReason, str]] = {
    "diverged": "The cursor is of another log, or the log was restored to an earlier state.",
    "trimmed": "The log no longer reaches back to the cursor.",
    "gap": "Events are missing from the log after the cursor.",
}
NEXT: Final = (
    "Read /v1/articles and /v1/rates/latest afresh; this stream goes on live after `cursor`."
)


@dataclass(frozen=True, slots=True)
class Reset:
    """A stream cannot go on where its client wants it to."""

    reason: ResetReason


def message(told: Told) -> bytes:
    """An event; its id is the cursor after it."""
    cursor, name = cursors.text(told.place), told.event.type.removeprefix(PREFIX)
    data = told.event.document
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (cursor.encode(), name.encode(), data)


def hello() -> bytes:
    """The first bytes of a stream: they show a client that it is open."""
    return b": newswire\nretry: %d\n\n" % RETRY_MS


def position(since: Since) -> bytes:
    """No event: where the client stands, so that it does not come back for what it did not want.

    A message without data moves a browser's ``lastEventId`` and is not dispatched.
    """
    return b"id: %b\n\n" % cursors.text(since).encode()


def heartbeat(since: Since | None) -> bytes:
    """A comment, so that nobody on the way closes the connection; None: no place is known yet."""
    return b": heartbeat\n" + (position(since) if since else b"\n")


def reset(reset: Reset, since: Since) -> bytes:
    """Tells a client to start anew; the stream goes on live after ``since``."""
    cursor = cursors.text(since)
    data = {"reason": reset.reason, "cursor": cursor, "detail": f"{_WHY[reset.reason]} {NEXT}"}
    return b"id: %b\nevent: reset\ndata: %b\n\n" % (cursor.encode(), orjson.dumps(data))
