"""What is asked of the views: one function per question, its SQL in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from services.api import assembled
from services.api.binding import array
from services.api.cursors import After, AfterUpdate, Since
from services.api.outgoing import Standing
from shared.views import Connection

_LISTED: Final = (
    "SELECT a.article_id, a.status, a.seq, a.ordered_at, a.place, a.copy_of, a.document FROM"
)
"""What a row of ``Listed`` is made of; where from follows."""


@dataclass(frozen=True, slots=True)
class Span:
    """Events of the wire, one after the other."""

    after_seq: int
    until_seq: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An article's row."""

    article_id: str
    status: str
    seq: int
    ordered_at: str
    place: int
    copy_of: str | None
    document: str

    def json(self, story_id: str | None) -> bytes:
        """The stored document with what stands elsewhere: ``copy_of``, and ``story_id``.

        A notice names no story.
        """
        members: dict[str, str | None] = {"copy_of": self.copy_of}
        if self.status == "usable":
            members["story_id"] = story_id
        return assembled.with_members(self.document.encode(), members)

    def after(self, since: Since, chosen: str) -> After:
        """The key that the next page of a list begins behind."""
        return After(self.ordered_at, self.place, self.article_id, since, chosen)

    def after_update(self, since: Since, chosen: str) -> AfterUpdate:
        """The key that the next page of a list by last events begins behind."""
        return AfterUpdate(self.seq, self.article_id, since, chosen)

    def event(self) -> tuple[int, str]:
        """Seq and id of the article's last event."""
        return self.seq, orjson.loads(self.document)["event_id"]


def article(connection: Connection, article_id: str) -> Listed | None:
    """One article, whatever its status; None: the wire never carried it."""
    found = listed(connection, f"{_LISTED} article a WHERE a.article_id = ?", [article_id])
    return found[0] if found else None


def copies(connection: Connection, article_ids: Sequence[str]) -> list[Listed]:
    """Usable copies of these articles."""
    # The plus keeps SQLite from walking every usable article instead of the index on copy_of.
    query = (
        f"{_LISTED} article a WHERE a.copy_of IN (SELECT value FROM json_each(?)) "  # noqa: S608  # our own words
        "AND +a.status = 'usable' ORDER BY a.source, a.article_id"
    )
    return listed(connection, query, [array(article_ids)])


def standings(connection: Connection, article_ids: Collection[str]) -> dict[str, Standing]:
    """How each of these articles stands; of those that the wire never carried, nothing."""
    rows = connection.execute(
        "SELECT article_id, status, taken_back_seq FROM article "
        "WHERE article_id IN (SELECT value FROM json_each(?))",
        (array(article_ids),),
    ).fetchall()
    return {row[0]: Standing(row[1], row[2]) for row in rows}


def newest_day(connection: Connection, source: str | None) -> str | None:
    """Day of the newest usable article, ``2025-12-13``; None: there is none."""
    chosen = "TRUE" if source is None else "source = ?"
    newest = connection.execute(
        f"SELECT ordered_at FROM article WHERE status = 'usable' AND {chosen} "  # noqa: S608  # our own words
        "ORDER BY ordered_at DESC LIMIT 1",
        () if source is None else (source,),
    ).fetchone()
    return str(newest[0])[:10] if newest else None


def listed(connection: Connection, query: str, values: Sequence[object]) -> list[Listed]:
    """Rows of a query of ours, with the columns of ``Listed``; what a client sent is bound."""
    return [Listed(*row) for row in connection.execute(query, values)]
