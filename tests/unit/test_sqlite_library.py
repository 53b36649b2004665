"""SQLite's library told not to count its memory, in a process of its own: it is told once."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

from shared import sqlite_library

USED: Final = """
import ctypes, _sqlite3, sqlite3
from shared import sqlite_library

def used():
    file = sqlite3.connect(":memory:")
    file.execute("CREATE VIRTUAL TABLE text USING fts5 (body)")
    file.execute("INSERT INTO text VALUES ('snow')")
    found = file.execute("SELECT body FROM text WHERE text MATCH 'snow'").fetchone()[0]
    taken = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used()
    file.close()
    return found, taken > 0
"""


@pytest.mark.skipif(sys.platform != "linux", reason="told on Linux alone")
def test_memory_is_counted_until_it_is_told_not_to_be() -> None:
    code = USED + "print(used(), sqlite_library.uncounted(), used())"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout == "('snow', True) True ('snow', False)\n"


def test_a_library_that_is_not_to_be_reached_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("_sqlite3.__file__", "/nowhere/_sqlite3.so")

    assert not sqlite_library.uncounted()


def test_another_system_than_linux_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    assert not sqlite_library.uncounted()
