"""A page of changes: first what was taken up late, then what came after the cursor.

An event that was set aside and is folded later changes rows at its own, old seq. Whoever is past it
hears of it here: the views number such events, and a cursor says up to which they were heard of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from services.api import cursors, late
from services.api.cursors import Since
from services.api.queries import Span
from services.api.reading import Snapshot
from services.api.schemas import SEQ_MAX

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
    connection = snapshot.connection
    taken_up = late.after(connection, late.heard(connection, since), since.seq, limit)
    before = source.chosen([one.seq for one in taken_up], BOTH_MAX * limit) if taken_up else []
    if len(taken_up) == limit:
        reached = Since(since.seq, since.mark, taken_up[-1].number)
        return Changes(before, reached, reached)
    room = max(1, limit - len(before))
    end = source.end(since.seq)
    rows = source.chosen(Span(since.seq, end[0] if end else SEQ_MAX), room + BOTH_MAX)
    shown = _whole(rows, room, source)
    if len(shown) < len(rows):
        end = source.place(shown[-1])
    if end is None:
        return Changes([*before, *shown], None, snapshot.here)
    reached = cursors.event(*end, late.last(connection))
    return Changes([*before, *shown], reached, reached)


def _whole(rows: list[T], limit: int, source: Source[T]) -> list[T]:
    """The first rows, and what else their last event has changed: a cursor stands behind events."""
    end = limit
    while end < len(rows) and source.place(rows[end]) == source.place(rows[end - 1]):
        end += 1
    return rows[:end]
