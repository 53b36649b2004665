"""The live view file, followed: one connection, opened again whenever the pointer was swapped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.api import cursors, late
from services.api.cursors import Since
from services.api.fragments import Fragments
from shared import view_schema, views
from shared.errors import Unavailable, ViewsDamaged
from shared.streams import Checkpoint

CACHE_KB: Final = 64_000
"""Of the file, for each connection: an article of 100,000 is read in a third of the time that it
takes with SQLite's 2,000, and what is commonly listed is in it with its indexes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The views as they stand during one request."""

    connection: views.Connection
    checkpoint: Checkpoint
    """Where they stand on the wire."""
    state: str
    """Differs from any other state of any view file."""
    here: Since
    """Where whoever reads all of it goes on."""
    last_late: int
    """Number of the last event that was taken up late; 0: there is none."""
    last_at_ms: int | None
    """When the log took in the event that they stand at, in milliseconds since 1970; None: there
    is none."""
    fragments: Fragments
    """What was made of them for lists, and holds."""

    def said_at_ms(self, seq: int | None = None) -> int | None:
        """When the log took in an event, in milliseconds since 1970; without a seq: the last one.

        None: there was no such event, or what it made has changed since without another.
        """
        if seq is None:
            return None if self.here.late else self.last_at_ms
        return _at_ms(self.connection, seq)

    def is_behind(self, seq: int) -> bool:
        """Whether somebody who has seen an event has seen more than these views show."""
        return seq > self.checkpoint.seq


class Reader:
    """Opens snapshots of the live view file. Belongs to one thread: the event loop's.

    A snapshot is read without leaving the loop: a list takes a tenth of a millisecond, a thread
    hop costs as much again.
    """

    def __init__(self, views_dir: Path) -> None:
        self.views_dir = views_dir
        self._connection: views.Connection | None = None
        self._pointer = views.pointer(views_dir)
        self._opened: tuple[int, int] | None = None
        self._fragments = Fragments()
        self._known: tuple[int, Snapshot] | None = None
        """The last state with its number, of this connection: it moves with every commit."""

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One consistent state; its read transaction ends with the block, which must not await.

        Raises:
            Unavailable: there are no views yet, or the file cannot be read.
        """
        try:
            connection = self._follow()
            connection.execute("BEGIN")
            try:
                yield self._state(connection)
            finally:
                connection.execute("ROLLBACK")
        except (views.FileError, ViewsDamaged) as error:
            self.close()
            raise Unavailable(f"the views cannot be read: {error}") from error

    def seq(self) -> int:
        """How far the views have come on the wire.

        Raises:
            Unavailable: as in ``snapshot``.
        """
        with self.snapshot() as snapshot:
            return snapshot.checkpoint.seq

    def close(self) -> None:
        """Close the file; the next snapshot opens it again."""
        if self._connection:
            self._connection.close()
        self._connection = self._opened = self._known = None
        self._fragments = Fragments()

    def _follow(self) -> views.Connection:
        try:
            found = self._pointer.stat()  # of the file that it points to
        except OSError as error:
            views.live_file(self.views_dir)
            raise Unavailable("the views are gone: the live file is not there") from error
        live = found.st_dev, found.st_ino
        if self._connection is None or live != self._opened:
            self.close()
            file = views.live_file(self.views_dir)
            self._connection, self._opened = _open(file), live
        return self._connection

    def _state(self, connection: views.Connection) -> Snapshot:
        # The first statement of a transaction: it is the number of what the transaction sees.
        number = connection.execute("PRAGMA data_version").fetchone()[0]
        if self._known is None or self._known[0] != number:
            self._known = number, self._looked_up(connection)
        return self._known[1]

    def _looked_up(self, connection: views.Connection) -> Snapshot:
        at = views.checkpoint(connection, "wire")
        # An event retried from the parked ones changes rows and leaves the checkpoint alone.
        parked, total, heard_here = connection.execute(
            "SELECT count(*), total(seq), "
            "(SELECT max(number) FROM late WHERE heard_seq >= ?) FROM parked",
            (at.seq,),
        ).fetchone()
        state = f"{self._opened} {at.text()} {parked} {total} {heard_here}"
        here, said_at_ms = cursors.since(at, heard_here or 0), _at_ms(connection, at.seq)
        self._fragments.hold(connection)
        return Snapshot(
            connection, at, state, here, late.last(connection), said_at_ms, self._fragments
        )


def _open(file: Path) -> views.Connection:
    connection = views.open_reader(file)
    # Not mapped into memory: a file that was cut short by hand would end the process.
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    found = views.schema_number(connection)
    if found != view_schema.SCHEMA_NUMBER:
        connection.close()
        raise Unavailable(
            f"the views have schema {found} and this api reads {view_schema.SCHEMA_NUMBER}: "
            "the projection has to rebuild them"
        )
    return connection


def _at_ms(connection: views.Connection, seq: int) -> int | None:
    row = connection.execute("SELECT at_ms FROM moment WHERE seq = ?", (seq,)).fetchone()
    return row[0] if row else None
