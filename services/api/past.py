"""What was shown at an instant: from the views, whatever has happened since.

What has been taken back since is not given, at any instant.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from services.api import queries
from services.api.cursors import After
from services.api.queries import Listed, Wanted
from shared.views import Connection

_COLUMNS: Final = "p.article_id, p.status, p.seq, p.ordered_at, p.place, p.copy_of, p.document"
_MS: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def seq_at(connection: Connection, at: int | datetime) -> int:
    """The last event of the wire that had been said; 0: none had. ``at``: its number, or a time."""
    if isinstance(at, int):
        return at
    before = "SELECT max(seq) FROM moment WHERE at_ms <= ?"
    row = connection.execute(before, ((at - _EPOCH) // _MS,)).fetchone()
    return row[0] or 0


def article(connection: Connection, article_id: str, seq: int) -> Listed | None:
    """An article as it was; None: it was not there, or its text has been taken back since."""
    now = queries.article(connection, article_id)
    if now is None or now.status != "usable" or now.seq <= seq:
        return now
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM article_past p WHERE p.article_id = ? AND p.seq <= ? "  # noqa: S608  # our own names
        "AND p.to_seq > ? AND p.status = 'usable' AND p.document IS NOT NULL",
        (article_id, seq, seq),
    ).fetchone()
    return Listed(*row) if row else None


def articles(
    connection: Connection, wanted: Wanted, after: After | None, count: int, seq: int
) -> list[Listed]:
    """The list of articles as it was: what has stood since, and what has been changed since."""
    found = queries.articles(connection, wanted, after, count, seq)
    found += _changed_since(connection, wanted, after, count, seq)
    found.sort(key=lambda one: (one.place, one.article_id))
    found.sort(key=lambda one: one.ordered_at, reverse=True)
    return found[:count]


def _changed_since(
    connection: Connection, wanted: Wanted, after: After | None, count: int, seq: int
) -> list[Listed]:
    sql = [
        "p.status = 'usable' AND p.document IS NOT NULL AND a.status = 'usable'",
        "p.seq <= ? AND p.to_seq > ?",
    ]
    values: list[Any] = [seq, seq]
    for column, value in (("source", wanted.source), ("language", wanted.language)):
        if value:
            sql.append(f"p.{column} = ?")
            values.append(value)
    for tag in wanted.tags:
        sql.append(
            "EXISTS (SELECT 1 FROM json_each(p.document, '$.tags') t WHERE "
            "(t.value ->> 'scheme') || ':' || (t.value ->> 'code') = ?)"
        )
        values.append(tag)
    if after:
        sql.append("p.ordered_at <= ? AND (p.ordered_at < ? OR (p.place, p.article_id) > (?, ?))")
        values += (after.ordered_at, after.ordered_at, after.place, after.article_id)
    query = (
        f"SELECT {_COLUMNS} FROM article_past p JOIN article a USING (article_id) WHERE "  # noqa: S608  # our own names
        f"{' AND '.join(sql)} ORDER BY p.ordered_at DESC, p.place, p.article_id LIMIT ?"
    )
    return [Listed(*row) for row in connection.execute(query, (*values, count))]
