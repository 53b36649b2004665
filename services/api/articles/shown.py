"""One article as it is shown: with the story that it is in, and when it became what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from services.api import story_queries
from services.api.queries import Listed
from services.api.reading import Snapshot

_STANDING: Final = f"""
SELECT x.*, s.status, (SELECT at_ms FROM moment WHERE seq = max(x.seq, ifnull(s.seq, 0)))
FROM (
  SELECT a.article_id, a.status, a.seq, a.ordered_at, a.place, a.copy_of, a.document,
    {story_queries.taken_in_by("a.article_id")} AS story_id
  FROM article a WHERE a.article_id = ?
) x LEFT JOIN story s ON s.story_id = x.story_id
"""  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class Shown:
    """An article, whatever its status."""

    row: Listed
    story_id: str | None
    """None: it is alone."""
    at_ms: int | None
    """When the log took in what made it other last, it or its story, in milliseconds since 1970;
    None: it is not known, or it was taken up late."""


def standing(snapshot: Snapshot, article_id: str) -> Shown | None:
    """An article as it stands; None: the wire never carried it."""
    found = snapshot.connection.execute(_STANDING, (article_id,)).fetchone()
    if found is None:
        return None
    *row, story_id, story_status, at_ms = found
    if story_status != "merged":
        return Shown(Listed(*row), story_id, at_ms)
    home = story_queries.end(snapshot.connection, story_id)
    return _in_story(snapshot, Listed(*row), home, None)


def then(snapshot: Snapshot, row: Listed, seq: int) -> Shown:
    """An article as it was at an event of the wire."""
    home = story_queries.homes(snapshot.connection, [row.article_id], seq).get(row.article_id)
    if home is None:
        return Shown(row, None, snapshot.said_at_ms(row.seq))
    return _in_story(snapshot, row, home, seq)


def _in_story(snapshot: Snapshot, row: Listed, story_id: str, then: int | None) -> Shown:
    story = story_queries.story(snapshot.connection, story_id, then)
    last_seq = max(row.seq, story.seq if story else 0)
    return Shown(row, story_id, snapshot.said_at_ms(last_seq))
