"""The inbox, a directory that is watched: ``inbox/<source id>/<document>`` is published.

A document's modification time is when it was seen, so that reading it again after a restart is no
second observation. Files that begin with a dot or end in ``.part`` or ``.tmp`` are left alone.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.ingest import report
from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from services.ingest.publish import Publisher
from services.ingest.recording import source_named
from services.ingest.replay import read_document, seen_at
from shared import clock, health
from shared.errors import Unavailable
from shared.instants import rfc3339
from shared.redis_log import RedisLog
from shared.settings import Settings

SETTLED_S: Final = 1.0
"""A file younger than this may still be written."""
FILES_MAX: Final = 100_000
"""Documents of the inbox; more are left for the operator to sort."""
_UNFINISHED: Final = (".part", ".tmp")

Stamp = tuple[int, int]
"""Modification time in ns and size: another stamp is another document."""


@dataclass(slots=True)
class Inbox:
    """Documents in a directory, and which of them were published."""

    folder: Path
    publisher: Publisher
    logger: BoundLogger
    stamp_by_file: dict[Path, Stamp] = field(default_factory=dict)

    def landed(self, now: datetime) -> list[Path]:
        """Documents that are new or changed and settled, oldest first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        settled_at = now - timedelta(seconds=SETTLED_S)
        found = [
            file
            for file in sorted(self.folder.glob("*/*"))[:FILES_MAX]
            if _is_document(file)
            and seen_at(file) <= settled_at
            and self.stamp_by_file.get(file) != _stamp(file)
        ]
        return sorted(found, key=lambda file: (seen_at(file), file))

    async def look(self, now: datetime) -> int:
        """Publish what has landed; how many documents.

        Raises:
            Unavailable: the log is away; what was not published is found again.
        """
        files = self.landed(now)
        for file in files:
            stamp = _stamp(file)
            await self._publish(file)
            self.stamp_by_file[file] = stamp
        return len(files)

    async def _publish(self, file: Path) -> None:
        source = Source(source_named(file.parent.name))
        read = read_document(file, source, seen_at(file))
        if isinstance(read, Problem):
            self.logger.warning("not_read", file=str(file), reason=read.reason, detail=read.detail)
            return
        outcomes = await self.publisher.publish(read)
        self.logger.info(
            "published", file=str(file), source=source.id, outcomes=report.outcomes(outcomes)
        )
        for problem in (*read.parsed.problems, *report.refusals(outcomes)):
            self.logger.warning(
                "problem", file=str(file), reason=problem.reason, where=problem.where,
                detail=problem.detail,
            )  # fmt: skip


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
                fault = str(error)
            else:
                fault = None
        _report(settings, fault)
        await asyncio.sleep(min(1.0, settings.inbox_interval_s))


def _report(settings: Settings, fault: str | None) -> None:
    detail = fault or f"watching {settings.inbox_dir}"
    at = rfc3339(clock.now())
    report_now = health.Report("ingest", os.getpid(), fault is None, at, detail)
    health.write(settings.run_dir, report_now)


def _is_document(file: Path) -> bool:
    is_hidden = file.name[0] == "." or file.parent.name[0] == "."
    return file.is_file() and not is_hidden and file.suffix not in _UNFINISHED


def _stamp(file: Path) -> Stamp:
    stat = file.stat()
    return stat.st_mtime_ns, stat.st_size
