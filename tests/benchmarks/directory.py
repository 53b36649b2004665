"""A directory of feeds to a log that fsyncs each call, beside reader, which keeps them in SQLite.

Both read the same files. Ours parses behind the fence, appends to Valkey with ``appendfsync
always``, and has an empty log in every round; the start of the parsers is not measured.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from rich.console import Console

from services.ingest.domain import PublishOutcome
from services.ingest.fence import PARSERS, Fence
from services.ingest.inbox import Inbox
from services.ingest.parse.document import Arrival, Problem
from services.ingest.publish import Publisher
from services.ingest.replay import records, replay
from shared import clock
from shared.log import Appended
from shared.redis_log import RedisLog
from tests.benchmarks import feeds
from tests.benchmarks.content import SEEN_AT
from tests.benchmarks.measure import Row, Run, Stopwatch, rounds

LEAST: Final = 2_000.0
"""Entries a second."""


async def rows(url: str, folder: Path, count: int, documents: int) -> list[Row]:
    """Entries a second of a replay, and of an inbox."""
    _write(folder / "inbox" / "courier", documents)
    logger = structlog.stdlib.get_logger()
    entries = documents * feeds.ENTRIES
    async with Fence(PARSERS, logger=logger) as fence:
        for _ in range(PARSERS):
            await fence.parse(feeds.rss(), Arrival(SEEN_AT.date()))
        reading = _Reading(url, folder, entries, fence)
        runs: dict[str, Run] = {"replay": reading.replay, "inbox": reading.inbox}
        try:
            reader: Any = import_module("reader")
        except ImportError:
            peer = "reader is not installed"
        else:
            peer = "reader"
            runs["reader"] = lambda: reading.peer(reader)
        reached = await rounds(count, runs)
    theirs = reached.get("reader", ())
    return [
        Row(f"{documents} feeds to the log; {peer}", reached["replay"], theirs, least=LEAST),
        Row(f"{documents} feeds of an inbox to the log", reached["inbox"], least=LEAST),
    ]


def _write(folder: Path, documents: int) -> None:
    folder.mkdir(parents=True)
    for number in range(documents):
        file = folder / f"{number}.xml"
        file.write_bytes(feeds.rss(number * feeds.ENTRIES))
        os.utime(file, (SEEN_AT.timestamp() + number,) * 2)


class _Reading:
    def __init__(self, url: str, folder: Path, entries: int, fence: Fence) -> None:
        self.url, self.folder, self.entries, self.fence = url, folder, entries, fence
        self.databases = 0

    async def replay(self) -> float:
        log = await self._emptied()
        watch = Stopwatch()
        found = records(self.folder / "inbox" / "courier", "courier")
        assert not isinstance(found, Problem)
        done = await replay(
            found, Publisher(log, clock.now), Console(quiet=True), parse=self.fence.parse
        )
        reached = watch.per_second(self.entries)
        await log.close()
        self._check(done.outcomes)
        return reached

    async def inbox(self) -> float:
        log = await self._emptied()
        logger = structlog.wrap_logger(structlog.testing.CapturingLogger(), processors=[])
        inbox = Inbox(self.folder / "inbox", Publisher(log, clock.now), logger, self.fence.parse)
        watch = Stopwatch()
        await inbox.look(clock.now())
        reached = watch.per_second(self.entries)
        assert (await log.head("articles")).seq == self.entries
        await log.close()
        return reached

    async def peer(self, reader: Any) -> float:
        """Into an empty file. Source: reader's ``make_reader``, ``feed_root``."""
        self.databases += 1
        root = self.folder / "inbox" / "courier"
        made = reader.make_reader(str(self.folder / f"{self.databases}.sqlite"), feed_root=root)
        watch = Stopwatch()
        for file in sorted(root.iterdir()):
            made.add_feed(file.name)
        made.update_feeds()
        reached = watch.per_second(self.entries)
        assert made.get_entry_counts().total == self.entries
        made.close()
        return reached

    async def _emptied(self) -> RedisLog:
        async with Redis.from_url(self.url) as redis:
            await redis.flushall()
        log = RedisLog(self.url)
        await log.append("articles", [])
        return log

    def _check(self, outcomes: list[PublishOutcome]) -> None:
        assert len(outcomes) == self.entries
        assert all(isinstance(one, Appended) for one in outcomes)
