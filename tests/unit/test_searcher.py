"""Searches are ended when their time is over, and not much later."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.api.reading import Snapshot
from services.api.search.searcher import Look, Searcher, SearchTooCostly
from shared import clock
from tests.view_files import ViewFile

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def endless(snapshot: Snapshot, _: Look) -> int:
    return int(snapshot.connection.execute(ENDLESS).fetchone()[0])


async def test_sqlite_is_ended_within_some_milliseconds(tmp_path: Path) -> None:
    ViewFile(tmp_path).publish()
    searcher = Searcher(tmp_path)
    try:
        assert await searcher.run(lambda snapshot, _: snapshot.checkpoint.seq) == 0
        begun_s = clock.monotonic_s()

        with pytest.raises(SearchTooCostly):
            await searcher.run(endless, 0.05)

        assert 0.05 <= clock.monotonic_s() - begun_s < 0.5  # a busy machine has its share
        assert await searcher.run(lambda snapshot, _: snapshot.checkpoint.seq) == 0
    finally:
        searcher.close()
