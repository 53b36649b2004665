"""``newswire status``, with a Valkey that answers, one that hangs, and one that is gone."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.status import status
from shared import clock, health, views
from shared.health import Report
from shared.instants import rfc3339
from tests.conftest import NewServer
from tests.servers import Server

SERVICES = ("ingest", "enrichment", "projection", "api")


@pytest.fixture
def server(new_server: NewServer, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A Valkey that the environment names."""
    started = new_server()
    monkeypatch.setenv("NEWSWIRE_REDIS_URL", started.url)
    return started


@pytest.fixture
def hanging(server: Server) -> Iterator[Server]:
    """It takes connections and never answers."""
    os.kill(server._process.pid, signal.SIGSTOP)
    yield server
    os.kill(server._process.pid, signal.SIGCONT)


def all_report(data: Path, *, ready: bool = True, detail: str = "at 3 of 3") -> None:
    for name in SERVICES:
        at = rfc3339(clock.now())
        health.write(data / "run", Report(name, os.getpid(), ready, at, detail))


def test_a_desk_that_is_well_is_a_success(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    all_report(tmp_path)

    code = status(tmp_path, as_json=True)

    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert list(said) == [
        "api_url", "push_url", "redis_url", "fault", "services", "streams", "consumers",
    ]  # fmt: skip
    assert (said["redis_url"], said["fault"]) == (server.url, None)
    assert [each["stream"] for each in said["streams"]] == [
        "articles", "rates", "wire", "deadletters", "sources",
    ]  # fmt: skip
    assert [each["consumer"] for each in said["consumers"]] == [
        "enrichment.articles", "enrichment.rates", "projection",
    ]  # fmt: skip


def test_a_redis_that_hangs_is_told_within_3_s_beside_what_the_services_say(
    hanging: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    all_report(tmp_path)
    asked_at = time.monotonic()

    code = status(tmp_path, as_json=True)

    assert time.monotonic() - asked_at < 3
    assert code == 1
    assert json.loads(capsys.readouterr().out) == {
        "api_url": None,
        "push_url": None,
        "redis_url": hanging.url,
        "fault": f"Redis does not answer: Timeout reading from 127.0.0.1:{hanging.port}",
        "services": [
            {"service": name, "ready": True, "detail": "at 3 of 3"} for name in SERVICES
        ],
        "streams": [],
        "consumers": [],
    }  # fmt: skip


def test_a_redis_that_is_gone_is_a_line_above_the_services(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    all_report(tmp_path, ready=False, detail="stopped [/by hand]")
    server.kill()

    code = status(tmp_path, as_json=False)

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[1] == "push door   not known here"
    assert lines[2] == f"redis       {server.url}"
    assert lines[3].startswith("fault       Redis does not answer: Error 111 connecting to ")
    assert [line.strip().split(maxsplit=1) for line in lines if "NOT READY" in line] == [
        [name, "NOT READY  stopped [/by hand]"] for name in SERVICES
    ]
    assert "consumer" not in "".join(lines)


def test_a_login_that_is_refused_is_told_and_not_shown(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = server.url.replace("redis://", "redis://desk:secret@")
    monkeypatch.setenv("NEWSWIRE_REDIS_URL", url)

    code = status(tmp_path, as_json=False)

    out = capsys.readouterr().out
    assert code == 1
    assert "Redis refuses the login of NEWSWIRE_REDIS_URL" in out
    assert "secret" not in out


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"no database at all" * 100, "the view file is broken: file is not a database"),
        (b"", "the views cannot be read: no such table: parked"),
    ],
    ids=["no database", "another schema"],
)
def test_views_that_cannot_be_read_are_a_fault_of_the_projection(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, fault: str
) -> None:
    all_report(tmp_path)
    file = tmp_path / "views" / "views-0001.sqlite"
    file.parent.mkdir()
    file.write_bytes(content)
    views.publish(file.parent, file)

    code = status(tmp_path, as_json=True)

    consumers = json.loads(capsys.readouterr().out)["consumers"]
    assert code == 1
    assert [(each["consumer"], each["fault"]) for each in consumers] == [
        ("enrichment.articles", None), ("enrichment.rates", None), ("projection", fault),
    ]  # fmt: skip
