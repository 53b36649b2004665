"""The live view file, followed: one connection, opened again whenever the pointer was swapped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
        parked = connection.execute("SELECT count(*), total(seq) FROM parked").fetchone()
        return Snapshot(
            connection, at, f"{self._opened} {at.text()} {parked[0]} {parked[1]}"
        )  # fmt: skip


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
