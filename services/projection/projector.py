"""The projection as a consumer: rows and checkpoint in one transaction, or neither.

A batch is one transaction. When it fails it is taken apart, each event in a transaction of its own,
so that only the one that fails is set aside, and later ones of its subject behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.projection import store
from services.projection.evolve import evolve
from services.projection.store import Parked
from shared import views
from shared.envelope import decode
from shared.errors import Rejected, Unavailable, ViewsDamaged
from shared.events import StreamName
from shared.faultpoints import reach
from shared.log import Entry
from shared.poison import ATTEMPTS_MAX, FAILURES_IN_A_ROW_MAX, run_of_failures
from shared.streams import PROJECTION, Checkpoint
from shared.views import BusyError, Connection

STREAM: Final = "wire"
ATTEMPT_PAUSE_S: Final = 0.05


class OvertakenError(Unavailable):
    """Another projection wrote to this file; ask where it stands."""


@dataclass(slots=True)
class Projector:
    """Folds the wire into the live view file."""

    views_dir: Path
    code_version: str
    logger: BoundLogger
    fold: Fold | None = None
    file: Path = Path()
    name: str = PROJECTION
    stream: StreamName = STREAM

    async def resume(self) -> Checkpoint:
        """See Consumer.resume: open the live file, or make and publish one."""
        self.close()
        try:
            self.fold = self._open()
        except BusyError as error:
            raise Unavailable(f"the views cannot be written: {error}") from error
        self.file = views.live_file(self.views_dir)
        return self.fold.at

    def _open(self) -> Fold:
        connection = open_live(self.views_dir)
        try:
            return Fold(connection, self.code_version, self.logger)
        except Exception as error:
            connection.close()
            if not views.is_damage(error):
                raise
            return Fold(_publish_empty(self.views_dir), self.code_version, self.logger)

    async def handle(self, batch: Sequence[Entry]) -> Checkpoint:
        """See Consumer.handle."""
        if self.fold is None or not self._is_live():
            return await self.resume()  # a rebuild has swapped the file: nothing is written here
        try:
            await self.fold.take(batch)
        except ViewsDamaged as error:
            self.logger.error("views_damaged", file=str(self.file), error=str(error))  # noqa: TRY400
            self.close()
            _publish_empty(self.views_dir).close()
            return await self.resume()
        return self.fold.at

    async def tick(self) -> Checkpoint:
        """See Consumer.tick: follow the pointer also when nothing comes."""
        if self.fold is None or not self._is_live():
            return await self.resume()
        return self.fold.at

    def close(self) -> None:
        """Close the file."""
        if self.fold is not None:
            self.fold.connection.close()
            self.fold = None

    def _is_live(self) -> bool:
        return self.file == views.live_file(self.views_dir)


def open_live(views_dir: Path) -> Connection:
    """The live view file; an empty one is made and published where there is none of this schema."""
    try:
        file = views.live_file(views_dir)
    except Unavailable:
        return _publish_empty(views_dir)
    if not file.exists():
        return _publish_empty(views_dir)
    try:
        connection = views.open_writer(file)
    except ViewsDamaged:
        return _publish_empty(views_dir)  # no database: views are folded again, never repaired
    if views.schema_number(connection) != views.SCHEMA_NUMBER:
        connection.close()
        return _publish_empty(views_dir)
    return connection


def _publish_empty(views_dir: Path) -> Connection:
    views_dir.mkdir(parents=True, exist_ok=True)
    number = 1 + max((_number(file) for file in views_dir.glob("views-*.sqlite")), default=0)
    file = views_dir / f"views-{number:04}.sqlite"
    connection = views.create(file)
    views.publish(views_dir, file)
    return connection


def _number(file: Path) -> int:
    digits = file.stem.removeprefix("views-")
    return int(digits) if digits.isdigit() else 0


@dataclass(slots=True)
class Fold:
    """One view file being written."""

    connection: Connection
    code_version: str
    logger: BoundLogger
    failures_in_a_row: int = 0
    at: Checkpoint = field(init=False)
    """Where the file stands, as far as we know: what the next write expects."""
    parked: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.at = views.checkpoint(self.connection, STREAM)
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
        except (BusyError, Unavailable):
            raise
        except Exception as error:  # taken apart below, where it is parked
            if views.is_damage(error):
                raise ViewsDamaged(f"the view file is broken: {error}") from error
            self.logger.warning("batch_failed", first=batch[0].position, error=str(error))
        for entry in batch:
            await self._take_one(entry)

    def _may_wait(self, batch: Sequence[Entry]) -> bool:
        return bool(self.parked) and any(_subject(entry) in self.parked for entry in batch)

    def _take_whole(self, batch: Sequence[Entry]) -> None:
        rows = [row for entry in batch for row in evolve(decode(STREAM, entry))]
        with views.transaction(self.connection):
            for row in rows:
                store.write(self.connection, row)
            reach("projection.applied")
            self._move_to(batch[-1])
        self.at = batch[-1].checkpoint()
        reach("projection.committed")

    async def _take_one(self, entry: Entry) -> None:
        subject = _subject(entry)
        if subject in self.parked:
            self._park(entry, "behind", "an earlier event of this subject is parked", 0)
            return
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                self._take_whole([entry])
            except (BusyError, Unavailable):
                raise
            except Exception as error:  # noqa: BLE001  # parked below, with the error
                if isinstance(error, Rejected) or attempt == ATTEMPTS_MAX:
                    self._set_aside(entry, error, attempt)
                    return
                await asyncio.sleep(ATTEMPT_PAUSE_S)
            else:
                self.failures_in_a_row = 0
                return

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
