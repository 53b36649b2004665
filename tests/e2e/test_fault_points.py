"""G1 and G4 at the worst moments: a service ends between two of its steps, and nothing is doubled.

Each point of ``shared.faultpoints`` is reached in a real process, which ends there as under
SIGKILL; it is started again without the point, and the ledger is asked.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import pytest
from rich.console import Console

from services.ingest.publish import Publisher
from services.ingest.replay import records, replay
from shared import clock
from shared.faultpoints import Point
from shared.redis_log import RedisLog
from tests.e2e.ledger import INPUTS, FaultPoint, Ledger, Round, check, intents_of
from tests.e2e.recordings import recording
from tests.e2e.stack import Desk, Popen, connected, eventually, heads, held

POINTS: Final = get_args(Point)
PIECES: Final = 6
"""Pieces that the recording comes in: a service reaches its points once or more in each."""
EVENTS: Final = 60
SEED: Final = 4_000
LATE: Final = 20
"""Of the 30 runs of the recording: revisions and restated rates are on the log by then."""


@pytest.fixture
def bench(tmp_path: Path, valkey_url: str, desk: str) -> Iterator[Desk]:
    """A desk of this test on the session's Valkey; no service runs yet."""
    made = Desk(tmp_path / "desk", valkey_url, desk)
    yield made
    made.end()


@pytest.mark.parametrize(
    ("point", "n"),
    [*((point, n) for point in POINTS for n in (1, 3)), ("ingest.appended", LATE)],
)
def test_a_process_that_ends_there_loses_and_doubles_nothing(
    point: str, n: int, bench: Desk, tmp_path: Path
) -> None:
    """The service of the point ends at its n-th time there, and goes on in a new process."""
    fault = FaultPoint(point, n)
    feed, round_ = tmp_path / "recording.ndjson", Round(SEED, (fault,))
    feed.write_bytes(recording(SEED, EVENTS))
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.intend(round_, intents_of(feed.read_bytes()))
        run_into(bench, fault, feed)
        assert bench.start("ingest", "replay", str(feed)).wait(timeout=30) == 0
        ledger.acknowledge(round_)
        eventually(bench.is_at_rest, f"the desk catches up after {fault}")
        verdict = check(ledger.intents(), held(bench.redis_url, bench.data, bench.name))

    assert verdict.findings() == {}
    assert verdict.acknowledged == verdict.attempted == EVENTS


def run_into(bench: Desk, fault: FaultPoint, feed: Path) -> None:
    """Start the desk, let one of its services end at the fault's point, and start that again."""
    service, armed = fault.name.partition(".")[0], f"{fault.name}:{fault.n}"
    workers = {
        name: bench.start(name, fault_point=armed if name == service else "")
        for name in ("enrichment", "projection")
    }
    if service in workers:
        feed_until_it_ends(bench, pieces(feed), workers[service])
        bench.start(service)
        return
    ending = bench.start("ingest", "replay", str(feed), fault_point=armed)
    assert ending.wait(timeout=30) == -signal.SIGKILL
    with connected(bench.redis_url) as log:
        assert 0 < sum(heads(log, bench.name)[name] for name in INPUTS) < EVENTS


def pieces(feed: Path) -> list[Path]:
    """The recording cut into files beside it, in its order."""
    lines = feed.read_bytes().splitlines(keepends=True)
    size = -(-len(lines) // PIECES)
    files = []
    for number in range(PIECES):
        files.append(feed.with_name(f"piece-{number}.ndjson"))
        files[-1].write_bytes(b"".join(lines[number * size : (number + 1) * size]))
    return files


def feed_until_it_ends(bench: Desk, files: list[Path], worker: Popen) -> None:
    """Replay piece after piece, each when the one before was taken in, until the worker ends."""
    for file in files:
        asyncio.run(publish(bench, file))
        eventually(lambda: worker.poll() is not None or bench.is_at_rest(), f"{file} is taken in")
        if worker.poll() is not None:
            break
    assert worker.poll() == -signal.SIGKILL


async def publish(bench: Desk, file: Path) -> None:
    """Replay a file here: six interpreters for six pieces would take six seconds."""
    log = RedisLog(bench.redis_url, bench.name)
    found = records(file, None)
    assert isinstance(found, list)
    await replay(found, Publisher(log, clock.now), Console(quiet=True))
    await log.close()
