"""The public stream read from other languages: every example, as its README says it is run."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import redis

from tests.e2e.recordings import recording
from tests.e2e.stack import (
    HOST,
    ROOT,
    Desk,
    Popen,
    clean_env,
    connected,
    eventually,
    length_of_wire,
    spawn,
)
from tests.servers import Server, network, program

EXAMPLES: Final = ROOT / "examples"
START: Final = {
    "faststream": (sys.executable, "reader.py"),
    "go": ("reader",),
    "node": ("node", "reader.mjs"),
    "php": ("php", "reader.php"),
    "python": (sys.executable, "reader.py"),
    "ruby": ("ruby", "reader.rb"),
}
RUNTIME: Final = {
    "go": "GO111MODULE=off GOPATH=/usr/share/gocode go list github.com/gomodule/redigo/redis",
    "node": "node --version && npm --version",
    "php": "php -r 'new Redis();'",
    "ruby": "ruby -r redis -e ''",
}
"""Succeeds where an example can be run; the others need what the tests need."""
INSTALL: Final = {
    "go": "GO111MODULE=off GOPATH=/usr/share/gocode CGO_ENABLED=0 go build -o reader reader.go",
    "node": "npm ci",
}
"""What a README says is to be done once."""

GROUPED: Final = ("faststream",)
"""Those that read through a consumer group; the others read alone."""
OF_A_GROUP: Final = {"READER_GROUP", "READER_NAME"}
"""Settings that only they have."""
AND_GROUP: Final = {"faststream": " and another group"}
"""What a damaged log costs beside the file."""
grouped: Final = pytest.mark.parametrize("command", GROUPED, indirect=True)

WIRE: Final = "{newswire}:wire"
GROUP: Final = "some-system"
NAME: Final = "reader-7"
RECORDINGS: Final = (5_001, 5_002, 5_003)
ODD: Final[tuple[tuple[str, object], ...]] = (
    ("newswire.weather.seen", {"rate": 7, "article": ["x"], "reason": None}),
    ("newswire.article.published", {"article": {"headline": 'a\tб\n\x1b[1m"😀\\'}}),
    ("newswire.rate.quoted", {"rate": {"base": "USD", "quote": "UZS", "value": "-0.10"}}),
)
"""Type and data of the last events."""
PRISTINE: Final = 1
"""Number of the database that keeps the wire as it was filled."""
KILLS: Final = 4
RUN_S_MAX: Final = 30.0

Entry = tuple[bytes, dict[bytes, bytes]]
Line = dict[str, str]
"""The fields of an event, and its position."""


@pytest.fixture(scope="session", params=sorted(START))
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What starts the example of a language, installed in a copy of its directory."""
    language = str(request.param)
    tried = shell(RUNTIME.get(language, "true"), ROOT)
    if tried.returncode != 0:
        missing = f"examples/{language} cannot be run here: {tried.stderr.decode().strip()}"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    copy = tmp_path_factory.mktemp("example") / language
    shutil.copytree(EXAMPLES / language, copy, ignore=shutil.ignore_patterns("node_modules"))
    installed = shell(INSTALL.get(language, "true"), copy)
    assert installed.returncode == 0, installed.stderr.decode()
    *runtime, script = START[language]
    return [*runtime, str(copy / script)]


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """A line as somebody would type it there."""
    return subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, check=False)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a wire, made by replay and enrichment, and a few odd events at its end."""
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
            add_odd(log, length_of_wire(log))
            log.copy(WIRE, WIRE, destination_db=PRISTINE)
            log.execute_command(*rights("reader"))
            log.execute_command(*rights("group-reader"))
        yield server
    finally:
        desk.end()
        server.kill()


def add_odd(log: redis.Redis, head: int) -> None:
    """Events as they may come one day; a reader must go on over each."""
    for seq, (kind, data) in enumerate(ODD, head + 1):
        said = json.dumps(data, ensure_ascii=False)
        fields = {"data": said, "x": "a field to come", "id": f"odd-{seq}", "type": kind}
        log.xadd(WIRE, {**fields, "subject": f"urn:newswire:odd:{seq}", "seq": seq})


def rights(user: str) -> list[str]:
    """The command that makes a user who may read, by the file of that user."""
    line = (ROOT / "docs" / "acl" / f"{user}.acl").read_text("utf-8").strip()
    words = line.removeprefix(f"user {user} ").replace(f"{user.upper()}-PASSWORD", "secret")
    plain, _, selector = words.partition(" (")
    return ["ACL", "SETUSER", user, *plain.split(" "), *([f"({selector}"] if selector else [])]


@dataclass(frozen=True)
class Wire:
    """The wire as it was filled, as we and as a reader reach it."""

    log: redis.Redis
    port: int
    entries: list[Entry]

    def lines(self) -> list[Line]:
        """What a reader makes of it."""
        return [
            {name.decode(): text.decode() for name, text in fields.items()}
            | {"position": position.decode()}
            for position, fields in self.entries
        ]


@pytest.fixture
def wire(filled: Server) -> Iterator[Wire]:
    """The wire without groups, for one test to read from its beginning and to damage.

    The reader has no right to SELECT, so it always finds database 0.
    """
    with connected(f"{filled.url[:-1]}{PRISTINE}") as pristine:
        pristine.copy(WIRE, WIRE, destination_db=0, replace=True)
    with connected(filled.url) as log:
        yield Wire(log, filled.port, log.xrange(WIRE))


def written(lines: Sequence[Line]) -> bytes:
    """A file of these lines."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


class Reader:
    """An example and its file, started and ended as often as a test wants."""

    def __init__(self, command: list[str], folder: Path, wire: Wire) -> None:
        self.language = Path(command[-1]).parent.name
        self.file = folder / "wire.ndjson"
        self.processes: list[Popen] = []
        self._command = [*command, str(self.file)]
        self._errors = folder / "errors"
        self._port, self._stop_at = wire.port, len(wire.entries)

    def start(self, *, port: int = 0) -> Popen:
        """Start it; it ends by itself after the last event."""
        user = "group-reader" if self.language in GROUPED else "reader"
        env = clean_env(
            NEWSWIRE_REDIS_URL=f"redis://{user}:secret@{HOST}:{port or self._port}",
            READER_GROUP=GROUP,
            READER_NAME=NAME,
            READER_STOP_AT_SEQ=str(self._stop_at),
            LC_ALL="C",  # the stream is UTF-8, whatever the machine speaks
        )
        with self._errors.open("wb") as errors:
            self.processes.append(spawn(self._command, env, errors))
        return self.processes[-1]

    def run(self) -> tuple[int, str]:
        """Start it and let it end; its exit code and what it said."""
        return self.start().wait(timeout=RUN_S_MAX), self.said()

    def lines(self) -> list[Line]:
        """The whole lines of its file, read."""
        return [json.loads(line) for line in self._lines()]

    def _lines(self) -> list[bytes]:
        return self.file.read_bytes().split(b"\n")[:-1] if self.file.exists() else []

    def await_lines(self, count: int) -> None:
        """Return as soon as its file has so many lines; without a pause, to be there in time."""
        deadline = time.monotonic() + RUN_S_MAX
        while len(self._lines()) < count:
            assert time.monotonic() < deadline, f"not so many within {RUN_S_MAX:.0f} s"
            assert self.processes[-1].poll() is None, self.said()

    def said(self) -> str:
        """What it said since it was started last."""
        return self._errors.read_text("utf-8")


@pytest.fixture
def reader(command: list[str], wire: Wire, tmp_path: Path) -> Iterator[Reader]:
    """An example with a new file and a new group."""
    made = Reader(command, tmp_path, wire)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


def test_a_reader_killed_at_random_moments_prints_every_event_once(
    reader: Reader, wire: Wire
) -> None:
    dice = random.Random(str(reader.file))
    wire.log.delete(WIRE)
    fed = 0
    for _ in range(KILLS):
        process = reader.start()
        feed(wire, fed, fed + 5)
        reader.await_lines(fed + 5)
        feed(wire, fed + 5, fed + 70)
        reader.await_lines(fed + 5 + dice.randrange(65))
        process.kill()
        process.wait()
        fed += 70
    feed(wire, fed, len(wire.entries))

    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()


def feed(wire: Wire, begin: int, end: int) -> None:
    """Let these events come in, at once."""
    with wire.log.pipeline(transaction=True) as commands:
        for position, fields in wire.entries[begin:end]:
            commands.xadd(WIRE, fields, id=position)
        commands.execute()


def test_half_a_line_is_cut_off_and_read_again(reader: Reader, wire: Wire) -> None:
    half = written(wire.lines()[100:101])[:30]
    reader.file.write_bytes(written(wire.lines()[:100]) + half)

    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()
    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()


@grouped
def test_what_a_kill_leaves_behind_is_taken_up(reader: Reader, wire: Wire) -> None:
    """Events written and not acknowledged, events given and not written."""
    reader.file.write_bytes(written(wire.lines()[:100]))
    give(wire, 240)
    wire.log.xack(WIRE, GROUP, *(position for position, _ in wire.entries[:90]))

    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()
    (consumer,) = wire.log.xinfo_consumers(WIRE, GROUP)
    assert (consumer["name"], consumer["pending"]) == (NAME.encode(), 0)


def give(wire: Wire, count: int) -> None:
    """Give the first events to the reader, as to one that was killed before it printed them."""
    wire.log.xgroup_create(WIRE, GROUP, "0")
    wire.log.xreadgroup(GROUP, NAME, {WIRE: ">"}, count=count)


@grouped
def test_a_group_that_begins_again_changes_nothing(reader: Reader, wire: Wire) -> None:
    """As after a group was lost: all that was printed comes again, and the rest after it."""
    reader.file.write_bytes(written(wire.lines()[:200]))

    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()
    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()


def test_a_reader_that_waited_in_vain_goes_on(reader: Reader, wire: Wire) -> None:
    """An answer without events, as at the end of every two seconds in which nothing came."""
    wire.log.delete(WIRE)
    feed(wire, 0, 5)
    process = reader.start()
    reader.await_lines(5)
    eventually(lambda: bool(waiting(wire)), "the reader waits for what is new")
    wire.log.client_unblock(waiting(wire)[0])
    feed(wire, 5, len(wire.entries))

    assert process.wait(timeout=RUN_S_MAX) == 0
    assert reader.lines() == wire.lines()


def waiting(wire: Wire) -> list[int]:
    """Clients that wait for an answer."""
    return [int(client["id"]) for client in wire.log.client_list() if "b" in client["flags"]]


@grouped
async def test_an_event_is_printed_before_it_is_acknowledged(reader: Reader, wire: Wire) -> None:
    """Killed while the acknowledgement of the hundredth event is on its way."""
    position, _ = wire.entries[99]
    async with network(wire.port) as proxy:
        proxy.hold_reply(b"%s\r\n$%d\r\n%s\r\n" % (GROUP.encode(), len(position), position))
        process = reader.start(port=port_of(proxy.url))
        await asyncio.wait_for(proxy.held.wait(), RUN_S_MAX)
        printed = reader.lines()
        process.kill()
        await asyncio.to_thread(process.wait, RUN_S_MAX)

    assert printed == wire.lines()[:100]
    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()


def port_of(url: str) -> int:
    """The port in the URL of a network."""
    return int(url.rpartition(":")[2].removesuffix("/0"))


@grouped
async def test_an_answer_that_is_lost_is_no_lost_event(reader: Reader, wire: Wire) -> None:
    """The reader ends, for what it was given may not be passed over; started again, it has it."""
    async with network(wire.port) as proxy:
        proxy.lose_reply(b"\r\n>\r\n")
        process = reader.start(port=port_of(proxy.url))
        code = await asyncio.to_thread(process.wait, RUN_S_MAX)
    printed = reader.lines()

    assert code not in (0, 3), reader.said()
    assert printed == []
    assert reader.run() == (0, "")
    assert reader.lines() == wire.lines()


async def test_an_answer_that_is_lost_is_read_again(reader: Reader, wire: Wire) -> None:
    """By the client, or by the reader when it is started again: XREAD takes nothing away."""
    position, _ = wire.entries[150]
    async with network(wire.port) as proxy:
        proxy.lose_reply(position)
        process = reader.start(port=port_of(proxy.url))
        code = await asyncio.to_thread(process.wait, RUN_S_MAX)

    assert code != 3, reader.said()
    assert reader.run()[0] == 0
    assert reader.lines() == wire.lines()


def test_a_removed_event_ends_the_reader_for_good(reader: Reader, wire: Wire) -> None:
    wire.log.xdel(WIRE, wire.entries[149][0])

    for _ in range(2):
        code, said = reader.run()

        assert code == 3
        assert said == (
            "events are missing: expected seq 150, found 151; "
            f"begin with a new file{AND_GROUP.get(reader.language, '')}\n"
        )
        assert reader.lines() == wire.lines()[:149]


@grouped
def test_an_event_removed_when_it_was_given_ends_the_reader(reader: Reader, wire: Wire) -> None:
    position, _ = wire.entries[19]
    give(wire, 50)
    wire.log.xdel(WIRE, position)

    code, said = reader.run()

    assert code == 3
    assert said.startswith("events are missing: expected seq 20, found nothing; ")
    assert reader.lines() == wire.lines()[:19]


@pytest.mark.parametrize("found", ["nothing", "another"])
def test_a_log_without_the_event_that_was_printed_last_ends_the_reader(
    found: str, reader: Reader, wire: Wire
) -> None:
    """A trimmed log, and one that was restored and gave the position to another event."""
    reader.file.write_bytes(written(wire.lines()[:100]))
    position, fields = wire.entries[99]
    wire.log.delete(WIRE)
    if found == "another":
        wire.log.xadd(WIRE, {**fields, b"id": b"another"}, id=position)
    feed(wire, 100, len(wire.entries))

    code, said = reader.run()

    assert code == 3
    assert said.startswith(
        f"the log was trimmed or replaced: expected event {fields[b'id'].decode()}, found {found}; "
    )
    assert reader.lines() == wire.lines()[:100]


@pytest.mark.parametrize("user", ["reader", "group-reader"])
def test_the_reader_may_not_write(user: str, filled: Server) -> None:
    """What its rights are for: it can follow the wire, and do no harm to it."""
    from redis.exceptions import NoPermissionError

    with connected(f"redis://{user}:secret@{HOST}:{filled.port}") as reader:
        for forbidden in (
            ("XADD", WIRE, "*", "seq", "1"),
            ("XTRIM", WIRE, "MAXLEN", "0"),
            ("XGROUP", "DESTROY", WIRE, GROUP),
            ("XRANGE", "{newswire}:articles", "-", "+"),
        ):
            with pytest.raises(NoPermissionError):
                reader.execute_command(*forbidden)


def test_an_example_needs_nothing_of_ours() -> None:
    scripts = [*EXAMPLES.glob("*/*.py")]
    ours = re.compile(r"^\s*(?:from|import) (?:shared|services|seed|tests)\b", re.MULTILINE)

    assert len(scripts) == 2
    assert [script for script in scripts if ours.search(script.read_text("utf-8"))] == []
    assert '"resolved"' not in (EXAMPLES / "node" / "package-lock.json").read_text("utf-8")


@pytest.mark.parametrize("language", sorted(START))
def test_every_example_says_how_it_is_installed_and_run(language: str) -> None:
    index = (EXAMPLES / "README.md").read_text("utf-8")
    readme = (EXAMPLES / language / "README.md").read_text("utf-8")

    assert INSTALL.get(language, "") in readme
    assert f"{START[language][-1]} wire.ndjson" in readme
    assert f"]({language}/README.md)" in index
    script = next((EXAMPLES / language).glob("reader.*")).read_text("utf-8")
    for document, text in ((EXAMPLES, index), (EXAMPLES / language, readme)):
        targets = re.findall(r"\]\(([^)#]+)", text)
        assert [target for target in targets if not (document / target).exists()] == []
    settings = set(re.findall(r"\b(?:NEWSWIRE|READER)_[A-Z_]+", script))
    known = set(re.findall(r"`((?:NEWSWIRE|READER)_[A-Z_]+)`", index))
    assert settings == {name for name in known if language in GROUPED or name not in OF_A_GROUP}
