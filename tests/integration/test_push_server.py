"""The push door as a process: raw bytes, cut bodies, bodies without end, and its own end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Final

import httpx2
import orjson
import pytest

from shared import health
from shared.keys import authenticate, create
from shared.log import Log
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.state import KEYS
from tests.builders import at, entries
from tests.conftest import NewServer
from tests.push_door import (
    SOURCE,
    Ingest,
    free_port,
    ingest,
    ndjson,
    outcomes,
    pushed,
    start,
)

NDJSON: Final = "application/x-ndjson"
CHUNKED: Final = "Transfer-Encoding: chunked"
SETTLE_S_MAX: Final = 10.0


@pytest.fixture
def service(tmp_path: Path, valkey_url: str, desk: str) -> Iterator[Ingest]:
    with ingest(tmp_path, valkey_url, desk) as running:
        yield running


def articles(url: str, desk: str) -> int:
    """How many events the articles have."""

    async def count() -> int:
        log: Log = RedisLog(url, desk)
        try:
            return len(await entries(log, "articles"))
        finally:
            await log.close()

    return asyncio.run(count())


def until(is_so: Callable[[], bool]) -> None:
    """Return when it is so."""
    deadline = time.monotonic() + SETTLE_S_MAX
    while not is_so():
        assert time.monotonic() < deadline, "it never was so"
        time.sleep(0.02)


def chunk(data: bytes) -> bytes:
    """A piece of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of the next answer on a raw socket."""
    response = HTTPResponse(connection, method="POST")
    response.begin()
    return response.status, response.read()


def test_what_was_pushed_stands_and_may_be_pushed_again(
    service: Ingest, valkey_url: str, desk: str
) -> None:
    body = ndjson(*(pushed(number) for number in range(500)))
    first = service.post("/v1/articles", body, NDJSON)
    again = service.post("/v1/articles", body, NDJSON)

    assert first.json()["counts"]["appended"] == 500
    assert again.json()["counts"]["unchanged"] == 500
    assert articles(valkey_url, desk) == 500


@pytest.mark.parametrize("length", ["Content-Length: 100000", CHUNKED])
def test_of_a_body_that_is_cut_off_the_complete_lines_stand(
    service: Ingest, valkey_url: str, desk: str, length: str
) -> None:
    lines = ndjson(pushed(1), pushed(2), pushed(3))[:-30]
    with service.connect() as connection:
        connection.sendall(service.head("/v1/articles", length))
        connection.sendall(chunk(lines) if length == CHUNKED else lines)

    until(lambda: articles(valkey_url, desk) == 2)
    retried = service.post("/v1/articles", ndjson(pushed(1), pushed(2), pushed(3)), NDJSON)
    assert outcomes(retried) == ["unchanged", "unchanged", "appended"]


def test_a_slow_client_has_what_it_sent_so_far_on_the_log(
    service: Ingest, valkey_url: str, desk: str
) -> None:
    """Each line is appended when it has come, while the request goes on."""
    with service.connect() as connection:
        connection.sendall(service.head("/v1/articles", CHUNKED))
        for number in (1, 2, 3):
            line = ndjson(pushed(number))
            connection.sendall(chunk(line[:40]) + chunk(line[40:]))
            until(lambda number=number: articles(valkey_url, desk) == number)  # type: ignore[misc]
        connection.sendall(b"0\r\n\r\n")
        status, body = answer(connection)

    assert (status, orjson.loads(body)["counts"]["appended"]) == (202, 3)


def test_a_body_without_end_is_answered_cut_and_never_held(service: Ingest) -> None:
    line = chunk(b"x" * 800_000 + b"\n")
    before_kb = memory_kb(service.process.pid)
    sent, is_cut = 0, False
    with service.connect() as connection:
        connection.sendall(service.head("/v1/articles", CHUNKED))
        while not is_cut and sent < 200_000_000:
            try:
                connection.sendall(line)
                sent += len(line)
            except (ConnectionError, TimeoutError):
                is_cut = True

    assert is_cut
    assert sent < 150_000_000
    assert memory_kb(service.process.pid) - before_kb < 60_000
    assert httpx2.get(f"{service.url}/livez").status_code == 200


def memory_kb(pid: int) -> int:
    """The most memory that a process ever held."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells it this way")
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def test_a_body_that_is_too_large_gets_its_answer_though_it_goes_on(service: Ingest) -> None:
    with service.connect() as connection:
        head = service.head("/v1/articles", "Content-Length: 200000000")
        connection.sendall(head + b"x" * 1_000_000)
        status, _ = answer(connection)

    assert status == 413


def test_a_client_without_a_key_is_answered_before_its_body(service: Ingest) -> None:
    with service.connect() as connection:
        connection.sendall(
            b"POST /v1/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        status, _ = answer(connection)

    assert status == 401


def test_a_head_without_end_is_cut(service: Ingest) -> None:
    sent = 0
    with service.connect() as connection:
        connection.sendall(b"POST /v1/articles HTTP/1.1\r\nX-Long: ")
        try:
            while sent < 20_000_000:
                connection.sendall(b"a" * 100_000)
                sent += 100_000
        except ConnectionError:
            pass

    assert sent < 20_000_000
    assert httpx2.get(f"{service.url}/livez").status_code == 200


def test_bytes_that_are_no_http_get_a_400(service: Ingest) -> None:
    with service.connect() as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 400")


def test_two_partners_push_at_once(tmp_path: Path, valkey_url: str, desk: str) -> None:
    async def both(service: Ingest) -> list[httpx2.Response]:
        body = ndjson(*(pushed(number) for number in range(300)))
        headers = {"Authorization": f"Bearer {service.key}", "Content-Type": NDJSON}
        async with httpx2.AsyncClient(base_url=service.url, timeout=30) as client:
            sending = [client.post("/v1/articles", content=body, headers=headers) for _ in range(4)]
            return list(await asyncio.gather(*sending))

    with ingest(tmp_path, valkey_url, desk) as service:
        answers = asyncio.run(both(service))

    assert {answer.status_code for answer in answers} == {202}
    assert sum(answer.json()["counts"]["appended"] for answer in answers) == 300
    assert articles(valkey_url, desk) == 300


def test_it_ends_within_two_seconds_though_clients_are_connected(service: Ingest) -> None:
    with service.connect() as idle, service.connect() as half, service.connect() as sending:
        idle.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(1_000).startswith(b"HTTP/1.1 200")
        half.sendall(b"POST /v1/articles HTTP/1.1\r\nHost")
        sending.sendall(service.head("/v1/articles", CHUNKED) + chunk(ndjson(pushed(1))))
        asked_at = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        code = service.process.wait(timeout=5)
        took_s = time.monotonic() - asked_at
        status, body = answer(sending)

    assert code == 0
    assert took_s < 2
    assert status == 202
    assert b"the server is being stopped" in body


def refused_at_start(folder: Path, redis_url: str, port: int) -> str:
    """What an ingest says that ends with code 1 before it has begun."""
    process = start(folder, redis_url, "newswire", port)
    try:
        assert process.wait(timeout=10) == 1
    finally:
        process.kill()
        process.wait()
    return (folder / "ingest.log").read_text()


def test_an_ingest_whose_port_is_taken_says_so_and_ends(tmp_path: Path, valkey_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused_at_start(tmp_path, valkey_url, port)

    assert said.startswith(f"Cannot listen on 127.0.0.1, port {port}: Address already in use. ")
    assert "NEWSWIRE_PUSH_PORT" in said
    assert "Traceback" not in said


def test_an_unsafe_log_takes_nothing(tmp_path: Path, new_server: NewServer, desk: str) -> None:
    """Looked at with every request: what was safe at the start need not be any more."""
    server = new_server()
    with ingest(tmp_path, server.url, desk) as service:
        assert service.post("/v1/articles", ndjson(pushed(1)), NDJSON).status_code == 202
        with socket.create_connection(("127.0.0.1", server.port)) as admin:
            admin.sendall(b"CONFIG SET appendfsync everysec\r\n")
            assert admin.recv(64) == b"+OK\r\n"
        refused = service.post("/v1/articles", ndjson(pushed(2)), NDJSON)

    assert refused.status_code == 503
    assert "Redis does not fsync every event" in refused.json()["detail"]
    assert articles(server.url, desk) == 1


def test_while_redis_is_away_it_says_so_and_goes_on_when_it_is_back(
    tmp_path: Path, new_server: NewServer, desk: str
) -> None:
    server = new_server()
    with ingest(tmp_path, server.url, desk) as service:
        server.kill()
        away = service.post("/v1/articles", ndjson(pushed(1)), NDJSON)
        server.start()
        # A connection of before is found broken by the first who uses it.
        until(lambda: service.post("/v1/articles", ndjson(pushed(1)), NDJSON).status_code == 202)

    assert away.status_code == 503
    assert away.headers["retry-after"] == "2"
    assert articles(server.url, desk) == 1


# --- keys ----------------------------------------------------------------------------------------


def keys(url: str, desk: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A verb of ``keys``."""
    own = {"NEWSWIRE_REDIS_URL": url, "NEWSWIRE_DESK": desk, **env}
    command = [sys.executable, "-m", "services.ingest", "keys", *words]
    return subprocess.run(
        command, env={**os.environ, **own}, capture_output=True, text=True, check=False, timeout=30
    )


def test_a_key_is_made_listed_and_revoked_while_the_door_is_open(
    service: Ingest, valkey_url: str, desk: str
) -> None:
    made = keys(valkey_url, desk, "add", "--source", SOURCE, "--", "Irtysh Telegraph")
    text = made.stdout.strip()
    own = Ingest(service.port, text, service.process)
    taken = own.post("/v1/articles", ndjson(pushed(1)), NDJSON)
    listed = keys(valkey_url, desk, "list", "--json")
    revoked = keys(valkey_url, desk, "revoke", "--", text.split("_")[1])
    refused = own.post("/v1/articles", ndjson(pushed(2)), NDJSON)

    assert (made.returncode, taken.status_code) == (0, 202)
    assert "Keep it" in made.stderr
    assert [each["name"] for each in orjson.loads(listed.stdout)] == ["partner", "Irtysh Telegraph"]
    assert "sha256" not in listed.stdout
    assert revoked.stdout == f"revoked: {text.split('_')[1]} (Irtysh Telegraph)\n"
    assert refused.status_code == 401


def test_a_verb_of_keys_that_cannot_be_done_is_a_sentence(valkey_url: str, desk: str) -> None:
    refused = {
        keys(valkey_url, desk, "revoke", "nothing").stderr: "expected the id of a key",
        keys(valkey_url, desk, "add", "x").stderr: "expected --source ID",
        keys(valkey_url, desk, "register-admin").stderr: "expected a key in NEWSWIRE_ADMIN_KEY",
        keys("redis://127.0.0.1:1/0", desk, "list").stderr: "Redis does not answer",
    }

    assert all(said.startswith(expected) for said, expected in refused.items())
    assert all(said.count("\n") == 1 for said in refused)


def test_the_operators_key_of_the_environment_is_kept_before_it_is_ready(
    tmp_path: Path, valkey_url: str, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, text = create("admin", (), at(1), is_admin=True)
    monkeypatch.setenv("NEWSWIRE_ADMIN_KEY", text)
    process = start(tmp_path, valkey_url, desk, free_port())
    try:
        until(lambda: bool((found := health.read(tmp_path / "run/ingest.json")) and found.ready))
        assert asyncio.run(is_kept(valkey_url, desk, text))
    finally:
        process.kill()
        process.wait()
    assert keys(valkey_url, desk, "register-admin").stdout == "admin key: known\n"


async def is_kept(url: str, desk: str, text: str) -> bool:
    """Whether a key is known."""
    state = RedisTable(KEYS, url, desk)
    try:
        return await authenticate(state, text) is not None
    finally:
        await state.close()


def test_an_operators_key_that_is_none_ends_the_service_with_a_sentence(
    tmp_path: Path, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_ADMIN_KEY", "hunter2")

    said = refused_at_start(tmp_path, valkey_url, free_port())

    assert said.startswith("NEWSWIRE_ADMIN_KEY: expected a key")
    assert "hunter2" not in said
