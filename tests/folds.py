"""Wires folded into view files, for properties that compare two folds."""

from __future__ import annotations

from pathlib import Path

from services.projection.fold import Fold
from shared import views
from shared.events import WireEvent
from shared.log import Entry
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import Newsroom, entries, quiet


async def on_log(events: list[WireEvent]) -> list[Entry]:
    """What the wire says, as a log has it."""
    log = MemoryLog()
    await Newsroom(log).broadcast(*events)
    return await entries(log, "wire")


async def folded(folder: Path, name: str, found: list[Entry]) -> views.Connection:
    """A view file of what was found."""
    connection = views.create(folder / name)
    if found:
        await Fold(connection, "1.0", quiet()).take(found)
    return connection
