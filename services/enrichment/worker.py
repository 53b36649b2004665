"""Enrichment as a consumer: decode, decide, commit, in that order, and nothing else.

One class drives both consumers; what they decide is behind ``Desk``. The memory is thrown away and
folded afresh whenever it may not be what the log says: after Overtaken, and after a lost answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Literal, Protocol

from structlog.stdlib import BoundLogger

from services.enrichment.outputs import Decided, Failure, commits, dead_letter, wire_output
from shared.consumer import fold
from shared.envelope import decode
from shared.errors import Rejected, Unavailable
from shared.events import DeadLetterParked, StreamName
from shared.faultpoints import reach
from shared.log import Entry, Log, Move, Output, Overtaken, checked_bytes
from shared.poison import ATTEMPTS_MAX, FAILURES_IN_A_ROW_MAX, run_of_failures
from shared.streams import ORIGIN, START, Checkpoint

Decide = Callable[[Entry, datetime], Awaitable[list[Decided]]]


class Desk(Protocol):
    """What a consumer decides, and the memory that it decides with."""

    name: str
    stream: StreamName

    def forget(self) -> None:
        """Start with an empty memory."""
        ...

    def fold_input(self, entry: Entry) -> None:
        """Remember an event of the input."""
        ...

    def fold_wire(self, entry: Entry) -> None:
        """Remember an event of the wire, ours or not."""
        ...

    async def decide(self, entry: Entry, now: datetime) -> list[Decided]:
        """What an input event puts on the wire; the memory takes in both after it is decided.

        Raises:
            Rejected: the entry cannot be decoded. Unavailable: the log is away.
            Anything else: our bug.
        """
        ...

    async def waiting(self, now: datetime) -> list[Entry]:
        """Input events whose hour has come."""
        ...

    async def due(self, entry: Entry, now: datetime) -> list[Decided]:
        """What such an event puts on the wire; the memory takes it in."""
        ...


@dataclass(slots=True)
class Enricher:
    """Follows a desk's stream and commits what it decides."""

    desk: Desk
    log: Log
    now: Callable[[], datetime]
    code_version: str
    logger: BoundLogger
    checkpoint: Checkpoint = ORIGIN
    hour: Checkpoint = ORIGIN
    """Counts what the hour put on the wire: it moves no input, so it needs a fence of its own."""
    is_folded: bool = False
    parked: set[str] = field(default_factory=set)
    """Subjects with a dead letter of ours: their later events wait behind it."""
    failures_in_a_row: int = 0
    is_memory_sound: bool = True
    """False: an event failed on its way, so the memory may hold half of what it did."""

    @property
    def name(self) -> str:
        """The consumer's name."""
        return self.desk.name

    @property
    def stream(self) -> StreamName:
        """The consumer's input."""
        return self.desk.stream

    async def resume(self) -> Checkpoint:
        """See Consumer.resume: fold the memory from the log unless it is known to be right."""
        if not self.is_folded:
            self.checkpoint = await self.log.checkpoint(self.name, self.stream)
            self.hour = await self.log.checkpoint(self.name, "hour")
            self.desk.forget()
            self.parked.clear()
            await self._fold_memory()
            self.is_folded = self.is_memory_sound = True
            self.logger.info("folded", consumer=self.name, seq=self.checkpoint.seq)
        return self.checkpoint

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        """See Consumer.handle: decide each event, commit in as few calls as the limits allow.

        An event that fails is the last one of its batch: the next are decided with a memory that
        has been folded afresh.
        """
        produced: list[list[Output]] = []
        for entry in batch:
            produced.append(await self._decide(entry, self.desk.decide))
            if not self.is_memory_sound:
                break
        reach("enrichment.decided")
        begin = 0
        for end in commits(produced):
            outputs = [output for of_input in produced[begin:end] for output in of_input]
            if not await self._commit(batch[end - 1].checkpoint(), outputs):
                break
            begin = end
        reach("enrichment.committed")
        return await self.resume()

    async def tick(self) -> Checkpoint:
        """See Consumer.tick: what is due at this hour, at an unchanged checkpoint."""
        for entry in await self.desk.waiting(self.now()):
            if _subject(entry) in self.parked:
                continue  # perhaps it was its withdrawal that could not be read
            outputs = await self._decide(entry, self.desk.due)
            hour = Checkpoint(START, self.hour.seq + 1, entry.event_id)
            if not await self._commit(self.checkpoint, outputs, hour) or not self.is_memory_sound:
                break
        return await self.resume()

    async def _fold_memory(self) -> None:
        parked: dict[int, str] = {}

        def fold_dead_letter(entry: Entry) -> None:
            event = decode("deadletters", entry).event
            if isinstance(event, DeadLetterParked) and event.consumer == self.name:
                self.parked.add(event.subject)
                parked[event.seq] = event.reason

        def fold_input(entry: Entry) -> None:
            if entry.seq not in parked:
                self.desk.fold_input(entry)

        await fold(self.log, "deadletters", fold_dead_letter)
        if self.checkpoint.seq:
            await fold(self.log, self.stream, fold_input, until_seq=self.checkpoint.seq)
        await fold(self.log, "wire", self.desk.fold_wire)
        run = takewhile(parked.__contains__, range(self.checkpoint.seq, 0, -1))
        self.failures_in_a_row = sum(parked[seq] == "failed" for seq in run)

    async def _decide(self, entry: Entry, decide: Decide) -> list[Output]:
        subject = _subject(entry)
        if subject in self.parked:
            error = "an earlier event of this subject is parked"
            return [self._dead_letter(entry, subject, "behind", error, 0)]
        try:
            outputs = self._encoded(await self._decided(entry, decide))
        except Unavailable:
            self.is_folded = False  # earlier events of the batch are in the memory, uncommitted
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the event is set aside
            self.is_memory_sound = False
            return [self._park(entry, subject, error)]
        self.failures_in_a_row = 0
        return outputs

    async def _decided(self, entry: Entry, decide: Decide) -> list[Decided]:
        for _ in range(ATTEMPTS_MAX - 1):
            try:
                return await decide(entry, self.now())
            except (Rejected, Unavailable):
                raise  # what cannot be read is not tried again; what is away is tried later
            except Exception as error:  # noqa: BLE001  # tried again, then raised below
                self.logger.warning("failed", position=entry.position, error=str(error))
        return await decide(entry, self.now())

    def _encoded(self, decided: list[Decided]) -> list[Output]:
        outputs = [wire_output(each, self.now()) for each in decided]
        for output in outputs:
            checked_bytes(output.fields)
        return outputs

    def _park(self, entry: Entry, subject: str, error: Exception) -> Output:
        self.failures_in_a_row += 1
        self.logger.error(
            "parked", consumer=self.name, position=entry.position, subject=subject, exc_info=error
        )
        if self.failures_in_a_row >= FAILURES_IN_A_ROW_MAX:
            self.is_folded = False
            raise run_of_failures(self.failures_in_a_row, entry.position, error) from error
        self.parked.add(subject)
        text = f"{type(error).__name__}: {error}"
        attempts = 1 if isinstance(error, Rejected) else ATTEMPTS_MAX
        return self._dead_letter(entry, subject, "failed", text, attempts)

    def _dead_letter(
        self,
        entry: Entry,
        subject: str,
        reason: Literal["failed", "behind"],
        error: str,
        attempts: int,
    ) -> Output:
        failure = Failure(
            self.name, self.stream, subject, reason, error, attempts, self.code_version
        )
        return dead_letter(entry, failure, self.now())

    async def _commit(
        self, following: Checkpoint, outputs: Sequence[Output], hour: Checkpoint | None = None
    ) -> bool:
        """Commit one step; False: overtaken, the memory is to be folded afresh."""
        self.is_folded = False  # until the log has answered, it may stand or not
        hour = hour or self.hour
        moves = [Move(self.stream, self.checkpoint, following), Move("hour", self.hour, hour)]
        outcome = await self.log.commit(self.name, moves, outputs)
        if isinstance(outcome, Overtaken):
            self.logger.warning("overtaken", consumer=self.name, found=outcome.found.text())
            return False
        self.checkpoint, self.hour, self.is_folded = following, hour, self.is_memory_sound
        return True


def _subject(entry: Entry) -> str:
    return entry.fields.get(b"subject", b"").decode(errors="replace")
