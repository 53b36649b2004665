"""Searches are ended when their time is over, and the next one is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.api.reading import Snapshot
from services.api.search.searcher import Look, Searcher, SearchTooCostly
from tests.view_files import ViewFile

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def endless(snapshot: Snapshot, _: Look) -> int:
    return int(snapshot.connection.execute(ENDLESS).fetchone()[0])


async def test_what_has_no_end_is_ended(tmp_path: Path) -> None:
    ViewFile(tmp_path).publish()
    searcher = Searcher(tmp_path)
    try:
        assert await searcher.run(lambda snapshot, _: snapshot.checkpoint.seq) == 0

        with pytest.raises(SearchTooCostly):
            await searcher.run(endless, 0.05)

        assert await searcher.run(lambda snapshot, _: snapshot.checkpoint.seq) == 0
    finally:
        searcher.close()
