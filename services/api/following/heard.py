"""A page of changes: first what was taken up late, then what came after the cursor.

An event that was set aside and is folded later changes rows at its own, old seq. Whoever is past it
hears of it here: the views number such events, and a cursor says up to which they were heard of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from services.api import cursors
from services.api.cursors import Since
from services.api.queries import Span
from services.api.reading import Snapshot
from services.api.schemas import SEQ_MAX
from shared.views import Connection

T = TypeVar("T")
BOTH_MAX: Final = 2
"""Changes of one event: of two stories that become one both change."""


@dataclass(frozen=True, slots=True)
class Changes(Generic[T]):
    """Some changes, in the order in which they are to be taken in."""

    rows: Sequence[T]
    next: Since | None
    """Where the following page begins; None: there is none."""
    cursor: Since
    """Where whoever has this page goes on later."""


Place = tuple[int, str]
"""Seq and id of an event."""


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """Where changes are read."""

    chosen: Callable[[Span | Sequence[int], int], list[T]]
    """What was changed last by some events, oldest first, at most so many."""
    end: Callable[[int], Place | None]
    """Where the look at what follows a seq has to end, however little was found; None: nowhere."""
    place: Callable[[T], Place]
    """Of the event that made a change."""


def page(snapshot: Snapshot, since: Since, source: Source[T], limit: int) -> Changes[T]:
    """The changes after a cursor, at most ``limit``; one more where one event made two."""
    numbers = _late(snapshot.connection, since, limit)
    late = source.chosen([seq for _, seq in numbers], BOTH_MAX * limit) if numbers else []
    if len(numbers) == limit:
        reached = Since(since.seq, since.mark, numbers[-1][0])
        return Changes(late, reached, reached)
    room = max(1, limit - len(late))
    end = source.end(since.seq)
    rows = source.chosen(Span(since.seq, end[0] if end else SEQ_MAX), room + BOTH_MAX)
    shown = _whole(rows, room, source)
    if len(shown) < len(rows):
        end = source.place(shown[-1])
    if end is None:
        return Changes([*late, *shown], None, snapshot.here)
    reached = cursors.event(*end, _heard_all(snapshot.connection))
    return Changes([*late, *shown], reached, reached)


def _whole(rows: list[T], limit: int, source: Source[T]) -> list[T]:
    """The first rows, and what else their last event has changed: a cursor stands behind events."""
    end = limit
    while end < len(rows) and source.place(rows[end]) == source.place(rows[end - 1]):
        end += 1
    return rows[:end]


def _late(connection: Connection, since: Since, count: int) -> list[tuple[int, int]]:
    """Number and seq of what was taken up late behind a cursor and was not heard of with it."""
    chosen = "l.number > ?" if since.late else "l.heard_seq >= ?"
    rows = connection.execute(
        f"SELECT l.number, l.seq FROM late l WHERE {chosen} AND l.seq <= ? "  # noqa: S608  # our own words
        "ORDER BY l.number LIMIT ?",
        (since.late or since.seq, since.seq, count),
    )
    return [(row[0], row[1]) for row in rows]


def _heard_all(connection: Connection) -> int:
    row = connection.execute("SELECT max(number) FROM late").fetchone()
    return row[0] or 0
