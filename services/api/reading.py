"""The live view file, followed: one connection, opened again whenever the pointer was swapped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.api import cursors
from services.api.cursors import Since
from shared import view_schema, views
from shared.errors import Unavailable, ViewsDamaged
from shared.streams import Checkpoint


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

    def said_at_ms(self, seq: int | None = None) -> int | None:
        """When the log took in an event, in milliseconds since 1970; without a seq: the last one.

        None: there was no such event, or what it made has changed since without another.
        """
        if seq is None and self.here.late:
            return None
        row = self.connection.execute(
            "SELECT at_ms FROM moment WHERE seq = ?", (seq or self.checkpoint.seq,)
        ).fetchone()
        return row[0] if row else None

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
        self._opened: tuple[Path, int] | None = None

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
        self._connection = self._opened = None

    def _follow(self) -> views.Connection:
        file = views.live_file(self.views_dir)
        try:
            live = file, file.stat().st_ino
        except OSError as error:
            raise Unavailable("the views are gone: the live file is not there") from error
        if self._connection is None or live != self._opened:
            self.close()
            self._connection, self._opened = _open(file), live
        return self._connection

    def _state(self, connection: views.Connection) -> Snapshot:
        at = views.checkpoint(connection, "wire")
        # An event retried from the parked ones changes rows and leaves the checkpoint alone.
        parked, total, late = connection.execute(
            "SELECT count(*), total(seq), "
            "(SELECT max(number) FROM late WHERE heard_seq >= ?) FROM parked",
            (at.seq,),
        ).fetchone()
        state = f"{self._opened} {at.text()} {parked} {total} {late}"
        return Snapshot(connection, at, state, cursors.since(at, late or 0))


def _open(file: Path) -> views.Connection:
    connection = views.open_reader(file)
    found = views.schema_number(connection)
    if found != view_schema.SCHEMA_NUMBER:
        connection.close()
        raise Unavailable(
            f"the views have schema {found} and this api reads {view_schema.SCHEMA_NUMBER}: "
            "the projection has to rebuild them"
        )
    return connection
