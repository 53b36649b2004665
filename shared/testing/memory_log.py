"""A log in memory: the contract of shared.log without a server."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Sequence

from shared.errors import Rejected, SequenceGap
from shared.events import StreamName
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
    check_sought,
    fits_one_commit,
)
from shared.streams import ORIGIN, START, Checkpoint, InputName, Position


class MemoryLog:
    """One desk's log in this process; ``trim``, ``drop`` and ``truncate`` are disasters."""

    def __init__(self, begun_ms: int = 0) -> None:
        """``begun_ms``: milliseconds since 1970 that its positions count from, one an event."""
        self._begun_ms = begun_ms
        self._entries: dict[StreamName, list[Entry]] = {}
        self._seq: dict[StreamName, int] = {}
        self._subjects: dict[tuple[StreamName, str], tuple[int, str, int, Position]] = {}
        self._checkpoints: dict[tuple[str, InputName], Checkpoint] = {}
        self._arrived = asyncio.Condition()

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """See Log.append."""
        outcomes = [self._append_one(stream, draft) for call in calls(drafts) for draft in call]
        await self._wake()
        return outcomes

    def _append_one(self, stream: StreamName, draft: Draft) -> AppendOutcome:
        version, content_hash, seq, position = self._subjects.get(
            (stream, draft.subject), (0, "", 0, START)
        )
        if content_hash == draft.content_hash:
            return Unchanged(version, seq, position)
        if version != draft.expected:
            return Conflict(version, seq, position)
        entry = self._add(stream, version + 1, draft.fields)
        self._subjects[stream, draft.subject] = (
            version + 1,
            draft.content_hash,
            entry.seq,
            entry.position,
        )
        return Appended(version + 1, entry.seq, entry.position)

    async def commit(
        self, consumer: str, moves: Sequence[Move], outputs: Sequence[Output]
    ) -> CommitOutcome:
        """See Log.commit."""
        if not moves or any(output.version < 1 for output in outputs):
            raise Rejected("a commit moves a checkpoint, and its events have versions from 1")
        if not fits_one_commit(outputs):
            raise Rejected("a commit has at most 500 events and 2 MB; commit fewer inputs")
        for move in moves:
            found = await self.checkpoint(consumer, move.stream)
            if found != move.expected:
                return Overtaken(move.stream, found)
        added = [self._add(output.stream, output.version, output.fields) for output in outputs]
        for move in moves:
            self._checkpoints[consumer, move.stream] = move.following
        await self._wake()
        return Committed(tuple((entry.seq, entry.position) for entry in added))

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """See Log.follow."""
        if block_ms and not self._after(stream, after.position):
            async with self._arrived:
                try:
                    async with asyncio.timeout(block_ms / 1000):
                        await self._arrived.wait_for(
                            lambda: bool(self._after(stream, after.position))
                        )
                except TimeoutError:
                    pass  # nothing came in time: an empty batch
        entries = self._entries.get(stream, [])
        anchor = await self.entry(stream, after.position) if after.seq else None
        batch = self._after(stream, after.position)[:count]
        bounds = Bounds(entries[0] if entries else None, self._seq.get(stream, 0))
        check_continuity(after, anchor, bounds, batch)
        return batch

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """See Log.entry."""
        found = [e for e in self._entries.get(stream, []) if e.position == position]
        return found[0] if found else None

    async def before(
        self, stream: StreamName, position: Position | None, *, count: int
    ) -> list[Entry]:
        """See Log.before."""
        entries = self._entries.get(stream, [])
        if position is not None:
            entries = [e for e in entries if _number(e.position) < _number(position)]
        return entries[::-1][:count]

    async def head(self, stream: StreamName) -> Head:
        """See Log.head."""
        entries = self._entries.get(stream, [])
        return Head(self._seq.get(stream, 0), entries[-1] if entries else None)

    async def seek(self, stream: StreamName, seq: int) -> Checkpoint:
        """See Log.seek."""
        if seq == 0:
            return ORIGIN
        entries = self._entries.get(stream, [])
        bounds = Bounds(entries[0] if entries else None, self._seq.get(stream, 0))
        check_sought(stream, seq, bounds)
        for entry in entries:
            if entry.seq == seq:
                return entry.checkpoint()
        raise SequenceGap(
            f"{stream} holds no event {seq}, although it holds earlier and later ones"
        )

    async def checkpoint(self, consumer: str, stream: InputName) -> Checkpoint:
        """See Log.checkpoint."""
        return self._checkpoints.get((consumer, stream), ORIGIN)

    async def close(self) -> None:
        """Nothing to close."""

    def trim(self, stream: StreamName, first_seq: int) -> None:
        """Drop what comes before a seq, as XTRIM does."""
        self._entries[stream] = [e for e in self._entries[stream] if e.seq >= first_seq]

    def drop(self, stream: StreamName, seq: int) -> None:
        """Lose one entry in the middle."""
        self._entries[stream] = [e for e in self._entries[stream] if e.seq != seq]

    def truncate(self, stream: StreamName, last_seq: int) -> None:
        """Lose the end, as a failover or a restored backup does; its numbers are given again."""
        self._entries[stream] = [e for e in self._entries[stream] if e.seq <= last_seq]
        self._seq[stream] = last_seq

    def _add(self, stream: StreamName, version: int, fields: Fields) -> Entry:
        seq = self._seq.get(stream, 0) + 1
        names = dict(zip(fields[::2], fields[1::2], strict=True))
        entry = Entry(
            position=Position(f"{self._begun_ms + seq}-0"),
            seq=seq,
            event_id=names.get(b"id", b"").decode(),
            fields={b"seq": str(seq).encode(), b"version": str(version).encode(), **names},
        )
        self._seq[stream] = seq
        self._entries.setdefault(stream, []).append(entry)
        return entry

    def _after(self, stream: StreamName, position: Position) -> list[Entry]:
        entries = self._entries.get(stream, [])
        return entries[
            bisect_right(entries, _number(position), key=lambda e: _number(e.position)) :
        ]

    async def _wake(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()


def _number(position: Position) -> tuple[int, int]:
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number)
