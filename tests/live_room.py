"""The api's follower over a log in memory and the real views, for tests of what it streams."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import structlog

from services.api import cursors
from services.api.clients import Client
from services.api.cursors import Since
from services.api.feed import Feed
from services.api.live import Live
from services.api.looking import Looking
from services.api.reading import Reader
from services.api.selection import Selection
from shared.events import WireEvent
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import Newsroom, drive, projector

WITHIN_S: float = 5.0


@dataclass(frozen=True)
class Heard:
    """One server-sent event as a browser dispatches it."""

    event: str
    cursor: str
    data: dict[str, Any]

    @property
    def seq(self) -> int:
        """Its number on the wire."""
        return int(self.data["sequence"])


class Listener:
    """One stream, read as the standard says: what has no data is not dispatched."""

    def __init__(self, live: Live, wanted: Selection, begin: Since | None) -> None:
        self.client = Client(wanted, lambda: None)
        self.last_id = ""
        self.raw = b""
        """All that came."""
        self._parts: AsyncGenerator[bytes] = Feed(live, self.client, begin).parts()
        self._rest = b""
        self._heard: list[Heard] = []
        self._next: asyncio.Task[bytes] | None = None

    async def hear(self, count: int) -> list[Heard]:
        """The next events; fails when they do not come."""
        async with asyncio.timeout(WITHIN_S):
            while len(self._heard) < count:
                await self.read()
        heard, self._heard = self._heard[:count], self._heard[count:]
        return heard

    async def read(self) -> None:
        """One write of the stream."""
        self._take(await self._reading())

    async def read_to_the_end(self) -> None:
        """All that is written until the stream ends; fails when it does not."""
        async with asyncio.timeout(WITHIN_S):
            with contextlib.suppress(StopAsyncIteration):
                while True:
                    await self.read()

    async def is_silent(self, seconds: float) -> bool:
        """Whether no event comes for so long."""
        while not self._heard:
            done, _ = await asyncio.wait({self._reading()}, timeout=seconds)
            if not done:
                return True
            await self.read()
        return False

    async def close(self) -> None:
        """Go away."""
        if self._next:
            self._next.cancel()
            await asyncio.wait({self._next})
        await self._parts.aclose()

    def _reading(self) -> asyncio.Task[bytes]:
        # A task of its own, so that a look that ends does not end the stream.
        if self._next is None:
            self._next = asyncio.create_task(anext(self._parts))  # type: ignore[arg-type]
        return self._next

    def _take(self, part: bytes) -> None:
        self._next = None
        self.raw += part
        *blocks, self._rest = (self._rest + part).split(b"\n\n")
        for block in blocks:
            lines = [line.partition(b": ")[::2] for line in block.split(b"\n")]
            said = {name.decode(): value for name, value in lines}
            self.last_id = said.get("id", self.last_id.encode()).decode()
            if "data" in said:
                data = orjson.loads(said["data"])
                self._heard.append(Heard(said["event"].decode(), self.last_id, data))


class Room:
    """A wire, the projection that follows it when told to, and the api's follower."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = MemoryLog()
        self.news = Newsroom(self.log)
        self.projector = projector(folder, self.log)
        self.reader = Reader(folder)
        self.live = Live(self.log, Looking(self.reader), structlog.stdlib.get_logger("newswire"))

    async def say(self, *events: WireEvent) -> None:
        """Bring events onto the wire; the views do not know them yet."""
        await self.news.broadcast(*events)

    async def project(self) -> None:
        """Let the views catch up."""
        await drive(self.projector, self.log)

    async def carry(self, *events: WireEvent) -> None:
        """Bring events onto the wire and into the views."""
        await self.say(*events)
        await self.project()

    def listen(self, wanted: Selection | None = None, begin: Since | None = None) -> Listener:
        """A client's stream."""
        return Listener(self.live, wanted or Selection(), begin)

    async def cursor(self, seq: int) -> Since:
        """The cursor after an event."""
        return cursors.since(await self.log.seek("wire", seq))


@contextlib.asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    """A room whose follower runs."""
    made = Room(folder)
    await made.project()
    running = asyncio.create_task(made.live.run())
    try:
        yield made
    finally:
        while not running.done():
            running.cancel()
            await asyncio.wait({running}, timeout=0.1)
        made.projector.close()
        made.reader.close()
