"""How far streams have come, and how far consumers are behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.errors import LogDamaged
from shared.events import StreamName
from shared.log import Entry, Log
from shared.streams import ENRICHMENT_ARTICLES, ENRICHMENT_RATES, Checkpoint

STREAMS: Final[tuple[StreamName, ...]] = ("articles", "rates", "wire", "deadletters", "sources")
COMMITTING: Final[tuple[tuple[str, StreamName], ...]] = (
    (ENRICHMENT_ARTICLES, "articles"),
    (ENRICHMENT_RATES, "rates"),
)
"""Consumers whose checkpoint is on the log; the projection's is in its file."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """The end of a stream."""

    stream: str
    seq: int
    position: str | None
    recorded_at: str | None


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """A consumer against its stream."""

    consumer: str
    stream: str
    seq: int
    position: str
    head: int
    lag_events: int
    lag_s: float
    """Since the oldest event it has not taken in was recorded; 0: it has all."""
    parked: int
    """Events it has set aside, neither taken in since nor dropped."""
    fault: str | None


async def stream_state(log: Log, stream: StreamName) -> StreamState:
    """Where a stream ends.

    Raises:
        Unavailable: the log does not answer.
    """
    head = await log.head(stream)
    position = head.last.position if head.last else None
    return StreamState(stream, head.seq, position, _recorded_at(head.last))


async def consumer_state(
    log: Log, name: str, stream: StreamName, at: Checkpoint, now: datetime
) -> ConsumerState:
    """How far a consumer that stands there is behind; what it has set aside is not known here.

    Raises:
        Unavailable: the log does not answer.
    """
    head, fault, lag_s = (await log.head(stream)).seq, None, 0.0
    try:
        waiting = await log.follow(stream, at, count=1)
        oldest = _recorded_at(waiting[0]) if waiting else None
        if oldest is not None:
            lag_s = max(0.0, (now - datetime.fromisoformat(oldest)).total_seconds())
    except LogDamaged as error:
        fault = str(error)
    return ConsumerState(
        name, stream, at.seq, at.position, head, max(0, head - at.seq), round(lag_s, 3), 0, fault
    )


def _recorded_at(entry: Entry | None) -> str | None:
    return entry.fields.get(b"recordedtime", b"").decode() or None if entry else None
