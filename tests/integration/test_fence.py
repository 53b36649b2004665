"""Documents that hang, fill, crash or lie, in real processes behind the fence."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest
import structlog

from services.ingest.fence import Fence
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed
from shared.errors import Unavailable

ROOT: Final = Path(__file__).parents[2]
ARRIVAL: Final = Arrival(date(2026, 8, 1))
HOSTILE: Final = ("-m", "tests.fenced_parsers")
FEED: Final = b"""<rss version="2.0"><channel><item><title>Ferry returns to Aktau</title>
<description>It had been in dock.</description></item></channel></rss>"""


@contextlib.asynccontextmanager
async def fenced(workers: int = 1) -> AsyncIterator[Fence]:
    async with Fence(workers, logger=structlog.stdlib.get_logger(), program=HOSTILE) as fence:
        yield fence


def is_running(pid: int) -> bool:
    """Whether there is such a process, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def why(parsed: Parsed) -> str:
    assert parsed.format == "unknown"
    assert [one.reason for one in parsed.problems] == ["parser-stopped"]
    return parsed.problems[0].detail


@pytest.mark.parametrize(
    ("deed", "detail"),
    [
        (b"crash", "came one that ended it with SIGSEGV"),
        (b"killed", "came one that ended it with SIGKILL"),
        (b"exit", "came one that ended it with code 3"),
        (b"garbage", "came an answer that cannot be read"),
        (b"endless", "came an answer that cannot be read"),
        (b"flood", "came an answer that cannot be read"),
        (b"bug", "came one where it failed with KeyError"),
        (b"open", "came one where it failed with OSError"),
        (b"loop", "came one that takes longer"),
        (b"sleep", "within 10 s, came one that takes longer"),
    ],
)
async def test_a_document_that_stops_its_parser_is_refused_and_the_next_one_is_read(
    deed: bytes, detail: str
) -> None:
    async with fenced() as fence:
        assert detail in why(await fence.parse(deed, ARRIVAL))
        assert (await fence.parse(FEED, ARRIVAL)).articles[0].headline == "Ferry returns to Aktau"


@pytest.mark.skipif(sys.platform != "linux", reason="macOS keeps no process to its memory")
@pytest.mark.parametrize("deed", [b"allocate", b"hoard"])
async def test_a_document_that_fills_the_memory_is_refused(deed: bytes) -> None:
    async with fenced() as fence:
        assert "with 256000000 bytes of memory" in why(await fence.parse(deed, ARRIVAL))
        assert (await fence.parse(FEED, ARRIVAL)).articles


async def test_what_a_parser_prints_is_no_answer() -> None:
    async with fenced() as fence:
        before = fence.pids
        assert (await fence.parse(b"print", ARRIVAL)).format == "front-page"
        assert fence.pids == before


async def test_a_parser_has_neither_an_environment_nor_our_directory() -> None:
    async with fenced() as fence:
        assert (await fence.parse(b"look", ARRIVAL)).format == "front-page"


def network() -> str:
    """The network that this process is in."""
    return str(Path("/proc/self/ns/net").readlink())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has networks of a process's own")
async def test_a_parser_without_the_network_has_left_ours_and_another_is_told_of() -> None:
    outside = network()
    with structlog.testing.capture_logs() as lines:
        async with fenced() as fence:
            parsed = await fence.parse(f"network {outside}".encode(), ARRIVAL)

    is_told = "parsers_share_the_network" in [line["event"] for line in lines]
    has_stayed = "parser-stopped" in [one.reason for one in parsed.problems]
    assert has_stayed == is_told, parsed.problems


async def test_a_parser_reaches_no_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        async with fenced() as fence:
            assert "failed with" in why(await fence.parse(b"connect %d" % port, ARRIVAL))
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


async def test_fifty_good_documents_are_read_beside_a_hostile_one() -> None:
    async with fenced(2) as fence:
        hostile = asyncio.create_task(fence.parse(b"loop", ARRIVAL))
        good = await asyncio.gather(*(fence.parse(FEED, ARRIVAL) for _ in range(50)))
        assert not hostile.done()
        assert all(parsed.articles for parsed in good)
        why(await hostile)


async def test_behind_a_hostile_document_one_process_makes_the_others_wait_only_so_long() -> None:
    async with fenced(1) as fence:
        began = time.monotonic()
        all_of_them = [fence.parse(b"loop", ARRIVAL), *(fence.parse(FEED, ARRIVAL) for _ in "12")]
        _, *good = await asyncio.gather(*all_of_them)
        assert time.monotonic() - began < 20
        assert all(parsed.articles for parsed in good)


async def test_a_cancelled_call_ends_its_process_and_leaves_the_fence_in_order() -> None:
    async with fenced() as fence:
        pid = fence.pids[0]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(fence.parse(b"sleep", ARRIVAL), 0.2)
        assert (await fence.parse(FEED, ARRIVAL)).articles
    assert not is_running(pid)


async def test_nothing_is_left_when_the_fence_is_closed() -> None:
    async with fenced(2) as fence:
        call = asyncio.create_task(fence.parse(b"sleep", ARRIVAL))
        await fence.parse(FEED, ARRIVAL)
        pids = fence.pids
    assert len(pids) == 2
    assert not any(map(is_running, pids))
    why(await call)


async def test_a_process_that_died_between_documents_costs_none_of_them() -> None:
    async with fenced() as fence:
        pid = fence.pids[0]
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(_wait_until_dead, pid)
        assert (await fence.parse(FEED, ARRIVAL)).articles


async def test_a_process_is_replaced_after_so_many_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.ingest.fencing.PARSER_DOCUMENTS_MAX", 2)
    async with fenced() as fence:
        seen = set()
        for _ in range(4):
            assert (await fence.parse(FEED, ARRIVAL)).articles
            seen.update(fence.pids)
    assert len(seen) == 2


async def test_a_program_that_does_not_start_is_no_fault_of_a_document() -> None:
    with pytest.raises(Unavailable, match="expected the process that parses to start"):
        async with Fence(logger=structlog.stdlib.get_logger(), program=("-c", "pass")):
            pass


def test_the_processes_end_with_a_parent_that_is_killed() -> None:
    program = """
import asyncio, datetime, structlog
from services.ingest.fence import Fence
from services.ingest.parse.document import Arrival
async def main():
    fence = Fence(2, logger=structlog.stdlib.get_logger(), program=("-m", "tests.fenced_parsers"))
    async with fence:
        call = asyncio.create_task(fence.parse(b"sleep", Arrival(datetime.date(2026, 8, 1))))
        await asyncio.sleep(0.1)
        print(*fence.pids, flush=True)
        await call
asyncio.run(main())
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 2
    for pid in pids:
        _wait_until_dead(pid)


async def test_the_fence_gives_what_the_parser_gives() -> None:
    folders = ("front_pages/*", "pages/*.html", "bank_files/*", "news_items/*")
    files = [file for folder in folders for file in ROOT.glob(f"tests/golden/{folder}")]
    arrival = Arrival(date(2026, 11, 1), "https://news.example/2026/a-story", zone="Asia/Almaty")

    async with Fence(logger=structlog.stdlib.get_logger()) as fence:
        for data in [FEED, *(file.read_bytes() for file in files if file.is_file())]:
            assert await fence.parse(data, arrival) == parse(data, arrival)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "koi8-r", "gb18030"])
async def test_text_of_any_encoding_is_read_where_no_file_can_be_opened(encoding: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>'
    feed = (prolog + FEED.decode().replace("Ferry", "Паром")).encode(encoding)

    async with Fence(logger=structlog.stdlib.get_logger()) as fence:
        (entry,) = (await fence.parse(feed, Arrival(date(2026, 3, 2)))).articles

    assert entry.headline == "Паром returns to Aktau"


@pytest.mark.parametrize(
    ("time", "zone", "instant"),
    [
        ("02 Mar 2026 10:00", "Asia/Almaty", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("02 Mar 2026 10:00 America/New_York", None, datetime(2026, 3, 2, 15, tzinfo=UTC)),
    ],
)
async def test_a_clock_of_any_zone_is_known_where_no_file_can_be_opened(
    time: str, zone: str | None, instant: datetime
) -> None:
    feed = FEED.replace(b"</title>", f"</title><pubDate>{time}</pubDate>".encode(), 1)

    async with Fence(logger=structlog.stdlib.get_logger()) as fence:
        (entry,) = (await fence.parse(feed, Arrival(date(2026, 3, 2), zone=zone))).articles

    assert entry.published_at == instant


def _wait_until_dead(pid: int) -> None:
    pause = threading.Event()
    deadline = time.monotonic() + 10
    while is_running(pid) and _state(pid) != "Z":
        assert time.monotonic() < deadline
        pause.wait(0.01)


def _state(pid: int) -> str:
    """The state letter of a process; Z: it is dead and nobody has asked yet. Source: proc(5)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"
