"""The api beside an empty handler on the same server: articles, lists and searches a second.

``python -m tests.benchmarks.api [ARTICLES] [ROUNDS] [SECONDS]`` measures this alone. Articles go
over a wire into views that the projection folds; api, empty handler and whoever asks are processes
of their own, and of the two that answer only one is asked at a time.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

from shared.redis_log import RedisLog
from tests.benchmarks import api_requests, invented_wire
from tests.benchmarks.measure import HEADER, Row, rounds
from tests.e2e.stack import ROOT, Desk, clean_env, eventually, free_port, get, listens, spawn
from tests.servers import Server, program

ARTICLES: Final = 100_000
ARTICLE_TARGET: Final = 0.6
LIST_TARGET: Final = 0.4
SEARCHES_MIN: Final = 400.0
SEARCH_MS_MAX: Final = 60.0
"""99 of 100 searches take no longer while half as many come as must be answered."""
FILL_S_MAX: Final = 900.0
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
EMPTY: Final = "empty"
BARE: Final = "bare"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is measured."""

    articles: int
    rounds: int
    seconds: float
    """Of a run."""


@dataclass(slots=True)
class Asking:
    """The process that asks, and those that answer, by port."""

    process: Process
    pids: dict[int, int]
    client_busy: list[float] = field(default_factory=list)
    """Of a core, that who asks took of each run beside the empty handler."""
    used_us: dict[str, list[float]] = field(default_factory=dict)
    """Microseconds of a processor that an answer took of the process that gave it, by measure."""
    refused: int = 0
    """Answers that were refusals, for the time they would take or for how many wait."""

    async def ask(
        self, name: str, port: int, targets: Sequence[str], seconds: float,
        per_second: float | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What a run came to."""
        used_s = _used_s(self.pids[port])
        job = {"port": port, "targets": targets, "seconds": seconds, "per_second": per_second}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        said: dict[str, Any] = json.loads(await self.process.stdout.readline() or b"null")
        assert said, "who asks has ended"
        used_us = 1e6 * (_used_s(self.pids[port]) - used_s) / said["answered"]
        self.used_us.setdefault(name, []).append(used_us)
        self.refused += said["refused"]
        if name == EMPTY:
            self.client_busy.append(said["busy"])
        return said


async def rows(redis_url: str, folder: Path, counts: Counts) -> list[Row]:
    """Requests a second of each kind beside the empty handler; latencies at half of that load."""
    desk = Desk(folder, redis_url, name="api-benchmark")
    try:
        await _fill(desk, redis_url, counts.articles)
        api = desk.start("api")
        await asyncio.to_thread(
            eventually, lambda: listens(desk.port) and get(desk.port, "/readyz").status == 200,
            "the api is ready",
        )  # fmt: skip
        async with _empty(folder) as (port, pid), _asker() as process:
            asking = Asking(process, {desk.port: api.pid, port: pid})
            return await _measured(asking, desk.port, port, counts)
    finally:
        desk.end()


async def _measured(asking: Asking, ours: int, peer: int, counts: Counts) -> list[Row]:
    targets = {
        "article": api_requests.of_articles(counts.articles),
        "list": api_requests.of_lists(ours),
        "search": api_requests.of_searches(),
    }

    def run(name: str, port: int, asked: Sequence[str]) -> Any:
        async def once() -> float:
            said = await asking.ask(name, port, asked, counts.seconds)
            return float(said["per_second"])

        return once

    for asked in targets.values():  # code is loaded, files are in memory
        await asking.ask("warm", ours, asked, counts.seconds)
    asking.refused = 0
    runs = {EMPTY: run(EMPTY, peer, ["/"]), BARE: run(BARE, peer, ["/bare"])}
    runs |= {name: run(name, ours, asked) for name, asked in targets.items()}
    reached = await rounds(counts.rounds, runs)
    empty = reached[EMPTY]
    of = f"of {counts.articles:,}"
    found = [
        Row(f"api, article {of}, requests/s", reached["article"], empty, ARTICLE_TARGET),
        Row(f"api, list of 50 {of}, requests/s", reached["list"], empty, LIST_TARGET),
        Row(f"api, search in {counts.articles:,}, requests/s", reached["search"], empty,
            least=SEARCHES_MIN),
        *(
            Row(f"api, {name}, µs of the processor", asking.used_us[name], asking.used_us[EMPTY])
            for name in targets
        ),
        Row("api, empty route of Starlette alone, requests/s", reached[BARE], empty),
        Row("api, % of a core that asking takes", [100 * one for one in asking.client_busy]),
    ]  # fmt: skip
    for name, asked in targets.items():
        half = SEARCHES_MIN / 2 if name == "search" else median(reached[name]) / 2
        said = await asking.ask("half", ours, asked, counts.rounds * counts.seconds, half)
        most = SEARCH_MS_MAX if name == "search" else None
        found.append(Row(f"api, {name} at half load, ms, p50", [said["p50_ms"]], digits=2))
        found.append(Row(f"api, {name} at half load, ms, p99", [said["p99_ms"]], most=most,
                         digits=2))  # fmt: skip
    return [*found, Row("api, requests refused", [asking.refused], most=0)]


async def _fill(desk: Desk, redis_url: str, count: int) -> None:
    """Views of a wire of invented articles; what made them has ended."""
    log = RedisLog(redis_url, desk.name)
    seq = await invented_wire.write(log, count)
    await log.close()
    projection = desk.start("projection")
    await asyncio.to_thread(
        eventually, lambda: desk.views_seq() == seq, "the views hold the wire", FILL_S_MAX
    )
    projection.terminate()
    await asyncio.to_thread(projection.wait)


@asynccontextmanager
async def _empty(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """Port and process id of the empty handler."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.empty", str(port)]
    with (folder / "empty.log").open("ab") as out:
        process = spawn(command, clean_env(), out)
    try:
        await asyncio.to_thread(eventually, lambda: listens(port), "the empty handler listens")
        yield port, process.pid
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


@asynccontextmanager
async def _asker() -> AsyncIterator[Process]:
    """Whoever asks."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.asker", stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _used_s(pid: int) -> float:
    """Seconds of a processor that a process has used, all its threads."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICKS_PER_S


async def main(articles: int = ARTICLES, times: int = 5, seconds: int = 3) -> bool:
    """Measure on a server of its own, and print; whether every target is reached."""
    with TemporaryDirectory(prefix="newswire-benchmarks-") as name:
        folder = Path(name)
        path = program("valkey") or program("redis")
        assert path, "neither valkey nor redis is installed"
        (folder / "server").mkdir()
        server = Server(path, folder / "server")
        try:
            found = await rows(server.url, folder / "desk", Counts(articles, times, seconds))
        finally:
            server.kill()
    for line in (HEADER, *(row.line() for row in found)):
        sys.stdout.write(line + "\n")
    return not any(row.is_missed for row in found)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(*map(int, sys.argv[1:]))) else 1)
