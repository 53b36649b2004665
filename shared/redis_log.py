"""The log on Redis ≥ 7.0 or Valkey ≥ 8. Speaks through shared.redis_client.

Writes go through functions of functions.lua; reads are plain XRANGE, XREAD and HGET.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Final, cast

from shared import redis_client
from shared.errors import Rejected, SequenceGap
from shared.events import StreamName
from shared.functions import APPEND, CODE, COMMIT, add_events
from shared.log import (
    Appended,
    AppendOutcome,
    Bounds,
    CommitOutcome,
    Committed,
    Conflict,
    Draft,
    Entry,
    Head,
    Move,
    Output,
    Overtaken,
    Unchanged,
    calls,
    check_continuity,
    check_sought,
    fits_one_commit,
)
from shared.redis_client import ANSWER_S_MAX, translated
from shared.settings import Durability
from shared.streams import ORIGIN, Checkpoint, InputName, Keys, Position

SEEK_COUNT: Final = 500
"""Entries that are read in one go once a sought one is near."""

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
        self._redis = redis_client.connect(url, answer_s_max)

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """See Log.append."""
        outcomes: list[AppendOutcome] = []
        for call in calls(drafts):
            keys = [self.keys.stream(stream), self.keys.meta(stream)]
            keys += [self.keys.subject(stream, draft.subject) for draft in call]
            args: list[Any] = [len(call)]
            for draft in call:
                args += (draft.content_hash, draft.expected)
            add_events(args, [draft.fields for draft in call])
            answer = await self._function(APPEND, keys, args)
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
        add_events(args, [output.fields for output in outputs])
        done, *rest = await self._function(COMMIT, keys, args)
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
        async with translated():
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
        async with translated():
            pipe = self._redis.pipeline(transaction=False)
            pipe.hget(self.keys.meta(stream), "seq")
            pipe.xrevrange(self.keys.stream(stream), count=1)
            seq, last = await pipe.execute()
        entries = _entries(last)
        return Head(int(seq or 0), entries[0] if entries else None)

    async def seek(self, stream: StreamName, seq: int) -> Checkpoint:
        """See Log.seek: bisects the milliseconds that positions begin with, then reads on."""
        if seq == 0:
            return ORIGIN
        head = await self.head(stream)
        first = await self._read(self._redis.xrange(self.keys.stream(stream), count=1))
        low = check_sought(stream, seq, Bounds(first[0] if first else None, head.seq))
        begin_ms, end_ms = _milliseconds(low), _milliseconds(head.last or low) + 1
        while end_ms - begin_ms > 1 and seq - low.seq >= SEEK_COUNT:
            middle_ms = (begin_ms + end_ms) // 2
            found = await self._read(
                self._redis.xrange(self.keys.stream(stream), min=str(middle_ms), count=1)
            )
            if found and found[0].seq <= seq:
                low, begin_ms = found[0], middle_ms
            else:
                end_ms = middle_ms
        while seq - low.seq >= SEEK_COUNT:
            low = (await self._from(stream, low.position))[-1]
        for entry in await self._from(stream, low.position):
            if entry.seq == seq:
                return entry.checkpoint()
        raise SequenceGap(
            f"{stream} holds no event {seq}, although it holds earlier and later ones"
        )

    async def _from(self, stream: StreamName, position: Position) -> list[Entry]:
        key = self.keys.stream(stream)
        return await self._read(self._redis.xrange(key, min=position, count=SEEK_COUNT + 1))

    async def checkpoint(self, consumer: str, stream: InputName) -> Checkpoint:
        """See Log.checkpoint."""
        async with translated():
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
        await redis_client.check_durability(self._redis, durability)

    async def _bounds(self, stream: StreamName) -> Bounds:
        found = await self._read(self._redis.xrange(self.keys.stream(stream), count=1))
        return Bounds(found[0] if found else None, (await self.head(stream)).seq)

    async def _read(self, call: Awaitable[Any]) -> list[Entry]:
        async with translated():
            return _entries(await call)

    async def _function(self, name: str, keys: list[str], args: list[Any]) -> Any:
        return await redis_client.call_function(self._redis, CODE, name, keys, args)


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


def _milliseconds(entry: Entry) -> int:
    return int(entry.position.partition("-")[0])
