"""The public stream read from another language: examples/node, as its README says it is run."""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.recordings import recording
from tests.e2e.stack import HOST, ROOT, Desk, connected, eventually, heads, raw, spawn
from tests.servers import Server, program

EXAMPLE: Final = ROOT / "examples" / "node"
WIRE: Final = "{newswire}:wire"
RIGHTS: Final = (f"~{WIRE}", "+@read", "+xreadgroup", "+xack", "+xgroup|create")
"""All that the reader's user may do. Its README says the same."""
RECORDINGS: Final = (5_001, 5_002, 5_003)
EVENTS: Final = 300
"""Events on the wire: one for each of the recordings'."""
PRISTINE: Final = 1
"""Number of the database that keeps the wire as it was filled."""
PIPE_BYTES: Final = 4_096
"""A pipe this small is full after some forty lines: the reader then waits for us in mid-stream."""
LINE_S_MAX: Final = 20.0


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example with its packages installed from its lock file."""
    if not (shutil.which("node") and shutil.which("npm")):
        if os.environ.get("CI"):
            pytest.fail("CI has no node and npm")
        pytest.skip("node and npm are not installed")
    copy = tmp_path_factory.mktemp("example") / "node"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "ci", "--no-audit", "--no-fund"]
    installed = subprocess.run(install, cwd=copy, capture_output=True, text=True, check=False)
    assert installed.returncode == 0, installed.stderr
    return copy


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a wire of 300 events, made by replay and enrichment."""
    folder = tmp_path_factory.mktemp("wire")
    server = Server(program("valkey") or "", folder)
    desk = Desk(folder / "desk", server.url)
    try:
        desk.start("enrichment")
        files = [folder / f"{seed}.ndjson" for seed in RECORDINGS]
        for seed, file in zip(RECORDINGS, files, strict=True):
            file.write_bytes(recording(seed))
        replays = [desk.start("ingest", "replay", str(file)) for file in files]
        assert [replay.wait(timeout=30) for replay in replays] == [0, 0, 0]
        with connected(server.url) as log:
            eventually(lambda: heads(log)["wire"] == EVENTS, "the wire is complete")
            log.copy(WIRE, WIRE, destination_db=PRISTINE)
            log.execute_command("ACL", "SETUSER", "reader", "on", ">secret", *RIGHTS)
        yield server
    finally:
        desk.end()
        server.kill()


@dataclass(frozen=True)
class Wire:
    """The wire as it was filled, as we and as the reader reach it."""

    url: str
    reader_url: str


@pytest.fixture
def wire(filled: Server) -> Wire:
    """The wire without groups, for one test to read from its beginning and to damage.

    The reader has no right to SELECT, so it always finds database 0.
    """
    with connected(f"{filled.url[:-1]}{PRISTINE}") as log:
        log.copy(WIRE, WIRE, destination_db=0, replace=True)
    return Wire(filled.url, f"redis://reader:secret@{HOST}:{filled.port}")


class Reader:
    """The example as a process whose lines we take one by one."""

    def __init__(self, example: Path, url: str) -> None:
        self._read, write = os.pipe()
        if sys.platform == "linux":
            fcntl.fcntl(self._read, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._rest = b""
        self.errors = example / "errors"
        script = str(example / "reader.mjs")
        with os.fdopen(write, "wb") as out, self.errors.open("wb") as errors:
            self.process = spawn(["node", script], {**os.environ, "REDIS_URL": url}, out, errors)

    def lines(self, count: int) -> list[str]:
        """Its next lines; fewer when it has ended."""
        found: list[str] = []
        while len(found) < count:
            line, newline, rest = self._rest.partition(b"\n")
            if newline:
                found.append(line.decode())
                self._rest = rest
                continue
            readable, _, _ = select.select([self._read], [], [], LINE_S_MAX)
            assert readable, f"no line within {LINE_S_MAX:.0f} s after {found[-1:]}"
            chunk = os.read(self._read, 65_536)
            if not chunk:
                break
            self._rest += chunk
        return found

    def kill(self) -> list[str]:
        """SIGKILL; the whole lines that it had written and we had not taken."""
        self.process.send_signal(signal.SIGKILL)
        left = self.lines(1_000)
        self.close()
        return left

    def close(self) -> None:
        """End it if it runs."""
        self.process.kill()
        self.process.wait()
        os.close(self._read)


def seqs(lines: list[str]) -> list[int]:
    """The numbers that lines begin with."""
    return [int(line.split(" ", 1)[0]) for line in lines]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux makes a pipe as small as this")
def test_a_killed_reader_goes_on_and_misses_no_event(example: Path, wire: Wire) -> None:
    """Killed twice in mid-stream; what it printed in all is every event, in order."""
    printed: list[int] = []
    for _ in range(2):
        reader = Reader(example, wire.reader_url)
        printed += seqs(reader.lines(60)) + seqs(reader.kill())
    before = len(printed)
    last = Reader(example, wire.reader_url)
    try:
        while not printed or printed[-1] < EVENTS:
            printed += seqs(last.lines(1))
    finally:
        last.close()

    assert before < EVENTS, "it was not killed in mid-stream"
    assert sorted(set(printed)) == list(range(1, EVENTS + 1))
    steps = {later - earlier for earlier, later in pairwise(printed)}
    assert steps <= {0, 1}, "only the event in hand may be printed again"
    assert len(printed) <= EVENTS + 2


def test_a_line_says_what_the_event_is_about(example: Path, wire: Wire) -> None:
    reader = Reader(example, wire.reader_url)
    try:
        lines = reader.lines(EVENTS)
    finally:
        reader.close()

    with connected(wire.url) as log:
        events = list(raw(log, "wire"))
    for line, fields in zip(lines, events, strict=True):
        seq, kind, subject, about = line.split(" ", 3)
        assert (seq, kind, subject) == tuple(
            fields[name].decode() for name in (b"seq", b"type", b"subject")
        )
        assert about
        assert about.encode() in fields[b"data"] or subject.startswith("urn:newswire:rate:")
    assert any(" KZT/USD 0." in line for line in lines)
    assert reader.errors.read_text() == ""


def test_a_gap_ends_the_reader_with_an_error(example: Path, wire: Wire) -> None:
    with connected(wire.url) as log:
        entries = log.xrange(WIRE, count=150)
        log.xdel(WIRE, entries[-1][0])
    reader = Reader(example, wire.reader_url)
    try:
        lines = reader.lines(EVENTS)
        code = reader.process.wait(timeout=10)
    finally:
        reader.close()

    assert seqs(lines) == list(range(1, 150))
    assert code == 1
    assert "events are missing: expected seq 150, found 151" in reader.errors.read_text()


def test_the_reader_may_not_write(wire: Wire) -> None:
    """What its rights are for: it can follow the wire, and do no harm to it."""
    from redis.exceptions import NoPermissionError

    with connected(wire.reader_url) as reader:
        for forbidden in (
            ("XADD", WIRE, "*", "seq", "1"),
            ("XTRIM", WIRE, "MAXLEN", "0"),
            ("XGROUP", "DESTROY", WIRE, "example-node"),
            ("XRANGE", "{newswire}:articles", "-", "+"),
        ):
            with pytest.raises(NoPermissionError):
                reader.execute_command(*forbidden)


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (EXAMPLE / "package-lock.json").read_text()
    assert " ".join(RIGHTS) in (EXAMPLE / "README.md").read_text()
