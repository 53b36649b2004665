"""The seed as a desk shows it: replayed, decided and folded in one process, always alike."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

import seed
from services.enrichment.desks import ArticleDesk
from services.enrichment.main import reader
from services.enrichment.rate_desk import RateDesk
from services.enrichment.worker import Enricher
from services.ingest.publish import Publisher
from services.ingest.replay import records, replay
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import drive, projector, quiet

SEED: Final = Path(seed.__path__[0])
REPLAYED_AT: Final = datetime(2026, 3, 4, 8, tzinfo=UTC)
"""When the log begins; the last document of the seed was seen the evening before."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def seeded(views_dir: Path) -> MemoryLog:
    """Views of the whole seed in a folder; the log that they are a fold of."""
    return asyncio.run(filled(views_dir))


async def filled(views_dir: Path) -> MemoryLog:
    """The same, on a loop that goes on: what waits for the log waits on the loop of the first."""
    log = MemoryLog((REPLAYED_AT - _EPOCH) // timedelta(milliseconds=1))
    now: Callable[[], datetime] = lambda: REPLAYED_AT  # noqa: E731  # a clock that stands still
    found = records(SEED, None)
    assert isinstance(found, list)
    await replay(found, Publisher(log, now), Console(file=io.StringIO()))
    for desk in (ArticleDesk(log, reader()), RateDesk(log)):
        await drive(Enricher(desk, log, now, "1.0", quiet()), log)
    await drive(projector(views_dir, log), log)
    return log
