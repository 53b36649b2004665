"""What an archive needs of Redis: a consistent cut through a log, and writing one as it was.

Beside ``RedisLog``, not in it: services append and commit, and never restore.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast, get_args

from shared import redis_client
from shared.errors import LogDamaged
from shared.events import StreamName
from shared.functions import CODE, RESTORE, add_events
from shared.log import Fields
from shared.redis_client import translated
from shared.redis_log import entry_of
from shared.streams import (
    ENRICHMENT_ARTICLES,
    ENRICHMENT_RATES,
    ORIGIN,
    Checkpoint,
    InputName,
    Keys,
    Position,
)

STREAMS: Final[tuple[StreamName, ...]] = get_args(StreamName)
_SCAN_COUNT: Final = 1000
_OURS: Final = frozenset({ENRICHMENT_ARTICLES, ENRICHMENT_RATES})

Standing = Mapping[InputName, Checkpoint]
"""Where a consumer stands, per input; without the inputs of which it has taken in nothing."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A log at one instant: every commit is in it whole, or not at all."""

    heads: Mapping[StreamName, Checkpoint]
    """The last event of each stream; ORIGIN: it has none."""
    consumers: Mapping[str, Standing]
    """Checkpoints on the log, by consumer; none of a consumer that has taken in nothing."""


@dataclass(frozen=True, slots=True)
class Restorable:
    """An event with all that the log once gave it."""

    position: Position
    version: int
    subject: str
    content_hash: str
    """What ``append`` compares with; empty: it was committed, and its subject has no state."""
    fields: Fields


class RedisArchive:
    """One desk's log, cut and restored. Connects with the first call; Rejected: a wrong URL."""

    def __init__(self, url: str, desk: str = "newswire") -> None:
        self.keys = Keys(desk)
        self._redis: Any = redis_client.connect(url)  # its commands are typed for both clients

    async def cut(self) -> Cut:
        """Heads and checkpoints of one instant, read in one transaction.

        Raises:
            Unavailable: no answer. LogDamaged: a stream does not end with its last event.
        """
        known: frozenset[str] = _OURS
        while True:
            names = sorted(known)
            async with translated():
                answers = await self._read(names)
            # One that committed for the first time in between would stand nowhere in the archive,
            # and decide everything again: its key is there before the second look begins.
            known = frozenset(names) | await self._consumers()
            if len(known) == len(names):
                return _cut(answers, names)

    async def _read(self, names: Sequence[str]) -> list[Any]:
        pipe = self._redis.pipeline(transaction=True)
        for stream in STREAMS:
            pipe.hget(self.keys.meta(stream), "seq")
            pipe.xrevrange(self.keys.stream(stream), count=1)
        for name in names:
            pipe.hgetall(self.keys.checkpoint(name))
        return cast("list[Any]", await pipe.execute())

    async def _consumers(self) -> frozenset[str]:
        """Names of all consumers whose checkpoint is on the log."""
        prefix, found = self.keys.checkpoint(""), set[str]()
        async with translated():
            async for key in self._redis.scan_iter(match=f"{prefix}*", count=_SCAN_COUNT):
                found.add(key.decode().removeprefix(prefix))
        return frozenset(found)

    async def restore(self, stream: StreamName, first: int, events: Sequence[Restorable]) -> int:
        """Write events with the seqs from ``first`` on, if the stream ends before it; its new end.

        Another answer than ``first - 1 + len(events)`` is where the stream ends, and nothing was
        written. All or nothing; at most 500 events or 2 MB, as in ``Log.append``.

        Raises:
            Rejected: a position or version does not follow the one before it.
            Unavailable: no answer; what was sent may stand. LogFull: nothing of it stands.
            LogDamaged: a key of the log is not what it must be; nothing of it stands.
        """
        keys = [self.keys.stream(stream), self.keys.meta(stream)]
        keys += [self.keys.subject(stream, event.subject) for event in events]
        args: list[Any] = [len(events), first]
        for event in events:
            args += (event.position, event.version, event.content_hash)
        add_events(args, [event.fields for event in events])
        _, head = await redis_client.call_function(self._redis, CODE, RESTORE, keys, args)
        return int(head)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def _cut(answers: list[Any], names: Sequence[str]) -> Cut:
    ends = len(STREAMS) * 2
    pairs = zip(answers[:ends:2], answers[1:ends:2], strict=True)
    heads = {
        stream: _head(stream, int(seq or 0), last)
        for stream, (seq, last) in zip(STREAMS, pairs, strict=True)
    }
    standings = {name: _standing(found) for name, found in zip(names, answers[ends:], strict=True)}
    return Cut(heads, {name: standing for name, standing in standings.items() if standing})


def _head(stream: StreamName, seq: int, last: list[Any]) -> Checkpoint:
    entries = [entry_of(at.decode(), fields) for at, fields in last]
    head = entries[0].checkpoint() if entries else ORIGIN
    if head.seq != seq:
        raise LogDamaged(
            f"expected {stream} to end with seq {seq}, found {head.seq} at {head.position}: its "
            "last events are missing, or something else writes to it. Restore it from a backup."
        )
    return head


def _standing(found: Mapping[bytes, bytes]) -> Standing:
    standing = {name.decode(): Checkpoint.read(text.decode()) for name, text in found.items()}
    return {cast("InputName", name): at for name, at in sorted(standing.items()) if at != ORIGIN}
