"""How a service is, in a file."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from shared import clock, health
from shared.health import Progress, Report, problem, read, write
from tests.wire_builders import at

ROOT = Path(__file__).resolve().parents[2]


def report(*, ready: bool = True, said_at: str = "2026-03-02T12:00:00Z") -> Report:
    return Report("projection", 4711, ready, said_at, "projection at 3 of 9")


def probe(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shared.health", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=10,
    )  # fmt: skip


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path / "run", report())
    write(tmp_path / "run", report(ready=False))

    assert read(tmp_path / "run" / "projection.json") == report(ready=False)
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["projection.json"]


@pytest.mark.parametrize("text", [None, "", "{", "[]", "3", '{"service": "x"}', "\x00"])
def test_what_cannot_be_read_is_no_report(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "projection.json"
    if text is not None:
        path.write_text(text)

    assert read(path) is None
    assert problem(read(path), at(12)) == "has not reported yet"


def test_a_fresh_report_of_a_ready_service_is_no_problem() -> None:
    assert problem(report(), at(12)) is None
    assert problem(report(), at(12) + timedelta(seconds=10)) is None


def test_a_service_that_is_not_ready_says_why() -> None:
    assert problem(report(ready=False), at(12)) == "projection at 3 of 9"


def test_a_stale_report_is_a_problem_however_ready() -> None:
    assert problem(report(), at(12) + timedelta(seconds=11)) == "has not reported for 11 s"


@pytest.mark.parametrize("said_at", ["yesterday", "2026-03-02T12:00:00", 5])
def test_a_report_without_an_instant_is_none(tmp_path: Path, said_at: str) -> None:
    write(tmp_path, report(said_at=said_at))

    assert problem(read(tmp_path / "projection.json"), at(12)) == "has not reported yet"


# --- progress -----------------------------------------------------------------------------------


def test_a_consumer_that_is_caught_up_is_ready_however_long() -> None:
    progress = Progress()

    assert progress.is_ready(5, 5, 0.0)
    assert progress.is_ready(5, 5, 1000.0)


def test_a_consumer_that_moves_is_ready_however_far_behind() -> None:
    progress = Progress()

    ready = [progress.is_ready(seq, 1000, 14.0 * seq) for seq in range(5)]

    assert ready == [False, True, True, True, True]


@pytest.mark.parametrize("seq", [0, 4000])
def test_a_consumer_that_starts_behind_is_ready_with_its_first_step(seq: int) -> None:
    progress = Progress()

    assert not progress.is_ready(seq, 4942, 100.0)
    assert not progress.is_ready(seq, 4942, 101.0)
    assert progress.is_ready(seq + 1, 4942, 102.0)


def test_a_consumer_that_falls_back_has_not_moved_on() -> None:
    """A view file that is folded anew begins at 0."""
    progress = Progress()

    assert progress.is_ready(4942, 4942, 100.0)
    assert not progress.is_ready(0, 4942, 116.0)
    assert progress.is_ready(200, 4942, 117.0)


def test_a_consumer_that_is_behind_and_stands_still_is_not_ready() -> None:
    progress = Progress()

    assert not progress.is_ready(4, 9, 99.0)
    assert progress.is_ready(5, 9, 100.0)
    assert progress.is_ready(5, 9, 115.0)
    assert not progress.is_ready(5, 9, 115.1)
    assert progress.is_ready(6, 9, 116.0)


def test_a_consumer_that_falls_behind_has_its_time_from_then() -> None:
    progress = Progress()

    assert progress.is_ready(5, 5, 0.0)
    assert progress.is_ready(5, 5, 100.0)
    assert progress.is_ready(5, 6, 110.0)
    assert not progress.is_ready(5, 6, 116.0)


# --- the probe ----------------------------------------------------------------------------------


def test_the_probe_of_a_ready_service_is_silent(tmp_path: Path) -> None:
    write(tmp_path, report(said_at=clock.now().isoformat()))
    found = probe(tmp_path / "projection.json")

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_the_probe_of_a_service_that_never_reported_fails(tmp_path: Path) -> None:
    found = probe(tmp_path / "projection.json")

    assert (found.returncode, found.stdout) == (1, "has not reported yet\n")


def test_the_probe_answers_by_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["health", str(tmp_path / "projection.json")])
    write(tmp_path, report(said_at=clock.now().isoformat(), ready=False))
    not_ready = health.main()
    write(tmp_path, report(said_at=clock.now().isoformat()))

    assert (not_ready, health.main()) == (1, 0)
    assert capsys.readouterr().out == "projection at 3 of 9\n"


def test_the_probe_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import shared.health; "
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(tops - sys.stdlib_module_names))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout == "['shared']\n"
