"""The supervisor with real children: they are kept running, and nothing outlives it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.cli.program import Program
from services.cli.supervisor import Stage, Supervisor

ROOT = Path(__file__).resolve().parents[2]
STAYS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES_SIGTERM = f"import signal; signal.signal(15, signal.SIG_IGN); {STAYS}"
HAS_A_CHILD = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)
{STAYS}
"""
SUPERVISED = """
import json, sys
from pathlib import Path
from services.cli.program import Program
from services.cli.supervisor import Stage, Supervisor
folder = Path(sys.argv[1])
programs = [
    Program(name, [sys.executable, "-c", code], {}, folder / f"{name}.log")
    for name, code in json.loads(sys.argv[2]).items()
]
with Supervisor([Stage(programs, grace_s=float(sys.argv[3]))], lambda line: None) as it:
    for program in programs:
        program.spawn()
        it.watch(program)
    print(*(program.pid for program in programs), flush=True)
    it.run_until(lambda: False)
"""


@contextmanager
def supervised(
    folder: Path, codes: dict[str, str], grace_s: float = 3.0
) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A supervisor in its own process, and its children's pids once all of them are up."""
    command = [sys.executable, "-c", SUPERVISED, str(folder), json.dumps(codes), str(grace_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as supervisor:
        try:
            assert supervisor.stdout is not None
            pids = [int(pid) for pid in supervisor.stdout.readline().split()]
            assert len(pids) == len(codes)
            assert eventually(lambda: all("up" in said(folder, name) for name in codes), 5)
            yield supervisor, pids
        finally:
            supervisor.kill()


def program(folder: Path, name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code], {}, folder / f"{name}.log")


def said(folder: Path, name: str) -> str:
    log = folder / f"{name}.log"
    return log.read_text() if log.exists() else ""


def is_running(pid: int) -> bool:
    """Whether the process runs; one that ended and was not yet collected does not."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


def eventually(claim: Callable[[], bool], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_child_that_ends_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    lines: list[str] = []
    dying = program(tmp_path, "enrichment", "print('alive'); raise SystemExit(1)")

    with Supervisor([Stage([dying], grace_s=3)], lines.append) as it:
        dying.spawn()
        it.watch(dying)
        outcome = it.run_until(lambda: len(lines) == 3, within_s=8)

    log = tmp_path / "enrichment.log"
    assert outcome == "met"
    assert lines == [
        f"enrichment ended with code 1; started again in 0.2 s (see {log})",
        f"enrichment ended with code 1; started again in 0.4 s (see {log})",
        f"enrichment ended with code 1; started again in 0.8 s (see {log})",
    ]
    assert log.read_text() == "alive\nalive\nalive\n"


def test_a_child_that_fails_five_times_in_a_row_shows_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.supervisor.PAUSE_S_MIN", 0.0)
    lines: list[str] = []
    dying = program(tmp_path, "api", "print('the port is taken'); raise SystemExit(1)")

    with Supervisor([Stage([dying], grace_s=3)], lines.append) as it:
        dying.spawn()
        it.watch(dying)
        outcome = it.run_until(lambda: len(lines) == 12, within_s=20)

    again = f"api ended with code 1; started again in 0.0 s (see {dying.log})"
    taken = "the port is taken"
    assert outcome == "met"
    assert lines[:5] == lines[6:11] == [again] * 5
    assert lines[5].splitlines() == [
        f"api has failed 5 times in a row. The end of {dying.log}:",
        *[taken] * 5,
    ]
    assert lines[11].splitlines() == [
        f"api has failed 10 times in a row. The end of {dying.log}:", *[taken] * 10,
    ]  # fmt: skip


def test_a_child_that_lived_has_not_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cli.supervisor.LIFE_S_MIN", 0.0)
    lines: list[str] = []
    ending = program(tmp_path, "api", "raise SystemExit(1)")

    with Supervisor([Stage([ending], grace_s=3)], lines.append) as it:
        ending.spawn()
        it.watch(ending)
        it.run_until(lambda: len(lines) == 6, within_s=20)

    assert {line.partition(" ended ")[0] for line in lines} == {"api"}
    assert len(lines) == 6


def test_a_killed_child_comes_back_as_another_process(tmp_path: Path) -> None:
    lines: list[str] = []
    child = program(tmp_path, "api", STAYS)

    with Supervisor([Stage([child], grace_s=3)], lines.append) as it:
        child.spawn()
        it.watch(child)
        first = child.pid
        child.send(signal.SIGKILL)
        outcome = it.run_until(lambda: child.pid != first and child.poll() is None, within_s=5)
        second = child.pid

    assert outcome == "met"
    assert lines == [f"api ended by SIGKILL; started again in 0.2 s (see {child.log})"]
    assert second is not None
    assert not is_running(second)


def test_what_a_killed_child_started_ends_with_it(tmp_path: Path) -> None:
    child = program(tmp_path, "enrichment", HAS_A_CHILD)
    child.spawn()
    assert eventually(lambda: "up" in said(tmp_path, "enrichment"), 5)
    grandchild = int(said(tmp_path, "enrichment").split()[0])
    assert child.pid is not None

    subprocess.run(["kill", "-9", str(child.pid)], check=True)

    assert eventually(lambda: child.poll() == -signal.SIGKILL, within_s=3)
    assert eventually(lambda: not is_running(grandchild), within_s=3)


def test_a_condition_that_is_not_met_in_time_is_late(tmp_path: Path) -> None:
    with Supervisor([Stage([program(tmp_path, "api", STAYS)], grace_s=3)], print) as it:
        assert it.run_until(lambda: False, within_s=0.1) == "late"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_at_once(tmp_path: Path, signum: signal.Signals) -> None:
    with supervised(tmp_path, {"ingest": STAYS, "api": STAYS}) as (supervisor, pids):
        supervisor.send_signal(signum)

        assert supervisor.wait(timeout=2) == 0
        assert [is_running(pid) for pid in pids] == [False, False]


def test_a_child_that_ignores_sigterm_is_killed_within_five_seconds(tmp_path: Path) -> None:
    codes = {"ingest": STAYS, "api": IGNORES_SIGTERM}
    with supervised(tmp_path, codes) as (supervisor, pids):
        supervisor.send_signal(signal.SIGTERM)

        assert supervisor.wait(timeout=5) == 0
        assert [is_running(pid) for pid in pids] == [False, False]


def test_a_second_signal_kills_at_once(tmp_path: Path) -> None:
    with supervised(tmp_path, {"api": IGNORES_SIGTERM}, grace_s=60) as (supervisor, pids):
        supervisor.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            supervisor.wait(timeout=0.5)

        supervisor.send_signal(signal.SIGINT)

        assert supervisor.wait(timeout=2) == 0
        assert [is_running(pid) for pid in pids] == [False]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    codes = {"ingest": STAYS, "api": IGNORES_SIGTERM}
    with supervised(tmp_path, codes) as (supervisor, pids):
        supervisor.kill()

        assert eventually(lambda: not any(is_running(pid) for pid in pids), within_s=3)


def test_stages_end_in_reverse_order_so_that_the_log_outlives_its_writers(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep({late}); open({order!r}, 'a').write('{name} '); sys.exit()\n"
        "signal.signal(15, end); print('up', flush=True); time.sleep(600)"
    )
    log, api = (
        program(tmp_path, name, code.format(name=name, late=late, order=str(order)))
        for name, late in (("valkey", 0), ("api", 0.2))
    )
    with Supervisor([Stage([log], grace_s=3), Stage([api], grace_s=3)], print):
        log.spawn()
        api.spawn()
        assert eventually(lambda: "up" in said(tmp_path, "valkey"), 5)
        assert eventually(lambda: "up" in said(tmp_path, "api"), 5)

    assert order.read_text() == "api valkey "
