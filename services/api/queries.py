"""What is asked of the views: one function per question, its SQL in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from services.api import cursors
from services.api.cursors import After, Since
from services.api.outgoing import Standing
from shared.views import Connection

RARE_MAX: Final = 1_000
"""A tag on fewer articles is looked up from its side; a frequent one while walking the order."""

_LISTED: Final = (
    "SELECT a.article_id, a.status, a.seq, a.ordered_at, a.place, a.copy_of, a.document FROM"
)
"""What a row of ``Listed`` is made of; where from follows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are asked for."""

    tags: Sequence[str] = ()
    source: str | None = None
    language: str | None = None


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


@dataclass(slots=True)
class _Condition:
    """SQL that must hold, and its values in order."""

    sql: list[str]
    values: list[Any]

    def add(self, sql: str, *values: Any) -> None:
        self.sql.append(sql)
        self.values.extend(values)


def article(connection: Connection, article_id: str) -> Listed | None:
    """One article, whatever its status; None: the wire never carried it."""
    found = _listed(connection, ["article a WHERE a.article_id = ?"], [article_id])
    return found[0] if found else None


def articles(
    connection: Connection,
    wanted: Wanted,
    after: After | None,
    count: int,
    until_seq: int | None = None,
) -> list[Listed]:
    """Usable articles in list order: newest first, then by place on their page.

    ``until_seq``: those alone that no later event of the wire has changed.
    """
    unchanged = _Condition([], [])
    if until_seq is not None:
        unchanged.add("a.seq <= ?", until_seq)
    return _ordered(connection, wanted, after, count, unchanged)


def front(connection: Connection, wanted: Wanted, after: After | None, count: int) -> list[Listed]:
    """Like ``articles``, without the copies whose canonical article is listed itself."""
    hidden = _Condition([], [])
    hidden.add(
        "NOT EXISTS (SELECT 1 FROM article c WHERE c.article_id = a.copy_of "
        "AND c.status = 'usable' AND c.source = coalesce(?, c.source))",
        wanted.source,
    )
    return _ordered(connection, wanted, after, count, hidden)


def copies(connection: Connection, article_ids: Sequence[str]) -> list[Listed]:
    """Usable copies of these articles."""
    # The plus keeps SQLite from walking every usable article instead of the index on copy_of.
    clauses = [
        "article a",
        "WHERE a.copy_of IN (SELECT value FROM json_each(?)) AND +a.status = 'usable'",
        "ORDER BY a.source, a.article_id",
    ]
    return _listed(connection, clauses, [_array(article_ids)])


def changes(connection: Connection, wanted: Wanted, seq: int, count: int) -> list[Listed]:
    """Articles whose last event has a later seq, oldest change first.

    A notice passes every filter but the source's: whoever holds a copy has to learn of it, and what
    was killed has no tags any more.
    """
    condition = _Condition([], [])
    condition.add("a.seq > ?", seq)
    _add_source(condition, wanted)
    offered = _Condition([], [])
    _add_tags_and_language(offered, wanted)
    if offered.sql:
        condition.add(f"(a.status <> 'usable' OR ({' AND '.join(offered.sql)}))", *offered.values)
    return _select(connection, "article a", condition, "a.seq", count)


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
    newest = articles(connection, Wanted(source=source), None, 1)
    return newest[0].ordered_at[:10] if newest else None


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


def _ordered(
    connection: Connection, wanted: Wanted, after: After | None, count: int, further: _Condition
) -> list[Listed]:
    condition = _Condition(["a.status = 'usable'"], [])
    _add_source(condition, wanted)
    _add_tags_and_language(condition, wanted)
    condition.add(" AND ".join(further.sql) or "TRUE", *further.values)
    if after:
        condition.add(
            "a.ordered_at <= ? AND (a.ordered_at < ? OR (a.place, a.article_id) > (?, ?))",
            after.ordered_at, after.ordered_at, after.place, after.article_id,
        )  # fmt: skip
    tables = "article a"
    if rare := _rare(connection, wanted.tags):
        # CROSS JOIN is SQLite's way to say which side is walked.
        tables = "article_tag driving CROSS JOIN article a ON a.article_id = driving.article_id"
        condition.add("driving.tag = ?", rare)
    order = "a.ordered_at DESC, a.place, a.article_id"
    return _select(connection, tables, condition, order, count)


def _rare(connection: Connection, tags: Sequence[str]) -> str | None:
    """A tag on few articles; None: none of them is rare."""
    for tag in tags:
        row = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM article_tag WHERE tag = ? LIMIT ?)",
            (tag, RARE_MAX),
        ).fetchone()
        if row[0] < RARE_MAX:
            return tag
    return None


def _add_source(condition: _Condition, wanted: Wanted) -> None:
    if wanted.source:
        condition.add("a.source = ?", wanted.source)


def _add_tags_and_language(condition: _Condition, wanted: Wanted) -> None:
    if wanted.language:
        condition.add("a.language = ?", wanted.language)
    for tag in wanted.tags:
        condition.add(
            "EXISTS (SELECT 1 FROM article_tag t WHERE t.tag = ? AND t.article_id = a.article_id)",
            tag,
        )


def _select(
    connection: Connection, tables: str, condition: _Condition, order: str, count: int
) -> list[Listed]:
    clauses = [tables, "WHERE", " AND ".join(condition.sql), "ORDER BY", order, "LIMIT ?"]
    return _listed(connection, clauses, [*condition.values, count])


def _listed(
    connection: Connection, clauses: Sequence[str], values: Sequence[object]
) -> list[Listed]:
    """The rows that clauses of ours choose; what a client sent is bound, never part of them."""
    return [Listed(*row) for row in connection.execute(" ".join([_LISTED, *clauses]), values)]


def _array(texts: Collection[str]) -> str:
    """Texts as one value: SQLite unfolds it, and the statement is the same for any number."""
    return orjson.dumps(list(texts)).decode()
