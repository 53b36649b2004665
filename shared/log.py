"""The log as our services see it: two calls that write, a few that read; outcomes are values.

``RedisLog`` (shared.redis_log) and ``MemoryLog`` (shared.testing) pass one contract suite,
tests/contract/test_log.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from shared.errors import LogDiverged, PositionVanished, Rejected, SequenceGap
from shared.events import StreamName
from shared.streams import Checkpoint, InputName, Position

CALL_EVENTS_MAX: Final = 500
"""Events of one call: 500 articles of 6 kB block Redis for about 10 ms."""
CALL_BYTES_MAX: Final = 2_000_000
"""Bytes of one call, for the same reason."""
EVENT_BYTES_MAX: Final = 1_000_000
"""One event: half a call, so that an article with its tags always fits one commit."""

Fields = tuple[bytes, ...]
"""Names and values of an event in turn, without ``seq`` and ``version``: the log sets those."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event about to be appended under its subject's expected version."""

    subject: str
    content_hash: str
    """Decides *unchanged* against the subject's last event."""
    expected: int
    """Version of the subject's last event; 0: none that the caller knows of."""
    fields: Fields


@dataclass(frozen=True, slots=True)
class Appended:
    """The event is on the log, fsynced."""

    version: int
    seq: int
    position: Position


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The subject's last event has this content; nothing was written. Names that event."""

    version: int
    seq: int
    position: Position


@dataclass(frozen=True, slots=True)
class Conflict:
    """The subject stands at another version with other content; nothing was written for it."""

    version: int
    seq: int
    position: Position


@dataclass(frozen=True, slots=True)
class Stale:
    """The observation is not later than what the log knows; nothing was written.

    Never an answer of ``append`` itself: ingest's ``decide`` says it after a conflict.
    """

    version: int
    seq: int
    position: Position
    reason: str


AppendOutcome = Appended | Unchanged | Conflict


@dataclass(frozen=True, slots=True)
class Move:
    """A consumer's step over one input; an unchanged one is still expected to stand there."""

    stream: InputName
    expected: Checkpoint
    following: Checkpoint


@dataclass(frozen=True, slots=True)
class Output:
    """An event that a consumer produced, with the version its memory gives it."""

    stream: StreamName
    version: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class Committed:
    """Outputs and checkpoint are on the log, fsynced; seq and position per output, in order."""

    written: tuple[tuple[int, Position], ...]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Another worker of this consumer has moved on; nothing was written. Fold afresh."""

    stream: InputName
    found: Checkpoint


CommitOutcome = Committed | Overtaken


class Entry(NamedTuple):
    """One entry of a stream as it lies there; ``seq`` 0: it has none, it is none of ours."""

    position: Position
    seq: int
    event_id: str
    fields: dict[bytes, bytes]

    def checkpoint(self) -> Checkpoint:
        """The checkpoint of a consumer that has kept this event's effect."""
        return Checkpoint(self.position, self.seq, self.event_id)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a stream: how many events it has had, and its last entry; None: it holds none."""

    seq: int
    last: Entry | None


class Log(Protocol):
    """One desk's log."""

    async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
        """Append what is new; one outcome per draft, in order.

        Atomic per call of at most 500 drafts or 2 MB; more are sent as several calls, and all are
        checked before the first. A retry after a lost reply gets Unchanged or Conflict, never a
        second event.

        Raises:
            Rejected: a draft is larger than an event may be.
            Unavailable: no answer; what was sent may stand. LogFull: nothing of the call stands.
            LogDamaged: a key of the log has another type; nothing of the call stands.
        """
        ...

    async def commit(
        self, consumer: str, moves: Sequence[Move], outputs: Sequence[Output]
    ) -> CommitOutcome:
        """Append a consumer's outputs *and* move its checkpoint, or do neither.

        The compare-and-set on the checkpoint is the fence: a second worker is Overtaken, never
        wrong.

        Raises:
            Rejected: more than 500 outputs or 2 MB.
            Unavailable, LogDamaged: as in append; ``checkpoint`` says what stands.
        """
        ...

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """The next entries after a checkpoint, oldest first; waits up to ``block_ms`` for one.

        The entry at the checkpoint is compared on the same connection in the same call.

        Raises:
            SequenceGap, PositionVanished, LogDiverged: what is there does not go on from here.
            Unavailable: no answer.
        """
        ...

    async def entry(self, stream: StreamName, position: Position) -> Entry | None:
        """The entry at a position; None: there is none."""
        ...

    async def before(
        self, stream: StreamName, position: Position | None, *, count: int
    ) -> list[Entry]:
        """Entries before a position, newest first; None: from the end."""
        ...

    async def head(self, stream: StreamName) -> Head:
        """The end of a stream."""
        ...

    async def seek(self, stream: StreamName, seq: int) -> Checkpoint:
        """The checkpoint of the event with this seq, to follow from; 0: ORIGIN.

        Raises:
            Rejected: the stream has had no such event. PositionVanished: it was trimmed away.
            SequenceGap: it is missing. Unavailable: no answer.
        """
        ...

    async def checkpoint(self, consumer: str, stream: InputName) -> Checkpoint:
        """Where ``commit`` left a consumer; ORIGIN: nowhere yet."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a stream holds and has had; needed only to tell why an anchor is missing."""

    first: Entry | None
    """The oldest entry; None: the stream is empty."""
    head_seq: int
    """How many events it has had."""


def check_continuity(
    after: Checkpoint, anchor: Entry | None, bounds: Bounds | None, entries: Sequence[Entry]
) -> None:
    """Raise unless ``entries`` go on exactly where a checkpoint stands.

    ``anchor`` is the entry found at the checkpoint's position; ``bounds`` are needed where there
    is none.
    """
    if after.seq and (anchor is None or anchor.event_id != after.event_id):
        raise _not_the_same_log(after, anchor, bounds or Bounds(None, 0))
    seq = after.seq
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            raise SequenceGap(
                f"expected seq {seq} after {after.position}, found {entry.seq} at "
                f"{entry.position}: events are missing. Restore them from an archive, or rebuild "
                "this state from a complete log."
            )


def check_sought(stream: StreamName, seq: int, bounds: Bounds) -> Entry:
    """The oldest entry of a stream that may hold an event, or why it cannot.

    Raises:
        Rejected, PositionVanished: see Log.seek.
    """
    if not 0 < seq <= bounds.head_seq:
        raise Rejected(
            f"expected a seq from 1 to {bounds.head_seq}, the last of {stream}, found {seq}"
        )
    if bounds.first is None or seq < bounds.first.seq:
        begins = f"begins at seq {bounds.first.seq}" if bounds.first else "is empty"
        raise PositionVanished(f"event {seq} of {stream} was trimmed away: the stream {begins}")
    return bounds.first


def _not_the_same_log(
    after: Checkpoint, anchor: Entry | None, bounds: Bounds
) -> PositionVanished | LogDiverged:
    expected = f"expected event {after.event_id} with seq {after.seq} at {after.position}"
    if anchor is not None:
        return LogDiverged(
            f"{expected}, found {anchor.event_id} with seq {anchor.seq}: the log was restored or "
            "failed over. Rebuild this state from the log as it is now."
        )
    first = bounds.first
    if bounds.head_seq < after.seq or (first is not None and first.seq <= after.seq):
        return LogDiverged(
            f"{expected}, found nothing although the log reaches back that far: it was restored to "
            "an earlier state. Rebuild this state from the log as it is now."
        )
    begins = f"begins at seq {first.seq}" if first else "is empty"
    return PositionVanished(
        f"{expected}, but the log {begins}: it was trimmed. Rebuild this state from an archive."
    )


def calls(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    """Drafts in groups that one call may carry, in order."""
    sizes = [checked_bytes(draft.fields) for draft in drafts]
    begin, carried = 0, 0
    for index, size in enumerate(sizes):
        if index > begin and (index - begin >= CALL_EVENTS_MAX or carried + size > CALL_BYTES_MAX):
            yield drafts[begin:index]
            begin, carried = index, 0
        carried += size
    if begin < len(drafts):
        yield drafts[begin:]


def fits_one_commit(outputs: Sequence[Output]) -> bool:
    """Whether one commit may carry these outputs."""
    carried = sum(checked_bytes(output.fields) for output in outputs)
    return len(outputs) <= CALL_EVENTS_MAX and carried <= CALL_BYTES_MAX


def checked_bytes(fields: Fields) -> int:
    """Size of an event's names and values.

    Raises:
        Rejected: it is larger than an event may be.
    """
    size = sum(map(len, fields))
    if size > EVENT_BYTES_MAX:
        raise Rejected(f"an event has at most {EVENT_BYTES_MAX} bytes, this one has {size}")
    return size
