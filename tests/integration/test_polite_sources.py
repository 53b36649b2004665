"""A day of polling over real HTTP, with a restart every hour: what a publisher sees of us."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.ingest.fetch import HttpFetcher
from services.ingest.fetch.politeness import Pace
from services.ingest.polling import Poller, Polling
from services.ingest.publish import Publisher as Desk
from services.ingest.sources.config import SourceConfig
from services.ingest.sources.journal import Journal
from shared.polls import Poll
from shared.redis_state import RedisTable
from shared.state import POLLS
from shared.testing.memory_log import MemoryLog
from tests.conftest import NewServer
from tests.http_server import Publisher, settings, world
from tests.polite_publisher import PolitePublisher, Score
from tests.publishers import BEGIN, Unfenced

DAY_S: Final = 86_400
STEP_S: Final = 120
RESTART_S: Final = 3_600


@dataclass
class Day:
    """A clock that is moved, as instants and as seconds."""

    passed_s: float = 0.0

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.passed_s)

    def monotonic_s(self) -> float:
        return self.passed_s

    async def sleep(self, seconds: float) -> None:
        self.passed_s += seconds
        await asyncio.sleep(0)


async def live(day: Day, publisher: Publisher, polls: RedisTable[Poll], log: MemoryLog) -> None:
    """Poll for an hour with a process of its own."""
    sources = [
        SourceConfig(id=name, url=publisher.url(f"/{name}")) for name in ("fresh", "busy", "plain")
    ]
    pace = Pace(day.monotonic_s, day.sleep)
    guest = replace(world(request_s=1e6), pace=pace, now=day.now)
    async with HttpFetcher(settings(publisher), guest) as fetcher:
        poller = Poller(
            fetcher, Unfenced(), Desk(log, day.now), Journal(log, day.now), polls, day.now,
            structlog.get_logger(),
        )  # fmt: skip
        await poller.load()
        polling = Polling(poller)
        end_s = day.passed_s + RESTART_S
        while day.passed_s < end_s:
            await polling.step(sources)
            while polling.under_way:
                await polling.step(sources)
            day.passed_s += STEP_S


async def test_a_publisher_has_nothing_to_complain_of(new_server: NewServer) -> None:
    day, log = Day(), MemoryLog()
    fresh = Score(['"1"', 'W/"2"'], max_age_s=1_800)
    busy = Score(['"b"'], retry_after_s=5_400)
    plain = Score(['"p"'])
    watch = PolitePublisher({"/fresh": fresh, "/busy": busy, "/plain": plain}, day.monotonic_s)
    polls = RedisTable(POLLS, new_server().url)
    async with Publisher(watch) as publisher:
        for hour in range(DAY_S // RESTART_S):
            fresh.version = int(hour >= 12)
            busy.retry_after_s = None if hour >= 12 else 5_400
            await live(day, publisher, polls, log)
    await polls.close()

    for score in (fresh, busy, plain):
        assert (score.inexact, score.too_early, score.nameless) == ([], [], 0)
    assert fresh.unconditional == 1
    assert plain.unconditional == 1
    assert 24 <= len(fresh.asked_at_s) <= 48
    assert 60 <= len(plain.asked_at_s) <= 97
    assert 2 <= len(busy.asked_at_s) <= 70
    assert watch.at_once_max == 1
