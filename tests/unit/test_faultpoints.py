"""Points where a test may end a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared import faultpoints

ROOT = Path(__file__).resolve().parents[2]
CODE = """
from shared.faultpoints import reach
for number in range(3):
    print(number, flush=True)
    reach("projection.applied")
    reach("projection.committed")
"""


def run(fault_point: str | None) -> tuple[int, list[str]]:
    given = {} if fault_point is None else {"NEWSWIRE_FAULT_POINT": fault_point}
    found = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.returncode, found.stdout.split()


def test_without_the_variable_no_process_ends() -> None:
    assert run(None) == (0, ["0", "1", "2"])


def test_a_process_ends_as_by_a_kill_the_nth_time() -> None:
    assert run("projection.applied:2") == (-signal.SIGKILL, ["0", "1"])


def test_without_a_number_it_is_the_first_time() -> None:
    assert run("projection.committed") == (-signal.SIGKILL, ["0"])


def test_another_point_is_passed() -> None:
    assert run("ingest.appended:1") == (0, ["0", "1", "2"])


def test_only_the_wanted_point_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    kills: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: kills.append((pid, number)))
    monkeypatch.setattr(faultpoints, "_WANTED", ("enrichment.decided", 2))
    monkeypatch.setattr(faultpoints, "_reached", 0)
    faultpoints.reach("enrichment.committed")
    faultpoints.reach("enrichment.decided")
    before = list(kills)
    faultpoints.reach("enrichment.decided")

    assert (before, kills) == ([], [(os.getpid(), signal.SIGKILL)])
