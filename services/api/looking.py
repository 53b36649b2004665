"""The live views as the gate of the stream looks at them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from services.api import queries
from services.api.outgoing import Standing
from services.api.reading import Reader
from shared.streams import Checkpoint


@dataclass(frozen=True, slots=True)
class Looking:
    """The views of this process."""

    reader: Reader

    def look(self, article_ids: Collection[str]) -> tuple[Checkpoint, Mapping[str, Standing]]:
        """Where they stand on the wire, and how these articles stand, in one snapshot.

        Raises:
            Unavailable: there are none, or they cannot be read.
        """
        with self.reader.snapshot() as snapshot:
            found = queries.standings(snapshot.connection, article_ids) if article_ids else {}
            return snapshot.checkpoint, found
