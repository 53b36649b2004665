"""The inbox, a directory that is watched: ``inbox/<source id>/<document>`` is published.

A document's modification time is when it was seen, so that reading it again after a restart is no
second observation. Files that begin with a dot or end in ``.part`` or ``.tmp`` are left alone.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.ingest import report
from services.ingest.observe import Source
from services.ingest.parse.document import Problem, Reason
from services.ingest.publish import Publisher
from services.ingest.replay import read_document, shown
from shared import clock, health
from shared.errors import Unavailable
from shared.instants import rfc3339
from shared.news import SOURCE_ID
from shared.redis_log import RedisLog
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
    stamp_by_file: dict[Path, Stamp] = field(default_factory=dict)
    problems: Counter[Reason] = field(default_factory=Counter)
    """How many of each since the start."""

    def landed(self, now: datetime) -> list[Landed]:
        """Documents that are new or changed and settled, oldest first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        files = sorted(self.folder.glob("*/*"))
        if len(files) > FILES_MAX:
            self.logger.warning("inbox_too_full", files=len(files), read=FILES_MAX)
        found = [self._landed(file, now) for file in files[:FILES_MAX]]
        new = [one for one in found if one is not None]
        return sorted(new, key=lambda one: (one.observed_at, one.file))

    def _landed(self, file: Path, now: datetime) -> Landed | None:
        """A file as a document; None: it is none, not settled, or was looked at already."""
        try:
            if not _is_document(file):
                return None
            stat = file.stat()
        except OSError:
            return None  # it went away while we looked
        stamp = (stat.st_mtime_ns, stat.st_size)
        if self.stamp_by_file.get(file) == stamp:
            return None
        problem, observed_at = _seen(file, stat.st_mtime, now)
        if problem is not None:
            self._tell(file, problem)
            self.stamp_by_file[file] = stamp
            return None
        is_settled = observed_at <= now - timedelta(seconds=SETTLED_S)
        return Landed(file, stamp, observed_at) if is_settled else None

    async def look(self, now: datetime) -> int:
        """Publish what has landed; how many documents.

        Raises:
            Unavailable: the log is away; what was not published is found again.
        """
        found = self.landed(now)
        for one in found:
            await self._publish(one)
            self.stamp_by_file[one.file] = one.stamp
        return len(found)

    async def _publish(self, one: Landed) -> None:
        source = Source(one.file.parent.name)
        read = read_document(one.file, source, one.observed_at)
        if isinstance(read, Problem):
            self._tell(one.file, read)
            return
        outcomes = await self.publisher.publish(read)
        said = report.outcomes(outcomes)
        self.logger.info("published", file=shown(str(one.file)), source=source.id, outcomes=said)
        for problem in (*read.parsed.problems, *report.refusals(outcomes)):
            self._tell(one.file, problem)

    def _tell(self, file: Path, problem: Problem) -> None:
        self.problems[problem.reason] += 1
        self.logger.warning(
            "problem", file=shown(str(file)), reason=problem.reason, where=problem.where,
            detail=problem.detail,
        )  # fmt: skip

    def summary(self) -> str:
        """What was wrong since the start: ``2 problems: binary 1, empty 1``."""
        each = ", ".join(f"{reason} {count}" for reason, count in sorted(self.problems.items()))
        return f"{self.problems.total()} problems" + (f": {each}" if each else "")


def _seen(file: Path, modified_s: float, now: datetime) -> tuple[Problem | None, datetime]:
    """When a document was seen, and why it cannot be taken."""
    name = shown(file.parent.name)
    if not SOURCE_ID.fullmatch(file.parent.name):
        expected = "expected a folder named as a source id: lower-case letters, digits, hyphens"
        return Problem("unsupported", name, expected), now
    try:
        observed_at = datetime.fromtimestamp(modified_s, UTC)
    except (ValueError, OverflowError, OSError) as error:
        return Problem("date-unreadable", shown(file.name), f"its modification time: {error}"), now
    if observed_at > now + timedelta(days=1):
        detail = f"its modification time is {observed_at.isoformat()}; touch the file"
        return Problem("date-in-future", shown(file.name), detail), now
    return None, observed_at


async def watch(
    inbox: Inbox, log: RedisLog, settings: Settings, is_stopping: Callable[[], bool]
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
        _report(settings, fault, f"watching {settings.inbox_dir}; {inbox.summary()}")
        await asyncio.sleep(min(1.0, settings.inbox_interval_s))


def _report(settings: Settings, fault: str | None, detail: str) -> None:
    at = rfc3339(clock.now())
    is_ready = fault is None
    health.write(
        settings.run_dir, health.Report("ingest", os.getpid(), is_ready, at, fault or detail)
    )


def _is_document(file: Path) -> bool:
    is_hidden = file.name[0] == "." or file.parent.name[0] == "."
    return file.is_file() and not is_hidden and file.suffix not in _UNFINISHED
