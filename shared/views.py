"""The view file: its schema, and the only door to SQLite.

One file in WAL mode holds every view, the checkpoint they stand at, and what was set aside. The
projection writes it, the api reads it, nobody else knows it. ``current.sqlite`` is a relative
symlink to the live file; a rebuild makes another file beside it and swaps the link, and
``previous.sqlite`` points to the file that was live before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from shared.errors import Unavailable, ViewsDamaged
from shared.streams import ORIGIN, Checkpoint, Position

SCHEMA_NUMBER: Final = 3
"""Raised with every change of the schema or of what the rows hold: older files are rebuilt."""

BUSY_MS: Final = 5_000
"""A writer waits so long for another one: a verify that takes its snapshot."""

Connection = sqlite3.Connection
Row = sqlite3.Row
BusyError = sqlite3.OperationalError
"""The file's fault: locked, full, gone."""
FileError = sqlite3.DatabaseError
"""Any fault of a file: also that it is no view file at all."""

SCHEMA: Final = """
-- Where the views stand: one row per stream folded into this file.
CREATE TABLE checkpoint (
  stream    TEXT PRIMARY KEY,
  position  TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  event_id  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per article that the wire has carried; depends on events of its subject only.
CREATE TABLE article (
  article_id  TEXT PRIMARY KEY,
  source      TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('usable', 'withheld', 'canceled')),
  language    TEXT NOT NULL,
  version     INTEGER NOT NULL, -- of the last event of its subject on the wire
  seq         INTEGER NOT NULL, -- of that event
  ordered_at  TEXT NOT NULL,    -- RFC 3339; newest first on the front page
  place       INTEGER NOT NULL, -- place on its page, 0: none
  copy_of     TEXT,             -- the canonical article whose exact copy this was when it came
  text_hash   TEXT NOT NULL,    -- of the text shown: a copy is one as long as both are the same
  taken_back_seq INTEGER NOT NULL, -- of its last notice: text carried before is not given; 0: none
  document    TEXT NOT NULL     -- JSON as the api shows it; of a canceled article its notice
) STRICT, WITHOUT ROWID;
CREATE INDEX article_order ON article (status, ordered_at DESC, place, article_id);
CREATE INDEX article_seq ON article (seq);
-- A filter that matches nothing must not walk all articles: 1 s at 60,000 without these.
CREATE INDEX article_copy ON article (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX article_source ON article (source, status, ordered_at DESC, place, article_id);
CREATE INDEX article_language ON article (language, status, ordered_at DESC, place, article_id);

-- One row per story that two articles or more have made.
CREATE TABLE story (
  story_id        TEXT PRIMARY KEY,
  status          TEXT NOT NULL CHECK (status IN ('open', 'closed')),
  version         INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
  headline        TEXT NOT NULL,
  representative  TEXT NOT NULL, -- the article that stands for it
  observed_at     TEXT NOT NULL  -- RFC 3339; when it last changed
) STRICT, WITHOUT ROWID;

-- What a story said of an article last; depends on events of the story only. An article is in the
-- story that took it in last, and in none where that one let it go.
CREATE TABLE story_article (
  story_id    TEXT NOT NULL,
  article_id  TEXT NOT NULL,
  seq         INTEGER NOT NULL, -- of the event that said it
  is_in       INTEGER NOT NULL CHECK (is_in IN (0, 1)),
  PRIMARY KEY (story_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_article_article ON story_article (article_id, seq DESC);

-- Which articles bear a tag, so that lists by tag are one index walk.
CREATE TABLE article_tag (
  tag         TEXT NOT NULL,    -- scheme:code
  article_id  TEXT NOT NULL REFERENCES article,
  relevance   INTEGER NOT NULL,
  PRIMARY KEY (tag, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tag_article ON article_tag (article_id);

-- One row per rate subject: a series at one as_of. The latest of a series is a query, not a row.
CREATE TABLE rate (
  series    TEXT NOT NULL,      -- source:kind:BASE-QUOTE
  as_of     TEXT NOT NULL,
  version   INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  standing_version INTEGER,     -- the last one that is not doubted; NULL: none is
  unit      TEXT NOT NULL,      -- price of one unit in what stands, else in the document: 1749/20
  document  TEXT NOT NULL,      -- its last event, doubted or not
  PRIMARY KEY (series, as_of)
) STRICT, WITHOUT ROWID;
-- What stands is found behind any number of doubted rates.
CREATE INDEX rate_standing ON rate (series, as_of) WHERE standing_version IS NOT NULL;

-- Every value a rate subject has had, so that a restated one stays answerable.
CREATE TABLE rate_version (
  series    TEXT NOT NULL,
  as_of     TEXT NOT NULL,
  version   INTEGER NOT NULL,
  document  TEXT NOT NULL,
  PRIMARY KEY (series, as_of, version)
) STRICT, WITHOUT ROWID;

-- Events set aside: the one that failed, and later ones of its subject behind it, in order.
CREATE TABLE parked (
  seq           INTEGER PRIMARY KEY,
  position      TEXT NOT NULL,
  event_id      TEXT NOT NULL,
  type          TEXT NOT NULL,
  subject       TEXT NOT NULL,
  reason        TEXT NOT NULL CHECK (reason IN ('failed', 'behind')),
  error         TEXT NOT NULL,
  attempts      INTEGER NOT NULL,
  code_version  TEXT NOT NULL
) STRICT;
CREATE INDEX parked_subject ON parked (subject);
"""

DIGESTED: Final = {
    "article": ("article_id",),
    "article_tag": ("tag", "article_id"),
    "story": ("story_id",),
    "story_article": ("story_id", "article_id"),
    "rate": ("series", "as_of"),
    "rate_version": ("series", "as_of", "version"),
    "parked": ("seq",),
}
"""Tables that a fresh fold must reproduce, with their keys, in whose order they are compared."""


def pointer(views_dir: Path) -> Path:
    """The symlink to the live file."""
    return views_dir / "current.sqlite"


def live_file(views_dir: Path) -> Path:
    """The live file.

    Raises:
        Unavailable: no projection has published one yet.
    """
    try:
        return views_dir / pointer(views_dir).readlink()
    except OSError as error:
        raise Unavailable("there are no views yet: the projection has not built any") from error


def publish(views_dir: Path, file: Path) -> None:
    """Make a file the live one. The swap is one rename: a reader sees the old or the new."""
    _point(pointer(views_dir), file)


def _point(link: Path, file: Path) -> None:
    draft = link.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.symlink_to(file.name)
    draft.replace(link)


def previous_file(views_dir: Path) -> Path | None:
    """The file that was live before a rebuild; None: there is none to go back to."""
    try:
        file = views_dir / _previous(views_dir).readlink()
    except OSError:
        return None
    is_live = pointer(views_dir).is_symlink() and file == live_file(views_dir)
    return file if file.exists() and not is_live else None


def exchange(views_dir: Path, file: Path) -> None:
    """Make a file the live one and keep the one that was as the previous one.

    A process that ends in between leaves the live one where it was.
    """
    if pointer(views_dir).is_symlink():
        _point(_previous(views_dir), live_file(views_dir))
    publish(views_dir, file)


def next_file(views_dir: Path) -> Path:
    """A name for the next view file: ``views-0002.sqlite`` after ``views-0001.sqlite``."""
    number = 1 + max((_number(file) for file in views_dir.glob("views-*.sqlite")), default=0)
    return views_dir / f"views-{number:04}.sqlite"


def sweep(views_dir: Path) -> None:
    """Remove every view file but the live and the previous one."""
    kept = {live_file(views_dir), previous_file(views_dir)}
    for file in views_dir.glob("views-*.sqlite"):
        if file not in kept:
            remove(file)


def remove(file: Path) -> None:
    """Remove a view file with what SQLite keeps beside it; nothing happens where there is none."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _previous(views_dir: Path) -> Path:
    return views_dir / "previous.sqlite"


def _number(file: Path) -> int:
    digits = file.stem.removeprefix("views-")
    return int(digits) if digits.isdigit() else 0


def create(file: Path) -> Connection:
    """A new, empty view file, open for writing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(f"file:{_quoted(file)}?mode=rwc")
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        for statement in SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_NUMBER}")
    return connection


def open_writer(file: Path) -> Connection:
    """An existing view file, open for writing.

    ``synchronous = NORMAL``: after a power loss the file is an older, consistent prefix, and the
    log holds the rest.

    Raises:
        Unavailable: it is not there, or locked. ViewsDamaged: it is no database.
    """
    return _connect(f"file:{_quoted(file)}?mode=rw")


def open_reader(file: Path) -> Connection:
    """A view file, open for reading; writing through it is refused.

    Raises:
        Unavailable: it is not there, or locked. ViewsDamaged: it is no database.
    """
    return _connect(f"file:{_quoted(file)}?mode=ro")


def snapshot(file: Path, copy: Path) -> Connection:
    """A consistent copy of a view file, while the projection goes on writing.

    Raises:
        Unavailable: the file is not there, or locked, or the copy cannot be written.
        ViewsDamaged: it is no database.
    """
    with closing(open_reader(file)) as live:
        target = _connect(f"file:{_quoted(copy)}?mode=rwc")
        try:
            live.backup(target)
        except FileError as error:
            target.close()
            raise Unavailable(f"the views cannot be copied: {error}") from error
        return target


def schema_number(connection: Connection) -> int:
    """Which schema a file has."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Everything inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def checkpoint(connection: Connection, stream: str) -> Checkpoint:
    """Where the views stand in a stream; ORIGIN: at its beginning."""
    row = connection.execute(
        "SELECT position, seq, event_id FROM checkpoint WHERE stream = ?", (stream,)
    ).fetchone()
    return Checkpoint(Position(row[0]), row[1], row[2]) if row else ORIGIN


def move_checkpoint(
    connection: Connection, stream: str, expected: Checkpoint, following: Checkpoint
) -> bool:
    """Move the checkpoint if it stands where expected; False: another writer moved it.

    Must be inside the transaction that writes the rows.
    """
    if not expected.seq:
        moved = connection.execute(
            "INSERT INTO checkpoint (stream, position, seq, event_id) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (stream, following.position, following.seq, following.event_id),
        )
    else:
        moved = connection.execute(
            "UPDATE checkpoint SET position = ?, seq = ?, event_id = ? "
            "WHERE stream = ? AND seq = ? AND event_id = ?",
            (following.position, following.seq, following.event_id, stream,
             expected.seq, expected.event_id),
        )  # fmt: skip
    return moved.rowcount == 1


def _connect(uri: str) -> Connection:
    try:
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False
        )
        connection.row_factory = Row
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the views cannot be opened: {error}") from error
    except sqlite3.DatabaseError as error:
        raise ViewsDamaged(f"the view file is broken: {error}") from error
    return connection


def is_damage(error: Exception) -> bool:
    """Whether an error is of a broken file: SQLite has no class of its own for it."""
    return type(error) is sqlite3.DatabaseError


def _quoted(file: Path) -> str:
    return str(file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
