"""Export and import put together: the files, the settings, the progress."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO, Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.ingest import sums
from services.ingest.archive import LINE_BYTES_MAX, Header, Reader
from services.ingest.archiving import Summary, Told, check, export, restore, summarised
from shared import clock, settings
from shared.errors import Rejected
from shared.faults import visible
from shared.instants import rfc3339
from shared.redis_archive import RedisArchive
from shared.redis_log import RedisLog

_STANDARD: Final = "-"


async def export_log(file: str | None) -> int:
    """Write the log to a file, ``-`` for stdout; None: nowhere, only what it comes to is told."""
    chosen = settings.read(os.environ)
    async with AsyncExitStack() as opened:
        archive, log = _doors(chosen, opened)
        cut = await archive.cut()
        total = sum(head.seq for head in cut.heads.values())
        with _progress("export", total) as told:
            if file is None:
                summary = await summarised(archive, log, told)
            else:
                with written(file) as out:
                    stamp = (chosen.desk, rfc3339(clock.now()))
                    summary = await export(archive, log, stamp, out.write, told)
    _say(summary, sys.stderr if file == _STANDARD else sys.stdout)
    return 0


async def import_log(file: str) -> int:
    """Restore a log from a file, ``-`` for stdin; a file is checked before the first write."""
    chosen = settings.read(os.environ)
    async with AsyncExitStack() as opened:
        archive, log = _doors(chosen, opened)
        await log.check_durability(chosen.durability)
        with _read(file) as lines_of:
            total = _total(lines_of) if lines_of.can_rewind else None
            if lines_of.can_rewind:
                with _progress("check", total) as told:
                    check(lines_of.all(), told)
            with _progress("import", total) as told:
                summary = await restore(lines_of.all(), archive, log, told)
    _say(summary, sys.stdout)
    return 0


def _doors(chosen: settings.Settings, opened: AsyncExitStack) -> tuple[RedisArchive, RedisLog]:
    archive = RedisArchive(chosen.redis_url, chosen.desk)
    opened.push_async_callback(archive.close)
    log = RedisLog(chosen.redis_url, chosen.desk)
    opened.push_async_callback(log.close)
    return archive, log


@contextmanager
def written(name: str) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all, for its owner only; or stdout, or a pipe.

    An archive holds what is embargoed and withheld.

    Raises:
        Rejected: it cannot be written.
    """
    try:
        if name == _STANDARD or _is_special(Path(name)):
            with _plain(name) as out:
                yield out
        else:
            with _draft(Path(name)) as out:
                yield out
    except OSError as refusal:
        raise Rejected(f"Cannot write {visible(name)}: {refusal.strerror}.") from refusal


@contextmanager
def _plain(name: str) -> Iterator[BinaryIO]:
    where = os.dup(sys.stdout.fileno()) if name == _STANDARD else name
    out = open(where, "wb")  # noqa: SIM115, PTH123 - closed below; it may be a descriptor
    try:
        yield out
        out.flush()
    finally:
        with suppress(OSError):  # what was not written has been said already
            out.close()


@contextmanager
def _draft(target: Path) -> Iterator[BinaryIO]:
    # Of a name of its own, and for its owner only: two exports to one file are both whole.
    descriptor, name = mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(descriptor)
        draft.replace(target)
    except BaseException:  # also Ctrl-C: half an archive is none
        draft.unlink(missing_ok=True)
        raise


def _is_special(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


class _Lines:
    """The lines of an archive, from its beginning as often as it can be rewound."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.can_rewind = file.seekable()

    def all(self) -> Iterator[bytes]:
        """Every line; one that is too long comes cut, and is refused for that."""
        if self.can_rewind:
            self._file.seek(0)
        while line := self._file.readline(LINE_BYTES_MAX):
            yield line


@contextmanager
def _read(name: str) -> Iterator[_Lines]:
    where = os.dup(sys.stdin.fileno()) if name == _STANDARD else name
    try:
        with open(where, "rb") as file:  # noqa: PTH123 - it may be a descriptor
            yield _Lines(file)
    except OSError as refusal:
        raise Rejected(f"Cannot read {visible(name)}: {refusal.strerror}.") from refusal


def _total(lines: _Lines) -> int | None:
    """How many events an archive says it has; None: its first line says nothing."""
    for line in lines.all():
        item = Reader().take(line)
        return sum(item.heads.values()) if isinstance(item, Header) else None
    return None


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=Console(stderr=True), disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done: progress.advance(task, done)


def _say(summary: Summary, out: TextIO) -> None:
    out.writelines(f"{line}\n" for line in sums.lines(summary.sums))
    stands: dict[str, list[str]] = {}
    for consumer, name, at in summary.standings:
        stands.setdefault(consumer, []).append(f"{name} {at.seq}")
    out.writelines(f"{consumer}: at {', '.join(each)}\n" for consumer, each in stands.items())
