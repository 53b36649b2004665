"""Replay: publish a recording, any number of times with the same result."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.ingest import report
from services.ingest.domain import PublishOutcome
from services.ingest.drafts import runs
from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.publish import Publisher
from services.ingest.recording import (
    EVENT_SUFFIXES,
    MANIFEST,
    DocumentRecord,
    EventsRecord,
    Record,
    read_events,
    read_manifest,
    source_named,
)
from shared.errors import Unavailable
from shared.faultpoints import reach

EVENTS_BYTES_MAX = 100_000_000
"""Of a file of recorded events, which is read whole."""
AWAY_S_MAX = 30.0
"""So long a replay waits for a log that is away; a large log is loaded in less."""
_PAUSE_S_MIN: Final = 0.1
_PAUSE_S_MAX: Final = 2.0

_T = TypeVar("_T")


@dataclass(slots=True)
class Replayed:
    """What a replay did."""

    outcomes: list[PublishOutcome]
    problems: list[Problem]


def records(path: Path, source: str | None) -> list[Record] | Problem:
    """What there is to replay at a path; ``source`` overrides the name made of the file's."""
    try:
        if path.is_dir():
            if (path / MANIFEST).exists():
                return _manifest(path / MANIFEST, path)
            return _records(_files(path), source)
        if path.exists():
            return _records([path], source)
    except (OSError, OverflowError, ValueError) as error:
        return Problem("unreadable", shown(str(path)), f"expected files with usable dates: {error}")
    return Problem("unreadable", shown(str(path)), "expected a file or a directory, found nothing")


def _records(files: Sequence[Path], source: str | None) -> list[Record] | Problem:
    for file in files:
        if source is None and file.suffix not in EVENT_SUFFIXES and not source_named(file.stem):
            expected = "expected a name that a source id can be made of; name it with --source"
            return Problem("unsupported", shown(file.name), expected)
    return [_record(file, source) for file in files]


def _manifest(manifest: Path, folder: Path) -> list[Record] | Problem:
    try:
        text = manifest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Problem("manifest-invalid", MANIFEST, f"expected a readable UTF-8 file: {error}")
    return read_manifest(text, folder)


def shown(name: str) -> str:
    """A file name that can be printed: bytes that are no UTF-8 come out as question marks."""
    return name.encode("utf-8", "replace").decode()


def _files(folder: Path) -> list[Path]:
    """Its documents, by when they were seen."""
    found = [file for file in folder.iterdir() if file.is_file() and file.name[0] != "."]
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file.name))


def _record(file: Path, source: str | None) -> Record:
    if file.suffix in EVENT_SUFFIXES:
        return EventsRecord(file)
    return DocumentRecord(file, Source(source or source_named(file.stem)), seen_at(file))


def seen_at(file: Path) -> datetime:
    """When a document was seen: its modification time, the same for every replay."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def read_document(path: Path, source: Source, observed_at: datetime) -> Sighting | Problem:
    """A document read and parsed; at most one byte more than is taken is read."""
    try:
        with path.open("rb") as file:
            data = file.read(DOCUMENT_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    return Sighting(parse(data, observed_on=observed_at.date()), source, observed_at)


def _unreadable(path: Path, error: OSError | ValueError) -> Problem:
    why = getattr(error, "strerror", None) or error
    return Problem("unreadable", shown(str(path)), f"expected a readable file: {why}")


async def replay(found: Sequence[Record], publisher: Publisher, console: Console) -> Replayed:
    """Publish records in their order, with progress on the console."""
    done = Replayed([], [])
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=console, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("replay", total=len(found))
        for record in found:
            outcomes, problems = await _publish(record, publisher)
            done.outcomes += outcomes
            done.problems += problems
            progress.advance(task)
            said = f"{shown(record.path.name)}: {report.outcomes(outcomes)}"
            console.print(said, highlight=False, markup=False)
            for problem in problems:
                said = f"  {problem.reason} at {problem.where}: {problem.detail}"
                console.print(said, highlight=False, markup=False)
            reach("ingest.appended")
    return done


async def patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """What a call of the log gives, made again while the log is away; publishing twice is harmless.

    Raises:
        Unavailable: it was away for AWAY_S_MAX.
    """
    waited_s, pause_s = 0.0, _PAUSE_S_MIN
    while True:
        try:
            return await call()
        except Unavailable:
            if waited_s >= AWAY_S_MAX:
                raise
        await asyncio.sleep(pause_s)
        waited_s, pause_s = waited_s + pause_s, min(2 * pause_s, _PAUSE_S_MAX)


async def _publish(
    record: Record, publisher: Publisher
) -> tuple[list[PublishOutcome], list[Problem]]:
    if isinstance(record, EventsRecord):
        return await _publish_events(Path(record.path), publisher)
    read = read_document(Path(record.path), record.source, record.observed_at)
    if isinstance(read, Problem):
        return [], [read]
    outcomes = await patiently(lambda: publisher.publish(read))
    return outcomes, [*read.parsed.problems, *report.refusals(outcomes)]


async def _publish_events(
    path: Path, publisher: Publisher
) -> tuple[list[PublishOutcome], list[Problem]]:
    try:
        with path.open("rb") as file:
            data = file.read(EVENTS_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        return [], [_unreadable(path, error)]
    if len(data) > EVENTS_BYTES_MAX:
        return [], [Problem("too-large", str(path), f"expected at most {EVENTS_BYTES_MAX} bytes")]
    recorded, problems = read_events(data)
    outcomes: list[PublishOutcome] = []
    for run in runs(recorded):
        outcomes += await patiently(partial(publisher.publish_run, run))
        reach("ingest.appended")
    return outcomes, problems + report.refusals(outcomes)


def summary(done: Replayed) -> Iterator[str]:
    """What a replay did, for a person."""
    yield f"replayed: {report.outcomes(done.outcomes)}; problems: {len(done.problems)}"
