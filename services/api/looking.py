"""The live views as the gate of the stream looks at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.api import late, queries
from services.api.cursors import Since
from services.api.gate import Look
from services.api.late import Late
from services.api.reading import Reader


@dataclass(frozen=True, slots=True)
class Looking:
    """The views of this process."""

    reader: Reader

    def look(self, article_ids: Collection[str]) -> Look:
        """Where they stand on the wire, and how these articles stand, in one snapshot.

        Raises:
            Unavailable: there are none, or they cannot be read.
        """
        with self.reader.snapshot() as snapshot:
            connection = snapshot.connection
            found = queries.standings(connection, article_ids) if article_ids else {}
            return Look(snapshot.checkpoint, snapshot.last_late, found)

    def heard(self, since: Since) -> int:
        """Number of the last event taken up late that whoever has a cursor has heard of.

        Raises:
            Unavailable: as in ``look``.
        """
        with self.reader.snapshot() as snapshot:
            return late.heard(snapshot.connection, since)

    def late(self, after: Since, count: int) -> list[Late]:
        """At most ``count`` events taken up late behind a cursor, and not heard of with it.

        Raises:
            Unavailable: as in ``look``.
        """
        with self.reader.snapshot() as snapshot:
            return late.after(snapshot.connection, after.late, after.seq, count)
