"""The api as a process: beside a real Valkey that comes and goes, and asked to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from shared import health
from shared.redis_log import RedisLog
from tests.api_process import NO_REDIS, ApiProcess, serving, started
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


def reported(api: ApiProcess, file: Path, is_so: Callable[[health.Report], bool]) -> health.Report:
    """The first report of which this is so."""
    deadline = time.monotonic() + 5
    while not ((report := health.read(file)) and is_so(report)):
        assert time.monotonic() < deadline, report
        api.get("/livez")
    return report


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
        before = reported(api, file, lambda report: "no views yet" in report.detail)
        view_of(tmp_path, 0)
        now = reported(api, file, lambda report: report.ready)

    assert not before.ready
    assert (now.service, now.pid) == ("api", api.process.pid)
    assert now.detail == "The views are at 0 of 0"


def sent_raw(api: ApiProcess, request: bytes) -> bytes:
    """What the server answers to bytes that no client would send."""
    with socket.create_connection(address_of(api), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def address_of(api: ApiProcess) -> tuple[str, int]:
    address = urlsplit(api.url)
    return str(address.hostname), address.port or 0


NO_HTTP = [
    b"GET /%zz\x80 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]
STRANGE = {
    b"GET //evil.example/ HTTP/1.1\r\nHost: evil.example\r\n": b"404",
    b"GET /v1/articles/ HTTP/1.1\r\nHost: evil.example\r\n": b"404",
    b"GET http://evil.example/v1/articles/ HTTP/1.1\r\n": b"404",
    b"GET /articles/%2e%2e%2f HTTP/1.1\r\nHost: [::\r\n": b"404",
    b"GET / HTTP/1.1\r\nHost: evil.example/x?y#\r\n": b"200",
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n": b"200",
    b"OPTIONS * HTTP/1.1\r\n": b"404",
    b"POST /v1/articles HTTP/1.1\r\nContent-Length: 999999999\r\n": b"405",
}


def test_what_no_client_would_send_is_answered_and_the_next_one_is_served(tmp_path: Path) -> None:
    view_of(tmp_path, 1)
    with serving(tmp_path) as api:
        refused = [sent_raw(api, request)[:12] for request in NO_HTTP]
        answers = [sent_raw(api, request + b"\r\n") for request in STRANGE]

        assert refused == [b"HTTP/1.1 400"] * len(NO_HTTP)
        assert [answer[9:12] for answer in answers] == list(STRANGE.values())
        assert not any(b"\nlocation:" in answer for answer in answers)
        assert api.get("/v1/articles").status_code == 200


def test_a_request_without_end_is_cut(tmp_path: Path) -> None:
    """The parser would keep all of it: 100 MB sent were 100 MB and more of memory."""
    with serving(tmp_path) as api:
        with socket.create_connection(address_of(api), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
            sent_mb = 0
            with suppress(ConnectionError):
                while sent_mb < 20:
                    connection.sendall(b"a" * 1_000_000)
                    sent_mb += 1

        assert sent_mb < 20
        assert api.get("/livez").status_code == 200


def test_the_api_ends_within_two_seconds_though_clients_are_connected(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as api,
        socket.create_connection(address_of(api)) as idle,
        socket.create_connection(address_of(api)) as slow,
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


def test_whoever_waits_for_a_change_is_answered_when_the_api_ends(tmp_path: Path) -> None:
    view_of(tmp_path, 0)
    with serving(tmp_path) as api, socket.create_connection(address_of(api)) as waiting:
        waiting.settimeout(5)
        waiting.sendall(b"GET /v1/changes?wait=30 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert api.get("/livez").status_code == 200  # what was sent before has been read
        asked_at = time.monotonic()
        api.process.send_signal(signal.SIGTERM)
        answer = b"".join(iter(lambda: waiting.recv(65_536), b""))
        code = api.process.wait(timeout=5)
        took_s = time.monotonic() - asked_at

    assert answer.startswith(b"HTTP/1.1 200")
    assert b'{"items":[],"next":null,' in answer
    assert code == 0
    assert took_s < 2


def test_an_api_whose_port_is_taken_ends_by_itself(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = started(tmp_path, NO_REDIS, "newswire", taken.getsockname()[1])
        try:
            assert process.wait(timeout=10) == 3  # uvicorn's own, for a start that failed
        finally:
            process.kill()
