"""The connection to Redis, and its errors as ours. The only module that imports a Redis client.

``shared.redis_log`` and ``shared.redis_state`` speak through it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from hiredis import pack_command
from redis.asyncio import Connection, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    ClusterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.maint_notifications import MaintNotificationsConfig

from shared.errors import LogDamaged, LogFull, NewswireError, Rejected, Unavailable, UnsafeLog
from shared.settings import Durability, check_durable, redis_url

ANSWER_S_MAX: Final = 10
"""Longest wait for an answer; above the longest block of a read."""
CONNECT_S_MAX: Final = 3

_AWAY: Final = (
    RedisConnectionError,
    RedisTimeoutError,
    ReadOnlyError,
    ClusterDownError,
    TryAgainError,
    OSError,
)
_NOT_NOW: Final = ("BUSY", "MISCONF", "NOREPLICAS")


class _Packing(Connection):
    """A connection that writes commands with hiredis: a commit of 200 events has 7,000 words."""

    def pack_command(self, *args: Any) -> list[bytes]:
        """See redis.asyncio.Connection: the name of a command may be two words."""
        name = args[0] if isinstance(args[0], bytes) else args[0].encode()
        return [pack_command((*name.split(), *args[1:]))]


Client = Redis
"""A pool of connections; opens them with the first call."""


def connect(url: str, answer_s_max: float = ANSWER_S_MAX) -> Client:
    """A client for a URL; nothing is opened yet.

    Raises:
        Rejected: the URL is no Redis's, or a parameter of it is unknown.
    """
    try:
        client: Redis = Redis.from_url(
            redis_url(url),
            connection_class=_Packing,
            socket_timeout=answer_s_max,
            socket_connect_timeout=CONNECT_S_MAX,
            # A client that repeats a write doubles events; we repeat expecting a version.
            retry=Retry(NoBackoff(), 0),
            # With them a pool hands out connections that the server has closed: a failed call each.
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
        pool: Any = client.connection_pool
        pool.make_connection()  # opens nothing: the URL's parameters are looked at here
    except (TypeError, ValueError, RedisError) as error:
        raise Rejected(f"NEWSWIRE_REDIS_URL: a parameter of it is refused: {error}") from error
    return client


async def call_function(
    client: Client, code: str, name: str, keys: list[str], args: list[Any]
) -> Any:
    """What a function answers; its library ``code`` is loaded where the server has none.

    Raises:
        As ``translated``.
    """
    async with translated():
        try:
            return await client.fcall(name, len(keys), *keys, *args)
        except ResponseError as error:
            if "Function not found" not in str(error):
                raise
        await _load(client, code)
        return await client.fcall(name, len(keys), *keys, *args)


async def _load(client: Client, code: str) -> None:
    try:
        await client.function_load(code)
    except ResponseError as error:
        if "already exists" not in str(error):
            raise


async def check_durability(client: Client, durability: Durability) -> None:
    """Refuse a Redis that evicts events or does not fsync each of them.

    Raises:
        UnsafeLog: it does, and the operator has not said that this is wanted.
        Unavailable: no answer, or it still reads its files.
    """
    async with translated():
        persistence = await client.info("persistence")
        if int(persistence.get("loading", 0)):  # it says aof_enabled:0 until all is read
            raise Unavailable("Redis is loading the log; it answers when all is read")
        memory = await client.info("memory")
        fsync = await _fsync_policy(client)
    check_durable(
        policy=str(memory.get("maxmemory_policy", "unknown")),
        has_aof=bool(int(persistence.get("aof_enabled", 0))),
        fsync=fsync,
        durability=durability,
    )


async def _fsync_policy(client: Client) -> str | None:
    try:
        found = await client.config_get("appendfsync", "no-appendfsync-on-rewrite")
    except ResponseError:
        return None  # CONFIG is barred by an ACL or renamed away
    values = {_text(name): _text(value) for name, value in found.items()}
    if values.get("no-appendfsync-on-rewrite") == "yes":
        return "no during rewrites"
    return values.get("appendfsync")


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Redis's errors as ours, by fate.

    Raises:
        Unavailable, LogFull, UnsafeLog, LogDamaged, Rejected: see shared.errors.
    """
    try:
        yield
    except OutOfMemoryError as error:
        raise LogFull(f"Redis is full and wrote nothing: {error}. Raise maxmemory.") from error
    except AuthenticationError as error:
        raise UnsafeLog(f"Redis refuses the login of NEWSWIRE_REDIS_URL: {error}") from error
    except _AWAY as error:
        raise Unavailable(f"Redis does not answer: {error}") from error
    except ResponseError as error:
        raise _response_fate(str(error)) from error
    except RedisError as error:
        raise Unavailable(f"Redis failed: {error}") from error


def _response_fate(text: str) -> NewswireError:
    if "BADKEY" in text or "WRONGTYPE" in text:
        return LogDamaged(f"a key of the log is not what it must be, nothing was written: {text}")
    if any(word in text for word in _NOT_NOW):
        return Unavailable(f"Redis does not take this now: {text}")
    if "BADARG" in text:
        return Rejected(f"the log refuses the call: {text}")
    return UnsafeLog(f"Redis refuses what the log needs: {text}. Check its ACL and its version.")
