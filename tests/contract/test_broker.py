"""FastStream on our streams: in order, nothing swallowed, back at once, ended by one failure."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faststream.redis.subscriber.usecases import StreamBatchSubscriber
from redis.asyncio import Redis

from shared import broker, health
from shared.broker import Worker
from shared.consumer import Following
from shared.errors import LogDamaged
from shared.events import StreamName
from shared.log import Entry
from shared.redis_log import RedisLog
from shared.settings import Settings
from shared.streams import ORIGIN, Checkpoint
from tests.conftest import NewServer
from tests.drafts import draft
from tests.servers import Server
from tests.wire_builders import quiet

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Reader:
    """A consumer that remembers what it has read; its checkpoint is in the object."""

    at: Checkpoint = ORIGIN
    read: list[str] = field(default_factory=list)
    fails_at: int = -1
    """Seq at which it raises."""
    name: str = "reader"
    stream: StreamName = "articles"

    async def resume(self) -> Checkpoint:
        return self.at

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        for entry in batch:
            if entry.seq == self.fails_at:
                raise ZeroDivisionError(f"at {entry.seq}")
        self.read += [entry.event_id for entry in batch]
        self.at = batch[-1].checkpoint()
        return self.at

    async def tick(self) -> Checkpoint:
        return self.at


@dataclass
class Bench:
    """A server, a desk on it, and how a worker there is made."""

    url: str
    desk: str
    folder: Path
    log: RedisLog

    @property
    def settings(self) -> Settings:
        return Settings(redis_url=self.url, desk=self.desk, data_dir=self.folder)

    def worker(self, *readers: Reader) -> Worker:
        log = RedisLog(self.url, self.desk)
        followings = [Following(reader, log) for reader in readers]
        return Worker("test", followings, log, self.settings, quiet())

    async def work(self, *readers: Reader) -> int:
        log = RedisLog(self.url, self.desk)
        return await broker.work("test", readers, log, self.settings, quiet())

    def report(self) -> health.Report | None:
        return health.read(self.settings.run_dir / "test.json")

    def detail(self) -> str | None:
        report = self.report()
        return report.detail if report else None

    def is_ready(self) -> bool | None:
        report = self.report()
        return report.ready if report else None


@pytest.fixture
async def bench(valkey: Server, desk: str, tmp_path: Path) -> AsyncIterator[Bench]:
    log = RedisLog(valkey.url, desk)
    yield Bench(valkey.url, desk, tmp_path, log)
    await log.close()


async def until(claim: Callable[[], bool], within_s: float = 5.0) -> float:
    """Wait until something is so; how long it took."""
    begin = time.monotonic()
    while not claim():
        assert time.monotonic() - begin < within_s, "it never came to be"
        await asyncio.sleep(0.01)
    return time.monotonic() - begin


# --- what of FastStream we replace --------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("_consume", ["self", "args", "start_signal"]),
        ("consume", ["self", "msg"]),
        ("process_message", ["self", "msg"]),
        ("stop", ["self"]),
    ],
)
def test_the_methods_that_we_replace_or_call_are_as_we_know_them(
    method: str, parameters: list[str]
) -> None:
    found = getattr(StreamBatchSubscriber, method)

    assert inspect.iscoroutinefunction(found)
    assert list(inspect.signature(found).parameters) == parameters


async def test_the_built_subscriber_reads_as_we_want(bench: Bench) -> None:
    worker = bench.worker(Reader())
    (subscriber,) = worker._broker.subscribers
    ours = type(subscriber).__mro__[0]

    assert isinstance(subscriber, StreamBatchSubscriber)
    assert {"_consume", "consume", "stop"} <= set(vars(ours))
    assert subscriber.stream_sub.name == f"{{{bench.desk}}}:articles"
    await worker._log.close()


# --- order --------------------------------------------------------------------------------------


async def test_a_thousand_events_are_read_in_order_and_those_that_come_later(bench: Bench) -> None:
    await bench.log.append("articles", [draft(f"s{n}") for n in range(1_000)])
    reader = Reader()
    worker = bench.worker(reader)
    running = asyncio.create_task(worker.run())
    await until(lambda: len(reader.read) == 1_000)
    await bench.log.append("articles", [draft("late")])
    await until(lambda: len(reader.read) == 1_001)
    worker._app.exit()
    await running

    assert reader.read == [f"s{n}/one" for n in range(1_000)] + ["late/one"]
    assert worker.failures == []
    report = bench.report()
    assert report is not None
    assert (report.ready, report.detail) == (False, "stopped")


async def test_two_consumers_of_one_worker_follow_their_own_streams(bench: Bench) -> None:
    await bench.log.append("articles", [draft("a")])
    await bench.log.append("rates", [draft("r")])
    articles, rates = Reader(), Reader(name="rates", stream="rates")
    worker = bench.worker(articles, rates)
    running = asyncio.create_task(worker.run())
    await until(lambda: bool(articles.read and rates.read))
    await until(lambda: bench.detail() == "reader at 1 of 1; rates at 1 of 1")
    worker._app.exit()
    await running

    assert (articles.read, rates.read) == (["a/one"], ["r/one"])


# --- ends ---------------------------------------------------------------------------------------


async def test_a_handler_that_raises_ends_the_worker_with_its_checkpoint_intact(
    bench: Bench,
) -> None:
    await bench.log.append("articles", [draft(f"s{n}") for n in range(250)])
    reader = Reader(fails_at=201)
    async with asyncio.timeout(5):
        code = await bench.work(reader)

    assert code == 1
    assert reader.at.seq == 200
    assert len(reader.read) == 200


async def test_one_consumer_that_fails_ends_the_worker_of_both(bench: Bench) -> None:
    await bench.log.append("rates", [draft("r")])
    worker = bench.worker(Reader(), Reader(name="rates", stream="rates", fails_at=1))
    async with asyncio.timeout(5):
        await worker.run()

    assert [str(error) for error in worker.failures] == ["at 1"]


async def test_a_key_of_another_type_ends_the_worker_instead_of_spinning(bench: Bench) -> None:
    async with Redis.from_url(bench.url) as redis:
        await redis.set(f"{{{bench.desk}}}:articles", "no stream")
    worker = bench.worker(Reader())
    async with asyncio.timeout(5):
        await worker.run()

    assert [type(error) for error in worker.failures] == [LogDamaged]


async def test_a_log_that_is_not_the_one_ends_the_worker(bench: Bench) -> None:
    await bench.log.append("articles", [draft("a")])
    reader = Reader(at=Checkpoint((await bench.log.head("articles")).last.position, 1, "other"))  # type: ignore[union-attr]
    async with asyncio.timeout(5):
        code = await bench.work(reader)

    assert (code, reader.read) == (1, [])


async def test_an_unsafe_redis_is_refused(new_server: NewServer, tmp_path: Path) -> None:
    server = new_server("--appendfsync", "everysec")
    log = RedisLog(server.url)
    settings = Settings(redis_url=server.url, data_dir=tmp_path)

    code = await broker.work("test", [Reader()], log, settings, quiet())

    report = health.read(tmp_path / "run" / "test.json")
    assert code == 1
    assert report is not None
    assert report.ready is False
    assert "Redis does not fsync every event" in report.detail


SCRIPT = """
import asyncio, sys
from pathlib import Path
from shared import broker, telemetry
from shared.redis_log import RedisLog
from shared.settings import Settings
from shared.streams import ORIGIN

class Reader:
    name, stream, at = "reader", "articles", ORIGIN
    async def resume(self): return self.at
    async def tick(self): return self.at
    async def handle(self, batch):
        self.at = batch[-1].checkpoint()
        print(self.at.seq, flush=True)
        return self.at

url, desk, folder = sys.argv[1:]
chosen = Settings(redis_url=url, desk=desk, data_dir=Path(folder))
logger = telemetry.start("test", "error")
sys.exit(asyncio.run(broker.work("test", [Reader()], RedisLog(url, desk), chosen, logger)))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_worker_within_three_seconds(
    bench: Bench, number: signal.Signals
) -> None:
    await bench.log.append("articles", [draft("a")])
    command = [sys.executable, "-c", SCRIPT, bench.url, bench.desk, str(bench.folder)]
    with subprocess.Popen(  # noqa: ASYNC220  # nothing else runs in this loop
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            line = process.stdout.readline()
            begin = time.monotonic()
            os.kill(process.pid, number)
            code = process.wait(5)
            took_s = time.monotonic() - begin
            said = process.stderr.read()
        finally:
            process.kill()

    assert (line, code, said) == ("1\n", 0, "")
    assert took_s < 3
    report = bench.report()
    assert report is not None
    assert (report.ready, report.detail) == (False, "stopped")


# --- Redis away ---------------------------------------------------------------------------------


async def test_a_worker_goes_on_within_three_seconds_after_redis_is_back(
    new_server: NewServer, server_name: str, tmp_path: Path
) -> None:
    server = new_server(name=server_name)
    log = RedisLog(server.url)
    bench = Bench(server.url, "newswire", tmp_path, log)
    await log.append("articles", [draft("a")])
    reader = Reader()
    worker = bench.worker(reader)
    running = asyncio.create_task(worker.run())
    await until(lambda: bench.is_ready() is True)
    server.kill()
    await until(lambda: bench.is_ready() is False)
    report = bench.report()
    server.start()
    again = RedisLog(server.url)
    await again.append("articles", [draft("b")])
    took_s = await until(lambda: reader.read == ["a/one", "b/one"])
    await until(lambda: bench.is_ready() is True)
    worker._app.exit()
    await running
    await log.close()
    await again.close()

    assert took_s < 3
    assert report is not None
    assert "Redis does not answer" in report.detail
    assert worker.failures == []


async def test_a_worker_waits_for_a_redis_that_is_not_there_yet(
    new_server: NewServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "PAUSE_S_MAX", 0.05)
    server = new_server()
    server.kill()
    bench = Bench(server.url, "newswire", tmp_path, RedisLog(server.url))
    worker = bench.worker(Reader())
    waiting = asyncio.create_task(worker.wait_for_log())
    await until(lambda: bench.is_ready() is False)
    report = bench.report()
    server.start()
    async with asyncio.timeout(5):
        await waiting
    await worker._log.close()

    assert report is not None
    assert "Redis does not answer" in report.detail


async def test_a_report_that_cannot_be_written_is_not_the_last_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "REPORT_S", 0.01)
    worker = bench.worker(Reader())
    run_dir = bench.settings.run_dir
    run_dir.touch()  # a file: no report can be written in it
    running = asyncio.create_task(worker.run())
    await until(lambda: worker._followings[0].checkpoint is not None)
    await asyncio.sleep(0.05)
    run_dir.unlink()
    try:
        await until(lambda: bench.is_ready() is True, within_s=0.5)
    finally:
        worker._app.exit()
        await running


async def test_a_consumer_that_stands_still_is_not_ready(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck(Reader):
        async def handle(self, batch: Sequence[Entry]) -> Checkpoint:  # noqa: ARG002
            return self.at  # reads the same again for ever

    monkeypatch.setattr(health, "STALLED_S", 0.05)
    monkeypatch.setattr(broker, "REPORT_S", 0.02)
    await bench.log.append("articles", [draft("a")])
    worker = bench.worker(Stuck())
    running = asyncio.create_task(worker.run())
    await until(lambda: bench.is_ready() is False)
    report = bench.report()
    worker._app.exit()
    await running

    assert report is not None
    assert report.detail == "reader at 0 of 1"
