"""The loop that drives a consumer: it asks again, it waits, and it ends where it must."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from shared import consumer
from shared.consumer import Following
from shared.errors import (
    LogDamaged,
    LogDiverged,
    LogFull,
    PositionVanished,
    SequenceGap,
    Unavailable,
)
from shared.events import StreamName
from shared.log import Entry
from shared.streams import ORIGIN, Checkpoint
from shared.testing.memory_log import MemoryLog
from tests.drafts import draft, filled


@dataclass
class Recorder:
    """A consumer that remembers what it was asked, and fails when it is told to."""

    at: Checkpoint = ORIGIN
    asked: list[str] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)
    """Of the next calls, in order."""
    name: str = "recorder"
    stream: StreamName = "articles"

    async def resume(self) -> Checkpoint:
        self._fail("resume")
        return self.at

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        self._fail(" ".join(str(entry.seq) for entry in batch))
        self.at = batch[-1].checkpoint()
        return self.at

    async def tick(self) -> Checkpoint:
        self._fail("tick")
        return self.at

    def _fail(self, what: str) -> None:
        self.asked.append(what)
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "BLOCK_MS", 5)
    monkeypatch.setattr(consumer, "PAUSE_S_MIN", 0.001)
    monkeypatch.setattr(consumer, "PAUSE_S_MAX", 0.008)


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


async def follow(recorder: Recorder, log: MemoryLog, calls: int) -> Following:
    """Drive a consumer until it was asked so often."""
    following = Following(recorder, log, _pause_s=0.001)

    async def deliver(entries: Sequence[Entry]) -> None:
        following.checkpoint = await recorder.handle(entries)

    async def stop() -> None:
        while len(recorder.asked) < calls:  # noqa: ASYNC110  # bounded by the timeout below
            await asyncio.sleep(0)
        following.is_running = False

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(following.run(deliver))
        group.create_task(stop())
    return following


async def test_a_consumer_is_asked_once_where_it_stands_and_given_what_comes(
    log: MemoryLog,
) -> None:
    await filled(log, 3)
    recorder = Recorder()
    following = await follow(recorder, log, 2)

    assert recorder.asked[:2] == ["resume", "1 2 3"]
    assert following.checkpoint == recorder.at
    assert following.fault is None


async def test_a_batch_has_two_hundred_entries_at_most(log: MemoryLog) -> None:
    await filled(log, 450)
    recorder = Recorder()
    await follow(recorder, log, 4)

    assert [len(asked.split()) for asked in recorder.asked[1:4]] == [200, 200, 50]


async def test_where_nothing_comes_it_ticks(log: MemoryLog) -> None:
    recorder = Recorder()
    await follow(recorder, log, 3)

    assert recorder.asked[:3] == ["resume", "tick", "tick"]


async def test_it_ticks_also_while_events_keep_coming(log: MemoryLog) -> None:
    await filled(log, 1)

    class Busy(Recorder):
        """A consumer for which the next event is there before it is done."""

        async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
            await asyncio.sleep(0.002)
            await log.append("articles", [draft(f"next {len(self.asked)}")])
            return await super().handle(batch)

    recorder = Busy()
    await follow(recorder, log, 20)  # 40 ms, and a tick is due every 5 ms

    assert "tick" in recorder.asked


async def test_it_reads_on_from_where_a_tick_says(log: MemoryLog) -> None:
    checkpoints = await filled(log, 3)

    class Jumping(Recorder):
        async def tick(self) -> Checkpoint:
            self.at = checkpoints[0]
            return await super().tick()

    recorder = Jumping(at=checkpoints[2])
    await follow(recorder, log, 3)

    assert recorder.asked[:3] == ["resume", "tick", "2 3"]


@pytest.mark.parametrize("error", [Unavailable("away"), LogFull("full")])
async def test_what_is_unavailable_makes_it_ask_again_where_it_stands(
    log: MemoryLog, error: Exception
) -> None:
    await filled(log, 2)
    recorder = Recorder(faults=[error, None, error, None])
    await follow(recorder, log, 5)

    assert recorder.asked[:5] == ["resume", "resume", "1 2", "resume", "1 2"]


async def test_a_fault_is_said_until_it_is_over(log: MemoryLog) -> None:
    recorder = Recorder(faults=[Unavailable("Redis is away")])
    following = Following(recorder, log, _pause_s=0.2)
    running = asyncio.create_task(following.run(_never))
    await asyncio.sleep(0)
    during = following.fault
    following._pause_s = 0.0
    async with asyncio.timeout(5):
        while following.fault:  # noqa: ASYNC110  # bounded by the timeout
            await asyncio.sleep(0.005)
    following.is_running = False
    await running

    assert during == "Redis is away"


async def _never(entries: Sequence[Entry]) -> None:
    raise AssertionError(entries)


async def test_the_pause_doubles_up_to_its_maximum_and_starts_anew(
    log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("shared.consumer.random.uniform", lambda _least, most: most)
    monkeypatch.setattr("shared.consumer.asyncio.sleep", noted)
    away = Unavailable("away")
    recorder = Recorder(faults=[away] * 6 + [None, None, away, away])
    following = Following(recorder, log, _pause_s=0.001)

    async def until() -> None:
        while recorder.faults or recorder.asked[-1] != "tick":
            await sleep(0)
        following.is_running = False

    async with asyncio.timeout(5):
        await asyncio.gather(following.run(_never), until())

    assert pauses[:6] == [0.001, 0.002, 0.004, 0.008, 0.008, 0.008]
    assert [pause for pause in pauses[6:] if pause] == [0.001, 0.002]


async def test_pauses_are_spread_so_that_workers_do_not_come_back_together(
    log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[tuple[float, float]] = []
    monkeypatch.setattr(
        "shared.consumer.random.uniform", lambda *given: bounds.append(given) or 0.5
    )
    await follow(Recorder(faults=[Unavailable("away")]), log, 2)

    assert bounds == [(0.5, 1.0)]


# --- a log that is not the one ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disaster", "error"),
    [
        (lambda log: log.truncate("articles", 3), LogDiverged),
        (lambda log: log.trim("articles", 5), PositionVanished),
        (lambda log: log.drop("articles", 5), SequenceGap),
    ],
    ids=["diverged", "vanished", "gap"],
)
async def test_a_log_that_is_damaged_ends_it_before_anything_is_handled(
    log: MemoryLog, disaster: object, error: type[LogDamaged]
) -> None:
    checkpoints = await filled(log, 6)
    disaster(log)  # type: ignore[operator]
    recorder = Recorder(at=checkpoints[3])
    following = Following(recorder, log)
    with pytest.raises(error):
        await following.run(_never)

    assert recorder.asked == ["resume"]


@pytest.mark.parametrize("where", ["resume", "handle", "tick"])
async def test_any_other_error_ends_it(log: MemoryLog, where: str) -> None:
    faults: list[Exception | None] = [None] * (where != "resume")
    if where == "handle":
        await log.append("articles", [draft("a")])
    recorder = Recorder(faults=[*faults, ZeroDivisionError("a bug")])
    following = Following(recorder, log)

    async def deliver(entries: Sequence[Entry]) -> None:
        following.checkpoint = await recorder.handle(entries)

    with pytest.raises(ZeroDivisionError, match="a bug"):
        await following.run(deliver)
    assert following.checkpoint == (None if where == "resume" else ORIGIN)
