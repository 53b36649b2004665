"""What was shown at an instant: from the views, whatever has happened since.

What has been taken back since is not given, at any instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from services.api import queries
from services.api.binding import array
from services.api.queries import Listed
from shared.views import Connection

_COLUMNS: Final = "p.article_id, p.status, p.seq, p.ordered_at, p.place, p.copy_of, p.document"
_COPIES: Final = f"""
SELECT a.article_id, a.status, a.seq, a.ordered_at, a.place, a.copy_of, a.document, a.source
FROM article a WHERE a.copy_of IN (SELECT value FROM json_each(:ids))
  AND +a.status = 'usable' AND a.seq <= :then
UNION ALL
SELECT {_COLUMNS}, p.source
FROM article_past p CROSS JOIN article n ON n.article_id = p.article_id
WHERE p.copy_of IN (SELECT value FROM json_each(:ids)) AND p.seq <= :then AND p.to_seq > :then
  AND p.status = 'usable' AND p.document IS NOT NULL AND n.status = 'usable'
ORDER BY 8, 1
"""  # noqa: S608  # our own names
_MS: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def seq_at(connection: Connection, at: int | datetime) -> int:
    """The last event of the wire that had been said; 0: none had. ``at``: its number, or a time."""
    if isinstance(at, int):
        return at
    # Not max(seq), which reads all moments before: the clock of the log never goes back.
    before = "SELECT seq FROM moment WHERE at_ms <= ? ORDER BY at_ms DESC, seq DESC LIMIT 1"
    row = connection.execute(before, ((at - _EPOCH) // _MS,)).fetchone()
    return row[0] if row else 0


def said_at(connection: Connection, seq: int) -> datetime | None:
    """When an event was said, or the last one before it that is known; None: none is."""
    query = "SELECT at_ms FROM moment WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, (seq,)).fetchone()
    return _EPOCH + row[0] * _MS if row else None


def first(connection: Connection) -> int | None:
    """The first event that the views know of; None: there is none."""
    found: int | None = connection.execute("SELECT min(seq) FROM moment").fetchone()[0]
    return found


def next_seq(connection: Connection, at: datetime) -> int | None:
    """The first event that was said at a time or later; None: none was."""
    query = "SELECT seq FROM moment WHERE at_ms >= ? ORDER BY at_ms, seq LIMIT 1"
    row = connection.execute(query, ((at - _EPOCH) // _MS,)).fetchone()
    return row[0] if row else None


def article(connection: Connection, article_id: str, seq: int | None) -> Listed | None:
    """An article as it was; None: it was not there, or its text has been taken back since.

    ``seq`` None: as it is.
    """
    now = queries.article(connection, article_id)
    if seq is None or now is None or now.status != "usable" or now.seq <= seq:
        return now
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM article_past p WHERE p.article_id = ? AND p.seq <= ? "  # noqa: S608  # our own names
        "AND p.to_seq > ? AND p.status = 'usable' AND p.document IS NOT NULL",
        (article_id, seq, seq),
    ).fetchone()
    return Listed(*row) if row else None


def copies(connection: Connection, article_ids: Sequence[str], seq: int | None) -> list[Listed]:
    """Copies of these articles then, of those that have not been taken back since.

    ``seq`` None: as they are.
    """
    if seq is None:
        return queries.copies(connection, article_ids)
    values = {"ids": array(article_ids), "then": seq}
    return [Listed(*row[:7]) for row in connection.execute(_COPIES, values)]
