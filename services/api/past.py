"""What was shown at an instant: from the views, whatever has happened since.

What has been taken back since is not given, at any instant.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from services.api import queries
from services.api.queries import Listed
from shared.views import Connection

_COLUMNS: Final = "p.article_id, p.status, p.seq, p.ordered_at, p.place, p.copy_of, p.document"
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
