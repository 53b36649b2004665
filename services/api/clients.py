"""One client of the stream: a bounded queue of what it wants, and where it stands."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from services.api import sse
from services.api.cursors import Since
from services.api.outgoing import Told
from services.api.selection import Selection
from services.api.sse import Reset

QUEUE_EVENTS_MAX: Final = 500
QUEUE_BYTES_MAX: Final = 1_000_000
"""Of a queue; a single larger event passes. All queues share the bytes of an event."""
SEND_BYTES: Final = 64_000
"""Events are put together up to here: one write instead of many."""
HEARTBEAT_S: Final = 15
"""Longest silence: proxies close what is silent for longer than 30 s or 60 s."""

Message = tuple[Since, bytes]


class Waiters:
    """Clients whose question is held back until something has changed."""

    def __init__(self, count_max: int) -> None:
        self.count_max, self.ended = count_max, asyncio.Event()
        """Set when the process stops: they are answered at once."""
        self.count = 0

    def enter(self) -> bool:
        """Take a place; ``leave`` must follow. False: there is none."""
        has_room = self.count < self.count_max
        self.count += has_room
        return has_room

    def leave(self) -> None:
        """Give the place back."""
        self.count -= 1


class Client:
    """Filled by the follower, emptied by its own stream; both run in one event loop.

    A queue that is full closes the client: it comes back with its last id and reads from the log.
    """

    def __init__(self, wanted: Selection, abort: Callable[[], None]) -> None:
        self.wanted, self._abort = wanted, abort
        self.sent: Since | None = None
        """Its place: everything it wants up to here is written. None: none is known yet."""
        self.is_closed = False
        self.reset: Reset | None = None
        """Why it has to start anew, until it was told."""
        self._joined_at: Since | None = None
        """What comes after this is taken; None: it still catches up from the log."""
        self._queue: deque[Message] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._is_waiting = False

    def join(self) -> None:
        """Take what comes from here on. No await may lie between reaching the follower and this."""
        self._joined_at = self.sent or Since(0)

    def begin_anew(self, why: Reset) -> None:
        """The log is another one: what waits is of the old one."""
        self.reset, self._joined_at = why, None
        self._empty()
        self._wake.set()

    def offer(self, told: Told, message: bytes) -> None:
        """Queue an event, if it is wanted and not known; ``message``: as it is sent."""
        if self._joined_at is None or self._knows(told, self._joined_at) or self.is_closed:
            return
        if not self.wanted.takes(told.event):
            if self._is_waiting and not self._queue:
                self.sent = told.place
            return
        is_full = len(self._queue) >= QUEUE_EVENTS_MAX
        if self._queue and (is_full or self._bytes + len(message) > QUEUE_BYTES_MAX):
            self.close()
            return
        self._queue.append((told.place, message))
        self._bytes += len(message)
        self._wake.set()

    def close(self) -> None:
        """End it, also while a write of it stands still."""
        self.set()
        self._abort()

    def set(self) -> None:
        """End it after what is being written; the name by which sse-starlette calls at its exit."""
        self.is_closed = True
        self._empty()
        self._wake.set()

    async def next(self) -> tuple[Since | None, bytes]:
        """What is to be written next, and the place after it; a heartbeat where nothing comes.

        Empty: it is closed, or has to begin anew.
        """
        if not (self._queue or self.is_closed or self.reset):
            await self._wait()
        self._wake.clear()
        if self.is_closed or self.reset:
            return None, b""
        if not self._queue:
            return self.sent, sse.heartbeat(self.sent)
        parts, size = [], 0
        place = self.sent
        while self._queue and (not size or size + len(self._queue[0][1]) <= SEND_BYTES):
            place, message = self._queue.popleft()
            parts.append(message)
            size += len(message)
        self._bytes -= size
        return place, b"".join(parts)

    @staticmethod
    def _knows(told: Told, joined_at: Since) -> bool:
        if told.is_late:
            return told.place.late <= joined_at.late
        return told.place.seq <= joined_at.seq

    async def _wait(self) -> None:
        self._is_waiting = True
        beat = asyncio.get_running_loop().call_later(HEARTBEAT_S, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            beat.cancel()
            self._is_waiting = False

    def _empty(self) -> None:
        self._queue.clear()
        self._bytes = 0
