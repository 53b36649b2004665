"""Which events were taken up late: set aside by the projection, and folded when it had gone on.

Their seq lies behind whoever follows what changes, who hears of them by number instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.api.cursors import Since
from shared.views import Connection


@dataclass(frozen=True, slots=True)
class Late:
    """One of them."""

    number: int
    """Counts up, from 1."""
    seq: int
    """Of the event; one that failed, was retried and rebuilt may come under two numbers."""


def last(connection: Connection) -> int:
    """Number of the last one; 0: there is none."""
    row = connection.execute("SELECT max(number) FROM late").fetchone()
    return row[0] or 0


def heard(connection: Connection, since: Since) -> int:
    """Number of the last one that whoever has a cursor has heard of; 0: of none."""
    if since.late:
        return since.late
    row = connection.execute(
        "SELECT number FROM late WHERE heard_seq < ? ORDER BY number DESC LIMIT 1", (since.seq,)
    ).fetchone()
    return row[0] if row else 0


def after(connection: Connection, number: int, until_seq: int, count: int) -> list[Late]:
    """At most ``count`` of those after a number whose events lie at or before a seq, in order."""
    rows = connection.execute(
        "SELECT number, seq FROM late WHERE number > ? AND seq <= ? ORDER BY number LIMIT ?",
        (number, until_seq, count),
    )
    return [Late(*row) for row in rows]
