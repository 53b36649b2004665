"""Append and commit against pipelined XADD of the same fields, on a server that fsyncs each call.

All start from fields that are encoded already, 200 events a call or pipeline, through redis-py,
asyncio and hiredis. Every run begins on an empty server with an empty append-only file.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from redis.asyncio import Redis

from shared.events import StreamName
from shared.log import Appended, Committed, Draft, Move, Output, Unchanged
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint, Position
from tests.benchmarks.measure import Row, Stopwatch, rounds

CALL: Final = 200
APPEND_TARGET: Final = 0.6
COMMIT_TARGET: Final = 1.0

T = TypeVar("T")


async def rows(server: tuple[str, str], drafts: Sequence[Draft], count: int) -> list[Row]:
    """Append, unchanged and commit of these drafts; ``server`` is a name for readers and a URL."""
    name, url = server
    async with _writer(url, drafts) as writer:
        runs = {
            "xadd": writer.xadd,
            "append": writer.append,
            "unchanged": writer.unchanged,
            "commit": writer.commit,
        }
        reached = await rounds(count, runs)
    peer = reached["xadd"]
    return [
        Row(f"append, {name}", reached["append"], peer, APPEND_TARGET),
        Row(f"append, all unchanged, {name}", reached["unchanged"]),
        Row(f"commit, {name}", reached["commit"], peer, COMMIT_TARGET),
    ]


@dataclass(frozen=True, slots=True)
class _Writer:
    redis: Redis
    log: RedisLog
    stream: StreamName
    drafts: Sequence[Draft]
    peer: Sequence[dict[Any, Any]]
    """The same fields as redis-py's xadd takes them."""
    outputs: Sequence[Output]
    """The same fields as ``commit`` takes them."""

    async def xadd(self) -> float:
        await self._empty()
        key, watch = self.log.keys.stream(self.stream), Stopwatch()
        for call in _calls(self.peer):
            pipe = self.redis.pipeline(transaction=False)
            for fields in call:
                pipe.xadd(key, fields)
            await pipe.execute()
        return watch.per_second(len(self.peer))

    async def append(self) -> float:
        await self._empty()
        return await self._append(Appended)

    async def unchanged(self) -> float:
        """Append again what the run before has appended."""
        return await self._append(Unchanged)

    async def commit(self) -> float:
        await self._empty()
        at, watch = ORIGIN, Stopwatch()
        for call in _calls(self.outputs):
            following = Checkpoint(Position(f"1-{at.seq + 1}"), at.seq + 1, "an-event")
            outcome = await self.log.commit("benchmark", [Move(self.stream, at, following)], call)
            assert isinstance(outcome, Committed)
            at = following
        return watch.per_second(len(self.outputs))

    async def _append(self, expected: type[Appended | Unchanged]) -> float:
        watch = Stopwatch()
        outcomes = [await self.log.append(self.stream, call) for call in _calls(self.drafts)]
        reached = watch.per_second(len(self.drafts))
        assert all(isinstance(one, expected) for call in outcomes for one in call)
        return reached

    async def _empty(self) -> None:
        await self.redis.flushall()
        await self.redis.bgrewriteaof()
        while (await self.redis.info("persistence"))["aof_rewrite_in_progress"]:  # noqa: ASYNC110  # Redis has no event for it
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _writer(url: str, drafts: Sequence[Draft]) -> AsyncIterator[_Writer]:
    log = RedisLog(url)
    async with Redis.from_url(url) as redis:
        peer = [dict(zip(d.fields[::2], d.fields[1::2], strict=True)) for d in drafts]
        outputs = [Output("wire", 1, draft.fields) for draft in drafts]
        stream: StreamName = "rates" if "rate" in drafts[0].subject else "articles"
        await log.append(stream, drafts[:1])  # the first call of all loads the functions
        yield _Writer(redis, log, stream, drafts, peer, outputs)
    await log.close()


def _calls(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[begin : begin + CALL] for begin in range(0, len(items), CALL))
