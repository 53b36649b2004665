"""A reply that gets lost leaves no doubt: the same call again says what stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.errors import Unavailable
from shared.log import Appended, Committed, Conflict, Head, Move, Overtaken, Unchanged
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint, Position
from tests.drafts import draft, ids, output, seqs
from tests.servers import Network, Server, network

FOLLOWING = Checkpoint(Position("1-1"), 1, "x")
STEP = Move("articles", ORIGIN, FOLLOWING)


@pytest.fixture
async def net(valkey: Server) -> AsyncIterator[Network]:
    async with network(valkey.port) as opened:
        yield opened


@pytest.fixture
async def log(net: Network, desk: str) -> AsyncIterator[RedisLog]:
    """A log behind the network, its functions loaded."""
    opened = RedisLog(net.url, desk)
    await opened.append("deadletters", [draft("first")])
    yield opened
    await opened.close()


async def test_an_append_whose_reply_is_lost_is_unchanged_when_repeated(
    net: Network, log: RedisLog
) -> None:
    drafts = [draft("a"), draft("b")]
    net.lose_reply(b"FCALL")
    with pytest.raises(Unavailable, match="Redis does not answer"):
        await log.append("articles", drafts)
    again = await log.append("articles", drafts)
    entries = await log.follow("articles", ORIGIN, count=9)

    assert again == [Unchanged(1, 1, entries[0].position), Unchanged(1, 2, entries[1].position)]
    assert (ids(entries), seqs(entries)) == (["a/one", "b/one"], [1, 2])


async def test_an_append_that_never_arrived_is_appended_when_repeated(
    net: Network, log: RedisLog
) -> None:
    net.lose_command(b"FCALL")
    with pytest.raises(Unavailable, match="Redis does not answer"):
        await log.append("articles", [draft("a")])
    assert await log.head("articles") == Head(0, None)
    (again,) = await log.append("articles", [draft("a")])

    assert (type(again), again.seq) == (Appended, 1)


async def test_a_late_retry_after_a_lost_reply_is_a_conflict(net: Network, log: RedisLog) -> None:
    net.lose_reply(b"FCALL")
    with pytest.raises(Unavailable):
        await log.append("articles", [draft("a")])
    other = await log.append("articles", [draft("a", "two", 1)])
    (late,) = await log.append("articles", [draft("a")])

    assert [type(outcome) for outcome in (*other, late)] == [Appended, Conflict]
    assert (late.version, late.seq) == (2, 2)


async def test_a_commit_whose_reply_is_lost_stands_and_is_overtaken_when_repeated(
    net: Network, log: RedisLog
) -> None:
    net.lose_reply(b"FCALL")
    with pytest.raises(Unavailable, match="Redis does not answer"):
        await log.commit("c", [STEP], [output("o")])

    assert await log.checkpoint("c", "articles") == FOLLOWING
    assert await log.commit("c", [STEP], [output("o")]) == Overtaken("articles", FOLLOWING)
    assert ids(await log.follow("wire", ORIGIN, count=9)) == ["o"]


async def test_a_commit_that_never_arrived_is_committed_when_repeated(
    net: Network, log: RedisLog
) -> None:
    net.lose_command(b"FCALL")
    with pytest.raises(Unavailable, match="Redis does not answer"):
        await log.commit("c", [STEP], [output("o")])

    assert await log.checkpoint("c", "articles") == ORIGIN
    assert isinstance(await log.commit("c", [STEP], [output("o")]), Committed)
    assert ids(await log.follow("wire", ORIGIN, count=9)) == ["o"]


async def test_functions_are_loaded_once_although_the_reply_is_lost(
    net: Network, log: RedisLog
) -> None:
    await log._redis.function_flush()
    net.lose_reply(b"FUNCTION")
    with pytest.raises(Unavailable):
        await log.append("articles", [draft("a")])
    (again,) = await log.append("articles", [draft("a")])

    assert (type(again), again.seq) == (Appended, 1)


@pytest.mark.parametrize("command", [b"XREAD", b"XRANGE", b"HGET", b"XREVRANGE"])
async def test_a_read_whose_reply_is_lost_is_read_again(
    net: Network, log: RedisLog, command: bytes
) -> None:
    await log.append("articles", [draft("a")])
    reads = {
        b"XREAD": lambda: log.follow("articles", ORIGIN, count=9),
        b"XRANGE": lambda: log.entry("articles", Position("1-1")),
        b"HGET": lambda: log.checkpoint("c", "articles"),
        b"XREVRANGE": lambda: log.head("articles"),
    }
    net.lose_reply(command)
    with pytest.raises(Unavailable):
        await reads[command]()

    await reads[command]()


async def test_a_cancelled_call_does_not_leave_its_answer_to_the_next(
    net: Network, log: RedisLog
) -> None:
    net.hold_reply(b"FCALL")
    held = asyncio.create_task(log.append("articles", [draft("a")]))
    await asyncio.wait_for(net.held.wait(), 5)
    held.cancel()
    with pytest.raises(asyncio.CancelledError):
        await held
    outcomes = await log.append("articles", [draft("b"), draft("c"), draft("a")])

    assert [outcome.seq for outcome in outcomes] == [2, 3, 1]
    assert await log.checkpoint("c", "articles") == ORIGIN
