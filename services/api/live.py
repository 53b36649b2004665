"""The follower of the wire: one per process, however many clients listen.

It reads the wire, waits until the views hold what it read, and hands it to every client. What the
views are behind with is waited for; only a log that is another one makes clients begin anew.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

from structlog.stdlib import BoundLogger

from services.api import cursors, sse
from services.api.clients import Client, Waiters
from services.api.cursors import Since
from services.api.gate import Gate, Views
from services.api.outgoing import Told
from services.api.recent import Recent
from services.api.sse import Reset
from shared.consumer import BATCH_MAX, PAUSE_S_MAX, PAUSE_S_MIN
from shared.errors import (
    LogDamaged,
    LogDiverged,
    NewswireError,
    PositionVanished,
    Rejected,
    SequenceGap,
    Unavailable,
)
from shared.log import Entry, Log
from shared.streams import ORIGIN, Checkpoint

STREAM: Final = "wire"
CLIENTS_MAX: Final = 1_000
"""Streams of one process: some 77 kB each (`python -m tests.benchmarks.streams 60 1000`), and a
write of each event to each."""
WAITERS_MAX: Final = 500
"""Long polls of one process: each of them reads a page whenever the views move."""
BLOCK_MS: Final = 5_000
"""Longest wait of a read; below the time in which Redis has to answer."""
READERS_MAX: Final = 8
"""Reads of clients that catch up, at one time: each is a connection to Redis."""
PAGES_MAX: Final = 8
"""Pages of events that are put together at one time: each is held whole until it is sent."""
CATCH_UP_COUNT: Final = 20
"""Events of one such read: all clients at once may hold that much."""
RECOGNISE_S_MAX: Final = 0.5
"""A list does not wait longer for a log that hangs."""


class Live:
    """The end of the wire, and who listens to it."""

    def __init__(
        self, log: Log, views: Views, logger: BoundLogger, clients_max: int = CLIENTS_MAX
    ) -> None:
        self.log, self.recent = log, Recent()
        self.gate = Gate(views, self.recent)
        self.at: Checkpoint | None = None
        """Of the last event handed on; None: the end of the log is not known yet."""
        self.heard: int | None = None
        """Number of the last event that was taken up late and handed on; None: not known yet."""
        self.clients_max, self._logger = clients_max, logger
        self._clients: set[Client] = set()
        self._damage: Reset | None = None
        self.waiters = Waiters(min(WAITERS_MAX, clients_max))
        self.moved = asyncio.Event()
        """Set, and replaced, whenever the views show more of the wire, or hold more of it."""
        self._readers = asyncio.Semaphore(READERS_MAX)
        self.pages = asyncio.Semaphore(PAGES_MAX)
        """Whoever puts a page of events together holds one."""
        self._pause_s = PAUSE_S_MIN

    @property
    def here(self) -> tuple[Checkpoint, int] | None:
        """What was handed on, as ``at`` and ``heard``; None: one of them is not known."""
        return None if self.at is None or self.heard is None else (self.at, self.heard)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another client."""
        return len(self._clients) >= self.clients_max

    @property
    def clients(self) -> int:
        """How many listen."""
        return len(self._clients)

    def subscribe(self, client: Client) -> None:
        """Let a client be offered what comes; ``leave`` must follow."""
        self._clients.add(client)

    def leave(self, client: Client) -> None:
        """Forget a client."""
        self._clients.discard(client)

    async def run(self) -> None:
        """Follow the wire until canceled."""
        looking = asyncio.create_task(self.gate.run())
        try:
            while True:
                await self._try_step()
        finally:
            looking.cancel()

    async def _try_step(self) -> None:
        try:
            await self._step()
        except LogDamaged as error:
            self._logger.warning("live_log_damaged", error=str(error))
            self._damage, self.at = why_of(error), None
            self.recent.clear()
            await self._pause()
        except NewswireError:
            await self._pause()
        except Exception:  # a bug here must not silence every stream for ever
            self._logger.exception("live_failed")
            await self._pause()
        else:
            self._pause_s = PAUSE_S_MIN

    async def _pause(self) -> None:
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, PAUSE_S_MAX)

    async def _step(self) -> None:
        if self.at is None:
            self.at = await self._end()
            self._reset_clients()
        if self.heard is None:
            self.heard = self.gate.held(()).late
        entries = await self.log.follow(STREAM, self.at, count=BATCH_MAX, block_ms=BLOCK_MS)
        for entry in entries:
            self.recent.add(entry)
        while True:
            shown = await self.gate.shown(entries)
            if self.heard is None or shown.late is None:
                return  # there are no views
            if shown.late != self.heard:
                self.heard = await self._hand_on_late(self.at, self.heard, shown.late)
                self._say_moved()
                continue  # ids of what comes behind say that it was heard of
            if not shown.events:
                return  # the views are behind: the log is asked again, which notices another one
            self._hand_on([Told(one, cursors.since(one.at, self.heard)) for one in shown.events])
            self.at, entries = shown.events[-1].at, entries[len(shown.events) :]
            self._say_moved()

    async def _end(self) -> Checkpoint:
        last = (await self.log.head(STREAM)).last
        if last is None:
            return ORIGIN
        self.recent.add(last)
        return last.checkpoint()

    async def _hand_on_late(self, at: Checkpoint, heard: int, last: int) -> int:
        """What was taken up late between two numbers; the last of them.

        Nothing is read where nobody listens, nor where the views were made anew without numbers.
        """
        if last < heard:
            return last
        while heard < last and self._clients:
            told, heard = await self.late(cursors.since(at, heard), last)
            self._hand_on(told)
            self.heard = heard  # an error in what follows does not tell it again
        return max(heard, last)

    def _hand_on(self, many: list[Told]) -> None:
        for told in many:
            if self._clients:
                message = sse.message(told)
                for client in tuple(self._clients):
                    client.offer(told, message)

    def _say_moved(self) -> None:
        self.moved.set()
        self.moved = asyncio.Event()

    def _reset_clients(self) -> None:
        why, self._damage = self._damage, None
        if why:
            for client in self._clients:
                client.begin_anew(why)

    async def locate(self, since: Since) -> Checkpoint | Reset:
        """Where a cursor stands on the log, or why it does not.

        Raises:
            Unavailable: the log does not answer.
        """
        if not since.seq:
            return ORIGIN
        found = self.recent.find(since.seq)
        try:
            if found is None:
                async with self._readers:
                    found = await self.log.seek(STREAM, since.seq)
        except (Rejected, LogDamaged) as error:
            return why_of(error)
        return found if cursors.since(found).mark == since.mark else Reset("diverged")

    async def first(self, seq: int) -> list[Entry]:
        """The event with this seq alone; empty: it has just been trimmed away.

        Raises:
            Unavailable, LogDamaged, Rejected: as in ``Log.seek``.
        """
        async with self._readers:
            at = await self.log.seek(STREAM, seq)
            found = await self.log.entry(STREAM, at.position)
        return [found] if found else []

    async def after(self, at: Checkpoint) -> list[Entry]:
        """The next events of the log after a checkpoint, a few.

        Raises:
            Unavailable, LogDamaged: as in ``Log.follow``.
        """
        async with self._readers:
            return await self.log.follow(STREAM, at, count=CATCH_UP_COUNT)

    async def late(self, after: Since, last: int) -> tuple[list[Told], int]:
        """Events that were taken up late behind a place, a few, and the number that they reach.

        ``last``: the number that is known to be there. What the log holds no more is left out.

        Raises:
            Unavailable: log or views do not answer, or the views were set back meanwhile.
        """
        found = self.gate.views.late(after, CATCH_UP_COUNT)
        entries: dict[int, Entry] = {}
        for one in found:
            with suppress(Rejected, LogDamaged):
                entries |= {entry.seq: entry for entry in await self.first(one.seq)}
        shown = {one.at.seq: one for one in self.gate.held(list(entries.values())).events}
        if len(shown) < len(entries):
            raise Unavailable("the views do not hold what they noted")
        told = [
            Told(shown[one.seq], replace(after, late=one.number), is_late=True)
            for one in found
            if one.seq in shown
        ]
        is_last = len(found) < CATCH_UP_COUNT
        return told, max([one.number for one in found] + [last] * is_last)

    async def is_foreign(self, since: Since) -> bool:
        """Whether a cursor is of another log; one that cannot be told from ours is not."""
        if not since.seq:
            return False
        if known := self.recent.find(since.seq):
            return cursors.since(known).mark != since.mark
        try:
            async with asyncio.timeout(RECOGNISE_S_MAX):
                return await self.locate(since) == Reset("diverged")
        except (NewswireError, TimeoutError):
            return False


def why_of(error: Rejected | LogDamaged) -> Reset:
    """A fault of the log as clients are told of it."""
    match error:
        case PositionVanished():
            return Reset("trimmed")
        case SequenceGap():
            return Reset("gap")
        case Rejected() | LogDiverged() | LogDamaged():  # a log that ends before the cursor
            return Reset("diverged")
