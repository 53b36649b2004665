"""The instant that a page is about, and links that keep to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import parse_qs, urlencode

from pydantic_core import PydanticCustomError

from services.api import asof, past, problems, typeset
from services.api.reading import Snapshot
from services.api.typeset import When
from services.api.words import paths, speaking
from shared.web import Problem

_QUERY_BYTES_MAX: Final = 4_000
"""Of a page's address that is looked through for an instant: as long as any may be."""


@dataclass(frozen=True, slots=True)
class Then:
    """An instant that lies behind us, as a page says it."""

    seq: int
    """Of the last event of the wire then; 0: nothing had been said."""
    head: int
    """The event at which the views stand."""
    when: When | None
    """None: nothing had been said, and no time was asked for."""
    asked: str
    """As the reader's address has it."""


def of_page(snapshot: Snapshot, at: str | None, today: date) -> Then | Problem | None:
    """What a page is about; a problem: it has not come yet; None: the present.

    Today is not over, and yet may be asked for: it is as far as it has come.
    """
    if at is None:
        return None
    asked, head = asof.read(at), snapshot.checkpoint.seq
    seq = past.seq_at(snapshot.connection, asked)
    if seq > head:
        return problems.not_said_yet(head)
    if isinstance(asked, datetime) and asked > _end(today):
        return problems.not_come_yet(today)
    when = asked if isinstance(asked, datetime) else past.said_at(snapshot.connection, seq)
    return Then(seq, head, typeset.instant(when.isoformat()) if when else None, at)


def _end(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, UTC)


def kept(path: str) -> str:
    """Our page at this path, at the instant that the page which leads there is about."""
    query = speaking.here().query[:_QUERY_BYTES_MAX].decode("ascii", "replace")
    asked = parse_qs(query).get("at", [""])[0]
    try:
        asof.checked(asked)
    except PydanticCustomError:
        return paths.href(path)
    return f"{paths.href(path)}?{urlencode({'at': asked})}"
