"""The views as a database of their own, to take away: what may be shown, and nothing else.

It is written row by row into a new file: a copy of pages would carry what was deleted from them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from shared import clock, views
from shared.errors import Unavailable
from shared.version import VERSION

BYTES_MAX: Final = 4_000_000_000
"""Of one file: 600,000 articles of 6 kB. It is on disk once, as long as it is sent."""
MAKING_S_MAX: Final = 120
"""The views are held in one state so long, and the projection's log grows meanwhile."""
FORMAT: Final = 1
"""Raised when a table or column changes its meaning or goes."""

_PAGE_BYTES: Final = 4_096
_LOOKED_AFTER: Final = 10_000
"""Steps of SQLite between two looks at the clock: a millisecond."""

SCHEMA: Final = """
CREATE TABLE export (
  format    INTEGER NOT NULL,  -- of this file
  made_by   TEXT NOT NULL,
  seq       INTEGER NOT NULL,  -- of the last event of the wire that is in it
  event_id  TEXT NOT NULL
) STRICT;
CREATE TABLE article (
  article_id  TEXT PRIMARY KEY,
  source      TEXT NOT NULL,
  language    TEXT NOT NULL,
  ordered_at  TEXT NOT NULL,   -- RFC 3339: newest first, then place, as lists have it
  place       INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  copy_of     TEXT,
  document    TEXT NOT NULL    -- JSON, as /v1/articles/{id} has it, without copy_of and story_id
) STRICT, WITHOUT ROWID;
CREATE TABLE article_tag (
  tag         TEXT NOT NULL,   -- scheme:code
  article_id  TEXT NOT NULL,
  relevance   INTEGER NOT NULL,
  PRIMARY KEY (tag, article_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE story (
  story_id    TEXT PRIMARY KEY,
  status      TEXT NOT NULL,
  merged_into TEXT,            -- NULL: it was not merged
  version     INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  changed_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE story_article (
  story_id    TEXT NOT NULL,
  article_id  TEXT NOT NULL,
  PRIMARY KEY (story_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE rate (
  series    TEXT NOT NULL,     -- source:kind:BASE-QUOTE
  as_of     TEXT NOT NULL,
  version   INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  stands    INTEGER NOT NULL,  -- 0: restated since, or doubted
  document  TEXT NOT NULL,
  PRIMARY KEY (series, as_of, version)
) STRICT, WITHOUT ROWID
"""
"""Tables of the file, without those that the views keep for themselves."""

_FILL: Final = (
    """INSERT INTO article SELECT article_id, source, language, ordered_at, place, version, seq,
       copy_of, document FROM live.article WHERE status = 'usable' ORDER BY article_id""",
    """INSERT INTO article_tag SELECT t.tag, t.article_id, t.relevance FROM live.article_tag t
       CROSS JOIN live.article a ON a.article_id = t.article_id AND a.status = 'usable'
       ORDER BY t.tag, t.article_id""",
    """INSERT INTO story SELECT s.story_id, s.status, e.story_id, s.version, s.seq, s.observed_at
       FROM live.story s LEFT JOIN live.story_end e ON e.merged_story_id = s.story_id
       ORDER BY s.story_id""",
    "INSERT INTO story_article SELECT story_id, article_id FROM live.story_member ORDER BY 1, 2",
    """INSERT INTO rate SELECT v.series, v.as_of, v.version, v.seq,
       v.version IS r.standing_version, v.document FROM live.rate_version v
       JOIN live.rate r ON r.series = v.series AND r.as_of = v.as_of
       ORDER BY v.series, v.as_of, v.version""",
    "CREATE INDEX article_order ON article (ordered_at DESC, place, article_id)",
    "CREATE INDEX article_source ON article (source, ordered_at DESC)",
    "CREATE INDEX article_seq ON article (seq)",
    "CREATE INDEX story_article_article ON story_article (article_id)",
)


def make(live: Path, file: Path, is_unwanted: Callable[[], bool]) -> None:
    """Write a file of one state of the views; it is gone again when that fails.

    Takes seconds: not for the event loop. ``is_unwanted`` is asked meanwhile.

    Raises:
        Unavailable: it would be too large, takes too long, is wanted no more, or the views
            cannot be read.
    """
    views.remove(file)
    end_s = clock.monotonic_s() + MAKING_S_MAX
    try:
        with closing(views.extract(live, file)) as connection:
            connection.execute(f"PRAGMA max_page_count = {BYTES_MAX // _PAGE_BYTES}")
            connection.set_progress_handler(
                lambda: is_unwanted() or clock.monotonic_s() > end_s, _LOOKED_AFTER
            )
            _fill(connection)
    except BaseException as error:
        views.remove(file)
        if isinstance(error, views.FileError):
            raise Unavailable(f"the views cannot be exported: {error}") from error
        raise


def _fill(connection: views.Connection) -> None:
    with views.transaction(connection):
        for statement in SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO export SELECT ?, ?, seq, event_id FROM live.checkpoint "
            "WHERE stream = 'wire'",
            (FORMAT, f"newswire/{VERSION}"),
        )
        for statement in _FILL:
            connection.execute(statement)
