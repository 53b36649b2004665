"""Catching up: a consumer behind the real FastStream worker against bare redis-py and orjson.

Both read batches of 200 from the first entry on; both are timed from the end of the first batch to
the end of the last, so that neither connecting nor the worker's start counts. Ours checks that the
log goes on without a gap and decodes every entry into its typed event; the peer reads its JSON.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from redis.asyncio import Redis
from structlog.stdlib import BoundLogger

from shared.broker import Worker
from shared.consumer import BATCH_MAX, Following
from shared.envelope import decode
from shared.events import StreamName
from shared.log import Draft, Entry
from shared.redis_log import RedisLog
from shared.settings import Settings
from shared.streams import ORIGIN, START, Checkpoint, Keys
from tests.benchmarks.measure import Row, Stopwatch, rounds

TARGET: Final = 0.5
RUN_S_MAX: Final = 60.0


@dataclass(slots=True)
class Counter:
    """A consumer that decodes everything and keeps nothing."""

    stream: StreamName
    total: int
    name: str = "benchmark"
    is_done: asyncio.Event = field(default_factory=asyncio.Event)
    per_second: float = 0.0
    _at: Checkpoint = ORIGIN
    _handled: int = 0
    _first: int = 0
    _watch: Stopwatch = field(default_factory=Stopwatch)

    async def resume(self) -> Checkpoint:
        """See Consumer.resume: always from the beginning."""
        return ORIGIN

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        """See Consumer.handle."""
        for entry in batch:
            decode(self.stream, entry)
        if not self._handled:
            self._first = len(batch)
            self._watch.restart()
        self._handled += len(batch)
        if self._handled == self.total:
            self.per_second = self._watch.per_second(self.total - self._first)
            self.is_done.set()
        self._at = batch[-1].checkpoint()
        return self._at

    async def tick(self) -> Checkpoint:
        """See Consumer.tick: nothing is ever due."""
        return self._at


@dataclass(frozen=True, slots=True)
class Reading:
    """One stream to be read, on a server that holds nothing else."""

    url: str
    stream: StreamName
    drafts: Sequence[Draft]
    folder: Path
    logger: BoundLogger

    async def rows(self, name: str, count: int) -> list[Row]:
        """Reading the stream in both ways."""
        await self._fill()
        reached = await rounds(count, {"peer": self._bare, "ours": self._worker})
        return [Row(f"catch-up reading, {name}", reached["ours"], reached["peer"], TARGET)]

    async def _fill(self) -> None:
        async with Redis.from_url(self.url) as redis:
            await redis.flushall()
        log = RedisLog(self.url)
        await log.append(self.stream, self.drafts)
        await log.close()

    async def _worker(self) -> float:
        log, counter = RedisLog(self.url), Counter(self.stream, len(self.drafts))
        settings = Settings(redis_url=self.url, data_dir=self.folder)
        worker = Worker("benchmark", [Following(counter, log)], log, settings, self.logger)
        running = asyncio.create_task(worker.run())
        done = asyncio.create_task(counter.is_done.wait())
        await asyncio.wait({running, done}, timeout=RUN_S_MAX, return_when=asyncio.FIRST_COMPLETED)
        done.cancel()
        worker._app.exit()
        await running
        await log.close()
        assert counter.per_second, worker.failures or "the worker did not come to the end"
        return counter.per_second

    async def _bare(self) -> float:
        key, position = Keys().stream(self.stream), START.encode()
        handled, first, watch = 0, 0, Stopwatch()
        async with Redis.from_url(self.url) as redis:
            while handled < len(self.drafts):
                answer: Any = await redis.xread({key: position}, count=BATCH_MAX)
                ((_, entries),) = answer
                for _, fields in entries:
                    orjson.loads(fields[b"data"])
                if not handled:
                    first = len(entries)
                    watch.restart()
                handled += len(entries)
                position = entries[-1][0]
        return watch.per_second(handled - first)
