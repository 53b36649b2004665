"""Events in a file that nobody else sees, each found again where its position says."""

from __future__ import annotations

import os
import tempfile

import orjson

from shared.cloudevents import plain, structured
from shared.errors import Unavailable
from shared.events import StreamName
from shared.log import Entry
from shared.streams import Position


class Spool:
    """A temporary file of events; its name is gone at once, the file when it is closed.

    A position is where an event begins and how many bytes it has.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="newswire-")  # noqa: SIM115 - see close
        self._end = 0

    def close(self) -> None:
        """Give the disk back what was kept."""
        self._file.close()

    def keep(self, entry: Entry) -> Entry:
        """The event at the place where it is kept.

        Raises:
            Unavailable: the disk takes no more.
        """
        line = structured(entry, entry.fields[b"data"])
        position = Position(f"{self._end}-{len(line)}")
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            where = f"{tempfile.gettempdir()} (TMPDIR names another folder)"
            raise Unavailable(f"cannot keep what was read in {where}: {error.strerror}") from error
        self._end += len(line)
        return entry._replace(position=position)

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:  # noqa: ARG002  # as Log.entry
        """See Log.entry."""
        begin, _, length = position.partition("-")
        line = os.pread(self._file.fileno(), int(length), int(begin))
        said = orjson.loads(line)
        return plain(said, position, int(said["sequence"]))
