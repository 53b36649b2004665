"""A server that is full, read-only or away: each has its fate, and nothing is half written."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from shared.errors import LogDamaged, LogFull, Unavailable, UnsafeLog
from shared.log import Appended, Committed, Head, Move
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint, Position
from tests.conftest import NewServer
from tests.drafts import draft, output
from tests.servers import Server, network

STEP = Move("articles", ORIGIN, Checkpoint(Position("1-1"), 1, "x"))


@contextlib.asynccontextmanager
async def _opened(url: str, desk: str = "newswire") -> AsyncIterator[RedisLog]:
    log = RedisLog(url, desk)
    try:
        yield log
    finally:
        await log.close()


async def test_a_full_redis_refuses_whole_and_goes_on_with_more_memory(
    new_server: NewServer, server_name: str
) -> None:
    server = new_server(name=server_name)
    async with _opened(server.url) as log, Redis.from_url(server.url) as redis:
        await log.append("articles", [draft("first")])
        used = (await redis.info("memory"))["used_memory"]
        await redis.config_set("maxmemory", used + 600_000)
        accepted = await _fill(log)
        with pytest.raises(LogFull, match="Raise maxmemory"):
            await log.commit("c", [STEP], [output(f"o{n}", size=5000) for n in range(20)])
        full = await log.head("articles"), await log.head("wire")
        await redis.config_set("maxmemory", 0)
        (outcome,) = await log.append("articles", [draft("last")])
        committed = await log.commit("c", [STEP], [output("o")])

    assert full[0].seq == 1 + accepted
    assert full[1] == Head(0, None)
    assert (type(outcome), outcome.seq) == (Appended, accepted + 2)
    assert isinstance(committed, Committed)


async def _fill(log: RedisLog) -> int:
    """Append batches until the server is full; how many events were acknowledged."""
    for batch in range(1000):
        try:
            await log.append("articles", [draft(f"{batch}-{n}", size=5000) for n in range(10)])
        except LogFull:
            return 10 * batch
    raise AssertionError("the server never was full")


@pytest.mark.parametrize("stale_data", ["yes", "no"])
async def test_a_replica_is_unavailable_for_writes(
    new_server: NewServer, server_name: str, stale_data: str
) -> None:
    replica = new_server(
        "--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", stale_data, name=server_name
    )
    async with _opened(replica.url) as log:
        with pytest.raises(Unavailable):
            await log.append("articles", [draft("a")])
        with pytest.raises(Unavailable):
            await log.commit("c", [STEP], [output("o")])


async def test_a_server_that_is_away_is_unavailable_and_used_again_when_back(
    new_server: NewServer, server_name: str
) -> None:
    server = new_server(name=server_name)
    async with _opened(server.url) as log:
        await log.append("articles", [draft("a")])
        server.kill()
        for call in (
            log.append("articles", [draft("b")]),
            log.follow("articles", ORIGIN, count=1),
            log.head("articles"),
            log.checkpoint("c", "articles"),
            log.check_durability("always"),
        ):
            with pytest.raises(Unavailable, match="Redis does not answer"):
                await call
        server.start()
        (outcome,) = await log.append("articles", [draft("b")])

    assert (type(outcome), outcome.seq) == (Appended, 2)


INFO_LOADING = b"# Persistence\r\nloading:1\r\nasync_loading:0\r\naof_enabled:0\r\n"


async def test_a_server_that_still_reads_its_files_is_waited_for_and_not_called_unsafe(
    valkey: Server, desk: str
) -> None:
    """Until it has read them it says that it keeps no append-only file."""
    async with network(valkey.port) as net, _opened(net.url, desk) as log:
        await log.check_durability("always")
        net.answer(b"persistence", b"$%d\r\n%s\r\n" % (len(INFO_LOADING), INFO_LOADING))
        with pytest.raises(Unavailable, match="Redis is loading the log"):
            await log.check_durability("always")
        await log.check_durability("always")


async def test_a_server_that_was_started_again_costs_no_call(
    new_server: NewServer, server_name: str
) -> None:
    """Every connection of the pool is of the server that ended."""
    server = new_server(name=server_name)
    async with _opened(server.url) as log:
        await log.append("articles", [draft("a")])
        await asyncio.gather(*(log.head("articles") for _ in range(5)))
        server.kill()
        server.start()
        async with Redis.from_url(server.url) as redis:
            await redis.ping()  # a round trip: the ends have come by now

        found = [(await log.head("articles")).seq for _ in range(5)]
        (outcome,) = await log.append("articles", [draft("b")])

    assert found == [1] * 5
    assert (type(outcome), outcome.seq) == (Appended, 2)


async def test_a_connection_that_a_server_closed_in_its_sleep_costs_no_call(
    new_server: NewServer, server_name: str
) -> None:
    """With ``timeout`` a server ends who is silent: an api that nobody asks for a while."""
    server = new_server(name=server_name)
    async with _opened(server.url) as log, Redis.from_url(server.url) as redis:
        await asyncio.gather(*(log.head("articles") for _ in range(5)))
        await redis.client_kill_filter(_type="normal", skipme=True)
        await redis.ping()  # a round trip: the ends have come by now

        assert [(await log.head("articles")).seq for _ in range(5)] == [0] * 5


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ("LOADING Redis is loading the dataset in memory", Unavailable),
        ("MISCONF Errors writing to the AOF file: No space left on device", Unavailable),
        ("READONLY You can't write against a read only replica.", Unavailable),
        ("NOREPLICAS Not enough good replicas to write.", Unavailable),
        ("MASTERDOWN Link with MASTER is down", Unavailable),
        ("CLUSTERDOWN The cluster is down", Unavailable),
        ("TRYAGAIN Multiple keys request", Unavailable),
        ("BUSY Redis is busy running a script.", Unavailable),
        ("OOM command not allowed when used memory > 'maxmemory'.", LogFull),
        ("NOAUTH Authentication required.", UnsafeLog),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", LogDamaged),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
async def test_what_a_server_says_has_one_fate(
    valkey: Server, desk: str, said: str, fate: type[Exception]
) -> None:
    reply = f"-{said}\r\n".encode()
    async with network(valkey.port) as net, _opened(net.url, desk) as log:
        await log.head("articles")
        net.answer(b"FCALL", reply)
        with pytest.raises(fate) as of_append:
            await log.append("articles", [draft("a")])
        net.answer(b"XREAD", reply)
        with pytest.raises(fate) as of_follow:
            await log.follow("articles", ORIGIN, count=1)

    assert of_append.type is of_follow.type is fate
