"""Live clients of real processes that are cut anywhere, left hanging, or sent home."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import NewServer
from tests.e2e.stack import Popen
from tests.live_desk import Wire
from tests.sse_client import Connection, Received

SEED: Final = 20260302
CUTS: Final = 500
CLIENTS: Final = 5
RATES_QUERY: Final = "?type=rate.quoted"


@pytest.fixture
def wire(tmp_path: Path, new_server: NewServer) -> Iterator[Wire]:
    made = Wire(tmp_path / "desk", new_server().url)
    yield made
    made.close()


def numbers(received: Received) -> list[int]:
    assert "reset" not in {name for name, _ in received.events}
    return [int(event["sequence"]) for _, event in received.events]


def cut_about(
    port: int, query: str, received: Received, until_seq: int, dice: random.Random
) -> int:
    """Listen until a seq has come, cut after random numbers of bytes; how often."""

    def has_all() -> bool:
        return bool(received.events) and int(received.events[-1][1]["sequence"]) >= until_seq

    cuts = 0
    while not has_all():
        connection = Connection(port, received, query)
        connection.read_exactly(dice.randint(1, 9_000), has_all)
        connection.cut(is_rude=dice.random() < 0.5)
        cuts += 1
    return cuts


async def test_clients_that_are_cut_anywhere_miss_nothing_and_see_nothing_twice(
    wire: Wire,
) -> None:
    """Cuts fall into heads, chunks and events, in what was missed and in what comes."""
    port, dice = wire.desk.port, random.Random(SEED)
    first = Received()
    opened = Connection(port, first)
    while not first.last_id:
        assert opened.read(4_000)
    clients = [Received(last_id=first.last_id) for _ in range(CLIENTS)]
    queries = ["", "", "", "", RATES_QUERY]
    written, cuts = 0, 0
    while cuts < CUTS:
        writing = asyncio.to_thread(wire.write, 200, written)
        written += 200
        # An odd number is an article: the last of 200 is one, the last but one a rate.
        listening = [
            asyncio.to_thread(
                cut_about,
                port,
                query,
                received,
                written - bool(query),
                random.Random(dice.random()),
            )
            for query, received in zip(queries, clients, strict=True)
        ]
        _, *counts = await asyncio.gather(writing, *listening)
        cuts += sum(counts)
    opened.cut()

    assert cuts >= CUTS
    assert [numbers(one) for one in clients[:4]] == [list(range(1, written + 1))] * 4
    assert numbers(clients[4]) == list(range(1, written + 1, 2))


def test_an_api_with_200_listeners_ends_within_five_seconds(wire: Wire) -> None:
    received = [Received() for _ in range(200)]
    connections = [Connection(wire.desk.port, one) for one in received]
    for connection, one in zip(connections, received, strict=True):
        while not one.last_id:
            assert connection.read(4_000)
    asked_at = time.monotonic()
    wire.api.send_signal(signal.SIGTERM)

    code = wire.api.wait(timeout=10)
    took_s = time.monotonic() - asked_at

    assert code == 0
    assert took_s < 5
    for connection in connections:
        while connection.read(4_000):
            pass
        connection.cut()


def resident_kb(process: Popen) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1])


def test_clients_that_do_not_read_are_ended_and_cost_no_memory(wire: Wire) -> None:
    """20 that stand still while 4,000 events of 40 MB pass; one beside them hears all."""
    slow = [Connection(wire.desk.port, Received(), buffer_bytes=4_096) for _ in range(20)]
    for one in slow:
        while not one.received.last_id:
            assert one.read(200)
    fast = Received()
    reader = Connection(wire.desk.port, fast)
    while not fast.last_id:
        assert reader.read(200)
    before_kb = resident_kb(wire.api)

    for begin in range(0, 4_000, 500):
        wire.write(500, begin, paragraphs=200)
        while len(fast.events) < begin + 500:
            assert reader.read(1_000_000)

    assert numbers(fast) == list(range(1, 4_001))
    assert resident_kb(wire.api) - before_kb < 40_000
    for one in slow:
        last = one.received.last_id
        while one.read(100_000):
            pass
        assert one.received.last_id != last
        assert len(one.received.events) < 1_000
        one.cut()
    reader.cut()


def test_a_redis_that_goes_and_comes_back_loses_a_listener_nothing(
    tmp_path: Path, new_server: NewServer
) -> None:
    server = new_server()
    wire = Wire(tmp_path / "desk", server.url)
    try:
        received = Received()
        connection = Connection(wire.desk.port, received)
        while not received.last_id:
            assert connection.read(200)
        for turn in range(3):
            wire.write(20, 20 * turn)
            server.kill()
            server.start()
        wire.write(1, 60)
        while len(received.events) < 61:
            assert connection.read(100_000)

        assert numbers(received) == list(range(1, 62))
        connection.cut()
    finally:
        wire.close()
