"""What is asked of the views about stories: one function per question, its SQL in it.

No word of a story's event is read: its headline is of an article, and may have been taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from services.api import stories_then
from services.api.binding import array
from services.api.queries import Span
from shared.views import Connection

MEMBERS_MAX: Final = 200
"""Articles of one story that are told and counted, the latest that joined: as many as enrichment
compares with. A story that lasts a year would make every list of it slow."""
COUNTED_MAX: Final = 50
"""Articles of one story that are counted beside an article: a page has fifty such stories."""
HOPS_MAX: Final = 100
"""Stories that ended one in the other, before the one that goes on. Each is younger than the next,
so there is an end; a log that says otherwise is followed so far."""
PARTS_MAX: Final = 200
"""Stories that ended in one and are looked through for articles; beside articles of a page, those
that ended in all of their stories together."""

_HOMES: Final = """ way (article_id, story_id, hops) AS (
  SELECT m.article_id, m.story_id, 0
  FROM json_each(?) j CROSS JOIN story_member m ON m.article_id = j.value
  UNION ALL
  SELECT w.article_id, e.story_id, w.hops + 1
  FROM way w CROSS JOIN story_end e ON e.merged_story_id = w.story_id WHERE w.hops < ?
), home (article_id, story_id) AS (
  -- The other columns are those of the row that has the maximum.
  SELECT article_id, story_id FROM (
    SELECT article_id, story_id, max(hops) FROM way GROUP BY article_id
  )
)
"""
"""Articles with the story that each is in, behind whatever that one was merged into."""
_HOME: Final = f"{_HOMES} SELECT article_id, story_id FROM home"  # noqa: S608  # our own words
_MEMBERSHIP: Final = """
SELECT m.article_id, m.story_id
FROM json_each(?) j CROSS JOIN story_member m ON m.article_id = j.value
"""
"""Articles with the story that each is in, which may have ended."""
_MERGED: Final = """
SELECT merged_story_id FROM story_merged WHERE merged_story_id IN (SELECT value FROM json_each(?))
"""
"""Those of some stories that have ended in another."""
_TAKEN_IN_BY: Final = """(
SELECT iif(
  said.is_in AND (said.seq > its.taken_back_seq OR its.story_id IS NOT NULL), said.story_id, NULL)
FROM story_article said
CROSS JOIN article its INDEXED BY article_narrow ON its.article_id = said.article_id
WHERE said.article_id = {0} ORDER BY said.seq DESC LIMIT 1
)"""
"""As the view ``story_member`` has it, of one article that stands. No other query has its names."""
_BELONGING: Final = f"""
{_HOMES}, part (root, story_id) AS (
  SELECT DISTINCT story_id, story_id FROM home
  UNION
  SELECT p.root, e.merged_story_id FROM part p CROSS JOIN story_end e ON e.story_id = p.story_id
  LIMIT ?
), counted (root, articles) AS MATERIALIZED (
  SELECT root, (
    SELECT count(*) FROM (
      SELECT 1 FROM part p CROSS JOIN story_member m ON m.story_id = p.story_id
      WHERE p.root = r.root LIMIT ?
    )
  ) FROM (SELECT DISTINCT story_id AS root FROM home) r
)
SELECT h.article_id, h.story_id, c.articles FROM home h JOIN counted c ON c.root = h.story_id
"""  # noqa: S608  # our own words
_END: Final = """ way (story_id, hops) AS (
  SELECT ?, 0
  UNION ALL
  SELECT e.story_id, w.hops + 1
  FROM way w CROSS JOIN story_end e ON e.merged_story_id = w.story_id WHERE w.hops < ?
) SELECT story_id, max(hops) FROM way
"""
_PARTS: Final = """ part (story_id) AS (
  SELECT ?
  UNION
  SELECT e.merged_story_id FROM part p CROSS JOIN story_end e ON e.story_id = p.story_id LIMIT ?
) SELECT story_id FROM part
"""
_MEMBERS: Final = """
SELECT m.article_id, m.source, m.language, m.ordered_at, m.copy_of FROM (
  SELECT story_id, article_id, seq FROM story_article
  WHERE story_id IN (SELECT value FROM json_each(?)) AND is_in {0} ORDER BY seq DESC LIMIT ?
) latest
CROSS JOIN story_member m ON m.article_id = latest.article_id AND m.seq = latest.seq
ORDER BY m.ordered_at, m.article_id
"""
_DOCUMENTS: Final = """
SELECT article_id, document FROM article
-- The plus keeps SQLite from walking every usable article instead of the key.
WHERE article_id IN (SELECT value FROM json_each(?)) AND +status = 'usable'
"""
_DOCUMENTS_THEN: Final = """
SELECT a.article_id, iif(a.seq <= :then, a.document, p.document)
FROM json_each(:ids) j CROSS JOIN article a ON a.article_id = j.value
LEFT JOIN article_past p ON p.article_id = a.article_id AND p.seq <= :then AND p.to_seq > :then
WHERE a.status = 'usable' AND a.taken_back_seq <= :then
  AND (a.seq <= :then OR p.status = 'usable')
"""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story's row, without its words."""

    story_id: str
    status: str
    version: int
    seq: int
    event_id: str
    representative: str
    """Who stands for it, as the wire has it; it may be gone, or in another story."""
    observed_at: str

    def event(self) -> tuple[int, str]:
        """Seq and id of the event that last changed it."""
        return self.seq, self.event_id


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story that may be shown."""

    article_id: str
    source: str
    language: str
    ordered_at: str
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """The story that an article is in."""

    story_id: str
    articles: int
    """How many of it may be shown; COUNTED_MAX: so many or more."""


def story(connection: Connection, story_id: str, then: int | None = None) -> StoryRow | None:
    """One story; None: the wire never told of it, or had not told of it then.

    ``then``: as it was at this event of the wire, here and below; None: as it is.
    """
    found = _rows(connection, ["WHERE s.story_id = ?"], [story_id], then)
    return found[0] if found else None


def stories(
    connection: Connection,
    status: str | None,
    before: tuple[int, str] | None,
    count: int,
    then: int | None = None,
) -> list[StoryRow]:
    """Stories by when they last changed, the latest first; ``before``: seq and id of one."""
    if then is not None:
        query, bound = stories_then.listed(then, status, before, count)
        return [StoryRow(*row) for row in connection.execute(query, bound)]
    clauses, values = ["WHERE TRUE"], list[object]()
    if status is not None:
        clauses.append("AND s.status = ?")
        values.append(status)
    if before is not None:
        clauses.append("AND s.seq <= ? AND (s.seq, s.story_id) < (?, ?)")
        values += [before[0], *before]
    clauses.append("ORDER BY s.seq DESC, s.story_id DESC LIMIT ?")
    return _rows(connection, clauses, [*values, count])


def changes(
    connection: Connection, status: str | None, events: Span | Sequence[int], count: int
) -> list[StoryRow]:
    """Stories that one of these events changed last, the oldest change first."""
    if isinstance(events, Span):
        clauses, values = ["WHERE s.seq > ? AND s.seq <= ?"], list[object]()
        values += [events.after_seq, events.until_seq]
    else:
        clauses = ["WHERE s.seq IN (SELECT value FROM json_each(?))"]
        values = [orjson.dumps(events).decode()]
    if status is not None:
        clauses.append("AND s.status = ?")
        values.append(status)
    clauses.append("ORDER BY s.seq, s.story_id LIMIT ?")
    return _rows(connection, clauses, [*values, count])


def end(connection: Connection, story_id: str, then: int | None = None) -> str:
    """The story that goes on where a merged one ended; itself where it was not merged."""
    query = stories_then.beginning(then) + _END
    return str(connection.execute(query, (story_id, HOPS_MAX)).fetchone()[0])


def ends(connection: Connection, story_ids: Collection[str]) -> dict[str, str]:
    """Of each of these stories the one that goes on."""
    if not story_ids:
        return {}
    # Seldom has one of them ended in another, and then a way has to be followed.
    merged = {row[0] for row in connection.execute(_MERGED, (array(story_ids),))}
    return {one: end(connection, one) if one in merged else one for one in story_ids}


def taken_in_by(article_id: str) -> str:
    """SQL for the story that took in an article that stands, or NULL; it may have ended.

    ``article_id``: a column of a query of ours.
    """
    return _TAKEN_IN_BY.format(article_id)


def homes(
    connection: Connection, article_ids: Collection[str], then: int | None = None
) -> dict[str, str]:
    """The story of each of these articles; of those that are alone, or not to be shown, nothing."""
    asked = array(article_ids)
    if then is not None:
        query = stories_then.beginning(then) + _HOME
        return dict(connection.execute(query, (asked, HOPS_MAX)).fetchall())
    found: dict[str, str] = dict(connection.execute(_MEMBERSHIP, (asked,)).fetchall())
    ended = ends(connection, set(found.values()))
    return {article_id: ended[story_id] for article_id, story_id in found.items()}


def belongings(
    connection: Connection, article_ids: Collection[str], then: int | None = None
) -> dict[str, Belonging]:
    """The story of each of these articles, with how many articles it has: one query."""
    parts_max = len(article_ids) + PARTS_MAX
    values = (array(article_ids), HOPS_MAX, parts_max, COUNTED_MAX)
    rows = connection.execute(stories_then.beginning(then) + _BELONGING, values)
    return {row[0]: Belonging(row[1], row[2]) for row in rows}


def members(connection: Connection, story_id: str, then: int | None = None) -> list[Member]:
    """The latest articles of a story that may be shown, the oldest first."""
    asked = stories_then.beginning(then) + _PARTS
    parts = [row[0] for row in connection.execute(asked, (story_id, PARTS_MAX))]
    said = "" if then is None else f"AND seq <= {then}"
    query = stories_then.shadowed(then) + _MEMBERS.format(said)
    return [Member(*row) for row in connection.execute(query, (array(parts), MEMBERS_MAX))]


def documents(
    connection: Connection, article_ids: Collection[str], then: int | None = None
) -> dict[str, str]:
    """What may be shown of these articles, as JSON; of those that may not be, nothing."""
    asked = array(article_ids)
    if then is None:
        return dict(connection.execute(_DOCUMENTS, (asked,)).fetchall())
    return dict(connection.execute(_DOCUMENTS_THEN, {"ids": asked, "then": then}).fetchall())


def _rows(
    connection: Connection,
    clauses: Collection[str],
    values: Collection[object],
    then: int | None = None,
) -> list[StoryRow]:
    """The rows that clauses of ours choose; what a client sent is bound, never part of them."""
    columns = (
        "SELECT s.story_id, s.status, s.version, s.seq, s.event_id, s.representative, "
        "s.observed_at FROM story s"
    )
    found = connection.execute(
        " ".join([stories_then.shadowed(then), columns, *clauses]), tuple(values)
    )
    return [StoryRow(*row) for row in found]
