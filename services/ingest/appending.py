"""Appending to the log, and how what came of it is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.ingest.domain import NotLater, Refused
from services.ingest.drafts import InputEvent, draft
from services.ingest.parse.document import Problem
from shared.errors import Rejected, Unavailable
from shared.events import StreamName
from shared.log import AppendOutcome, Conflict, Log, Stale, checked_bytes

ASK: Final = 2**53 - 1
"""An expected version that no subject has: the answer tells what the subject's last event is."""
ATTEMPTS_MAX: Final = 5
"""Times that an entry is decided again because somebody else appended in between."""


async def append(
    log: Log, stream: StreamName, events: Sequence[InputEvent], expected: int, now: datetime
) -> list[AppendOutcome | Refused]:
    """Append events that expect one version; what is too large is refused alone.

    Raises:
        Unavailable: the log does not answer.
    """
    drafts = [draft(stream, event, expected, now) for event in events]
    too_large: dict[int, Refused] = {}
    for index, each in enumerate(drafts):
        try:
            checked_bytes(each.fields)
        except Rejected as error:
            too_large[index] = Refused(Problem("text-too-long", each.subject, str(error)))
    fitting = [each for index, each in enumerate(drafts) if index not in too_large]
    outcomes = iter(await log.append(stream, fitting))
    return [too_large.get(index) or next(outcomes) for index in range(len(drafts))]


def refused(where: str, detail: str) -> Refused:
    """What the log will not take."""
    return Refused(Problem("event-invalid", where, detail))


def stale(conflict: Conflict, verdict: NotLater) -> Stale:
    """What does not come after the event that it conflicts with."""
    return Stale(conflict.version, conflict.seq, conflict.position, verdict.reason)


def contended(what: str) -> Unavailable:
    """The error of somebody who was always overtaken."""
    return Unavailable(f"{what} was changed by others {ATTEMPTS_MAX} times in a row; try again")
