"""`docker compose up --wait`: the same wire in containers, also after a restart of each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.partners import SOURCE, article, key_in, push
from tests.e2e.stack import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("redis", "ingest", "enrichment", "projection", "api")


@dataclass(frozen=True)
class Compose:
    """A project of its own, with its own volumes, image tag and ports."""

    name: str
    port: int
    push_port: int

    def run(self, *arguments: str, timeout_s: int = 240) -> str:
        done = subprocess.run(
            ["docker", "compose", "-p", self.name, *arguments],
            cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False,
            env=self._env(),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _env(self) -> dict[str, str]:
        ours = {name: text for name, text in os.environ.items() if not name.startswith("NEWSWIRE_")}
        ports = {"NEWSWIRE_PORT": str(self.port), "NEWSWIRE_PUSH_PORT": str(self.push_port)}
        return {**ours, **ports, "NEWSWIRE_VERSION": "test"}

    def new_key(self, *words: str) -> str:
        """A key as it is made in a container beside ingest."""
        return key_in(self.run("run", "--rm", "ingest", "newswire", "keys", "add", *words))

    def until_status(self, path: str, status: int) -> dict[str, object]:
        """What the api says once it answers with this status."""
        deadline = time.monotonic() + 30
        found, said = self.get(path)
        while found != status and time.monotonic() < deadline:
            time.sleep(0.25)
            found, said = self.get(path)
        assert found == status, path
        return said

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {}
        except (OSError, ValueError):
            return 0, {}

    def until_ready(self) -> dict[str, object]:
        deadline = time.monotonic() + 60
        status, said = self.get("/readyz")
        while status != 200 and time.monotonic() < deadline:
            time.sleep(0.25)
            status, said = self.get("/readyz")
        assert status == 200
        return said


@pytest.fixture(scope="module")
def compose() -> Iterator[Compose]:
    if shutil.which("docker") is None or _docker("info") or _docker("compose", "version"):
        pytest.skip("no Docker engine with Compose answers")
    project = Compose(f"newswire-test-{os.getpid()}", free_port(), free_port())
    try:
        yield project
    finally:
        project.run("--profile", "seed", "down", "--volumes", "--timeout", "5")


def _docker(*arguments: str) -> int:
    return subprocess.run(["docker", *arguments], capture_output=True, check=False).returncode


def _heads(compose: Compose) -> dict[str, int]:
    script = (
        "import asyncio, json; from shared.redis_log import RedisLog\n"
        "async def main():\n"
        "    log = RedisLog('redis://redis:6379/0')\n"
        "    names = ('articles', 'rates', 'wire', 'deadletters')\n"
        "    print(json.dumps({name: (await log.head(name)).seq for name in names}))\n"
        "    await log.close()\n"
        "asyncio.run(main())\n"
    )
    said = compose.run("exec", "-T", "api", "python", "-c", script)
    return dict(json.loads(said.splitlines()[-1]))


@pytest.mark.timeout(600)
def test_the_wire_runs_in_containers_and_survives_the_restart_of_each(compose: Compose) -> None:
    compose.run("up", "--wait", "--build", timeout_s=500)

    said = compose.run("run", "--rm", "seed")
    assert "replayed: 43 appended, 6 unchanged; problems: 0" in said
    _until_heads(compose, {"articles": 24, "rates": 19, "wire": 44, "deadletters": 0})
    before = _articles(compose)
    assert len(before) == 20

    for service in SERVICES:
        compose.run("restart", service)
        compose.run("up", "--wait")
        compose.until_ready()
        assert _articles(compose) == before, service

    again = compose.run("run", "--rm", "seed")
    assert "replayed: 45 unchanged, 4 stale; problems: 0" in again
    assert _heads(compose) == {"articles": 24, "rates": 19, "wire": 44, "deadletters": 0}


@pytest.mark.timeout(240)
def test_a_partner_pushes_into_containers_and_an_operator_withdraws(compose: Compose) -> None:
    compose.run("up", "--wait", "--build", timeout_s=110)
    partner, admin = compose.new_key("Irtysh", "--source", SOURCE), compose.new_key("A", "--admin")

    pushed = push(compose.push_port, partner, article("in containers"))
    assert (pushed.status, pushed.outcomes) == (202, ["appended"])
    path = f"/v1/articles/{pushed.article_ids[0]}"
    said = compose.until_status(path, 200)
    assert said["headline"] == "Almaty Tram Depot Reopens, Says in containers"

    decision = ["withdraw", pushed.article_ids[0], "--reason", "it is closed"]
    one_off = ["run", "--rm", "-e", f"NEWSWIRE_ADMIN_KEY={admin}", "ingest"]
    withdrawn = compose.run(*one_off, "newswire", *decision)
    assert withdrawn.startswith(f"withdrawn: {pushed.article_ids[0]} (seq ")
    compose.until_status(path, 410)


@pytest.mark.timeout(240)
def test_an_operator_adds_a_source_that_the_service_reads(compose: Compose) -> None:
    compose.run("up", "--wait", "--build", timeout_s=110)
    one_off = ["run", "--rm", "ingest", "newswire", "sources"]
    # An address that is refused before a connection: nothing here leaves the machine.
    compose.run(*one_off, "add", "paper", "http://127.0.0.1:80/feed", "--unseen", "--every", "1m")

    deadline = time.monotonic() + 90
    said = compose.run(*one_off, "show", "paper")
    while "address-refused" not in said and time.monotonic() < deadline:
        time.sleep(2)
        said = compose.run(*one_off, "show", "paper")
    assert "state: failed" in said
    assert "problem: address-refused" in said


@pytest.mark.timeout(120)
def test_services_run_without_rights_they_do_not_need(compose: Compose) -> None:
    compose.run("up", "--wait", "--build", timeout_s=110)

    for service in ("ingest", "enrichment", "projection", "api"):
        who = compose.run("exec", "-T", service, "id", "-u").strip()
        assert who == "10001", service
        command = ["exec", "-T", service, "python", "-c", "open('/usr/forbidden', 'w')"]
        done = subprocess.run(
            ["docker", "compose", "-p", compose.name, *command],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        assert "Read-only file system" in done.stderr, service


def _articles(compose: Compose) -> list[str]:
    status, said = compose.get("/v1/articles?limit=100&copies=shown")
    assert status == 200
    items = said["items"]
    assert isinstance(items, list)
    return [item["headline"] for item in items]


def _until_heads(compose: Compose, expected: dict[str, int]) -> None:
    deadline = time.monotonic() + 30
    found = _heads(compose)
    while found != expected and time.monotonic() < deadline:
        time.sleep(0.25)
        found = _heads(compose)
    assert found == expected
    until = time.monotonic() + 30
    while compose.until_ready()["seq"] != expected["wire"] and time.monotonic() < until:
        time.sleep(0.25)
