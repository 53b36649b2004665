"""Catch-up consumers: what they are, and the loop that drives one, whatever the broker.

A consumer's state and its checkpoint move together, so reading needs no acknowledgement and no
pending list: after any fault, ask where the state stands and read on from there.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from shared import clock
from shared.errors import Unavailable
from shared.events import StreamName
from shared.log import Entry, Log
from shared.streams import ORIGIN, Checkpoint

BATCH_MAX: Final = 200
"""Entries of one read; beyond 200 the throughput does not rise, the memory does."""
BLOCK_MS: Final = 500
"""Longest wait for an entry; also the longest time between two ticks."""
PAUSE_S_MIN: Final = 0.05
PAUSE_S_MAX: Final = 2.0
"""Between two tries while the log is away: recovery is noticed within this."""


class Consumer(Protocol):
    """Something whose state is a fold of one stream."""

    @property
    def name(self) -> str:
        """As in status and in the log: ``enrichment.articles``."""
        ...

    @property
    def stream(self) -> StreamName:
        """The stream it folds."""
        ...

    async def resume(self) -> Checkpoint:
        """Where the state stands. Called at start and after every fault; may fold afresh.

        Raises:
            Unavailable: the world is away; it is called again.
            LogDamaged: the state is not of this log.
        """
        ...

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        """Take in a batch, in order, and say where the state stands after it.

        Raises:
            Unavailable: the world is away; ``resume`` is asked before the next batch.
            Anything else: the worker stops with its checkpoint intact.
        """
        ...

    async def tick(self) -> Checkpoint:
        """Do what is due without an event; called whenever nothing came for BLOCK_MS."""
        ...


async def fold(
    log: Log,
    stream: StreamName,
    take: Callable[[Entry], None],
    after: Checkpoint = ORIGIN,
    until_seq: int | None = None,
) -> Checkpoint:
    """Take in what a stream holds, oldest first, up to its end or a seq; where that is.

    Raises:
        Unavailable, LogDamaged: as in ``Log.follow``.
    """
    while until_seq is None or after.seq < until_seq:
        count = BATCH_MAX if until_seq is None else min(BATCH_MAX, until_seq - after.seq)
        entries = await log.follow(stream, after, count=count)
        if not entries:
            break
        for entry in entries:
            take(entry)
        after = entries[-1].checkpoint()
    return after


def stop_if_asked() -> None:
    """End on a Ctrl-C that the client's own timeouts have swallowed, as ``asyncio.timeout`` may.

    Raises:
        CancelledError: this task was asked to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@dataclass(slots=True)
class Following:
    """One consumer being driven; what of it others may look at."""

    consumer: Consumer
    log: Log
    checkpoint: Checkpoint | None = None
    """None: not known, ``resume`` is asked."""
    fault: str | None = None
    """Why it does not move; None: it does."""
    is_running: bool = True
    recheck: Callable[[], Awaitable[None]] | None = None
    """Asked before ``resume``: whether what came back still keeps what it accepts."""
    _pause_s: float = field(default=PAUSE_S_MIN)
    _ticked_at_s: float = field(default_factory=clock.monotonic_s)

    async def run(self, deliver: Callable[[Sequence[Entry]], Awaitable[None]]) -> None:
        """Follow the stream until ``is_running`` is false.

        ``deliver`` hands a batch on to ``handle`` (through a broker) and must not swallow errors.

        Raises:
            Whatever is not Unavailable: the process must end, and not with exit code 0.
        """
        while self.is_running:
            try:
                await self._step(deliver)
            except Unavailable as error:
                self.fault, self.checkpoint = str(error), None
                await asyncio.sleep(self._pause_s * random.uniform(0.5, 1.0))
                self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)
            else:
                self.fault, self._pause_s = None, PAUSE_S_MIN

    async def _step(self, deliver: Callable[[Sequence[Entry]], Awaitable[None]]) -> None:
        if self.checkpoint is None:
            if self.recheck is not None:
                await self.recheck()
            self.checkpoint = await self.consumer.resume()
        entries = await self.log.follow(
            self.consumer.stream, self.checkpoint, count=BATCH_MAX, block_ms=BLOCK_MS
        )
        if entries:
            await deliver(entries)
        if not entries or clock.monotonic_s() - self._ticked_at_s >= BLOCK_MS / 1000:
            self.checkpoint = await self.consumer.tick()
            self._ticked_at_s = clock.monotonic_s()
