"""One view file being written: rows and checkpoint in one transaction, or neither.

A batch is one transaction. When it fails it is taken apart, each event in a transaction of its own,
so that only the one that fails is set aside, and later ones of its subject behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from structlog.stdlib import BoundLogger

from services.projection import provenance, search, store
from services.projection.evolve import Row, evolve
from services.projection.store import Parked
from shared import views
from shared.envelope import Recorded, decode
from shared.errors import Rejected, Unavailable, ViewsDamaged
from shared.events import WireEvent
from shared.faultpoints import reach
from shared.log import Entry
from shared.poison import ATTEMPTS_MAX, FAILURES_IN_A_ROW_MAX, run_of_failures
from shared.streams import Checkpoint, Position
from shared.views import BusyError, Connection

STREAM: Final = "wire"
DECISIONS: Final = "deadletters"
"""The stream on which operators say what of the parked events is to be retried."""
ATTEMPT_PAUSE_S: Final = 0.05


class OvertakenError(Unavailable):
    """Another projection wrote to this file; ask where it stands."""


@dataclass(slots=True)
class Fold:
    """One view file being written."""

    connection: Connection
    code_version: str
    logger: BoundLogger
    failures_in_a_row: int = 0
    at: Checkpoint = field(init=False)
    """Where the file stands, as far as we know: what the next write expects."""
    decided_at: Checkpoint = field(init=False)
    """Up to where decisions about what was set aside are carried out."""
    parked: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.at = views.checkpoint(self.connection, STREAM)
        self.decided_at = views.checkpoint(self.connection, DECISIONS)
        self.parked = store.parked_subjects(self.connection)
        self.failures_in_a_row = store.failures_before(self.connection, self.at.seq)

    async def take(self, batch: Sequence[Entry]) -> None:
        """Fold a batch.

        Raises:
            Unavailable: the file cannot be written just now, or another projection writes it.
            ViewsDamaged: the file is broken.
            RunOfFailuresError: it is the code that fails, not single events.
        """
        try:
            await self._take(batch)
        except BusyError as error:
            raise Unavailable(f"the views cannot be written: {error}") from error

    async def _take(self, batch: Sequence[Entry]) -> None:
        try:
            if not self._may_wait(batch):
                self._take_whole(batch)
                self.failures_in_a_row = 0
                return
        except (BusyError, Unavailable, ViewsDamaged):
            raise
        except Exception as error:  # taken apart below, where it is parked
            if views.is_damage(error):
                raise ViewsDamaged(f"the view file is broken: {error}") from error
            self.logger.warning("batch_failed", first=batch[0].position, error=str(error))
        for entry in batch:
            await self._take_one(entry)

    async def retry(
        self, subject: str, read: Callable[[Position], Awaitable[Entry | None]]
    ) -> None:
        """Take up what was set aside of a subject, in order, up to one that fails again.

        Each event in a transaction with its removal from those set aside, and at an unchanged
        checkpoint. It does not count for a run of failures; a second time finds nothing to do.

        Raises:
            Unavailable, ViewsDamaged: as in ``take``, or the log is away.
        """
        try:
            for seq, position in store.parked_of(self.connection, subject):
                if not await self._retry_one(seq, await read(position)):
                    break
            self.parked = store.parked_subjects(self.connection)
        except BusyError as error:
            raise Unavailable(f"the views cannot be written: {error}") from error

    async def _retry_one(self, seq: int, entry: Entry | None) -> bool:
        failure = await self._tried(lambda: self._take_parked(seq, entry))
        if failure is None:
            self.logger.info("settled", seq=seq)
            return True
        error, attempts = failure
        self.logger.error("failed_again", seq=seq, exc_info=error)
        text = f"{type(error).__name__}: {error}"
        with views.transaction(self.connection):
            store.park_again(self.connection, seq, text, attempts, self.code_version)
        return False

    def _take_parked(self, seq: int, entry: Entry | None) -> None:
        if entry is None or entry.seq != seq:
            raise Rejected(f"event {seq} of the wire is not at its position any more")
        recorded = decode(STREAM, entry)
        rows = evolve(recorded)
        with views.transaction(self.connection):
            self._write(recorded, rows)
            store.write_moments(self.connection, [entry])
            if not store.unpark(self.connection, seq):
                raise OvertakenError("another projection has taken up what was set aside")
            here = views.checkpoint(self.connection, STREAM)
            store.hear_late(self.connection, [seq], here)

    def decided(self, entry: Entry) -> None:
        """Note that decisions about what was set aside are carried out up to here.

        Raises:
            Unavailable: as in ``take``.
        """
        following = entry.checkpoint()
        try:
            with views.transaction(self.connection):
                if not views.move_checkpoint(
                    self.connection, DECISIONS, self.decided_at, following
                ):
                    raise OvertakenError("another projection has moved this file on")
        except BusyError as error:
            raise Unavailable(f"the views cannot be written: {error}") from error
        self.decided_at = following

    def forget(self) -> bool:
        """Go on with removing words that were taken back from the file; False: nothing was left.

        Raises:
            Unavailable: as in ``take``.
        """
        try:
            return search.forget(self.connection)
        except BusyError as error:
            raise Unavailable(f"the views cannot be written: {error}") from error

    def _may_wait(self, batch: Sequence[Entry]) -> bool:
        return bool(self.parked) and any(_subject(entry) in self.parked for entry in batch)

    def _take_whole(self, batch: Sequence[Entry]) -> None:
        events = [decode(STREAM, entry) for entry in batch]
        evolved = [(recorded, evolve(recorded)) for recorded in events]
        with views.transaction(self.connection):
            for recorded, rows in evolved:
                self._write(recorded, rows)
            store.write_moments(self.connection, batch)
            reach("projection.applied")
            self._move_to(batch[-1])
        self.at = batch[-1].checkpoint()
        reach("projection.committed")

    def _write(self, recorded: Recorded[WireEvent], rows: Sequence[Row]) -> None:
        for row in rows:
            store.write(self.connection, row)
        provenance.write(self.connection, recorded, rows)

    async def _take_one(self, entry: Entry) -> None:
        subject = _subject(entry)
        if subject in self.parked:
            self._park(entry, "behind", "an earlier event of this subject is parked", 0)
            return
        failure = await self._tried(lambda: self._take_whole([entry]))
        if failure is None:
            self.failures_in_a_row = 0
        else:
            self._set_aside(entry, *failure)

    async def _tried(self, step: Callable[[], None]) -> tuple[Exception, int] | None:
        """None: the step is done; else how it failed the last time, and after how many tries."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                step()
            except (BusyError, Unavailable, ViewsDamaged):
                raise
            except Exception as error:
                if views.is_damage(error):
                    raise ViewsDamaged(f"the view file is broken: {error}") from error
                if isinstance(error, Rejected) or attempt == ATTEMPTS_MAX:
                    return error, attempt
                await asyncio.sleep(ATTEMPT_PAUSE_S)
            else:
                return None
        raise AssertionError("the last attempt returns")

    def _set_aside(self, entry: Entry, error: Exception, attempts: int) -> None:
        self.failures_in_a_row += 1
        self.logger.error(
            "parked", position=entry.position, subject=_subject(entry), exc_info=error
        )
        if self.failures_in_a_row >= FAILURES_IN_A_ROW_MAX:
            raise run_of_failures(self.failures_in_a_row, entry.position, error) from error
        self._park(entry, "failed", f"{type(error).__name__}: {error}", attempts)
        self.parked.add(_subject(entry))

    def _park(self, entry: Entry, reason: str, error: str, attempts: int) -> None:
        parked = Parked(entry, _subject(entry), reason, error, attempts, self.code_version)
        with views.transaction(self.connection):
            store.park(self.connection, parked)
            self._move_to(entry)
        self.at = entry.checkpoint()

    def _move_to(self, entry: Entry) -> None:
        if not views.move_checkpoint(self.connection, STREAM, self.at, entry.checkpoint()):
            raise OvertakenError("another projection has moved this file on")


def _subject(entry: Entry) -> str:
    return entry.fields.get(b"subject", b"").decode(errors="replace")
