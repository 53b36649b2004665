"""The projection as a consumer: it folds the wire into the live view file, and follows the pointer.

It also follows the stream deadletters for what operators decide about the events that it set aside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.projection.fold import DECISIONS, STREAM, Fold
from services.projection.rebuild import rebuild, remove_half
from shared import view_schema, views
from shared.consumer import BATCH_MAX
from shared.envelope import decode
from shared.errors import Rejected, Unavailable, ViewsDamaged
from shared.events import StreamName
from shared.house_events import DeadLetterRetried
from shared.log import Entry, Log
from shared.streams import PROJECTION, Checkpoint, Position
from shared.views import BusyError, Connection

FORGETTING_STEPS: Final = 10
"""Of some 20 ms in the second between two ticks: the rest is for what comes."""


@dataclass(slots=True)
class Projector:
    """Folds the wire into the live view file."""

    views_dir: Path
    log: Log
    code_version: str
    logger: BoundLogger
    fold: Fold | None = None
    file: Path = Path()
    name: str = PROJECTION
    stream: StreamName = STREAM

    async def resume(self) -> Checkpoint:
        """See Consumer.resume: open the live file, or make and publish one.

        One of another schema stays live until another is folded beside it: nobody reads half.
        """
        self.close()
        remove_half(self.views_dir)
        try:
            if _is_of_another_schema(self.views_dir):
                self.logger.info("rebuilding", why="the live views are of another schema")
                await rebuild(
                    self.views_dir, self.log, self.code_version, self.logger, lambda *_: None
                )
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
            self.fold.forget()
        except ViewsDamaged as error:
            return await self._begin_anew(error)
        return self.fold.at

    async def tick(self) -> Checkpoint:
        """See Consumer.tick: follow the pointer, also when nothing comes, and the decisions."""
        if self.fold is None or not self._is_live():
            return await self.resume()
        try:
            await self._follow_decisions(self.fold)
            await self._forget(self.fold)
        except ViewsDamaged as error:
            return await self._begin_anew(error)
        return self.fold.at

    async def _forget(self, fold: Fold) -> None:
        """Go on with removing words that were taken back, some steps of it."""
        for _ in range(FORGETTING_STEPS):
            if not fold.forget():
                break
            await asyncio.sleep(0)

    async def _follow_decisions(self, fold: Fold) -> None:
        """Retry what operators want retried; after a kill in between it is retried again."""
        entries = await self.log.follow(DECISIONS, fold.decided_at, count=BATCH_MAX)
        for entry in entries:
            subject = self._to_be_retried(entry)
            if subject is not None:
                await fold.retry(subject, self._on_wire)
        if entries:
            fold.decided(entries[-1])

    def _to_be_retried(self, entry: Entry) -> str | None:
        """The subject that a decision wants retried here; None: it is none, or of another kind.

        One that cannot be read, of a later version perhaps, is told and passed over: no decision of
        the rest waits for it, nor does the wire.
        """
        try:
            event = decode(DECISIONS, entry).event
        except Rejected as error:
            self.logger.warning("decision_unreadable", position=entry.position, error=str(error))
            return None
        is_ours = isinstance(event, DeadLetterRetried) and event.consumer == self.name
        return event.subject if is_ours else None

    async def _on_wire(self, position: Position) -> Entry | None:
        return await self.log.entry(STREAM, position)

    async def _begin_anew(self, error: ViewsDamaged) -> Checkpoint:
        self.logger.error("views_damaged", file=str(self.file), error=str(error))
        self.close()
        _publish_empty(self.views_dir).close()
        return await self.resume()

    def close(self) -> None:
        """Close the file."""
        if self.fold is not None:
            self.fold.connection.close()
            self.fold = None

    def _is_live(self) -> bool:
        return self.file == views.live_file(self.views_dir)


def open_live(views_dir: Path) -> Connection:
    """The live view file, open for writing; an empty one is published where there is none to read.

    Raises:
        Unavailable: it is locked.
    """
    try:
        file = views.live_file(views_dir)
    except Unavailable:
        return _publish_empty(views_dir)
    if not file.exists():
        return _publish_empty(views_dir)
    try:
        return views.open_writer(file)
    except ViewsDamaged:
        return _publish_empty(views_dir)  # no database: views are folded again, never repaired


def _publish_empty(views_dir: Path) -> Connection:
    views_dir.mkdir(parents=True, exist_ok=True)
    file = views.next_file(views_dir)
    connection = views.create(file)
    views.publish(views_dir, file)
    return connection


def _is_of_another_schema(views_dir: Path) -> bool:
    """Whether there are views, and this code can neither read nor write them."""
    try:
        connection = views.open_reader(views.live_file(views_dir))
    except (Unavailable, ViewsDamaged):
        return False
    with closing(connection):
        try:
            return views.schema_number(connection) != view_schema.SCHEMA_NUMBER
        except views.FileError:
            return False  # broken: an empty one takes its place
