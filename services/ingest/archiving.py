"""A whole log to an archive and back: the same positions, numbers, ids, bytes and checkpoints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, assert_never

from services.ingest.archive import End, Header, Kept, Reader, Standing, Writer, plain_fields
from services.ingest.replay import patiently
from services.ingest.sums import STREAMS, Sum, Sums, canonical
from shared.errors import LogDiverged, Rejected, SequenceGap
from shared.events import StreamName
from shared.log import CALL_BYTES_MAX, Entry, Log, Move, Overtaken
from shared.redis_archive import Cut, RedisArchive, Restorable
from shared.streams import ORIGIN, Checkpoint

RUN_MAX: Final = 200
"""Events that are read or restored in one call: larger calls are no faster."""

Put = Callable[[bytes], object]
"""Takes a line of an archive."""
Told = Callable[[int], object]
"""Told how many events more are done."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a log comes to."""

    sums: dict[StreamName, Sum]
    standings: list[Standing]


def standings(cut: Cut) -> list[Standing]:
    """Where all consumers stand, in one order."""
    return [
        Standing(consumer, name, at)
        for consumer, standing in sorted(cut.consumers.items())
        for name, at in standing.items()
    ]


async def export(
    archive: RedisArchive, log: Log, stamp: tuple[str, str], put: Put, told: Told
) -> Summary:
    """Put the lines of an archive, of one instant; services may go on meanwhile.

    ``stamp`` is the desk, and when this was. Reading is repeated while the log is away.

    Raises:
        LogDamaged: events are missing. Rejected: an entry is none that an archive can hold.
        Unavailable: the log stayed away.
    """
    cut, writer = await patiently(archive.cut), Writer()
    put(writer.header(*stamp, {stream: head.seq for stream, head in cut.heads.items()}))
    for standing in standings(cut):
        put(writer.checkpoint(standing))
    for stream in STREAMS:
        async for entries in _batches(log, stream, cut.heads[stream]):
            for entry in entries:
                put(writer.event(stream, entry))
            told(len(entries))
    put(writer.end())
    return Summary(writer.sums.said(), standings(cut))


async def summarised(archive: RedisArchive, log: Log, told: Told) -> Summary:
    """What a log comes to at one instant, read from its beginning.

    Raises:
        As ``export``.
    """
    cut, sums = await patiently(archive.cut), Sums()
    for stream in STREAMS:
        async for entries in _batches(log, stream, cut.heads[stream]):
            for entry in entries:
                sums.take(stream, entry)
            told(len(entries))
    return Summary(sums.said(), standings(cut))


async def _batches(log: Log, stream: StreamName, head: Checkpoint) -> AsyncIterator[list[Entry]]:
    """All events of a stream up to its head, oldest first."""
    after = ORIGIN
    while after.seq < head.seq:
        count = min(RUN_MAX, head.seq - after.seq)
        entries = await patiently(partial(log.follow, stream, after, count=count))
        if not entries:
            break
        yield entries
        after = entries[-1].checkpoint()
    if after != head:
        raise SequenceGap(
            f"expected {stream} to end with event {head.seq} at {head.position}, found "
            f"{after.seq} at {after.position}: events are missing. Restore them from a backup."
        )


def check(lines: Iterable[bytes], told: Told) -> End:
    """Read an archive through; its last line.

    Raises:
        Rejected: it was changed or cut off; the message names the line.
    """
    reader = Reader()
    for line in lines:
        told(isinstance(reader.take(line), Kept))
    return reader.finish()


async def restore(lines: Iterable[bytes], archive: RedisArchive, log: Log, told: Told) -> Summary:
    """Write an archive to an empty log, or to one on which it was begun; what the log comes to.

    Its digests are compared with the archive's in the end. No service may run on the log; one that
    does stops or is overtaken, and decides nothing anew.

    Raises:
        Rejected: the archive was changed or cut off, or this log is another one.
        LogDiverged: something else has written to the log meanwhile.
        Unavailable: the log stayed away; importing the same again goes on.
    """
    reader, target = Reader(), _Target(archive, log, told)
    for line in lines:
        item = reader.take(line)
        match item:
            case Header():
                target.heads = item.heads
            case Standing():
                target.standings.append(item)
            case Kept():
                await target.add(item)
            case End():
                await target.flush()
            case _:
                assert_never(item)
    end = reader.finish()
    found = await summarised(archive, log, lambda _: None)
    if found.sums != end.events or found.standings != target.in_order():
        raise LogDiverged(
            "expected the log to come to what the archive does, found otherwise: something else "
            "wrote to it meanwhile. Stop all services, and import into an empty log."
        )
    return found


@dataclass(slots=True)
class _Target:
    """The log that is being restored."""

    archive: RedisArchive
    log: Log
    told: Told
    heads: dict[StreamName, int] = field(default_factory=dict)
    """As the archive has them."""
    standings: list[Standing] = field(default_factory=list)
    _found: dict[StreamName, int] | None = None
    """Seqs that the streams end with; None: not looked at yet."""
    _after: dict[StreamName, Checkpoint] = field(default_factory=dict)
    _batch: list[Kept] = field(default_factory=list)
    _batch_bytes: int = 0

    def in_order(self) -> list[Standing]:
        """The archive's checkpoints in the order of ``standings``."""
        return sorted(self.standings, key=lambda each: (each.consumer, each.input))

    async def add(self, kept: Kept) -> None:
        """Take an event; full batches are written."""
        size = sum(map(len, plain_fields(kept.entry)))
        is_other = bool(self._batch) and self._batch[0].stream != kept.stream
        if is_other or len(self._batch) == RUN_MAX or self._batch_bytes + size > CALL_BYTES_MAX:
            await self.flush()
        self._batch.append(kept)
        self._batch_bytes += size

    async def flush(self) -> None:
        """Write what was taken."""
        found = self._found or await self._begin()
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        self.told(len(batch))
        while batch:
            stream, first = batch[0].stream, batch[0].entry.seq
            there = found[stream] - first + 1
            if there < 0:
                raise LogDiverged(_not_ours(f"{stream} ends with event {found[stream]}", first - 1))
            if there > 0:
                await self._compare(batch[:there])
                batch = batch[there:]
                continue
            events = [_restorable(kept) for kept in batch]
            call = partial(self.archive.restore, stream, first, events)
            found[stream] = await patiently(call)
            if found[stream] == batch[-1].entry.seq:
                self._after[stream] = batch[-1].entry.checkpoint()
                break

    async def _begin(self) -> dict[StreamName, int]:
        """Look whose log this is, and write the checkpoints before any event."""
        cut = await patiently(self.archive.cut)
        found = {stream: head.seq for stream, head in cut.heads.items()}
        there, ours = set(standings(cut)), set(self.standings)
        is_begun = not any(found.values()) or there == ours
        if not is_begun or there - ours or any(found[one] > self.heads[one] for one in STREAMS):
            raise Rejected(
                "expected an empty log, or one on which an import of this archive was begun, "
                f"found {_told(found)}, and nothing was written. Import into another one."
            )
        for consumer, moves in self._moves():
            outcome = await patiently(partial(self.log.commit, consumer, moves, []))
            if isinstance(outcome, Overtaken) and not await self._stands(consumer, moves):
                raise LogDiverged(
                    f"{consumer} has moved on while its log was restored: a service is running. "
                    "Stop all services, and import into an empty log."
                )
        self._found = found
        return found

    def _moves(self) -> Iterator[tuple[str, list[Move]]]:
        by_consumer: dict[str, list[Move]] = {}
        for consumer, name, at in self.standings:
            by_consumer.setdefault(consumer, []).append(Move(name, ORIGIN, at))
        yield from by_consumer.items()

    async def _stands(self, consumer: str, moves: list[Move]) -> bool:
        """Whether the checkpoints were written before: by an import that was interrupted."""
        for move in moves:
            ask = partial(self.log.checkpoint, consumer, move.stream)
            if await patiently(ask) != move.following:
                return False
        return True

    async def _compare(self, batch: list[Kept]) -> None:
        """Events that lie on the log already must be these."""
        stream, entries = batch[0].stream, [kept.entry for kept in batch]
        after = self._after.get(stream, ORIGIN)
        found = await patiently(partial(self.log.follow, stream, after, count=len(batch)))
        if list(map(canonical, found)) != list(map(canonical, entries)):
            first, last = entries[0].seq, entries[-1].seq
            raise LogDiverged(_not_ours(f"among events {first} to {last} of {stream} others", last))
        self._after[stream] = entries[-1].checkpoint()


def _restorable(kept: Kept) -> Restorable:
    entry = kept.entry
    version = int(entry.fields[b"version"])
    fields = plain_fields(entry)
    return Restorable(entry.position, version, kept.subject, kept.content_hash, fields)


def _not_ours(found: str, seq: int) -> str:
    return (
        f"expected the archive's events up to {seq}, found {found}: this is another log, or "
        "something else writes to it. Nothing was overwritten. Stop all services, and import into "
        "an empty log."
    )


def _told(found: dict[StreamName, int]) -> str:
    return ", ".join(f"{seq} events in {stream}" for stream, seq in found.items())
