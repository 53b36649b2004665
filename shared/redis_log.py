"""The log on Redis ≥ 7.0 or Valkey ≥ 8. The only module that speaks Redis.

Writes go through the two functions of functions.lua; reads are plain XRANGE, XREAD and HGET.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any, Final, cast

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

from shared.errors import LogDamaged, LogFull, NewswireError, Rejected, Unavailable, UnsafeLog
from shared.events import StreamName
from shared.hashing import sha256
from shared.log import (
    Appended,
    AppendOutcome,
    Bounds,
    CommitOutcome,
    Committed,
    Conflict,
    Draft,
    Entry,
    Fields,
    Head,
    Move,
    Output,
    Overtaken,
    Unchanged,
    calls,
    check_continuity,
    fits_one_commit,
)
from shared.settings import Durability, check_durable, redis_url
from shared.streams import ORIGIN, Checkpoint, InputName, Keys, Position

ANSWER_S_MAX: Final = 10
"""Longest wait for an answer; above the longest block of a read."""
CONNECT_S_MAX: Final = 3

_SOURCE: Final = files("shared").joinpath("functions.lua").read_text(encoding="utf-8")
_HASH: Final = sha256(_SOURCE.encode())[:12]
_CODE: Final = f"#!lua name=newswire_{_HASH}\n" + _SOURCE.replace("VERSION", _HASH)
_APPEND: Final = f"newswire_append_{_HASH}"
_COMMIT: Final = f"newswire_commit_{_HASH}"

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


RawEntry = tuple[bytes, dict[bytes, bytes]]


class RedisLog:
    """One desk's log on Redis. Opens its connections with the first call.

    Raises:
        Rejected: the URL is none of a Redis, or has a parameter that the client does not take.
    """

    def __init__(
        self, url: str, desk: str = "newswire", answer_s_max: float = ANSWER_S_MAX
    ) -> None:
        self.keys = Keys(desk)
        try:
            self._redis: Redis = Redis.from_url(
                redis_url(url),
                decode_responses=False,
                connection_class=_Packing,
                socket_timeout=answer_s_max,
                socket_connect_timeout=CONNECT_S_MAX,
                # A client that repeats a write by itself doubles events;
                # we repeat expecting a version.
                retry=Retry(NoBackoff(), 0),
            )
            pool: Any = self._redis.connection_pool
            pool.make_connection()  # opens nothing: the URL's parameters are looked at here
        except (TypeError, ValueError, RedisError) as error:
            raise Rejected(f"NEWSWIRE_REDIS_URL: a parameter of it is refused: {error}") from error

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """See Log.append."""
        outcomes: list[AppendOutcome] = []
        for call in calls(drafts):
            keys = [self.keys.stream(stream), self.keys.meta(stream)]
            keys += [self.keys.subject(stream, draft.subject) for draft in call]
            args: list[Any] = [len(call)]
            for draft in call:
                args += (draft.content_hash, draft.expected)
            _add_events(args, [draft.fields for draft in call])
            answer = await self._function(_APPEND, keys, args)
            outcomes += [_append_outcome(*item) for item in answer]
        return outcomes

    async def commit(
        self, consumer: str, moves: Sequence[Move], outputs: Sequence[Output]
    ) -> CommitOutcome:
        """See Log.commit."""
        if not fits_one_commit(outputs):
            raise Rejected("a commit has at most 500 events and 2 MB; commit fewer inputs")
        streams = list(dict.fromkeys(output.stream for output in outputs))
        keys = [self.keys.checkpoint(consumer)]
        for stream in streams:
            keys += (self.keys.stream(stream), self.keys.meta(stream))
        args: list[Any] = [len(moves)]
        for move in moves:
            args += (move.stream, move.expected.text(), move.following.text())
        args.append(len(outputs))
        for output in outputs:
            args += (streams.index(output.stream) + 1, output.version)
        _add_events(args, [output.fields for output in outputs])
        done, *rest = await self._function(_COMMIT, keys, args)
        if not done:
            return Overtaken(cast("InputName", rest[0].decode()), Checkpoint.read(rest[1].decode()))
        written = rest[0]
        pairs = zip(written[::2], written[1::2], strict=True)
        return Committed(tuple((seq, Position(position.decode())) for seq, position in pairs))

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """See Log.follow."""
        key = self.keys.stream(stream)
        async with _translated():
            # One pipeline is one connection: no reconnect can come between comparing and reading.
            pipe = self._redis.pipeline(transaction=False)
            if after.seq:
                pipe.xrange(key, after.position, after.position)
            pipe.xread({key: after.position}, count=count, block=block_ms or None)
            answers = await pipe.execute()
        anchors = _entries(answers[0]) if after.seq else []
        entries = _entries(_one_stream(answers[-1]))
        anchor = anchors[0] if anchors else None
        bounds = await self._bounds(stream) if after.seq and anchor is None else None
        check_continuity(after, anchor, bounds, entries)
        return entries

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """See Log.entry."""
        found = await self._read(self._redis.xrange(self.keys.stream(stream), position, position))
        return found[0] if found else None

    async def before(
        self, stream: StreamName, position: Position | None, *, count: int
    ) -> list[Entry]:
        """See Log.before."""
        until = f"({position}" if position else "+"
        return await self._read(
            self._redis.xrevrange(self.keys.stream(stream), max=until, min="-", count=count)
        )

    async def head(self, stream: StreamName) -> Head:
        """See Log.head."""
        async with _translated():
            pipe = self._redis.pipeline(transaction=False)
            pipe.hget(self.keys.meta(stream), "seq")
            pipe.xrevrange(self.keys.stream(stream), count=1)
            seq, last = await pipe.execute()
        entries = _entries(last)
        return Head(int(seq or 0), entries[0] if entries else None)

    async def checkpoint(self, consumer: str, stream: InputName) -> Checkpoint:
        """See Log.checkpoint."""
        async with _translated():
            found = await cast(
                "Awaitable[bytes | None]",
                self._redis.hget(self.keys.checkpoint(consumer), stream),
            )
        return Checkpoint.read(found.decode()) if found else ORIGIN

    async def close(self) -> None:
        """See Log.close."""
        await self._redis.aclose()

    async def check_durability(self, durability: Durability) -> None:
        """Refuse a Redis that evicts events or does not fsync each of them.

        Raises:
            UnsafeLog: it does, and the operator has not said that this is wanted.
            Unavailable: no answer.
        """
        async with _translated():
            memory = await self._redis.info("memory")
            persistence = await self._redis.info("persistence")
            fsync = await self._fsync_policy()
        check_durable(
            policy=str(memory.get("maxmemory_policy", "unknown")),
            has_aof=bool(int(persistence.get("aof_enabled", 0))),
            fsync=fsync,
            durability=durability,
        )

    async def _fsync_policy(self) -> str | None:
        try:
            found = await self._redis.config_get("appendfsync", "no-appendfsync-on-rewrite")
        except ResponseError:
            return None  # CONFIG is barred by an ACL or renamed away
        values = {_text(name): _text(value) for name, value in found.items()}
        if values.get("no-appendfsync-on-rewrite") == "yes":
            return "no during rewrites"
        return values.get("appendfsync")

    async def _bounds(self, stream: StreamName) -> Bounds:
        found = await self._read(self._redis.xrange(self.keys.stream(stream), count=1))
        head = await self.head(stream)
        return Bounds(found[0] if found else None, head.seq)

    async def _read(self, call: Awaitable[Any]) -> list[Entry]:
        async with _translated():
            return _entries(await call)

    async def _function(self, name: str, keys: list[str], args: list[Any]) -> Any:
        async with _translated():
            try:
                return await self._redis.fcall(name, len(keys), *keys, *args)
            except ResponseError as error:
                if "Function not found" not in str(error):
                    raise
            await self._load()
            return await self._redis.fcall(name, len(keys), *keys, *args)

    async def _load(self) -> None:
        try:
            await self._redis.function_load(_CODE)
        except ResponseError as error:
            if "already exists" not in str(error):
                raise


def _add_events(args: list[Any], events: Sequence[Fields]) -> None:
    for fields in events:
        args.append(len(fields))
        args.extend(fields)


def _append_outcome(done: int, version: int, seq: int, position: bytes) -> AppendOutcome:
    where = Position(position.decode())
    match done:
        case 1:
            return Appended(version, seq, where)
        case 0:
            return Unchanged(version, seq, where)
        case _:
            return Conflict(version, seq, where)


def _one_stream(answer: Any) -> Sequence[RawEntry]:
    # RESP3 answers XREAD with a map, RESP2 with a list of pairs; None: nothing came in time.
    if not answer:
        return ()
    if isinstance(answer, Mapping):
        (batches,) = answer.values()
        return cast("Sequence[RawEntry]", batches[0] if len(batches) == 1 else batches)
    ((_, entries),) = answer
    return cast("Sequence[RawEntry]", entries)


def _entries(raw: Sequence[RawEntry]) -> list[Entry]:
    try:
        return [
            Entry(Position(at.decode()), int(fields[b"seq"]), fields[b"id"].decode(), fields)
            for at, fields in raw
        ]
    except (KeyError, ValueError):  # something that is none of ours lies among them
        return [entry_of(at.decode(), fields) for at, fields in raw]


def entry_of(position: str, fields: dict[bytes, bytes]) -> Entry:
    """A stream entry as Redis gave it."""
    seq = fields.get(b"seq", b"0")
    event_id = fields.get(b"id", b"").decode("utf-8", "replace")
    return Entry(Position(position), int(seq) if seq.isdigit() else 0, event_id, fields)


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Redis's errors as ours, by fate."""
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
