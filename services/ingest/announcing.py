"""A hub is told when the feeds of the desk change: the wire is followed, and decides nothing here.

Beside everything else, with connections of its own; what fails here is told and tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from structlog.stdlib import BoundLogger

from services.ingest.ending import together
from services.ingest.websub.announcer import Announcer
from shared.consumer import BATCH_MAX, BLOCK_MS, PAUSE_S_MAX
from shared.envelope import decode
from shared.errors import LogDamaged, Rejected, Unavailable
from shared.events import Carried, Notice, RelationChanged
from shared.log import Entry, Log
from shared.streams import ORIGIN, Checkpoint

STREAM: Final = "wire"
LOOKED_BACK_MAX: Final = 500
"""Events at the end of the wire that count as changes at the start: some of them may have come
while nobody was here to announce them."""
PAUSE_S: Final = 0.5
"""Between two looks whether a topic is due."""


@dataclass(slots=True)
class Announcing:
    """Follows the wire, and has the hub told."""

    log: Log
    announcer: Announcer
    note: Callable[[str | None], None]
    """Takes what is wrong, for the health report; None: nothing is."""
    logger: BoundLogger
    _at: Checkpoint | None = None
    """None: it is not known yet where the wire ends."""
    _looks_back: bool = True

    async def run(self) -> None:
        """Follow and tell until cancelled."""
        while True:
            try:
                await together(self._follow(), self._tell())
            except Exception:  # a bug here must neither end ingest nor be silent
                self.logger.exception("announcing_failed")
                await asyncio.sleep(PAUSE_S_MAX)

    async def step(self) -> None:
        """Take in what has come to the wire.

        Raises:
            Unavailable: the log is away.
        """
        if self._at is None:
            self._at = await self._begin()
            self.announcer.changed(None)
        try:
            entries = await self.log.follow(STREAM, self._at, count=BATCH_MAX, block_ms=BLOCK_MS)
        except LogDamaged as error:  # another log stands here, or a part of it is gone
            self.logger.warning("announcing_anew", error=str(error))
            self._at, self._looks_back = None, False
            await asyncio.sleep(PAUSE_S_MAX)
            return
        for entry in entries:
            self._take(entry)
        if entries:
            self._at = entries[-1].checkpoint()

    async def _begin(self) -> Checkpoint:
        """Where changes are counted from."""
        head = await self.log.head(STREAM)
        if self._looks_back and head.seq <= LOOKED_BACK_MAX:
            return ORIGIN
        if self._looks_back:
            with suppress(LogDamaged, Rejected):  # so much of it has been trimmed
                return await self.log.seek(STREAM, head.seq - LOOKED_BACK_MAX)
        return head.last.checkpoint() if head.last else ORIGIN

    def _take(self, entry: Entry) -> None:
        try:
            event = decode(STREAM, entry).event
        except Rejected:  # of a later version: some list may be another one
            self.announcer.changed(None)
            return
        match event:
            case Carried():
                self.announcer.changed(event.article.source)
            case Notice() | RelationChanged():
                self.announcer.changed(event.source)
            case _:  # rates and stories: the feeds of articles are as they were
                pass

    async def _follow(self) -> None:
        while True:
            try:
                await self.step()
            except Unavailable as error:
                self.logger.debug("announcing_waits", error=str(error))
                await asyncio.sleep(PAUSE_S_MAX)

    async def _tell(self) -> None:
        while True:
            if not await self.announcer.step():
                await asyncio.sleep(PAUSE_S)
            problem = self.announcer.problem
            self.note(problem and f"the hub was not told of our feeds: {problem}")
