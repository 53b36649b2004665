"""``newswire verify``: fold the log afresh into a second file and compare, row for row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from structlog.stdlib import BoundLogger

from services.projection.fold import STREAM, Fold
from services.projection.rebuild import FOLD_COUNT, alone
from shared import view_schema, views
from shared.errors import Rejected, Unavailable
from shared.log import Log
from shared.search.parts import vocabulary
from shared.streams import ORIGIN, Checkpoint
from shared.views import Connection

DIFFERENCES_MAX: Final = 20
"""Rows named per table; more are counted."""

_UNCOMPARED: Final = frozenset({"error", "attempts", "code_version"})
"""Of a parked event: how it failed may differ from one version of the code to the next."""


@dataclass(frozen=True, slots=True)
class TableResult:
    """One table of the live file against a fresh fold."""

    table: str
    rows: int
    digest: str
    """SHA-256 over the live rows, in the order of their key."""
    differing: tuple[str, ...]
    """Keys of rows that differ, are missing or are too many."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The live file against a fresh fold up to its checkpoint."""

    checkpoint: Checkpoint
    tables: tuple[TableResult, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every row is what the log makes of it."""
        return not any(table.differing for table in self.tables)


async def verify(views_dir: Path, log: Log, code_version: str, logger: BoundLogger) -> Verification:
    """Compare the live views with a fresh fold of the log; the projection may go on meanwhile.

    Raises:
        Unavailable: there are no views, another verify runs, the log is away, or the disk refuses.
        ViewsDamaged: the live views are no database.
        LogDamaged: the log does not go back to its beginning.
        Rejected: the log ends before the live views, or holds another event where they stand.
        RunOfFailuresError: the code fails at ten events one after the other.
    """
    live_file = views.live_file(views_dir)
    copy, fresh = views_dir / "verify-live.sqlite", views_dir / "verify-fresh.sqlite"
    with alone(views_dir / "verify.lock", "verify"):
        try:
            views.remove(copy)
            views.remove(fresh)
            with (
                closing(views.snapshot(live_file, copy)) as live,
                closing(views.create(fresh)) as folded,
            ):
                until = views.checkpoint(live, STREAM)
                await _fold_until(Fold(folded, code_version, logger), log, until)
                tables = tuple(_compare(table, live, folded) for table in view_schema.DIGESTED)
                return Verification(until, tables)
        except (views.FileError, OSError) as error:
            raise Unavailable(f"the views cannot be compared: {error}") from error
        finally:
            views.remove(copy)
            views.remove(fresh)


async def _fold_until(fold: Fold, log: Log, until: Checkpoint) -> None:
    after = ORIGIN
    while after.seq < until.seq:
        entries = await log.follow(STREAM, after, count=min(FOLD_COUNT, until.seq - after.seq))
        if not entries:
            raise Rejected(f"the log ends at seq {after.seq}, the views stand at {until.seq}")
        await fold.take(entries)
        after = entries[-1].checkpoint()
    if after != until:
        raise Rejected(
            f"the views stand at event {until.event_id}, the log has {after.event_id} there"
        )


def _compare(table: str, live: Connection, fresh: Connection) -> TableResult:
    digest, rows, differing = sha256(), 0, []
    theirs = _rows(table, fresh)
    other = next(theirs, None)
    for key, row in _rows(table, live):
        rows += 1
        digest.update(repr(row).encode())
        while other is not None and other[0] < key:
            differing.append(f"{other[0]} is missing")
            other = next(theirs, None)
        if other is None or other[0] != key:
            differing.append(f"{key} should not be there")
            continue
        if other[1] != row:
            differing.append(f"{key} differs")
        other = next(theirs, None)
    differing += [f"{key} is missing" for key, _ in _rest(other, theirs)]
    return TableResult(table, rows, digest.hexdigest(), tuple(differing))


_Row = tuple[tuple[object, ...], tuple[tuple[str, object], ...]]


def _rest(first: _Row | None, others: Iterator[_Row]) -> Iterator[_Row]:
    if first is not None:
        yield first
    yield from others


def _rows(table: str, connection: Connection) -> Iterator[_Row]:
    """Key and content of each row, in the order of the key."""
    keys = view_schema.DIGESTED[table]
    for source in _sources(table, connection):
        query = f"SELECT * FROM {source} ORDER BY {', '.join(keys)}"  # noqa: S608  # our own names
        for row in connection.execute(query):
            names = [name for name in row.keys() if name not in _UNCOMPARED]  # noqa: SIM118  # a Row
            content = tuple((name, row[name]) for name in names)
            yield tuple(row[key] for key in keys), content


def _sources(table: str, connection: Connection) -> list[str]:
    """What a table's rows are read from: the words of searches are in a table for each part."""
    if table != "search_word":
        return [table]
    found = connection.execute("SELECT part FROM search_part ORDER BY part").fetchall()
    return [f"(SELECT {part} AS part, * FROM {vocabulary(part)})" for (part,) in found]  # noqa: S608  # numbers


def lines(result: Verification) -> Iterator[str]:
    """A verification for a person."""
    yield f"folded afresh to seq {result.checkpoint.seq} ({result.checkpoint.position})"
    for table in result.tables:
        verdict = f"{len(table.differing)} differ" if table.differing else "same"
        yield f"{table.table}: {table.rows} rows, sha256 {table.digest[:16]}: {verdict}"
        yield from (f"  {key}" for key in table.differing[:DIFFERENCES_MAX])
        if len(table.differing) > DIFFERENCES_MAX:
            yield f"  and {len(table.differing) - DIFFERENCES_MAX} more"
    yield "clean" if result.is_clean else "the views are not what the log makes of them: rebuild"
