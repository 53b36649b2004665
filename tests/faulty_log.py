"""Logs that do, at a call of our choosing, what the world does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from shared.errors import Unavailable
from shared.events import StreamName
from shared.log import (
    AppendOutcome,
    CommitOutcome,
    Draft,
    Entry,
    Head,
    Log,
    Move,
    Output,
)
from shared.streams import Checkpoint, Position

Lost = Literal["call", "reply"]
"""Which of both the network loses: only after a lost reply does the log hold what was sent."""


class _Between:
    """A log that passes every call on; what stands before a call is overridden below."""

    def __init__(self, log: Log) -> None:
        self.calls = 0
        self._log = log

    async def _call(self, call: Callable[[], Awaitable[object]]) -> None:
        """Something happens before, or instead of, a call."""

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """See Log.append."""
        await self._call(lambda: self._log.append(stream, drafts))
        return await self._log.append(stream, drafts)

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """See Log.follow."""
        await self._call(lambda: self._log.head(stream))
        return await self._log.follow(stream, after, count=count, block_ms=block_ms)

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """See Log.entry."""
        await self._call(lambda: self._log.head(stream))
        return await self._log.entry(stream, position)

    async def before(
        self, stream: StreamName, position: Position | None, *, count: int
    ) -> list[Entry]:
        """See Log.before."""
        await self._call(lambda: self._log.head(stream))
        return await self._log.before(stream, position, count=count)

    async def commit(
        self, consumer: str, moves: Sequence[Move], outputs: Sequence[Output]
    ) -> CommitOutcome:
        """See Log.commit."""
        return await self._log.commit(consumer, moves, outputs)

    async def head(self, stream: StreamName) -> Head:
        """See Log.head."""
        return await self._log.head(stream)

    async def checkpoint(self, consumer: str, stream: StreamName) -> Checkpoint:
        """See Log.checkpoint."""
        return await self._log.checkpoint(consumer, stream)

    async def close(self) -> None:
        """See Log.close."""


class AwayLog(_Between):
    """A log whose ``number``-th call, from 1, is lost; 0: none is."""

    def __init__(self, log: Log, number: int, lost: Lost = "call") -> None:
        super().__init__(log)
        self._number, self._lost = number, lost
        self.is_back = False
        """Set by a test: no call is lost from here on."""

    async def _call(self, call: Callable[[], Awaitable[object]]) -> None:
        self.calls += 1
        if self.is_back or self.calls != self._number:
            return
        if self._lost == "reply":
            await call()
        raise Unavailable(f"the {self._lost} number {self._number} was lost")


class RivalLog(_Between):
    """A log on which somebody else publishes before each of the calls ``numbers`` of append."""

    def __init__(
        self, log: Log, rival: Callable[[], Awaitable[object]], numbers: Sequence[int]
    ) -> None:
        super().__init__(log)
        self._rival, self._numbers = rival, numbers

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """See Log.append."""
        self.calls += 1
        if self.calls in self._numbers:
            await self._rival()
        return await self._log.append(stream, drafts)
