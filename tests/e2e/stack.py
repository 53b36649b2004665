"""Desks for end-to-end tests: ``newswire up``, or single services beside a server of a test.

Every process is a child of the test, is ended by its id, and is killed by the kernel when the test
run itself is killed. What a desk holds is read without any code of the project.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import redis

from shared.embedded import die_with_parent
from tests.e2e.ledger import Found, Held, Shown, identity_of, subject_of

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "127.0.0.1"
SERVICES: Final = ("ingest", "enrichment", "projection", "api")
STREAMS: Final = ("articles", "rates", "wire", "deadletters")
CHECKPOINTS: Final = {"enrichment.articles": "articles", "enrichment.rates": "rates"}
SETTLE_S_MAX: Final = 60.0
"""Longest wait for a desk to come to rest: three of the longest pauses before a restart."""
POLL_S: Final = 0.02

Popen = subprocess.Popen[bytes]


def eventually(claim: Callable[[], bool], what: str, within_s: float = SETTLE_S_MAX) -> None:
    """Return when the claim holds; fail with ``what`` when it does not in time."""
    deadline = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < deadline, f"not within {within_s:.0f} s: {what}"
        time.sleep(POLL_S)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def is_running(pid: int) -> bool:
    """Whether the process runs; one that ended and was not yet collected does not."""
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the api answered."""

    status: int
    headers: Mapping[str, str]
    body: str


def get(port: int, path: str) -> Answer:
    """Ask the api."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "text/html,application/json"})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read().decode())
    finally:
        connection.close()


# --- newswire up ---------------------------------------------------------------------------------


class Stack:
    """``newswire up`` on a new directory, as a context that leaves no process behind."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.data = folder / "desk"
        self.port, self.redis_port, self.push_port = free_port(), free_port(), free_port()
        self.redis_url = f"redis://{HOST}:{self.redis_port}/0"
        self._flags = flags
        self._said = folder / "up.out"
        self.env = clean_env()
        self._process: Popen | None = None

    def __enter__(self) -> Self:
        ports = ["--port", str(self.port), "--redis-port", str(self.redis_port)]
        ports += ["--push-port", str(self.push_port)]
        with self._said.open("wb") as out:  # a second start begins anew
            self._process = self._start("up", *ports, *self._flags, out=out)
        try:
            eventually(lambda: "front page:" in self.said(), "the stack is up")
            if "--no-seed" not in self._flags:
                eventually(lambda: "replayed:" in self.said(), "the seed is replayed")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()  # the kernel ends its children with it
            self.process.wait()
            raise

    @property
    def process(self) -> Popen:
        """The supervisor."""
        assert self._process is not None
        return self._process

    def said(self) -> str:
        """What the supervisor has said so far."""
        return self._said.read_text()

    def replay(self, recording: Path) -> Popen:
        """``newswire replay`` as a process of its own; it says nothing here."""
        return self._start("replay", str(recording), out=subprocess.DEVNULL)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself, and what it said."""
        command = [sys.executable, "-m", "services.cli", *words, "--data", str(self.data)]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False,
            timeout=SETTLE_S_MAX,
        )  # fmt: skip

    def status(self) -> dict[str, Any] | None:
        """What ``newswire status --json`` says; None: no stack runs here."""
        said = self.run("status", "--json").stdout
        return json.loads(said) if said else None

    def is_at_rest(self) -> bool:
        """Whether every consumer has taken in all that its stream holds."""
        state = self.status()
        if state is None or state["fault"]:  # the log does not answer: nobody can tell
            return False
        assert not any(each["fault"] or each["parked"] for each in state["consumers"]), state
        return not any(each["lag_events"] for each in state["consumers"])

    def pids(self) -> dict[str, int]:
        """Process ids by name, as the services and the log's lock file tell them."""
        return {name: self._pid(name) for name in ("valkey", *SERVICES)}

    def kill(self, name: str) -> None:
        """SIGKILL, once the process that is meant runs; one that is being restarted is awaited."""
        eventually(lambda: is_running(self._pid(name)), f"{name} runs")
        os.kill(self._pid(name), signal.SIGKILL)

    def pause(self, name: str, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after some time: nothing else happens here meanwhile."""
        eventually(lambda: is_running(self._pid(name)), f"{name} runs")
        pid = self._pid(name)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)

    def _pid(self, name: str) -> int:
        if name == "valkey":
            return int((self.data / "log" / "lock").read_text().split()[0])
        return int(json.loads((self.data / "run" / f"{name}.json").read_text())["pid"])

    def _start(self, *words: str, out: Any) -> Popen:
        command = [sys.executable, "-m", "services.cli", *words, "--data", str(self.data)]
        return spawn(command, self.env, out)


# --- single services -----------------------------------------------------------------------------


@dataclass
class Desk:
    """Services on a directory and a Redis of the test's own, each started by the test."""

    data: Path
    redis_url: str
    name: str = "newswire"
    port: int = field(default_factory=free_port)
    push_port: int = field(default_factory=free_port)
    processes: list[Popen] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    """More of them, by their names."""

    def start(self, service: str, *words: str, fault_point: str = "") -> Popen:
        """``python -m services.SERVICE run``, or another verb with its arguments."""
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-P", "-m", f"services.{service}", *(words or ("run",))]
        env = clean_env(
            PYTHONPATH=str(ROOT),
            NEWSWIRE_REDIS_URL=self.redis_url,
            NEWSWIRE_DESK=self.name,
            NEWSWIRE_DATA_DIR=str(self.data),
            NEWSWIRE_PORT=str(self.port),
            NEWSWIRE_PUSH_PORT=str(self.push_port),
            NEWSWIRE_FAULT_POINT=fault_point,
            **self.settings,
        )
        with (self.data / f"{service}.log").open("ab") as out:
            self.processes.append(spawn(command, env, out))
        return self.processes[-1]

    def is_at_rest(self) -> bool:
        """Whether every consumer has taken in all that its stream holds."""
        with connected(self.redis_url) as log:
            at_rest = is_enriched(log, self.name)
            return at_rest and self.views_seq() >= _head(log, self.name, "wire")

    def views_seq(self) -> int:
        """Where the views stand in the wire."""
        with contextlib.suppress(sqlite3.OperationalError), open_views(self.data) as views:
            rows = views.execute("SELECT seq FROM checkpoint WHERE stream = 'wire'").fetchall()
            return int(rows[0][0]) if rows else 0
        return 0

    def end(self) -> None:
        """End every process that was started."""
        for process in self.processes:
            process.kill()
            process.wait()


def spawn(command: list[str], env: Mapping[str, str], out: Any, errors: Any = None) -> Popen:
    """A child that the kernel kills with us; its errors go where its output goes, unless told."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=errors or subprocess.STDOUT,
        preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - see shared.embedded
    )


def clean_env(**settings: str) -> dict[str, str]:
    """Our environment without the settings of a stack that may run beside the tests."""
    left_out = ("NEWSWIRE_", "PYTHONDONTWRITEBYTECODE")
    ours = {name: text for name, text in os.environ.items() if not name.startswith(left_out)}
    return {**ours, **{name: text for name, text in settings.items() if text}}


# --- what a desk holds ---------------------------------------------------------------------------


@contextlib.contextmanager
def connected(url: str) -> Iterator[redis.Redis]:
    """A plain client."""
    client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    try:
        yield client
    finally:
        client.close()


@contextlib.contextmanager
def open_views(data: Path) -> Iterator[sqlite3.Connection]:
    """The live view file, read only."""
    connection = sqlite3.connect(f"file:{data}/views/current.sqlite?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def heads(log: redis.Redis, desk: str = "newswire") -> dict[str, int]:
    """How many events each stream has had."""
    return {stream: _head(log, desk, stream) for stream in STREAMS}


def is_enriched(log: redis.Redis, desk: str = "newswire") -> bool:
    """Whether enrichment has taken in all that its streams hold."""
    return all(
        _checkpoint_seq(log, desk, consumer, stream) >= _head(log, desk, stream)
        for consumer, stream in CHECKPOINTS.items()
    )


def length_of_wire(log: redis.Redis) -> int:
    """How many events the wire has, once all that was appended is on it.

    One for each of what was appended, and those of stories.
    """
    eventually(lambda: is_enriched(log), "every event is on the wire")
    said = heads(log)
    assert said["wire"] >= said["articles"] + said["rates"] > 0
    return said["wire"]


def held(redis_url: str, data: Path, desk: str = "newswire") -> Held:
    """Everything that a desk holds."""
    with connected(redis_url) as log:
        streams = {name: [_found(f) for f in raw(log, name, desk)] for name in STREAMS}
    return Held(streams, _shown(data))


def raw(log: redis.Redis, stream: str, desk: str = "newswire") -> Iterator[dict[bytes, bytes]]:
    """The fields of every entry of a stream, oldest first."""
    begin: bytes = b"-"
    while entries := log.xrange(f"{{{desk}}}:{stream}", min=begin, count=500):
        for _, fields in entries:
            yield fields
        begin = b"(" + entries[-1][0]


def _found(fields: Mapping[bytes, bytes]) -> Found:
    return Found(
        seq=int(fields[b"seq"]),
        version=int(fields[b"version"]),
        subject=fields[b"subject"].decode(),
        identity=identity_of(json.loads(fields[b"data"])),
        event_id=fields[b"id"].decode(),
        causation_id=fields.get(b"causationid", b"").decode(),
    )


def _shown(data: Path) -> list[Shown]:
    with open_views(data) as views:
        articles = views.execute("SELECT version, document FROM article").fetchall()
        rates = views.execute("SELECT version, document FROM rate_version").fetchall()
    shown = []
    for version, document in articles:
        said = json.loads(document)
        shown.append(Shown(subject_of(said)[1], version, identity_of(said)))
    for version, document in rates:
        said = json.loads(document)
        shown.append(Shown(subject_of({"rate": said})[1], version, identity_of(said)))
    return shown


def _head(log: redis.Redis, desk: str, stream: str) -> int:
    return int(log.hget(f"{{{desk}}}:{stream}:meta", "seq") or 0)


def _checkpoint_seq(log: redis.Redis, desk: str, consumer: str, stream: str) -> int:
    text = log.hget(f"{{{desk}}}:checkpoint:{consumer}", stream)
    return int(text.split(b" ")[1]) if text else 0
