"""What was not taken, noted for operators: counted at once, and kept beside the log soon after."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from structlog.stdlib import BoundLogger

from services.ingest.fetch import redacted
from services.ingest.parse.document import REASONS_THAT_KEEP_THE_ENTRY, Problem
from shared import clock
from shared.counts import Counts
from shared.errors import Unavailable
from shared.rejects import Reject, unquoted

FLUSH_S: Final = 5.0
"""Between two writes of what was noted: Redis fsyncs every write."""
WAITING_MAX: Final = 40
"""Rejects of one write; of more the latest are kept, and all are counted."""


class RejectStore(Protocol):
    """Where rejects are kept: ``shared.redis_state``, or memory in tests."""

    async def replace(self, rows: Sequence[Reject]) -> None:
        """Keep rejects, each in its place.

        Raises:
            Unavailable: the store is away.
        """
        ...

    async def all(self) -> Sequence[Reject]:
        """What is kept, the latest first."""
        ...


@dataclass(slots=True)
class Rejects:
    """Notes what was not taken. Several alike, of one source for one reason, are one."""

    counts: Counts = field(default_factory=Counts)
    now: Callable[[], datetime] = clock.now
    _waiting: OrderedDict[tuple[str, str], Reject] = field(default_factory=OrderedDict)
    _next: int | None = None
    """Number of the next one; None: it is not known yet what is kept."""

    def problem(self, source: str, problem: Problem) -> None:
        """Note what was wrong with a document or an entry."""
        if problem.reason in REASONS_THAT_KEEP_THE_ENTRY:
            self.counts.add("notes", problem.reason)
        else:
            self.note(source, problem.reason, problem.where, problem.detail)

    def note(self, source: str, reason: str, where: str, detail: str) -> None:
        """Note that something was not taken; ``source`` empty: it cannot be told whose it was."""
        self.counts.add("rejects", reason)
        before = self._waiting.pop((source, reason), None)
        self._waiting[source, reason] = Reject(
            0, self.now(), source, reason, before.times + 1 if before else 1,
            unquoted(redacted(where)), unquoted(redacted(detail)),
        )  # fmt: skip
        if len(self._waiting) > WAITING_MAX:
            self._waiting.popitem(last=False)

    async def keep(self, store: RejectStore, logger: BoundLogger) -> None:
        """Keep what is noted, again and again, until cancelled."""
        while True:
            try:
                await self.flush(store)
            except Unavailable as error:
                logger.debug("rejects_wait", error=str(error))
            await asyncio.sleep(FLUSH_S)

    async def flush(self, store: RejectStore) -> None:
        """Keep what waits.

        Raises:
            Unavailable: the store is away; it waits on.
        """
        if not self._waiting:
            return
        if self._next is None:
            self._next = max((one.number for one in await store.all()), default=-1) + 1
        said = list(self._waiting.items())
        numbered = [replace(one, number=self._next + at) for at, (_, one) in enumerate(said)]
        await store.replace(numbered)
        self._next += len(numbered)
        for key, one in said:
            if self._waiting.get(key) is one:  # not one that came meanwhile
                del self._waiting[key]
