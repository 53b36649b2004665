"""What only a server can do to a log: hold foreign keys, be shared, forget its functions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from redis.asyncio import Redis

from shared import functions
from shared.errors import LogDamaged, Rejected
from shared.log import Appended, AppendOutcome, Committed, Conflict, Draft, Head, Move, Output
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint, Position
from tests.conftest import NewServer
from tests.drafts import draft, ids, output, seqs

STEP = Move("articles", ORIGIN, Checkpoint(Position("1-1"), 1, "x"))


@contextlib.asynccontextmanager
async def _opened(url: str, desk: str = "newswire") -> AsyncIterator[RedisLog]:
    log = RedisLog(url, desk)
    try:
        yield log
    finally:
        await log.close()


def _dead(name: str) -> Output:
    return output(name, stream="deadletters")


# --- damage: nothing is written when a key is not what it must be --------------------------------


async def _wire_and_rates(log: RedisLog) -> list[Head | Checkpoint]:
    return [await log.head("wire"), await log.head("rates"), await log.checkpoint("c", "articles")]


@pytest.mark.parametrize("position", [1, 3, 5])
async def test_a_foreign_subject_key_in_mid_batch_writes_nothing(
    redis_log: RedisLog, raw: Redis, position: int
) -> None:
    await raw.set(redis_log.keys.subject("articles", f"s{position}"), "text")

    with pytest.raises(LogDamaged, match=f"s{position} is a string, expected a hash"):
        await redis_log.append("articles", [draft(f"s{n}") for n in range(1, 6)])
    assert await redis_log.head("articles") == Head(0, None)
    assert await raw.exists(redis_log.keys.subject("articles", "s2")) == 0


async def test_a_foreign_stream_or_meta_key_writes_nothing(redis_log: RedisLog, raw: Redis) -> None:
    await raw.set(redis_log.keys.stream("articles"), "text")
    await raw.set(redis_log.keys.meta("rates"), "text")

    with pytest.raises(LogDamaged, match="articles is a string, expected a stream"):
        await redis_log.append("articles", [draft("a")])
    with pytest.raises(LogDamaged, match="rates:meta is a string, expected a hash"):
        await redis_log.append("rates", [draft("a")])
    assert await raw.exists(redis_log.keys.subject("articles", "a")) == 0
    assert await raw.exists(redis_log.keys.stream("rates")) == 0


async def test_a_foreign_checkpoint_key_writes_nothing(redis_log: RedisLog, raw: Redis) -> None:
    await raw.set(redis_log.keys.checkpoint("c"), "text")

    with pytest.raises(LogDamaged, match="checkpoint:c is a string, expected a hash"):
        await redis_log.commit("c", [STEP], [output("o")])
    assert await redis_log.head("wire") == Head(0, None)


@pytest.mark.parametrize("key", ["stream", "meta"])
async def test_a_foreign_second_output_writes_nothing_to_the_first(
    redis_log: RedisLog, raw: Redis, key: str
) -> None:
    await redis_log.append("rates", [draft("a")])
    before = await _wire_and_rates(redis_log)
    await raw.set(getattr(redis_log.keys, key)("deadletters"), "text")

    with pytest.raises(LogDamaged, match="is a string, expected a"):
        await redis_log.commit(
            "c", [STEP], [output("o"), output("r", stream="rates"), _dead("d"), output("p")]
        )
    assert await _wire_and_rates(redis_log) == before


async def test_a_meta_that_is_no_number_writes_nothing(redis_log: RedisLog, raw: Redis) -> None:
    await raw.hset(redis_log.keys.meta("deadletters"), "seq", "many")  # type: ignore[misc]
    before = await _wire_and_rates(redis_log)

    with pytest.raises((LogDamaged, Rejected)):
        await redis_log.commit("c", [STEP], [output("o"), _dead("d")])
    assert await _wire_and_rates(redis_log) == before


async def test_a_stream_without_ids_left_writes_nothing(redis_log: RedisLog, raw: Redis) -> None:
    last = f"{2**64 - 1}-{2**64 - 1}"
    await raw.xadd(redis_log.keys.stream("deadletters"), {"id": "foreign"}, id=last)
    before = await _wire_and_rates(redis_log)

    with pytest.raises((LogDamaged, Rejected)):
        await redis_log.commit("c", [STEP], [output("o"), _dead("d")])
    assert await _wire_and_rates(redis_log) == before


async def test_reading_a_foreign_key_is_damage(redis_log: RedisLog, raw: Redis) -> None:
    await raw.set(redis_log.keys.stream("articles"), "text")
    await raw.set(redis_log.keys.checkpoint("c"), "text")

    for read in (
        redis_log.follow("articles", ORIGIN, count=1),
        redis_log.head("articles"),
        redis_log.before("articles", None, count=1),
        redis_log.checkpoint("c", "articles"),
    ):
        with pytest.raises(LogDamaged):
            await read


@pytest.mark.parametrize("fields", [(), (b"id",), (b"id", b"x") * 65], ids=["0", "1", "130"])
async def test_an_event_of_impossible_fields_is_rejected_whole(
    redis_log: RedisLog, fields: tuple[bytes, ...]
) -> None:
    with pytest.raises(Rejected, match="BADARG"):
        await redis_log.append("articles", [draft("a"), Draft("b", "one", 0, fields)])
    assert await redis_log.head("articles") == Head(0, None)


async def test_a_commit_of_nothing_or_of_version_0_is_rejected_whole(redis_log: RedisLog) -> None:
    with pytest.raises(Rejected, match="BADARG number of inputs is 0"):
        await redis_log.commit("c", [], [output("o")])
    with pytest.raises(Rejected, match="BADARG version of event 2 is 0"):
        await redis_log.commit("c", [STEP], [output("o"), output("p", 0)])
    assert await redis_log.head("wire") == Head(0, None)


# --- sharing ------------------------------------------------------------------------------------


async def test_concurrent_appenders_leave_dense_seqs_and_versions(
    server_url: str, desk: str
) -> None:
    async def appender(name: str) -> list[Appended]:
        async with _opened(server_url, desk) as log:
            return [done for n in range(12) for done in await _insist(log, f"{name}-{n}")]

    done = await asyncio.gather(*(appender(f"w{w}") for w in range(8)))
    async with _opened(server_url, desk) as log:
        entries = await log.follow("articles", ORIGIN, count=1000)

    assert seqs(entries) == list(range(1, 8 * 12 * 5 + 1))
    assert sorted(one.seq for of_appender in done for one in of_appender) == seqs(entries)
    for subject in ("s0", "s1", "s2", "s3", "s4"):
        of_subject = [e for e in entries if e.event_id.startswith(f"{subject}/")]
        assert [int(e.fields[b"version"]) for e in of_subject] == list(range(1, 97))
        assert len(set(ids(of_subject))) == 96


async def _insist(log: RedisLog, content: str) -> list[Appended]:
    """Append new content to five shared subjects, after every conflict with what it names."""
    missing = [draft(f"s{n}", content) for n in range(5)]
    done: list[Appended] = []
    while missing:
        outcomes = await log.append("articles", missing)
        done += [outcome for outcome in outcomes if isinstance(outcome, Appended)]
        missing = [
            draft(wanted.subject, content, outcome.version)
            for wanted, outcome in zip(missing, outcomes, strict=True)
            if isinstance(outcome, Conflict)
        ]
    return done


async def test_of_concurrent_workers_one_commits_each_step(server_url: str, desk: str) -> None:
    steps = [ORIGIN, *(Checkpoint(Position(f"{n}-1"), n, f"e{n}") for n in range(1, 21))]

    async def worker(name: str) -> int:
        won = 0
        async with _opened(server_url, desk) as log:
            for n in range(20):
                move = Move("articles", steps[n], steps[n + 1])
                outcome = await log.commit("c", [move], [output(f"{n}-{name}")])
                won += isinstance(outcome, Committed)
        return won

    won = await asyncio.gather(*(worker(f"w{w}") for w in range(6)))
    async with _opened(server_url, desk) as log:
        entries = await log.follow("wire", ORIGIN, count=1000)

    assert sum(won) == 20
    assert [name.split("-")[0] for name in ids(entries)] == [str(n) for n in range(20)]


async def test_desks_on_one_server_do_not_see_each_other(server_url: str, desk: str) -> None:
    async with _opened(server_url, desk) as ours, _opened(server_url, f"{desk}-b") as theirs:
        await ours.append("articles", [draft("a")])

        assert await theirs.head("articles") == Head(0, None)


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("count", [1, 2, 9])
async def test_both_redis_protocols_read_the_same(
    server_url: str, desk: str, protocol: int, count: int
) -> None:
    async with _opened(f"{server_url}?protocol={protocol}", desk) as log:
        await log.append("articles", [draft("a"), draft("b"), draft("c")])
        entries = await log.follow("articles", ORIGIN, count=count)
        await log.check_durability("always")

    assert ids(entries) == ["a/one", "b/one", "c/one"][:count]


# --- code on the server -------------------------------------------------------------------------


async def test_functions_come_to_a_fresh_server_and_come_back(
    new_server: NewServer, server_name: str
) -> None:
    server = new_server(name=server_name)
    async with _opened(server.url) as log, Redis.from_url(server.url) as redis:
        outcomes: list[AppendOutcome] = await log.append("articles", [draft("a")])
        await redis.function_flush()
        outcomes += await log.append("articles", [draft("b")])
        await redis.function_flush()
        committed = await log.commit("c", [STEP], [output("o")])

    assert [(type(outcome), outcome.seq) for outcome in outcomes] == [(Appended, 1), (Appended, 2)]
    assert isinstance(committed, Committed)


async def test_appenders_that_find_no_functions_at_once_all_succeed(
    new_server: NewServer, server_name: str
) -> None:
    server = new_server(name=server_name)

    async def append(n: int) -> Sequence[AppendOutcome]:
        async with _opened(server.url) as log:
            return await log.append("articles", [draft(f"s{n}")])

    outcomes = await asyncio.gather(*map(append, range(8)))
    assert sorted(outcome.seq for (outcome,) in outcomes) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_two_versions_of_the_code_work_side_by_side(redis_log: RedisLog, raw: Redis) -> None:
    code = "#!lua name=newswire_other\n" + functions.SOURCE.replace("VERSION", "other")
    await raw.function_load(code, replace=True)
    keys = redis_log.keys
    subject = keys.subject("articles", "b")

    async def append_with_the_other(content: str, expected: int) -> list[bytes | int]:
        names = [keys.stream("articles"), keys.meta("articles"), subject]
        args = ["1", content, str(expected), "2", "id", f"b/{content}"]
        (outcome,) = await raw.fcall("newswire_append_other", 3, *names, *args)  # type: ignore[misc]
        return list(outcome[:3])

    await redis_log.append("articles", [draft("a")])
    assert await append_with_the_other("one", 0) == [1, 1, 2]
    (outcome,) = await redis_log.append("articles", [draft("b", "two", 1)])
    assert (outcome.version, outcome.seq) == (2, 3)
    assert await append_with_the_other("three", 1) == [-1, 2, 3]
    assert seqs(await redis_log.follow("articles", ORIGIN, count=9)) == [1, 2, 3]
