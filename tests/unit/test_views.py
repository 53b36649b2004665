"""The view file's own rules, on a real one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from shared import views

MANY: Final = [(str(number), "x" * 3_000) for number in range(100)]


def write_many(file: views.Connection) -> None:
    with views.transaction(file):
        file.executemany("INSERT INTO rate VALUES (?, '2026-03-03', 1, 1, 1, '1/1', ?)", MANY)


def test_a_full_disk_is_named_and_not_its_rollback(tmp_path: Path) -> None:
    with closing(views.create(tmp_path / "views.sqlite")) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]
        file.execute(f"PRAGMA max_page_count = {pages + 1}")

        with pytest.raises(views.BusyError, match="full"):
            write_many(file)

        assert file.execute("SELECT count(*) FROM rate").fetchone()[0] == 0
