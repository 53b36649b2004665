"""A publisher that misbehaves holds up its own sources and no other. P6."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace

from services.ingest.fetch import Failed, Fetched, HttpFetcher, Validators
from services.ingest.fetch.politeness import Pace
from tests.http_server import Asked, Publisher, answer, endless, settings, world

BOMB = answer(gzip.compress(bytes(64 << 20), mtime=0), "Content-Encoding: gzip")
GOOD = 50
ROUNDS = 3
KNOWN = Validators()


async def _answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
    host = (asked.field("host") or b"").split(b".")[0]
    if host.startswith(b"drip"):
        await endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.05)(asked, writer)
    elif host.startswith(b"endless"):
        await endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 4_096)(asked, writer)
    else:
        writer.write(BOMB if host.startswith(b"bomb") else answer(b"<rss/>", 'ETag: "a"'))


async def test_good_sources_are_served_while_hostile_ones_run_beside_them() -> None:
    ended: list[str] = []
    hostile = [f"{kind}-{n}.example" for kind in ("drip", "endless", "bomb") for n in range(5)]
    good = [f"good-{n}.example" for n in range(GOOD)]

    async with (
        Publisher(_answer) as publisher,
        HttpFetcher(settings(publisher), world(request_s=6.0)) as fetcher,
    ):

        async def source(host: str, rounds: int) -> list[object]:
            outcomes = [
                await fetcher.fetch(publisher.url("/feed", host), KNOWN) for _ in range(rounds)
            ]
            ended.append(host)
            return list(outcomes)

        bad_ones = [asyncio.create_task(source(host, 1)) for host in hostile]
        good_ones = [asyncio.create_task(source(host, ROUNDS)) for host in good]
        served = await asyncio.gather(*good_ones)
        drips = [host for host in hostile if host.startswith("drip")]

        assert not set(drips) & set(
            ended
        )  # all good ones have had their three while a drip had one
        refused = await asyncio.gather(*bad_ones)

    assert all(isinstance(one, Fetched) for outcomes in served for one in outcomes)
    reasons = [one.reason for outcomes in refused for one in outcomes if isinstance(one, Failed)]
    assert reasons == ["timeout"] * 5 + ["bad-answer"] * 5 + ["too-large"] * 5


async def test_a_host_that_drips_holds_up_its_own_sources_alone() -> None:
    async with (
        Publisher(_answer) as publisher,
        HttpFetcher(settings(publisher), world(request_s=0.5)) as fetcher,
    ):
        same = [
            asyncio.create_task(fetcher.fetch(publisher.url(f"/{n}", "drip.example"), KNOWN))
            for n in range(3)
        ]
        other = await fetcher.fetch(publisher.url("/feed", "good.example"), KNOWN)

        assert isinstance(other, Fetched)
        assert not any(one.done() for one in same)
        await asyncio.gather(*same)
        drips = [path for path in publisher.paths if path != "/feed"]
        assert drips == ["/0", "/1", "/2"]  # in the order in which they came
        assert publisher.paths.index("/feed") < publisher.paths.index("/1")


async def test_all_turns_of_a_fetch_share_one_time_of_waiting() -> None:
    """Redirects from one busy host to the next would keep a fetch waiting for half an hour."""
    now_s, busy = 0.0, ["c", "d"]

    async def lead_on(asked: Asked, writer: asyncio.StreamWriter) -> None:
        host = (asked.field("host") or b"").decode()
        following = {"a": "b", "b": "c", "c": "d"}.get(host[0])
        if asked.path == "/once" or following is None:
            writer.write(answer(b"<rss/>"))
        else:
            there = host.replace(host[0], following, 1)
            writer.write(answer(b"", f"Location: http://{there}/on", status="302 Found"))

    async with Publisher(lead_on) as publisher:

        async def sleep(seconds: float) -> None:
            nonlocal now_s
            now_s += seconds
            await asyncio.sleep(0)
            if busy:  # others are served where it will be led to
                await fetcher.fetch(publisher.url("/once", f"{busy.pop(0)}.example"), KNOWN)

        pace = Pace(lambda: now_s, sleep, gap_s=200.0)
        guest = replace(world(request_s=1e6), pace=pace)
        async with HttpFetcher(settings(publisher), guest) as fetcher:
            await fetcher.fetch(publisher.url("/once", "b.example"), KNOWN)
            outcome = await fetcher.fetch(publisher.url("/on", "a.example"), KNOWN)

    assert isinstance(outcome, Failed)
    assert outcome.reason == "host-busy"
    assert publisher.paths == ["/once", "/on", "/once", "/on", "/once", "/on"]
