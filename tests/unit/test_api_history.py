"""A page of events: whole or none, and no more of them at one time than the log is to bear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path

import pytest

from services.api import history
from services.api.gate import Views
from services.api.live import READERS_MAX
from services.api.outgoing import Standing
from shared.errors import Unavailable
from shared.events import StreamName
from shared.log import Entry
from shared.streams import Checkpoint, Position
from shared.testing.memory_log import MemoryLog
from tests.live_room import Room, room
from tests.wire_builders import carried


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Room]:
    """A wire of five articles that the views hold."""
    async with room(tmp_path) as made:
        await made.carry(*(carried(article_id=f"a-{number}") for number in range(1, 6)))
        yield made


class Flaky:
    """Views that cannot be read at one look, as while a file is swapped."""

    def __init__(self, views: Views, number: int) -> None:
        self._views, self._left = views, number

    def look(self, article_ids: Collection[str]) -> tuple[Checkpoint, Mapping[str, Standing]]:
        """See Views.look."""
        self._left -= 1
        if not self._left:
            raise Unavailable("the views cannot be read")
        return self._views.look(article_ids)


@pytest.mark.parametrize("number", [1, 2])
async def test_a_page_that_could_not_be_read_is_no_empty_page(desk: Room, number: int) -> None:
    """An empty one says that there is no more: who catches up would go on behind what it missed."""
    desk.live.gate.views = Flaky(desk.live.gate.views, number)

    with pytest.raises(Unavailable):
        await history.page(desk.live, 1, 100)
    found = await history.page(desk.live, 1, 100)

    assert [event.at.seq for event in found.events] == [1, 2, 3, 4, 5]


class Busy:
    """A log that counts who reads it at one time."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self.readers = self.readers_max = 0

    async def seek(self, stream: StreamName, seq: int) -> Checkpoint:
        """See Log.seek."""
        await self._read()
        return await self._log.seek(stream, seq)

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """See Log.entry."""
        await self._read()
        return await self._log.entry(stream, position)

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """See Log.follow."""
        await self._read()
        return await self._log.follow(stream, after, count=count, block_ms=block_ms)

    async def _read(self) -> None:
        self.readers += 1
        self.readers_max = max(self.readers, self.readers_max)
        await asyncio.sleep(0)
        self.readers -= 1


async def test_all_pages_and_streams_together_read_the_log_a_few_at_a_time(desk: Room) -> None:
    """Each read is a connection to Redis."""
    busy = Busy(desk.log)
    desk.live.log = busy  # type: ignore[assignment]  # what pages and streams need of a log
    at = await desk.log.seek("wire", 2)

    await asyncio.gather(
        *(history.page(desk.live, 1, 100) for _ in range(30)),
        *(desk.live.after(at) for _ in range(30)),
    )

    assert busy.readers_max == READERS_MAX == 8
