"""From a push to a reader who stays connected: ``newswire up``, the push door, the live stream.

Open loop: articles are sent at their intended times, whatever became of those before, and each
latency counts from the intended time. A slow second therefore shows in all that it delays.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import httpx2
import orjson

from shared import clock
from tests.benchmarks.measure import Row
from tests.e2e.partners import SOURCE, new_key
from tests.e2e.stack import HOST, Stack
from tests.prose import spoken_of

RATE_PER_S: Final = 100
TARGET_P50_MS: Final = 50
TARGET_P99_MS: Final = 250
SETTLE_S_MAX: Final = 10.0
PREFIX: Final = "newswire-benchmark-"


async def rows(folder: Path, seconds: int) -> list[Row]:
    """Latency of pushed articles at an open stream, p50 and p99."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs yet
    stack = Stack(folder, "--no-seed")
    stack.env["NEWSWIRE_PUSH_REQUESTS_PER_MINUTE"] = "0"  # more than a partner may send
    with stack:
        key = new_key(stack)
        latencies_ms = await _measured(stack, key, seconds * RATE_PER_S)
    percentiles = quantiles(latencies_ms, n=100, method="inclusive")
    said = f"push to live stream at {RATE_PER_S}/s, ms"
    return [
        Row(f"{said}, p{percent} of {len(latencies_ms)}", [at], most=most, digits=1)
        for percent, at, most in (
            (50, percentiles[49], TARGET_P50_MS),
            (99, percentiles[98], TARGET_P99_MS),
        )
    ]


@dataclass(slots=True)
class _Arrived:
    """When each of ``count`` articles came."""

    count: int
    at_s: dict[int, float] = field(default_factory=dict)
    is_whole: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, number: int) -> None:
        """One came just now."""
        self.at_s[number] = clock.monotonic_s()
        if len(self.at_s) == self.count:
            self.is_whole.set()


async def _measured(stack: Stack, key: str, count: int) -> list[float]:
    arrived = _Arrived(count)
    intended_s: dict[int, float] = {}
    limits = httpx2.Limits(max_connections=64)
    headers = {"Authorization": f"Bearer {key}"}
    push = f"http://{HOST}:{stack.push_port}/v1/articles"
    async with httpx2.AsyncClient(limits=limits, headers=headers, timeout=30) as client:
        async with _listening(stack, arrived):
            sent = await _send(client, push, count, intended_s)
            async with asyncio.timeout(SETTLE_S_MAX):
                await arrived.is_whole.wait()
        assert all(response.status_code == 202 for response in sent)
        shown = await client.get(f"http://{HOST}:{stack.port}/v1/articles?limit=1&fields=all")
        assert PREFIX in shown.json()["items"][0]["source_item_id"]
    return [1000 * (arrived.at_s[number] - intended_s[number]) for number in intended_s]


async def _send(
    client: httpx2.AsyncClient, push: str, count: int, intended_s: dict[int, float]
) -> list[httpx2.Response]:
    begin_s = clock.monotonic_s() + 0.2
    sending: list[asyncio.Task[httpx2.Response]] = []
    for number in range(count):
        intended_s[number] = begin_s + number / RATE_PER_S
        await asyncio.sleep(max(0.0, intended_s[number] - clock.monotonic_s()))
        sending.append(asyncio.create_task(client.post(push, json=_article(number))))
    return await asyncio.gather(*sending)


def _article(number: int) -> dict[str, Any]:
    paragraphs = [
        f"The tram depot of Almaty in Kazakhstan reopened, line {number} said on Monday. "
        f"Those who came spoke of {spoken_of(f'{number} {part}', 30)}. " * 3
        for part in range(3)
    ]
    return {
        "source": SOURCE,
        "id": f"{PREFIX}{number}",
        "headline": f"Tram Depot Reopens for Line {number}",
        "body": paragraphs,
    }


@asynccontextmanager
async def _listening(stack: Stack, arrived: _Arrived) -> AsyncIterator[None]:
    """One open stream; when each article arrives is noted until the block ends."""
    is_open = asyncio.Event()
    url = f"http://{HOST}:{stack.port}/v1/stream"

    async def listen() -> None:
        async with (
            httpx2.AsyncClient(timeout=None) as client,
            client.stream("GET", url) as response,
        ):
            async for line in response.aiter_lines():
                is_open.set()
                if not line.startswith("data: "):
                    continue
                article = orjson.loads(line[6:])["data"].get("article")
                if article is not None:  # a story has none
                    arrived.note(int(article["source_item_id"].removeprefix(PREFIX)))

    listening = asyncio.create_task(listen())
    await is_open.wait()
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.wait({listening})
