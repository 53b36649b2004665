"""``newswire rebuild``: fold the log into a new view file beside the live one, then swap them.

Readers see the old file until the swap and the new one from then on, never less than before. The
old file is kept as the previous one until the next rebuild, so that a rebuild can be taken back:
folded up to where the live one stands, and swapped likewise.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.projection import late
from services.projection.fold import STREAM, Fold
from shared import view_schema, views
from shared.embedded import try_lock
from shared.errors import Rejected, Unavailable, ViewsDamaged
from shared.log import Log
from shared.streams import Checkpoint
from shared.views import BusyError, Connection

FOLD_COUNT: Final = 500
"""Events of one read."""
HALF: Final = "rebuild.sqlite"
"""What the new file is called until it is whole."""

Told = Callable[[int, int], None]
"""Hears how far a rebuild has come: the seq that is folded, and the head."""


async def rebuild(
    views_dir: Path, log: Log, code_version: str, logger: BoundLogger, told: Told
) -> Checkpoint:
    """Fold the wire into a new file and publish it; where it stands.

    The projection may go on meanwhile, and takes the new file up by itself. Until the swap, which
    is one rename, nothing has changed: a rebuild that ends in between leaves half a file, which
    the next start removes.

    Raises:
        Unavailable: another rebuild runs, the log is away, or the disk refuses.
        LogDamaged: the log does not go back to its beginning.
        RunOfFailuresError: the code fails at ten events one after the other.
    """
    with alone(_lock(views_dir), "rebuild"):
        half = views_dir / HALF
        views.remove(half)
        try:
            with closing(views.create(half)) as connection:
                fold = Fold(connection, code_version, logger)
                await _catch_up(fold, log, told)
                await _publish(fold, log, views_dir)
            views.sweep(views_dir)
        except (views.FileError, OSError) as error:
            raise Unavailable(f"the new view file cannot be written: {error}") from error
        finally:
            views.remove(half)
        return fold.at


async def _catch_up(fold: Fold, log: Log, told: Told) -> None:
    is_behind = True
    while is_behind:
        entries = await log.follow(STREAM, fold.at, count=FOLD_COUNT)
        if entries:
            await fold.take(entries)
        told(fold.at.seq, max(fold.at.seq, (await log.head(STREAM)).seq))
        is_behind = len(entries) == FOLD_COUNT


async def _publish(fold: Fold, log: Log, views_dir: Path) -> None:
    """Give the new file its name and make it the live one."""
    async with _level(fold, log, views_dir):
        file = views.next_file(views_dir)
        (views_dir / HALF).replace(file)
        views.exchange(views_dir, file)


@asynccontextmanager
async def _level(fold: Fold, log: Log, views_dir: Path) -> AsyncIterator[None]:
    """With a folded file, closed, that shows no less than the live one, to which nobody writes.

    The files are swapped inside, so that no reader goes back.
    """
    live, shown = _hold(views_dir)
    try:
        while fold.at.seq < shown and (
            entries := await log.follow(STREAM, fold.at, count=FOLD_COUNT)
        ):
            await fold.take(entries)
        with suppress(Unavailable):  # there are no views yet: nobody has read any
            late.carry_over(views.live_file(views_dir), fold.connection)
        fold.connection.close()  # SQLite moves what it kept beside the file into it
        yield
    finally:
        if live is not None:
            live.close()


def _hold(views_dir: Path) -> tuple[Connection | None, int]:
    """The live file with its write lock, and the seq that it shows; None: it shows nothing."""
    try:
        live = views.open_writer(views.live_file(views_dir))
    except (Unavailable, ViewsDamaged):
        return None, 0
    try:
        if views.schema_number(live) == view_schema.SCHEMA_NUMBER:
            live.execute("BEGIN IMMEDIATE")
            return live, views.checkpoint(live, STREAM).seq
    except BusyError as error:
        live.close()
        raise Unavailable(f"the live views cannot be held: {error}") from error
    except views.FileError:
        pass  # broken: that is why it is rebuilt
    live.close()
    return None, 0


async def back(
    views_dir: Path, log: Log, code_version: str, logger: BoundLogger, told: Told
) -> Path:
    """Publish the previous view file again, and keep the live one as the previous; its path.

    It is folded up to where the live one stands before: what was taken back since is not shown.

    Raises:
        Unavailable: a rebuild runs, the log is away, or the disk refuses.
        Rejected: there is none, or this code cannot read it.
        LogDamaged: the log is not the one that the previous file was folded from.
        RunOfFailuresError: the code fails at ten events one after the other.
    """
    with alone(_lock(views_dir), "rebuild"):
        file = views.previous_file(views_dir)
        if file is None:
            raise Rejected("there is no previous view file; `newswire rebuild` makes one")
        try:
            with closing(views.open_writer(file)) as connection:
                _check_schema(connection)
                fold = Fold(connection, code_version, logger)
                await _catch_up(fold, log, told)
                async with _level(fold, log, views_dir):
                    views.exchange(views_dir, file)
        except views.FileError as error:
            raise Unavailable(f"the previous view file cannot be written: {error}") from error
        return file


def _check_schema(connection: Connection) -> None:
    number = views.schema_number(connection)
    if number != view_schema.SCHEMA_NUMBER:
        raise Rejected(
            f"the previous view file has schema {number}, this version reads "
            f"{view_schema.SCHEMA_NUMBER}; run `newswire rebuild`"
        )


def remove_half(views_dir: Path) -> None:
    """Remove what a rebuild left that was killed; one that runs is left alone."""
    if (views_dir / HALF).exists() and (lock := try_lock(_lock(views_dir))) is not None:
        views.remove(views_dir / HALF)
        os.close(lock)


@contextmanager
def alone(lock: Path, what: str) -> Iterator[None]:
    """Hold a lock file meanwhile.

    Raises:
        Unavailable: another process does the same, or the folder of the views refuses.
    """
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = try_lock(lock)
    except OSError as error:
        raise Unavailable(f"the views cannot be written: {error}") from error
    if held is None:
        raise Unavailable(f"another {what} of these views runs; wait for its end")
    try:
        yield
    finally:
        os.close(held)


def _lock(views_dir: Path) -> Path:
    return views_dir / "rebuild.lock"
