"""Events taken up late, over a rebuild: who follows changes by cursor must hear of them too.

An event that was set aside in the live file, and is folded at its place in the new one, changes
rows behind the place of everybody who read the live one.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from services.projection import store
from shared import views
from shared.errors import Unavailable, ViewsDamaged
from shared.views import Connection


def carry_over(live: Path, new: Connection) -> None:
    """Note in the new file what the live one noted, and what it had set aside and the new has not.

    ``live`` may be of another schema, or broken: then it is read as far as it can be.
    """
    try:
        with closing(views.open_reader(live)) as old:
            heard = _rows(old, "SELECT number, seq, heard_seq, heard_event_id FROM late")
            parked = _rows(old, "SELECT seq FROM parked ORDER BY seq")
    except (Unavailable, ViewsDamaged):
        return
    at = views.checkpoint(new, "wire")
    still = {row[0] for row in _rows(new, "SELECT seq FROM parked")}
    taken_up = [seq for (seq,) in parked if seq not in still and seq <= at.seq]
    with views.transaction(new):
        new.executemany(
            "INSERT OR IGNORE INTO late (number, seq, heard_seq, heard_event_id) "
            "VALUES (?, ?, ?, ?)",
            heard,
        )
        store.hear_late(new, taken_up, at)


def _rows(connection: Connection, query: str) -> list[tuple[int, ...]]:
    """What a file holds; nothing where it has no such table."""
    try:
        return [tuple(row) for row in connection.execute(query)]
    except views.FileError:
        return []
