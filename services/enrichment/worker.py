"""Enrichment as a consumer: decode, decide, commit, in that order, and nothing else.

One class drives both consumers; what they decide is behind ``Desk``. The memory is thrown away and
folded afresh whenever it may not be what the log says: after Overtaken, and after a lost answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Final, Protocol

from structlog.stdlib import BoundLogger

from services.enrichment.outputs import (
    Decided,
    Failure,
    commits,
    dead_letter,
    failed_again,
    letter_subject,
    settled,
    wire_output,
)
from services.enrichment.snapshot import Keeper
from shared.consumer import fold
from shared.envelope import decode
from shared.errors import LogDamaged, Rejected, Unavailable
from shared.events import StreamName
from shared.faultpoints import reach
from shared.letters import Letter, Letters
from shared.log import Entry, Log, Move, Output, Overtaken, checked_bytes
from shared.poison import ATTEMPTS_MAX, FAILURES_IN_A_ROW_MAX, run_of_failures
from shared.streams import ORIGIN, START, Checkpoint, Position

TICK_EVENTS_MAX: Final = 200
"""Events of one tick, so that what comes on the stream waits no longer than behind a batch."""

AHEAD_MAX: Final = 50
"""Events that are read ahead of their turn: more are read no faster, and are all in the memory."""

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

    def look_ahead(self, batch: Sequence[Entry]) -> None:
        """Events that are decided next, one by one: what each says by itself may be read at once.

        What cannot be read is left to its turn.
        """
        ...

    async def decide(self, entry: Entry, now: datetime) -> list[Decided]:
        """What an input event puts on the wire; the memory takes in both after it is decided.

        Raises:
            Rejected: the entry cannot be decoded. Unavailable: the log is away.
            Anything else: our bug.
        """
        ...

    def waiting(self, now: datetime) -> list[Position]:
        """Where input events stand that had to wait and need not any more, in order."""
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
    keeper: Keeper | None = None
    """None: the memory is folded from the whole log at every start."""
    checkpoint: Checkpoint = ORIGIN
    hour: Checkpoint = ORIGIN
    """Counts what the hour put on the wire: it moves no input, so it needs a fence of its own."""
    is_folded: bool = False
    letters: Letters = field(init=False)
    """Our dead letters, as far as the stream has been followed."""
    letters_at: Checkpoint = ORIGIN
    parked: set[str] = field(default_factory=set)
    """Subjects with a dead letter, followed or just produced: later events wait behind it."""
    failures_in_a_row: int = 0
    is_memory_sound: bool = True
    """False: an event failed on its way, so the memory may hold half of what it did."""

    def __post_init__(self) -> None:
        self.letters = Letters(self.name)

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
            await self._fold_memory()
            self.is_folded = self.is_memory_sound = True
            self.logger.info("folded", consumer=self.name, seq=self.checkpoint.seq)
        await self._take_snapshot()
        return self.checkpoint

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        """See Consumer.handle: decide each event, commit in as few calls as the limits allow.

        An event that fails is the last one of its batch: the next are decided with a memory that
        has been folded afresh.
        """
        produced: list[list[Output]] = []
        for number, entry in enumerate(batch):
            if number % AHEAD_MAX == 0:
                self.desk.look_ahead(batch[number : number + AHEAD_MAX])
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
        """See Consumer.tick: what was decided about dead letters, then what is due at this hour.

        Both at an unchanged checkpoint of the input, one commit for each event.
        """
        await self._follow_letters()
        if await self._retry_letters():
            await self._say_due()
        return await self.resume()

    async def _say_due(self) -> None:
        steps = 0
        for place in self.desk.waiting(self.now()):
            entry = await self.log.entry(self.stream, place)
            if entry is None or _subject(entry) in self.parked:
                continue  # perhaps it was its withdrawal that could not be read
            outputs = await self._decide(entry, self.desk.due)
            steps += 1
            if not await self._commit_at_hour(entry.event_id, outputs) or steps == TICK_EVENTS_MAX:
                break

    async def _retry_letters(self) -> bool:
        """Take up what an operator wants retried; False: there is more, or the memory is stale."""
        subjects = self.letters.to_be_retried()
        letters = [letter for subject in subjects for letter in self.letters.of(subject)]
        for letter in letters[:TICK_EVENTS_MAX]:
            outputs = await self._retried(letter)
            if not await self._commit_at_hour(
                letter_subject(self.name, letter.parked.seq), outputs
            ):
                return False
        if letters:
            await self._follow_letters()
        return len(letters) <= TICK_EVENTS_MAX

    async def _retried(self, letter: Letter) -> list[Output]:
        """What a letter's event puts on the log; it does not count for a run of failures."""
        try:
            entry = await self.log.entry(self.stream, Position(letter.parked.position))
            if entry is None or entry.event_id != letter.parked.event_id:
                raise Rejected(f"event {letter.parked.event_id} is not at its position any more")  # noqa: TRY301 - parked below like any failure
            outputs = self._encoded(await self._decided(entry, self.desk.decide))
        except Unavailable:
            self.is_folded = False
            raise
        except Exception as error:  # whatever it is, the letter stays open
            self.is_memory_sound = False
            self.logger.error(  # noqa: TRY400 - the trace is in exc_info
                "failed_again", consumer=self.name, seq=letter.parked.seq, exc_info=error
            )
            failure = self._failure(letter.parked.subject, error)
            return [failed_again(letter, failure, self.now())]
        self.logger.info("settled", consumer=self.name, seq=letter.parked.seq)
        return [*outputs, settled(letter, self.now())]

    async def _fold_memory(self) -> None:
        self.desk.forget()
        self.letters, self.letters_at = Letters(self.name), ORIGIN
        await self._follow_letters()

        if not await self._fold_from_snapshot():
            self.desk.forget()
            await self._fold_after(ORIGIN, ORIGIN)
        found = map(self.letters.open, range(self.checkpoint.seq, 0, -1))
        run = takewhile(lambda letter: letter is not None, found)
        self.failures_in_a_row = sum(one.parked.reason == "failed" for one in run if one)

    async def _fold_after(self, consumed: Checkpoint, wire: Checkpoint) -> None:
        def fold_input(entry: Entry) -> None:
            if not self.letters.is_set_aside(entry.seq):
                self.desk.fold_input(entry)

        if self.checkpoint.seq > consumed.seq:
            await fold(self.log, self.stream, fold_input, consumed, self.checkpoint.seq)
        await fold(self.log, "wire", self.desk.fold_wire, wire)

    async def _fold_from_snapshot(self) -> bool:
        """Fold what came after the snapshot; False: there is none that is of this log."""
        found = self.keeper.find(self.letters_at) if self.keeper else None
        if self.keeper is None or found is None or found.taken.input.seq > self.checkpoint.seq:
            return False
        try:
            self.keeper.restore(found.memory)
            await self._fold_after(found.taken.input, found.taken.wire)
        except (LogDamaged, ValueError) as error:
            self.logger.warning("snapshot_refused", consumer=self.name, error=str(error))
            return False
        return True

    async def _take_snapshot(self) -> None:
        """Write the memory down now and then.

        What it has of the wire is known to end at the wire's head only where nobody has committed
        in our name until the head was read.
        """
        if self.keeper is None or not self.keeper.is_due(self.checkpoint.seq):
            return
        last = (await self.log.head("wire")).last
        stands = await self.log.checkpoint(self.name, self.stream)
        hour = await self.log.checkpoint(self.name, "hour")
        if (stands, hour) == (self.checkpoint, self.hour):
            wire = last.checkpoint() if last else ORIGIN
            self.keeper.keep(self.checkpoint, wire, self.letters_at)

    async def _follow_letters(self) -> None:
        def take(entry: Entry) -> None:
            self.letters.fold(decode("deadletters", entry))
            self.letters_at = entry.checkpoint()

        await fold(self.log, "deadletters", take, self.letters_at)
        self.parked = self.letters.subjects()

    async def _decide(self, entry: Entry, decide: Decide) -> list[Output]:
        subject = _subject(entry)
        if subject in self.parked:
            error = "an earlier event of this subject is parked"
            behind = Failure(self.name, self.stream, subject, "behind", error, 0, self.code_version)
            return [self._dead_letter(entry, behind)]
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
        return self._dead_letter(entry, self._failure(subject, error))

    def _failure(self, subject: str, error: Exception) -> Failure:
        text = f"{type(error).__name__}: {error}"
        attempts = 1 if isinstance(error, Rejected) else ATTEMPTS_MAX
        return Failure(self.name, self.stream, subject, "failed", text, attempts, self.code_version)

    def _dead_letter(self, entry: Entry, failure: Failure) -> Output:
        return dead_letter(entry, failure, self.letters.next_version(entry.seq), self.now())

    async def _commit_at_hour(self, name: str, outputs: Sequence[Output]) -> bool:
        """Commit one step at an unchanged input; False: the memory is to be folded afresh."""
        hour = Checkpoint(START, self.hour.seq + 1, name)
        return await self._commit(self.checkpoint, outputs, hour) and self.is_memory_sound

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
