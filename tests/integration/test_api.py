"""The api as a process: beside a real Valkey that comes and goes, and asked to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from shared import health
from shared.redis_log import RedisLog
from tests.api_process import ApiProcess, serving
from tests.conftest import NewServer
from tests.drafts import draft
from tests.view_files import ViewFile


def view_of(data_dir: Path, count: int) -> ViewFile:
    view = ViewFile(data_dir / "views")
    for number in range(1, count + 1):
        view.article(number)
    view.publish()
    return view


def append(url: str, desk: str, count: int) -> None:
    """Bring the wire's head to ``count``."""

    async def call() -> None:
        log = RedisLog(url, desk)
        await log.append("wire", [draft(f"s{number}") for number in range(count)])
        await log.close()

    asyncio.run(call())


def ready(api: ApiProcess, status: int) -> dict[str, object]:
    answer = api.wait_until("/readyz", lambda answer: answer.status_code == status)
    body: dict[str, object] = answer.json()
    return body


def test_the_api_is_ready_when_the_views_are_where_the_wire_is(
    tmp_path: Path, valkey_url: str, desk: str
) -> None:
    append(valkey_url, desk, 3)
    view_of(tmp_path, 3)

    with serving(tmp_path, valkey_url, desk) as api:
        assert ready(api, 200) == {"ready": True, "seq": 3, "head": 3, "lag": 0}
        assert len(api.get("/v1/articles").json()["items"]) == 3


def test_articles_are_served_while_redis_is_away(
    tmp_path: Path, new_server: NewServer, desk: str
) -> None:
    server = new_server()
    view_of(tmp_path, 1)
    append(server.url, desk, 1)

    with serving(tmp_path, server.url, desk) as api:
        ready(api, 200)
        server.kill()

        assert ready(api, 503)["type"] == "urn:newswire:problem:not-ready"
        assert api.get("/v1/articles").status_code == 200
        assert api.get("/").status_code == 200
        assert api.get("/livez").status_code == 200

        server.start()
        assert ready(api, 200)["head"] == 1


def test_the_api_says_how_it_is_in_its_report(tmp_path: Path, valkey_url: str, desk: str) -> None:
    file = tmp_path / "run" / "api.json"

    with serving(tmp_path, valkey_url, desk) as api:
        ready(api, 503)
        before = health.read(file)
        view_of(tmp_path, 0)
        ready(api, 200)
        deadline = time.monotonic() + 5
        while not ((now := health.read(file)) and now.ready) and time.monotonic() < deadline:
            api.get("/livez")

    assert before
    assert not before.ready
    assert "no views yet" in before.detail
    assert now
    assert now.ready
    assert (now.service, now.pid) == ("api", api.process.pid)
    assert now.detail == "The views are at 0 of 0"


def test_the_api_ends_within_two_seconds_though_clients_are_connected(tmp_path: Path) -> None:
    with serving(tmp_path) as api:
        address = urlsplit(api.url)
        with (
            socket.create_connection((str(address.hostname), address.port or 0)) as idle,
            socket.create_connection((str(address.hostname), address.port or 0)) as slow,
        ):
            idle.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(1_000).startswith(b"HTTP/1.1 200")
            slow.sendall(b"GET /livez HTTP/1.1\r\nHost")
            asked_at = time.monotonic()
            api.process.send_signal(signal.SIGTERM)
            code = api.process.wait(timeout=5)
            took_s = time.monotonic() - asked_at

    assert code == 0
    assert took_s < 2
    report = health.read(tmp_path / "run" / "api.json")
    assert report
    assert (report.ready, report.detail) == (False, "stopped")
