"""The view file, and the only door to SQLite; its tables are in ``view_schema``.

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
from shared.view_schema import SCHEMA, SCHEMA_NUMBER

BUSY_MS: Final = 5_000
"""A writer waits so long for another one: a verify that takes its snapshot."""

Connection = sqlite3.Connection
Row = sqlite3.Row
BusyError = sqlite3.OperationalError
"""The file's fault: locked, full, gone."""
FileError = sqlite3.DatabaseError
"""Any fault of a file: also that it is no view file at all."""


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


def extract(file: Path, target: Path) -> Connection:
    """A new database without tables, and a view file beside it under the name ``live``.

    What is read of it within one transaction is one state; writing to it is refused. The new file
    survives no fault of power or process: it is made anew.

    Raises:
        Unavailable: one of the two cannot be opened. ViewsDamaged: the view file is no database.
    """
    connection = _connect(f"file:{_quoted(target)}?mode=rwc")
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("ATTACH DATABASE ? AS live", (f"file:{_quoted(file)}?mode=ro",))
        connection.execute("SELECT count(*) FROM live.sqlite_schema").fetchone()
    except FileError as error:
        connection.close()
        if is_damage(error):
            raise ViewsDamaged(f"the view file is broken: {error}") from error
        raise Unavailable(f"the views cannot be opened: {error}") from error
    return connection


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
        _check_modules(connection)
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the views cannot be opened: {error}") from error
    except sqlite3.DatabaseError as error:
        raise ViewsDamaged(f"the view file is broken: {error}") from error
    return connection


def _check_modules(connection: Connection) -> None:
    """Refuse an SQLite that cannot search: FTS5 is an option of its build."""
    query = "SELECT count(*) FROM pragma_module_list WHERE name IN ('fts5', 'fts5vocab')"
    if connection.execute(query).fetchone()[0] < 2:
        connection.close()
        raise Unavailable(
            f"the views need SQLite with FTS5, and this Python has SQLite {sqlite3.sqlite_version} "
            "without it; use a Python whose sqlite3 module has FTS5, as those of Debian and "
            "python.org do"
        )


def is_damage(error: Exception) -> bool:
    """Whether an error is of a broken file: SQLite has no class of its own for it."""
    return type(error) is sqlite3.DatabaseError


def _quoted(file: Path) -> str:
    return str(file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
