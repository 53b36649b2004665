"""One log per backend, each with the disasters that the contract speaks of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from shared.events import StreamName
from shared.log import Log
from shared.redis_log import RedisLog
from shared.testing.memory_log import MemoryLog


class MemoryDisasters:
    """What can happen to a log, on MemoryLog."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log

    async def trim(self, stream: StreamName, first_seq: int) -> None:
        """Drop what comes before a seq."""
        self._log.trim(stream, first_seq)

    async def drop(self, stream: StreamName, seq: int) -> None:
        """Lose one entry."""
        self._log.drop(stream, seq)

    async def truncate(self, stream: StreamName, last_seq: int) -> None:
        """Lose the end, its numbers included."""
        self._log.truncate(stream, last_seq)

    async def forge(self, stream: StreamName, seq: int, event_id: str) -> None:
        """Put another event at an entry's position."""
        entries = self._log._entries[stream]
        entries[:] = [e._replace(event_id=event_id) if e.seq == seq else e for e in entries]


class RedisDisasters:
    """What can happen to a log, on a server."""

    def __init__(self, log: RedisLog, redis: Redis) -> None:
        self._keys, self._redis = log.keys, redis

    async def trim(self, stream: StreamName, first_seq: int) -> None:
        """Drop what comes before a seq, with XTRIM."""
        first = {int(fields[b"seq"]): position for position, fields in await self._all(stream)}
        await self._redis.xtrim(
            self._keys.stream(stream), minid=first[first_seq], approximate=False
        )

    async def drop(self, stream: StreamName, seq: int) -> None:
        """Lose one entry, with XDEL."""
        position = {int(fields[b"seq"]): position for position, fields in await self._all(stream)}
        await self._redis.xdel(self._keys.stream(stream), position[seq])

    async def truncate(self, stream: StreamName, last_seq: int) -> None:
        """Lose the end, its numbers included: DEL, and what a backup holds added again."""
        entries = await self._all(stream)
        await self._restore(stream, entries[:last_seq])
        await self._redis.hset(self._keys.meta(stream), "seq", str(last_seq))  # type: ignore[misc]

    async def forge(self, stream: StreamName, seq: int, event_id: str) -> None:
        """Put another event at an entry's position, as a failover may."""
        entries = await self._all(stream)
        entries[seq - 1][1][b"id"] = event_id.encode()
        await self._restore(stream, entries)

    async def _all(self, stream: StreamName) -> list[Any]:
        return list(await self._redis.xrange(self._keys.stream(stream)))

    async def _restore(self, stream: StreamName, entries: list[Any]) -> None:
        key = self._keys.stream(stream)
        await self._redis.delete(key)
        for position, fields in entries:
            await self._redis.xadd(key, fields, id=position)


@pytest.fixture(params=["memory", "redis", "valkey"])
def backend(request: pytest.FixtureRequest) -> str:
    """The URL of a server, or ``memory``."""
    if request.param == "memory":
        return "memory"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["redis", "valkey"])
def server_url(request: pytest.FixtureRequest) -> str:
    """The URL of a server."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["redis", "valkey"])
def server_name(request: pytest.FixtureRequest) -> str:
    """A server program for servers of a test's own."""
    return str(request.param)


@pytest.fixture
async def log(backend: str, desk: str) -> AsyncIterator[Log]:
    """An empty log on each backend."""
    opened = MemoryLog() if backend == "memory" else RedisLog(backend, desk)
    yield opened
    await opened.close()


@pytest.fixture
async def disasters(log: Log, backend: str) -> AsyncIterator[MemoryDisasters | RedisDisasters]:
    """Disasters for ``log``."""
    if isinstance(log, MemoryLog):
        yield MemoryDisasters(log)
        return
    assert isinstance(log, RedisLog)
    async with Redis.from_url(backend) as redis:
        yield RedisDisasters(log, redis)


@pytest.fixture
async def redis_log(server_url: str, desk: str) -> AsyncIterator[RedisLog]:
    """An empty log on each server."""
    opened = RedisLog(server_url, desk)
    yield opened
    await opened.close()


@pytest.fixture
async def raw(server_url: str) -> AsyncIterator[Redis]:
    """The server behind ``redis_log``, to look at and to damage."""
    async with Redis.from_url(server_url) as redis:
        yield redis
