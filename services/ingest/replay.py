"""Replay: publish a recording, any number of times with the same result."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar, assert_never

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from services.ingest import report
from services.ingest.ahead import Parse, document, in_turn, unfenced
from services.ingest.domain import PublishOutcome
from services.ingest.drafts import runs
from services.ingest.files import irregular, read, shown, unreadable
from services.ingest.observe import Sighting, Source
from services.ingest.pace import Pace, by_instant, observed_at
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.publish import Publisher
from services.ingest.pushed import read_pushed
from services.ingest.recording import (
    EVENT_SUFFIXES,
    MANIFEST,
    MANIFEST_BYTES_MAX,
    RECORDS_MAX,
    DocumentRecord,
    EventsRecord,
    PushRecord,
    Record,
    Unusable,
    read_events,
    read_manifest,
    source_named,
)
from shared.consumer import stop_if_asked
from shared.errors import Unavailable
from shared.faultpoints import reach
from shared.faults import visible
from shared.instants import from_posix, rfc3339, too_far_ahead

EVENTS_BYTES_MAX = 100_000_000
"""Of a file of recorded events, which is read whole."""
AWAY_S_MAX = 30.0
"""So long a replay waits for a log that is away; a large log is loaded in less."""
_PAUSE_S_MIN: Final = 0.1
_PAUSE_S_MAX: Final = 2.0

_T = TypeVar("_T")

Reading = Awaitable[Sighting | Problem | None]
"""What is being read of a record ahead of its turn; None: it is no document."""
Due = Callable[[datetime], Awaitable[None]]
"""Waits until what was recorded at an instant is due."""


@dataclass(slots=True)
class Replayed:
    """What a replay did."""

    outcomes: list[PublishOutcome]
    problems: list[Problem]


def records(path: Path, source: str | None) -> list[Record] | Problem:
    """What there is to replay at a path, at least one; ``source`` overrides the names of files."""
    try:
        if not path.is_dir():
            only = _record(path, source)
            return only.problem if isinstance(only, Unusable) else [only]
        if os.path.lexists(path / MANIFEST):
            return _manifest(path / MANIFEST, path)
        return _directory(path, source)
    except (OSError, ValueError) as error:
        return unreadable(path, error)


def _manifest(manifest: Path, folder: Path) -> list[Record] | Problem:
    data = read(manifest, MANIFEST_BYTES_MAX)
    if isinstance(data, Problem):
        return data
    if len(data) > MANIFEST_BYTES_MAX:
        expected = f"expected at most {MANIFEST_BYTES_MAX} bytes, found more; make several of it"
        return Problem("manifest-invalid", MANIFEST, expected)
    try:
        return read_manifest(data.decode("utf-8"), folder)
    except UnicodeDecodeError as error:
        return Problem("manifest-invalid", MANIFEST, f"expected UTF-8: {error}")


def _directory(folder: Path, source: str | None) -> list[Record] | Problem:
    """What lies in a directory, by when it was seen; hidden files are left alone."""
    where = shown(str(folder))
    with os.scandir(folder) as entries:
        seen = (Path(entry.path) for entry in entries if entry.name[0] != ".")
        found = list(islice(seen, RECORDS_MAX + 1))
    if len(found) > RECORDS_MAX:
        expected = f"expected at most {RECORDS_MAX} files, found more; replay them in parts"
        return Problem("too-many-entries", where, expected)
    if not found:
        return Problem("empty", where, "expected documents, found none in the directory")
    found.sort(key=lambda file: (_modified_ns(file), file.name))
    return [_record(file, source) for file in found]


def _modified_ns(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # it went away, or is a link to nothing: _record says so


def _record(file: Path, source: str | None) -> Record:
    try:
        found = file.stat()
    except (OSError, ValueError) as error:
        return Unusable(file, unreadable(file, error))
    if refused := irregular(file, found.st_mode):
        return Unusable(file, refused)
    if file.suffix in EVENT_SUFFIXES:
        return EventsRecord(file)
    named, where = source or source_named(file.stem), shown(str(file))
    if not named:
        expected = "expected a name that a source id can be made of; name it with --source"
        return Unusable(file, Problem("unsupported", where, expected))
    try:
        return DocumentRecord(file, Source(named), seen_at(found))
    except ValueError as error:
        return Unusable(file, Problem("date-unreadable", where, f"{error}; touch the file"))


def seen_at(found: os.stat_result) -> datetime:
    """When a document was seen: its modification time, the same for every replay.

    Raises:
        ValueError: its time is no year from 1 to 9999.
    """
    return from_posix(found.st_mtime)


def naming(path: Path, found: Sequence[Record], source: str | None) -> str | None:
    """Where the source of what is not named comes from; None: it was said."""
    if source is not None or os.path.lexists(path / MANIFEST):
        return None
    named = {record.source.id for record in found if isinstance(record, DocumentRecord)}
    if len(named) > 1:
        return f"sources: {len(named)} (from the files' names; --source names one for all)"
    for one in named:
        return f"source: {one} (from the file's name; --source names another)"
    return None


def read_document(path: Path, source: Source, observed_at: datetime) -> Sighting | Problem:
    """A document read and parsed in this process; at most one byte more than is taken is read."""
    data = read(path, DOCUMENT_BYTES_MAX)
    if isinstance(data, Problem):
        return data
    return Sighting(parse(data, Arrival(observed_at.date())), source, observed_at)


async def replay(
    found: Sequence[Record],
    publisher: Publisher,
    console: Console,
    pace: Pace | None = None,
    parse: Parse = unfenced,
) -> Replayed:
    """Publish records in their order, with progress on the console; no pace: as fast as it goes.

    Raises:
        Unavailable: the log was away for AWAY_S_MAX, or nothing can parse.
    """
    done = Replayed([], [])
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), console=console, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("replay", total=len(found))

        async def due(at: datetime) -> None:
            if pace is not None:
                progress.update(task, description=f"replay {rfc3339(at)}")
                await pace.until(at)

        async with aclosing(in_turn(found, partial(_read, parse=parse))) as records_in_turn:
            async for record, reading in records_in_turn:
                outcomes, problems = await _publish(
                    record, reading, publisher, due if pace else None
                )
                done.outcomes += outcomes
                done.problems += problems
                progress.advance(task)
                _say_outcome(console, record, outcomes, problems)
                reach("ingest.appended")
    return done


async def _read(record: Record, parse: Parse) -> Sighting | Problem | None:
    """What a document holds; None: the record is none."""
    if not isinstance(record, DocumentRecord):
        return None
    return await document(Path(record.path), record.source, record.observed_at, parse)


def _say_outcome(
    console: Console,
    record: Record,
    outcomes: Sequence[PublishOutcome],
    problems: Sequence[Problem],
) -> None:
    say(console, f"{shown(record.path.name)}: {report.outcomes(outcomes)}")
    for problem in problems:
        say(console, f"  {report.problem_text(problem)}")


def say(console: Console, line: str) -> None:
    """A line as it stands: no markup or emoji of ours is seen in it, and nothing steers."""
    console.print(Text(visible(line)), highlight=False)


async def patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """What a call of the log gives, made again while the log is away; publishing twice is harmless.

    Raises:
        Unavailable: it was away for AWAY_S_MAX.
    """
    waited_s, pause_s = 0.0, _PAUSE_S_MIN
    while True:
        stop_if_asked()
        try:
            return await call()
        except Unavailable:
            if waited_s >= AWAY_S_MAX:
                raise
        await asyncio.sleep(pause_s)
        waited_s, pause_s = waited_s + pause_s, min(2 * pause_s, _PAUSE_S_MAX)


async def _publish(
    record: Record, reading: Reading, publisher: Publisher, due: Due | None
) -> tuple[list[PublishOutcome], list[Problem]]:
    match record:
        case Unusable(problem=problem):
            return [], [problem]
        case EventsRecord(path=path):
            return await _publish_events(Path(path), publisher, due)
        case PushRecord():
            if due:
                await due(record.observed_at)
            return await _publish_pushed(record, publisher)
        case DocumentRecord():
            if due:
                await due(record.observed_at)
            return await _publish_document(record, reading, publisher)
        case _:
            assert_never(record)


async def _publish_document(
    record: DocumentRecord, reading: Reading, publisher: Publisher
) -> tuple[list[PublishOutcome], list[Problem]]:
    if doubt := too_far_ahead(record.observed_at, publisher.now()):
        said = f"{doubt}; mend when it was observed"
        return [], [Problem("date-in-future", shown(str(record.path)), said)]
    sighting = await reading
    if not isinstance(sighting, Sighting):
        return [], [sighting] if sighting else []
    outcomes = await patiently(lambda: publisher.publish(sighting))
    return outcomes, [*sighting.parsed.problems, *report.refusals(outcomes)]


async def _publish_pushed(
    record: PushRecord, publisher: Publisher
) -> tuple[list[PublishOutcome], list[Problem]]:
    data = _events_file(Path(record.path))
    if isinstance(data, Problem):
        return [], [data]
    if said := too_far_ahead(record.observed_at, publisher.now()):
        return [], [Problem("date-in-future", shown(str(record.path)), said)]
    pushed, problems = read_pushed(data, record.source.id, record.observed_at)
    outcomes: list[PublishOutcome] = []
    for run in runs(pushed):
        outcomes += await patiently(partial(publisher.publish_run, run))
        reach("ingest.appended")
    return outcomes, problems + report.refusals(outcomes)


async def _publish_events(
    path: Path, publisher: Publisher, due: Due | None
) -> tuple[list[PublishOutcome], list[Problem]]:
    data = _events_file(path)
    if isinstance(data, Problem):
        return [], [data]
    recorded, problems = read_events(data, publisher.now())
    if not recorded and not problems:
        said = "expected recorded events, one a line, found none"
        return [], [Problem("empty", shown(str(path)), said)]
    outcomes: list[PublishOutcome] = []
    for run in runs(recorded):
        for part in by_instant(run) if due else (run,):
            if due:
                await due(observed_at(part[0]))
            outcomes += await patiently(partial(publisher.publish_run, part))
            reach("ingest.appended")
    return outcomes, problems + report.refusals(outcomes)


def _events_file(path: Path) -> bytes | Problem:
    data = read(path, EVENTS_BYTES_MAX)
    if isinstance(data, bytes) and len(data) > EVENTS_BYTES_MAX:
        said = f"expected at most {EVENTS_BYTES_MAX} bytes, found more; split the file"
        return Problem("too-large", shown(str(path)), said)
    return data


def summary(done: Replayed) -> Iterator[str]:
    """What a replay did, for a person."""
    yield f"replayed: {report.outcomes(done.outcomes)}; problems: {len(done.problems)}"
