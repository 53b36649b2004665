"""How a service says how it is: in a file for its probe, and beside the log for all others.

In containers nobody else sees a service's files. Beside the log a report is written every few
seconds only: Redis fsyncs every write.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final

from structlog.stdlib import BoundLogger

from shared import clock, health
from shared.counts import Counts
from shared.errors import NewswireError
from shared.health import Report
from shared.instants import rfc3339
from shared.redis_state import RedisTable
from shared.settings import Settings
from shared.state import HEALTH
from shared.version import VERSION

KEEP_S: Final = 5.0
"""Between two reports that are kept, unless the service becomes ready or is so no more."""
ANSWER_S_MAX: Final = 1.0
"""A Redis that does not answer is asked again at the next report."""


class Reporter:
    """One service's reports."""

    def __init__(self, service: str, settings: Settings) -> None:
        self.counts = Counts()
        self._service, self._run_dir = service, settings.run_dir
        self._started_at = rfc3339(clock.now())
        self._kept = RedisTable(HEALTH, settings.redis_url, settings.desk, ANSWER_S_MAX)
        self._latest: Report | None = None
        self._note: str | None = None
        self._turned = asyncio.Event()

    def note(self, sentence: str | None) -> None:
        """What else stands behind every detail: a problem that leaves the service ready."""
        self._note = sentence

    def say(self, *, is_ready: bool, detail: str) -> None:
        """Write the file, and have the same kept; never waits."""
        told = f"{detail}; {self._note}" if self._note else detail
        report = Report(
            self._service, os.getpid(), is_ready, rfc3339(clock.now()), told,
            VERSION, self._started_at, self.counts.told(),
        )  # fmt: skip
        health.write(self._run_dir, report)
        if self._latest is None or self._latest.ready != is_ready:
            self._turned.set()
        self._latest = report

    async def keep(self, logger: BoundLogger) -> None:
        """Keep what was said last, again and again, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(KEEP_S):
                    await self._turned.wait()
            except TimeoutError:
                pass  # it is as it was
            self._turned.clear()
            await self._keep(logger)

    async def _keep(self, logger: BoundLogger) -> None:
        if self._latest is None:
            return
        try:
            await self._kept.put(self._latest)
        except NewswireError as error:
            logger.debug("report_not_kept", error=str(error))  # who looks sees that it is old

    async def close(self) -> None:
        """Close the connections."""
        await self._kept.close()
