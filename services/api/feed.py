"""The stream of one client: where it begins, what it missed, then what comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final

from services.api import clients, cursors, sse
from services.api.clients import Client
from services.api.cursors import Since
from services.api.live import Live, why_of
from services.api.outgoing import Told
from services.api.sse import Reset
from shared.errors import LogDamaged, NewswireError, Unavailable
from shared.streams import Checkpoint

AWAY_S: Final = 0.5
"""Between two tries while the log is away, or the views are behind."""


@dataclass(slots=True)
class Feed:
    """One client's stream, written by one task: nothing overtakes an event that is being sent."""

    live: Live
    client: Client
    begin: Since | None
    """Where the client wants to go on; None: with what comes."""
    _at: Checkpoint | None = None
    """Up to where the log was read for this client; None: nowhere yet."""
    _heard: int = 0
    """Number of the last event that was taken up late and is known to this client."""
    _wrote_at_s: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    async def parts(self) -> AsyncIterator[bytes]:
        """What is written, until the client is closed."""
        if self.live.is_full:
            return
        self.live.subscribe(self.client)
        try:
            yield sse.hello()
            while not self.client.is_closed:
                if self.client.reset:
                    self.begin, self._at = None, None
                async for part in self._caught_up():
                    yield part
                    self._wrote_at_s = asyncio.get_running_loop().time()
                # Nothing was awaited since the follower was reached: no event lies between.
                self.client.join()
                async for part in self._live():
                    yield part
        finally:
            self.live.leave(self.client)

    async def _live(self) -> AsyncIterator[bytes]:
        while True:
            place, part = await self.client.next()
            if not part:
                return
            yield part
            self.client.sent = place  # written: only now may a heartbeat name it

    async def _caught_up(self) -> AsyncIterator[bytes]:
        """What the client missed; ends where the follower stands, neither behind nor before it.

        Who is before it has heard of nothing that is taken up late at what lies between.
        """
        while not self._is_level():
            if self.client.is_closed:
                return
            try:
                part = await (self._more(self._at) if self._at else self._start())
            except LogDamaged as error:
                part = self._anew(why_of(error))
            except NewswireError:
                await asyncio.sleep(AWAY_S)
                part = b""
            if part:
                yield part
            elif self._is_silent():
                yield sse.heartbeat(self.client.sent)
            if self._at:
                self.client.sent = cursors.since(self._at, self._heard)

    def _is_level(self) -> bool:
        if not (self._at and (here := self.live.here)):
            return False
        return self._at.seq == here[0].seq and self._heard >= here[1]

    async def _start(self) -> bytes:
        """Find the place to begin at; what is written because of it."""
        here = self.live.here
        if here is None:
            raise Unavailable("the end of the log is not known yet, or there are no views")
        if why := self.client.reset:
            return self._anew(why)
        if self.begin is None:
            self._at, self._heard = here
            return sse.position(cursors.since(self._at, self._heard))
        found = await self.live.locate(self.begin)
        if isinstance(found, Reset):
            return self._anew(found)
        self._at, self._heard = found, self.live.gate.views.heard(self.begin)
        return b""

    async def _more(self, at: Checkpoint) -> bytes:
        """The next events that the views hold, as far as they are wanted."""
        end = self.live.at.seq if self.live.at else 0
        entries = [entry for entry in await self.live.after(at) if entry.seq <= end]
        shown = await self.live.gate.shown(entries)
        if shown.late is not None and shown.late > self._heard:
            late, self._heard = await self.live.late(cursors.since(at, self._heard), shown.late)
            return self._messages(late)
        if not shown.events:
            await asyncio.sleep(AWAY_S)  # the views are behind, or the follower
            return b""
        self._at = shown.events[-1].at
        return self._messages(
            Told(event, cursors.since(event.at, self._heard)) for event in shown.events
        )

    def _messages(self, many: Iterable[Told]) -> bytes:
        wanted = (told for told in many if self.client.wanted.takes(told.event))
        return b"".join(sse.message(told) for told in wanted)

    def _anew(self, why: Reset) -> bytes:
        """Tell the client to start anew, go on with what comes. Empty: the end is not known."""
        if (here := self.live.here) is None:
            self.client.reset, self._at = why, None
            return b""
        self.client.reset, self.begin, (self._at, self._heard) = None, None, here
        return sse.reset(why, cursors.since(self._at, self._heard))

    def _is_silent(self) -> bool:
        return asyncio.get_running_loop().time() - self._wrote_at_s >= clients.HEARTBEAT_S
