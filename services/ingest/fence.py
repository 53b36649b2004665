"""The fence: documents are parsed in processes that may be lost, and ingest goes on.

A document that loops, fills the memory or crashes a parser ends its process and no other; it is
refused with the reason ``parser-stopped``, and the next document gets another process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from types import TracebackType
from typing import Final, Self

from structlog.stdlib import BoundLogger

from services.ingest import fencing
from services.ingest.fencing import Stopped, Worker
from services.ingest.framing import Order
from services.ingest.parse import pages
from services.ingest.parse.decode import refusal
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.kinds import Kind
from services.ingest.parse.problems import WHOLE_DOCUMENT, refused

__all__ = ["PARSERS", "PROGRAM", "Fence", "Kind"]

PARSERS: Final = 2
"""Processes of a service: one parses three thousand entries a second, and one document that does
harm stops only one of them."""

PROGRAM: Final = ("-m", "services.ingest.fenced")
"""What the interpreter runs behind the fence. No setting and no input changes it."""


class Fence:
    """So many documents at a time, each in a process; an async context manager.

    ``ready`` processes are started at once, the others when they are needed; None: all at once.
    A document waits at most until those before it are done or stopped, ten seconds each.
    Cancelling a call ends its process.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        logger: BoundLogger,
        program: Sequence[str] = PROGRAM,
        ready: int | None = None,
    ) -> None:
        self._places = asyncio.Semaphore(workers)
        self._workers = workers
        self._ready = workers if ready is None else min(ready, workers)
        self._has_told = False
        self._logger = logger
        self._program = program
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._ending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Start the processes.

        Raises:
            Unavailable: one did not start.
        """
        try:
            for _ in range(self._ready):
                self._idle.append(await self._started(reads_pages=False))
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process, those that read a document too; none is left when this returns."""
        await self._close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids, for whoever measures them."""
        return tuple(worker.pid for worker in [*self._idle, *self._busy])

    async def parse(self, data: bytes, arrival: Arrival, kind: Kind = "any") -> Parsed:
        """What a document holds, and what was wrong with it.

        Raises:
            Unavailable: no process starts; the document is not to blame.
        """
        if (doubt := refusal(data)) and doubt[0] == "too-large":
            return refused(data, Problem("too-large", WHOLE_DOCUMENT, doubt[1]))
        async with self._places:
            worker = await self._taken(reads_pages=_needs_pages(kind, data))
            self._busy.add(worker)
            try:
                outcome = await worker.read(Order(kind, arrival), data)
            except BaseException:
                self._end(worker)
                raise
            finally:
                self._busy.discard(worker)
            self._give_back(worker)
        if isinstance(outcome, Parsed):
            return outcome
        return self._refused(data, outcome)

    async def _taken(self, *, reads_pages: bool) -> Worker:
        """An idle process that can read it; else another, in the place of one that cannot."""
        for worker in [one for one in self._idle if not one.is_fit]:
            self._idle.remove(worker)
            self._end(worker)
        fit = [worker for worker in self._idle if worker.reads_pages or not reads_pages]
        if fit:
            worker = min(fit, key=lambda one: one.reads_pages)  # the others stay for pages
            self._idle.remove(worker)
            return worker
        if len(self._idle) + len(self._busy) >= self._workers:
            self._end(self._idle.pop())
        return await self._started(reads_pages=reads_pages)

    async def _started(self, *, reads_pages: bool) -> Worker:
        worker = await fencing.start(self._program, reads_pages=reads_pages)
        if not worker.ready.has_no_network and not self._has_told:
            # Containers and macOS mostly; there they can open no descriptor, so no socket either.
            self._logger.info("parsers_share_the_network")
            self._has_told = True
        return worker

    def _give_back(self, worker: Worker) -> None:
        if worker.is_fit:
            self._idle.append(worker)
        else:
            self._end(worker)

    def _refused(self, data: bytes, stopped: Stopped) -> Parsed:
        digest = sha256(data).hexdigest()
        self._logger.warning(
            "parser_stopped", sha256=digest, size_bytes=len(data), detail=stopped.detail
        )
        return refused(data, Problem("parser-stopped", WHOLE_DOCUMENT, stopped.detail))

    def _end(self, worker: Worker) -> None:
        worker.kill()
        task = asyncio.create_task(worker.ended())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _close(self) -> None:
        for worker in [*self._idle, *self._busy]:
            self._end(worker)
        self._idle.clear()
        await asyncio.gather(*self._ending)


def _needs_pages(kind: Kind, data: bytes) -> bool:
    """Whether the reader of article pages is needed, which is slow to load and large."""
    return kind == "page" or (kind == "any" and pages.claims(data))
