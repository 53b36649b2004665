"""Folding without a server: projection against its own SQL with ready values, and enrichment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from structlog.stdlib import BoundLogger

from services.enrichment.desks import ArticleDesk
from services.enrichment.rate_desk import RateDesk
from services.enrichment.reading import Read
from services.enrichment.worker import Desk
from services.projection import provenance, store
from services.projection.evolve import evolve
from services.projection.projector import STREAM, Fold
from shared import views
from shared.consumer import BATCH_MAX
from shared.envelope import decode
from shared.log import Entry
from shared.streams import ORIGIN
from shared.testing.memory_log import MemoryLog
from tests.benchmarks.content import SEEN_AT
from tests.benchmarks.measure import Row, Run, Stopwatch, rounds

PROJECTION_TARGET: Final = 0.6


@dataclass(slots=True)
class Statements:
    """Stands for a connection: keeps the statements that ``store`` makes, with their values."""

    kept: list[tuple[bool, str, Any]] = field(default_factory=list)
    """Whether it is for many values, the SQL, the values."""

    rowcount: int = 1
    """As of the first statement of its kind: what is made once is made if it is not there."""

    def execute(self, sql: str, values: Any = ()) -> Statements:
        """Keep a statement."""
        self.kept.append((False, sql, values))
        return self

    def executemany(self, sql: str, values: Any) -> None:
        """Keep a statement for many values."""
        self.kept.append((True, sql, values))


@dataclass(frozen=True, slots=True)
class Projecting:
    """Wire events to be folded into a view file; every run has a file of its own."""

    wire: Sequence[Entry]
    folder: Path
    logger: BoundLogger

    async def rows(self, name: str, count: int) -> list[Row]:
        """Folding in batches of 200, one transaction each, in both ways."""
        ready = [(batch, _statements(batch)) for batch in _batches(self.wire)]
        runs: dict[str, Run] = {"peer": partial(self._bare, ready), "ours": self._fold}
        reached = await rounds(count, runs)
        return [Row(f"projection, {name}", reached["ours"], reached["peer"], PROJECTION_TARGET)]

    async def _fold(self) -> float:
        with self._new_file() as connection:
            fold = Fold(connection, "benchmark", self.logger)
            watch = Stopwatch()
            for batch in _batches(self.wire):
                await fold.take(batch)
            reached = watch.per_second(len(self.wire))
        assert fold.at == self.wire[-1].checkpoint()
        assert not fold.parked
        return reached

    async def _bare(self, ready: Sequence[tuple[Sequence[Entry], Statements]]) -> float:
        at = ORIGIN
        with self._new_file() as connection:
            watch = Stopwatch()
            for batch, statements in ready:
                following = batch[-1].checkpoint()
                with views.transaction(connection):
                    for is_many, sql, values in statements.kept:
                        (connection.executemany if is_many else connection.execute)(sql, values)
                    views.move_checkpoint(connection, STREAM, at, following)
                at = following
            return watch.per_second(len(self.wire))

    @contextmanager
    def _new_file(self) -> Iterator[views.Connection]:
        with TemporaryDirectory(dir=self.folder) as name:
            connection = views.create(Path(name) / "views.sqlite")
            yield connection
            connection.close()


async def enrichment_rows(
    articles: Sequence[Entry], rates: Sequence[Entry], read: Read, count: int
) -> list[Row]:
    """Deciding what the wire says, each run with an empty memory; no peer does the same."""

    async def article_run() -> float:
        return await _decide(ArticleDesk(MemoryLog(), read), articles)

    async def rate_run() -> float:
        return await _decide(RateDesk(MemoryLog()), rates)

    reached = await rounds(count, {"articles": article_run, "rates": rate_run})
    return [
        Row("enrichment, articles", reached["articles"]),
        Row("enrichment, rates", reached["rates"]),
    ]


async def _decide(desk: Desk, entries: Sequence[Entry]) -> float:
    watch = Stopwatch()
    decided = [await desk.decide(entry, SEEN_AT) for entry in entries]
    reached = watch.per_second(len(entries))
    assert all(decided)
    return reached


def _statements(batch: Sequence[Entry]) -> Statements:
    statements = Statements()
    for entry in batch:
        recorded = decode(STREAM, entry)
        rows = evolve(recorded)
        for row in rows:
            store.write(cast("views.Connection", statements), row)
        provenance.write(cast("views.Connection", statements), recorded, rows)
    return statements


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (entries[begin : begin + BATCH_MAX] for begin in range(0, len(entries), BATCH_MAX))
