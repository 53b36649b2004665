"""The inbox, a directory that is watched: ``inbox/<source id>/<document>`` is published.

A document's modification time is when it was seen, so that reading it again after a restart is no
second observation. Files that begin with a dot or end in ``.part`` or ``.tmp`` are left alone; what
else lies there and is no document of a source is told once. Links are not followed: whoever may put
a file into the inbox may not thereby publish any file of this machine.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.ingest import report
from services.ingest.ahead import Parse, document, in_turn, unfenced
from services.ingest.fetch import redacted
from services.ingest.files import irregular, read_unlinked, shown
from services.ingest.observe import Sighting, Source
from services.ingest.parse.document import Problem, Reason
from services.ingest.publish import Publisher
from services.ingest.rejects import Rejects
from shared import clock
from shared.errors import Unavailable
from shared.faults import visible
from shared.instants import AHEAD_MAX, from_posix, too_far_ahead
from shared.news import SOURCE_ID
from shared.redis_log import RedisLog
from shared.reporting import Reporter
from shared.settings import Settings

SETTLED_S: Final = 1.0
"""A file younger than this may still be written."""
FILES_MAX: Final = 100_000
"""Documents of the inbox; more are left for the operator to sort."""
_UNFINISHED: Final = (".part", ".tmp")

Stamp = tuple[int, int]
"""Modification time in ns and size: another stamp is another document."""


@dataclass(frozen=True, slots=True)
class Landed:
    """A document as it lies in the inbox."""

    file: Path
    stamp: Stamp
    observed_at: datetime


@dataclass(slots=True)
class Inbox:
    """Documents in a directory, and which of them were published."""

    folder: Path
    publisher: Publisher
    logger: BoundLogger
    parse: Parse = unfenced
    stamp_by_file: dict[Path, Stamp] = field(default_factory=dict)
    """Of what lies there and was looked at."""
    unread_by_file: dict[Path, Stamp] = field(default_factory=dict)
    """Of documents that could not be read: told once, tried again at every look."""
    problems: Counter[Reason] = field(default_factory=Counter)
    """How many of each since the start."""
    is_too_full: bool = False
    """More lies there than is read; said when it begins."""
    rejects: Rejects = field(default_factory=Rejects)

    def landed(self, now: datetime) -> list[Landed]:
        """Documents that are new or changed and settled, oldest first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        files = self._files()
        # What went away is forgotten, so that the stamps are never more than the files.
        self.stamp_by_file = _only(files, self.stamp_by_file)
        self.unread_by_file = _only(files, self.unread_by_file)
        new = [one for file in files if (one := self._landed(file, now)) is not None]
        return sorted(new, key=lambda one: (one.observed_at, one.file))

    def _files(self) -> list[Path]:
        """What lies in the inbox, the first FILES_MAX by name."""
        files = [Path(path) for path in nsmallest(FILES_MAX + 1, _lying_in(self.folder))]
        was_too_full, self.is_too_full = self.is_too_full, len(files) > FILES_MAX
        if self.is_too_full and not was_too_full:
            self.logger.warning("inbox_too_full", read=FILES_MAX)
        return files[:FILES_MAX]

    def _landed(self, file: Path, now: datetime) -> Landed | None:
        """A file as a document; None: it is none, not settled, or was looked at already."""
        try:
            found = file.lstat()
        except OSError:
            return None  # it went away while we looked
        stamp = (found.st_mtime_ns, found.st_size)
        age_s = now.timestamp() - found.st_mtime
        is_young = -AHEAD_MAX.total_seconds() <= age_s < SETTLED_S
        if self.stamp_by_file.get(file) == stamp or is_young:
            return None
        problem = _misfit(self.folder, file, found.st_mode)
        seen = problem or _seen(file, found.st_mtime, now)
        if isinstance(seen, datetime):
            return Landed(file, stamp, seen)
        self._tell(file, seen)
        self.stamp_by_file[file] = stamp
        return None

    async def look(self, now: datetime) -> int:
        """Publish what has landed; how many documents were read.

        Raises:
            Unavailable: the log is away, or nothing can parse; what was not published is found
                again.
        """
        published = 0
        async with aclosing(in_turn(self.landed(now), self._read)) as landed:
            async for one, reading in landed:
                read = await reading
                if isinstance(read, Problem):
                    self._tell_unread(one, read)
                    continue
                await self._publish(one, read)
                self.stamp_by_file[one.file] = one.stamp
                published += 1
        return published

    async def _read(self, one: Landed) -> Sighting | Problem:
        source = Source(one.file.parent.name)
        return await document(one.file, source, one.observed_at, self.parse, read_unlinked)

    def _tell_unread(self, one: Landed, problem: Problem) -> None:
        if self.unread_by_file.get(one.file) != one.stamp:
            self._tell(one.file, problem)
            self.unread_by_file[one.file] = one.stamp

    async def _publish(self, one: Landed, read: Sighting) -> None:
        outcomes = await self.publisher.publish(read)
        said = report.outcomes(outcomes)
        report.count(self.rejects.counts, outcomes)
        self.logger.info("published", file=_told(one.file), source=read.source.id, outcomes=said)
        for problem in (*read.parsed.problems, *report.refusals(outcomes)):
            self._tell(one.file, problem)

    def _tell(self, file: Path, problem: Problem) -> None:
        self.problems[problem.reason] += 1
        self.rejects.problem(_source_of(self.folder, file), problem)
        where, detail = redacted(problem.where), redacted(problem.detail)
        self.logger.warning(
            "problem", file=_told(file), reason=problem.reason, where=where, detail=detail
        )

    def summary(self) -> str:
        """What was wrong since the start: ``2 problems: binary 1, empty 1``."""
        each = ", ".join(f"{reason} {count}" for reason, count in sorted(self.problems.items()))
        said = report.counted(self.problems.total(), "problem")
        return said + (f": {each}" if each else "")


def _only(files: Sequence[Path], stamp_by_file: Mapping[Path, Stamp]) -> dict[Path, Stamp]:
    return {file: stamp_by_file[file] for file in files if file in stamp_by_file}


def _source_of(inbox: Path, file: Path) -> str:
    """Whose a file is; empty: it lies in no folder of a source."""
    name = file.parent.name
    return name if file.parent != inbox and SOURCE_ID.fullmatch(name) else ""


def _told(file: Path) -> str:
    return visible(shown(str(file)))


def _lying_in(folder: Path) -> Iterator[str]:
    """Paths of what lies in the folders of an inbox, and of what lies there beside a folder.

    A folder that cannot be listed stands for itself.
    """
    for entry in _entries(folder):
        if not entry.is_dir(follow_symlinks=False):
            yield entry.path
            continue
        try:
            yield from (each.path for each in _entries(entry))
        except OSError:
            yield entry.path


def _entries(folder: Path | os.DirEntry[str]) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name[0] != "." and not entry.name.endswith(_UNFINISHED):
                yield entry


def _misfit(inbox: Path, file: Path, mode: int) -> Problem | None:
    """Why something in the inbox is no document of a source; None: it may be one."""
    if stat.S_ISDIR(mode):
        return _stray_folder(inbox, file)
    if stat.S_ISLNK(mode):
        detail = "expected a file, came a symbolic link, which is not followed; copy its document"
        return Problem("unreadable", shown(file.name), detail)
    if refused := irregular(file, mode):
        return refused
    if file.parent == inbox:
        detail = "expected a folder named as a source id, came a file; put it into such a folder"
        return Problem("unsupported", shown(file.name), detail)
    if not SOURCE_ID.fullmatch(file.parent.name):
        expected = "expected a folder named as a source id: lower-case letters, digits, hyphens"
        return Problem("unsupported", shown(file.parent.name), expected)
    return None


def _stray_folder(inbox: Path, folder: Path) -> Problem:
    """Why a folder stands where files do: it could not be listed, or lies too deep."""
    if folder.parent == inbox:
        detail = "expected a folder that can be listed; give ingest the right to"
        return Problem("unreadable", shown(folder.name), detail)
    detail = "expected a document, came a folder; put its documents into the folder above it"
    return Problem("unsupported", shown(folder.name), detail)


def _seen(file: Path, modified_s: float, now: datetime) -> datetime | Problem:
    """When a document was seen, or why that cannot be."""
    try:
        observed_at = from_posix(modified_s)
    except ValueError as error:
        return Problem("date-unreadable", shown(file.name), f"{error}; touch the file")
    if doubt := too_far_ahead(observed_at, now):
        return Problem("date-in-future", shown(file.name), f"{doubt}; touch the file")
    return observed_at


async def watch(
    inbox: Inbox,
    log: RedisLog,
    settings: Settings,
    is_stopping: Callable[[], bool],
    reporter: Reporter,
) -> None:
    """Look into the inbox again and again until told to stop; say once a second how it goes."""
    looked_at_s = -settings.inbox_interval_s
    fault: str | None = "has not looked into the inbox yet"
    is_safe = False
    while not is_stopping():
        if clock.monotonic_s() - looked_at_s >= settings.inbox_interval_s:
            looked_at_s = clock.monotonic_s()
            try:
                if not is_safe:
                    await log.check_durability(settings.durability)
                    is_safe = True
                await log.head("articles")
                await inbox.look(clock.now())
            except (Unavailable, OSError) as error:
                # What comes back may be another Redis: it is asked again how it keeps events.
                fault, is_safe = str(error), False
            else:
                fault = None
        detail = fault or f"watching {settings.inbox_dir}; {inbox.summary()}"
        reporter.say(is_ready=fault is None, detail=detail)
        await asyncio.sleep(min(1.0, settings.inbox_interval_s))
