"""Good sources beside hostile ones: how late they are, and how much memory ingest needs."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from statistics import quantiles
from typing import Final

from structlog.stdlib import BoundLogger

from services.ingest.fence import PARSERS, Fence
from services.ingest.fetch import HttpFetcher, World
from services.ingest.polling import START_SPREAD_S, Poller, Polling
from services.ingest.publish import Publisher
from services.ingest.sources.config import EVERY_S_MIN, SourceConfig
from services.ingest.sources.journal import Journal
from shared.clock import monotonic_s
from shared.polls import Poll
from shared.redis_log import RedisLog
from shared.settings import Settings
from tests.benchmarks.measure import Row
from tests.http_server import everyone

GOOD: Final = 50
HOSTILE: Final = ("drip", "endless", "bomb", "flood")
HOSTILE_EACH: Final = 3
HASTE: Final = 15.0
"""So many times faster than the world's goes the clock of the schedule: a source that may be read
once a minute is read every four seconds, which gives enough to measure. Timeouts and pauses are the
real ones, and hostile sources are read once a minute of the world, as often as any may be."""
MEMORY_MB_MAX: Final = 256.0
_BEGIN: Final = datetime(2026, 3, 2, 6, tzinfo=UTC)


@dataclass(slots=True)
class _Clock:
    """The clock of the schedule."""

    begun_s: float = field(default_factory=monotonic_s)

    def __call__(self) -> datetime:
        return _BEGIN + timedelta(seconds=(monotonic_s() - self.begun_s) * HASTE)


@dataclass(slots=True)
class _Timed:
    """A PollStore that keeps how late the polls of good sources were done."""

    clock: _Clock
    late_ms: list[float] = field(default_factory=list)
    _poll_by_source: dict[str, Poll] = field(default_factory=dict)
    _due_at_by_source: dict[str, datetime] = field(default_factory=dict)

    async def put(self, poll: Poll) -> None:
        """See PollStore.put."""
        before = self._poll_by_source.get(poll.source)
        self._poll_by_source[poll.source] = poll
        if before is None or before.polled_at != poll.polled_at:
            self._due_at_by_source[poll.source] = _due_at(before, poll)
        elif poll.ok_at == poll.polled_at and poll.source.startswith("good"):
            late = self.clock() - self._due_at_by_source[poll.source]
            self.late_ms.append(late.total_seconds() * 1_000 / HASTE)

    async def all(self) -> Sequence[Poll]:
        """See PollStore.all."""
        return list(self._poll_by_source.values())

    async def forget(self, source: str) -> None:
        """See PollStore.forget."""
        self._poll_by_source.pop(source, None)


def _due_at(before: Poll | None, poll: Poll) -> datetime:
    """When a poll should have begun; of the first, when it did."""
    if before is None or before.polled_at is None:
        return poll.polled_at or _BEGIN
    return before.polled_at + timedelta(seconds=EVERY_S_MIN)


@dataclass(frozen=True, slots=True)
class _Run:
    late_ms: Sequence[float]
    grown_mb: float


async def rows(url: str, seconds: int, logger: BoundLogger) -> list[Row]:
    """How late the good ones are alone (peer) and beside the hostile ones, and the memory."""
    async with _publishers() as port:
        good = [_source(f"good-{n}", port, EVERY_S_MIN) for n in range(GOOD)]
        bad = [
            _source(f"{kind}-{n}", port, int(EVERY_S_MIN * HASTE))
            for kind in HOSTILE
            for n in range(HOSTILE_EACH)
        ]
        alone = await _run(url, "alone", good, seconds, logger)
        beside = await _run(url, "beside", [*bad, *good], seconds, logger)
    name = f"{GOOD} sources beside {len(bad)} hostile, ms"
    made = [
        Row(f"{name}, p{at}", [_late(beside, at)], [_late(alone, at)], most=most)
        for at, most in ((50, 1_000.0), (95, 3_000.0))
    ]
    return [
        *made,
        Row(
            f"memory beside {len(bad)} hostile, MB above start",
            [beside.grown_mb],
            most=MEMORY_MB_MAX,
        ),
    ]


def _late(run: _Run, at: int) -> float:
    return quantiles(run.late_ms, n=100)[at - 1]


def _source(name: str, port: int, every_s: int) -> SourceConfig:
    return SourceConfig.model_validate(
        {"id": name, "url": f"http://{name}.example:{port}/feed", "every": f"{every_s}s"}
    )


async def _run(
    url: str, desk: str, sources: Sequence[SourceConfig], seconds: int, logger: BoundLogger
) -> _Run:
    """Poll for so long, as the service does."""
    ports = {int(one.url.rpartition(":")[2].partition("/")[0]) for one in sources}
    chosen = Settings(fetch_allow=(ip_network("127.0.0.0/8"),), fetch_ports=frozenset(ports))
    clock, log = _Clock(), RedisLog(url, f"neighbours-{desk}")
    polls = _Timed(clock=clock)
    async with (
        Fence(PARSERS, logger=logger) as fence,
        HttpFetcher(chosen, World(resolve=everyone)) as fetcher,
    ):
        poller = Poller(
            fetcher, fence, Publisher(log, clock), Journal(log, clock), polls, clock, logger
        )
        polling = Polling(poller)
        begun_mb, most_mb = _resident_mb(), 0.0
        end_s = monotonic_s() + seconds + START_SPREAD_S / HASTE
        while monotonic_s() < end_s:
            await polling.step(sources)
            most_mb = max(most_mb, _resident_mb())
            if not polling.under_way:
                await asyncio.sleep(0.02)
        await polling.end()
    await log.close()
    return _Run(polls.late_ms, most_mb - begun_mb)


def _resident_mb() -> float:
    """Of this process, which is ingest here; parsers have limits of their own."""
    try:
        pages = int(Path(f"/proc/{os.getpid()}/statm").read_text("ascii").split()[1])
    except OSError:  # not Linux: the most that it ever was
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return pages * resource.getpagesize() / 1e6


@asynccontextmanager
async def _publishers() -> AsyncIterator[int]:
    """Publishers in a process of their own; their port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.publishers", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()
