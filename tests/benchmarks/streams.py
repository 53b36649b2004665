"""Many readers who stay connected: every event at each of them, and what each costs the api.

``python -m tests.benchmarks.streams [SECONDS] [STREAMS]`` measures this alone. The readers are a
process of their own; so are the projection and the api, which follow a wire that is written here.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

from shared import clock
from shared.redis_log import RedisLog
from tests.benchmarks.measure import Row
from tests.e2e.stack import ROOT, Desk, eventually, get, listens
from tests.prose import spoken_of
from tests.servers import Server, program
from tests.wire_builders import Newsroom, almaty, carried

STREAMS: Final = 1_000
RATE_PER_S: Final = 5
WARM: Final = 20
"""Events before the first figure, and streams that come and go: code is loaded, caches are full."""


async def rows(redis_url: str, folder: Path, seconds: int, streams: int = STREAMS) -> list[Row]:
    """Streams that did not get every event once; memory of the api for each; the slowest one."""
    desk = Desk(folder, redis_url, name="streams")
    log = RedisLog(redis_url, "streams")
    try:
        desk.start("projection")
        api = desk.start("api")
        await asyncio.to_thread(eventually, lambda: listens(desk.port), "the api listens")
        said = await _measured(desk, Newsroom(log), api.pid, (seconds, streams))
    finally:
        desk.end()
        await log.close()
    what = f"{streams:,} live streams at {RATE_PER_S}/s for {seconds} s"
    return [
        Row(f"{what}: not whole", [streams - said["whole"]], most=0),
        Row(f"{what}: kB each", [said["kb_open"]], digits=1),
        Row(f"{what}: kB each, at the end", [said["kb_end"]], digits=1),
        Row(f"{what}: ms to the last, p50", [said["last_p50_ms"]], digits=1),
        Row(f"{what}: ms to the last, p99", [said["last_p99_ms"]], digits=1),
    ]


async def _measured(desk: Desk, news: Newsroom, pid: int, plan: tuple[int, int]) -> dict[str, Any]:
    seconds, streams = plan
    await news.broadcast(*(_article(number) for number in range(WARM)))
    await asyncio.to_thread(
        eventually, lambda: get(desk.port, "/readyz").status == 200, "the api is ready"
    )
    await asyncio.to_thread(eventually, lambda: _seq(desk) == WARM, "the views hold them")
    warming = await _listener(desk.port, WARM, WARM + 1)
    await _judged(warming, WARM)
    before_kb = _resident_kb(pid)
    listener = await _listener(desk.port, streams, WARM + 1)
    open_kb = _resident_kb(pid)
    intended_s = await _say(news, seconds * RATE_PER_S)
    said = await _judged(listener, WARM + len(intended_s))
    end_kb = _resident_kb(pid)
    came_s = {int(seq): at_s for seq, at_s in said["last_s"].items()}
    latencies_ms = [
        1000 * (came_s[seq] - at_s) for seq, at_s in intended_s.items() if seq in came_s
    ]
    percentiles = quantiles(latencies_ms, n=100, method="inclusive")
    return {
        "whole": said["whole"],
        "last_p50_ms": percentiles[49],
        "last_p99_ms": percentiles[98],
        "kb_open": (open_kb - before_kb) / streams,
        "kb_end": (end_kb - before_kb) / streams,
    }


async def _say(news: Newsroom, count: int) -> dict[int, float]:
    """When each event was to be said, by its seq; said then or as soon as may be."""
    begin_s = clock.monotonic_s()
    intended_s = {}
    for number in range(count):
        intended_s[WARM + number + 1] = begin_s + number / RATE_PER_S
        await asyncio.sleep(max(0.0, begin_s + number / RATE_PER_S - clock.monotonic_s()))
        await news.broadcast(_article(WARM + number))
    return intended_s


def _seq(desk: Desk) -> int:
    return int(json.loads(get(desk.port, "/readyz").body).get("seq") or 0)


async def _listener(port: int, count: int, first_seq: int) -> Process:
    """Whoever listens, with every stream open."""
    words = ("-m", "tests.benchmarks.listener", str(port), str(count), str(first_seq))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"open\n"
    return process


async def _judged(listener: Process, last_seq: int) -> dict[str, Any]:
    """What the streams saw up to an event."""
    out, _ = await listener.communicate(f"{last_seq}\n".encode())
    said: dict[str, Any] = json.loads(out)
    return said


def _resident_kb(pid: int) -> int:
    """Memory of a process that is in use."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("the process has ended")


def _article(number: int) -> Any:
    body = tuple(spoken_of(f"{number} {part}", 30) for part in range(5))
    return carried(
        article_id=f"stream-{number}", headline=f"Line {number} reopens", body=body,
        tags=(almaty(),),
    )  # fmt: skip


async def main(seconds: int = 600, streams: int = STREAMS) -> bool:
    """Measure on a server of its own, and print; whether every stream got every event."""
    with TemporaryDirectory(prefix="newswire-benchmarks-") as name:
        folder = Path(name)
        path = program("valkey") or program("redis")
        assert path, "neither valkey nor redis is installed"
        (folder / "server").mkdir()
        server = Server(path, folder / "server")
        try:
            found = await rows(server.url, folder / "desk", seconds, streams)
        finally:
            server.kill()
    for row in found:
        sys.stdout.write(row.line() + "\n")
    return not any(row.is_missed for row in found)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(*map(int, sys.argv[1:]))) else 1)
