"""What is asked of the views: one function per question, its SQL in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from services.api import cursors
from services.api.cursors import After, AfterUpdate, Since
from services.api.outgoing import Standing
from shared.views import Connection

_LISTED: Final = (
    "SELECT a.article_id, a.status, a.seq, a.ordered_at, a.place, a.copy_of, a.document FROM"
)
"""What a row of ``Listed`` is made of; where from follows."""


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

    def json(self, story_id: str | None) -> str:
        """The stored document with what stands elsewhere: ``copy_of``, and ``story_id``.

        A notice names no story.
        """
        members: dict[str, str | None] = {"copy_of": self.copy_of}
        if self.status == "usable":
            members["story_id"] = story_id
        return f"{self.document.rstrip()[:-1]},{orjson.dumps(members).decode()[1:]}"

    def after(self, since: Since) -> After:
        """The key that the next page begins behind."""
        return After(self.ordered_at, self.place, self.article_id, since)

    def after_update(self, since: Since) -> AfterUpdate:
        """The key that the next page begins behind, of a list by last events."""
        return AfterUpdate(self.seq, self.article_id, since)

    def since(self) -> Since:
        """What came after the article's last event."""
        return cursors.event(self.seq, orjson.loads(self.document)["event_id"])


@dataclass(frozen=True, slots=True)
class LatestRate:
    """What is shown of a series."""

    series: str
    document: str
    """Of the rate that stands; where none does, of one that is doubted."""
    stands: bool
    """False: it is doubted, and there is no other."""
    doubted: str | None = None
    """Document of a later rate, or of a later value for the same ``as_of``, that is doubted."""

    def json(self) -> str:
        """The stored document; of a rate that stands with what is doubted."""
        if not self.stands:
            return self.document
        return f'{self.document.rstrip()[:-1]},"doubted":{self.doubted or "null"}}}'


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
    return listed(connection, query, [_array(article_ids)])


def standings(connection: Connection, article_ids: Collection[str]) -> dict[str, Standing]:
    """How each of these articles stands; of those that the wire never carried, nothing."""
    rows = connection.execute(
        "SELECT article_id, status, taken_back_seq FROM article "
        "WHERE article_id IN (SELECT value FROM json_each(?))",
        (_array(article_ids),),
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


def latest_rates(connection: Connection) -> list[LatestRate]:
    """The rate of every series that stands last, and a later one that is doubted.

    The recursion seeks from series to series; history is not read.
    """
    rows = connection.execute(
        "WITH RECURSIVE known (series) AS (SELECT min(series) FROM rate UNION ALL "
        "SELECT (SELECT min(r.series) FROM rate r WHERE r.series > known.series) FROM known "
        "WHERE known.series IS NOT NULL) "
        "SELECT r.series, r.document, r.standing_version IS r.version FROM known JOIN rate r "
        "ON r.series = known.series AND r.as_of = "
        "(SELECT max(as_of) FROM rate l WHERE l.series = known.series)"
    ).fetchall()
    return [_latest(connection, series, document, stands) for series, document, stands in rows]


def _latest(connection: Connection, series: str, document: str, stands: int) -> LatestRate:
    if stands:
        return LatestRate(series, document, stands=True)
    standing = connection.execute(
        "SELECT v.document FROM rate r JOIN rate_version v ON v.series = r.series "
        "AND v.as_of = r.as_of AND v.version = r.standing_version "
        "WHERE r.series = ? AND r.standing_version IS NOT NULL ORDER BY r.as_of DESC LIMIT 1",
        (series,),
    ).fetchone()
    if standing is None:
        return LatestRate(series, document, stands=False)
    return LatestRate(series, standing[0], stands=True, doubted=document)


def listed(connection: Connection, query: str, values: Sequence[object]) -> list[Listed]:
    """Rows of a query of ours, with the columns of ``Listed``; what a client sent is bound."""
    return [Listed(*row) for row in connection.execute(query, values)]


def _array(texts: Collection[str]) -> str:
    """Texts as one value: SQLite unfolds it, and the statement is the same for any number."""
    return orjson.dumps(list(texts)).decode()
