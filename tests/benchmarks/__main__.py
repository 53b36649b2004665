"""``python -m tests.benchmarks [--quick]``: the table of docs/benchmarks.md.

Exit code 1: a median ratio is below its target, or a latency above its most. ``--quick`` only shows
that everything runs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from redis import Redis
from structlog.stdlib import BoundLogger

from services.enrichment import main as enrichment
from shared import telemetry
from shared.collecting import collect_less
from shared.events import StreamName
from shared.log import Draft, checked_bytes
from tests.benchmarks import (
    api,
    content,
    directory,
    enriching,
    feeds,
    journey,
    live,
    neighbours,
    streams,
    writing,
)
from tests.benchmarks.folding import Projecting, enrichment_rows
from tests.benchmarks.measure import HEADER, Row
from tests.benchmarks.reading import Reading
from tests.servers import Server, program


@dataclass(frozen=True, slots=True)
class Plan:
    """How often and how much: enough that a run takes half a second or more."""

    rounds: int
    written: tuple[int, int]
    """Articles and rates."""
    read: tuple[int, int]
    projected: tuple[int, int]
    enriched: tuple[int, int]
    long: enriching.Counts
    """Articles of 600 words, in memory."""
    journeys: int
    live_s: int
    streams: tuple[int, int]
    """Seconds, and how many are open."""
    api: api.Counts
    feeds: int
    """Documents of 100 entries."""
    directory: int
    """Likewise, those that lie in a directory."""
    neighbours_s: int
    """Of polling alone, and again beside hostile sources."""


FULL = Plan(
    5, (6_000, 12_000), (16_000, 40_000), (4_000, 20_000), (1_000, 10_000),
    enriching.Counts(2_000, 100_000, 2_000), 500, 60, (600, 1_000),
    api.Counts(api.ARTICLES, 5, 3.0), 15, 40, 25,
)  # fmt: skip
QUICK = Plan(
    1, (400, 400), (600, 600), (400, 400), (40, 200), enriching.Counts(40, 300, 30),
    10, 3, (3, 50), api.Counts(200, 1, 0.2), 1, 3, 3,
)  # fmt: skip


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny counts, figures mean nothing")
    plan = QUICK if parser.parse_args().quick else FULL
    logger = telemetry.start("projection", "error")
    with TemporaryDirectory(prefix="newswire-benchmarks-") as name, _servers(Path(name)) as urls:
        is_missed = asyncio.run(_print(plan, urls, Path(name), logger))
    return 1 if is_missed and plan is FULL else 0


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, str]]:
    """URLs by name: the Valkey that we ship and, where it is installed, Redis."""
    servers: list[Server] = []
    urls: dict[str, str] = {}
    try:
        for name in ("valkey", "redis"):
            if path := program(name):
                (folder / name).mkdir()
                # A rewrite of the file in the middle of a run would be measured with it.
                never = ("--auto-aof-rewrite-percentage", "0")
                servers.append(Server(path, folder / name, *never))
                urls[name.capitalize()] = servers[-1].url
        yield urls
    finally:
        for server in servers:
            server.kill()


async def _print(plan: Plan, urls: dict[str, str], folder: Path, logger: BoundLogger) -> bool:
    """Print every row as it is measured; whether a target is missed."""
    _say(_versions(urls))
    _say(f"median of {plan.rounds} rounds, ours and peer in turn; 200 events a call or batch")
    _say("")
    _say(HEADER)
    missed = False
    async for row in _rows(plan, urls, folder, logger):
        _say(row.line())
        missed |= row.is_missed
    return missed


async def _rows(
    plan: Plan, urls: dict[str, str], folder: Path, logger: BoundLogger
) -> AsyncIterator[Row]:
    for rows in (_written(plan, urls), _read(plan, urls, folder, logger),
                 _folded(plan, folder, logger)):  # fmt: skip
        async for row in rows:
            yield row
    for row in await feeds.rows(plan.rounds, plan.feeds):
        yield row
    for row in await directory.rows(urls["Valkey"], folder / "feeds", plan.rounds, plan.directory):
        yield row
    for row in await neighbours.rows(urls["Valkey"], plan.neighbours_s, logger):
        yield row
    articles = content.articles(plan.journeys)
    for row in await journey.rows(urls["Valkey"], articles, enrichment.reader(), folder, logger):
        yield row
    for row in await live.rows(folder / "live", plan.live_s):
        yield row
    for row in await streams.rows(urls["Valkey"], folder / "streams", *plan.streams):
        yield row
    for row in await api.rows(urls["Valkey"], folder / "api", plan.api):
        yield row


async def _written(plan: Plan, urls: dict[str, str]) -> AsyncIterator[Row]:
    for kind, drafts in _drafts(plan.written):
        for server, url in urls.items():
            for row in await writing.rows((f"{kind}, {server}", url), drafts, plan.rounds):
                yield row


async def _read(
    plan: Plan, urls: dict[str, str], folder: Path, logger: BoundLogger
) -> AsyncIterator[Row]:
    streams: tuple[StreamName, StreamName] = ("articles", "rates")
    for stream, (kind, drafts) in zip(streams, _drafts(plan.read), strict=True):
        reading = Reading(urls["Valkey"], stream, drafts, folder, logger)
        for row in await reading.rows(kind, plan.rounds):
            yield row


async def _folded(plan: Plan, folder: Path, logger: BoundLogger) -> AsyncIterator[Row]:
    read = enrichment.reader()
    articles, rates = plan.projected
    for kind, wire in (
        ("articles", await content.article_wire(articles, read)),
        ("rates", await content.rate_wire(rates)),
    ):
        projecting = Projecting(wire, folder, logger)
        for row in await projecting.rows(kind, plan.rounds):
            yield row
    articles, rates = plan.enriched
    inputs = await content.article_entries(articles), await content.rate_entries(rates)
    for row in await enrichment_rows(*inputs, read, plan.rounds):
        yield row
    collect_less()  # as the service does
    async for row in enriching.rows(plan.long, read, plan.rounds):
        yield row


def _drafts(counts: tuple[int, int]) -> Iterator[tuple[str, list[Draft]]]:
    """Articles, then rates, each with a name that tells their size."""
    articles, rates = counts
    for kind, drafts in (
        ("articles", [content.article_draft(article) for article in content.articles(articles)]),
        ("rates", [content.rate_draft(rate) for rate in content.rates(rates)]),
    ):
        size = mean(checked_bytes(draft.fields) for draft in drafts)
        yield f"{kind} of {size / 1000:.1f} kB", drafts


def _versions(urls: dict[str, str]) -> str:
    said = [f"Python {platform.python_version()}", f"{os.cpu_count()} cores"]
    for name, url in urls.items():
        with Redis.from_url(url) as redis:
            server = redis.info("server")
        said.append(f"{name} {server.get('valkey_version', server['redis_version'])}")
    said += [f"{name} {version(name)}" for name in ("redis", "hiredis", "faststream", "pydantic")]
    return ", ".join(said)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
