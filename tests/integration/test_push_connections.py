"""Connections to the push door: how many, for how long, and what they may ask besides."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Final

import httpx2
import orjson
import pytest
from starlette.responses import PlainTextResponse

from services.ingest.push import server
from shared import connections
from tests.push_door import Ingest, ingest, ndjson, pushed

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

ASKED: Final = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
APPENDED: Final = b'"counts":{"appended":1,'
UPGRADES: Final = {
    "h2c": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n",
    "websocket": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
}


@pytest.fixture
def service(tmp_path: Path, valkey_url: str, desk: str) -> Iterator[Ingest]:
    with ingest(tmp_path, valkey_url, desk) as running:
        yield running


@contextlib.asynccontextmanager
async def door() -> AsyncIterator[int]:
    """The port of a server in this process that says ``here``."""
    stopping = asyncio.Event()
    with server.listening("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(server.serve(PlainTextResponse("here"), listening, stopping))
        try:
            yield listening.getsockname()[1]
        finally:
            stopping.set()
            await serving


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[Streams]:
    """A connection that is closed at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the connection ends."""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            return await reader.read()
    return b""


@pytest.mark.parametrize("protocol", UPGRADES)
def test_a_request_that_offers_another_protocol_is_taken_as_it_is(
    service: Ingest, protocol: str
) -> None:
    """As Java's HttpClient sends it. Source: RFC 9110 7.8."""
    line = ndjson(pushed(1))
    head = service.head("/v1/articles", f"Content-Length: {len(line)}", "Connection: close")
    head = head.replace(b"Connection: close\r\n", UPGRADES[protocol])
    with service.connect() as connection:
        connection.sendall(head + line)
        answer = HTTPResponse(connection, method="POST")
        answer.begin()
        said = answer.read()

    assert answer.status == 202
    assert APPENDED in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl is here")
def test_curl_may_offer_http2(service: Ingest) -> None:
    done = subprocess.run(
        [
            "curl", "-sS", "--http2", "--data-binary", "@-", "-H", "Expect: 100-continue",
            "-H", f"Authorization: Bearer {service.key}", "-H", "Content-Type: application/json",
            f"{service.url}/v1/articles",
        ],
        input=orjson.dumps(pushed(1)), capture_output=True, check=True, timeout=30,
    )  # fmt: skip

    assert APPENDED in done.stdout


def test_what_the_door_says_is_sent_at_once() -> None:
    """asyncio leaves a socket of an unnamed protocol to Nagle: 40 ms for each answer."""
    with server.listening("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /v1/articles HTTP/1.1\r\nHost",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nx",
    ],
    ids=["nothing", "half a head", "a second head", "a body after its answer"],
)
async def test_a_connection_that_brings_no_request_for_too_long_is_closed(
    monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    """Whatever trickles in meanwhile."""
    monkeypatch.setattr(connections, "HEAD_S_MAX", 0.2)
    async with door() as port, connected(port) as (reader, writer):
        writer.write(begun)

        async def trickle() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        said = await ended(reader)
        trickling.cancel()

    assert said.count(b"here") == begun.count(b"\r\n\r\n")


async def test_connections_beyond_the_most_are_closed_and_those_before_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "connections_max", lambda: 2)
    async with door() as port, connected(port) as first, connected(port) as second:
        async with connected(port) as (reader, _):
            assert await ended(reader) == b""
        for reader, writer in (first, second):
            writer.write(ASKED)
            assert b"here" in await ended(reader)
        async with connected(port) as (reader, writer):
            writer.write(ASKED)
            assert b"here" in await ended(reader)


async def test_bytes_that_are_no_body_end_a_request_without_a_fault_of_ours(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer may have been sent already, or be on its way."""
    server = logging.getLogger("uvicorn.error")  # other tests of the process may have set it up
    for name, value in (
        ("handlers", [caplog.handler]), ("propagate", False), ("disabled", False),
        ("level", logging.WARNING), ("_cache", {}),
    ):  # fmt: skip
        monkeypatch.setattr(server, name, value)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with door() as port:
        async with connected(port) as (reader, writer):
            writer.write(head + b"no\r\n")
            first = await ended(reader)
        async with connected(port) as (reader, writer):
            writer.write(head)
            await reader.readuntil(b"here")
            writer.write(b"no\r\n")
            rest = await ended(reader)

    assert first.startswith(b"HTTP/1.1 400")
    assert rest == b""
    assert [one.getMessage() for one in caplog.records] == ["Invalid HTTP request received."] * 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of another process")
def test_more_connections_than_files_leave_the_door_open(service: Ingest, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2_000), hard))
    resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (256, hard))
    try:
        with contextlib.ExitStack() as stack:
            for _ in range(300):
                stack.enter_context(service.connect())
        answered = httpx2.get(f"{service.url}/livez", timeout=20).status_code
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert answered == 200
    assert "out of system resource" not in (tmp_path / "ingest.log").read_text()


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_001],
    ids=["no HTTP", "a head without end"],
)
async def test_what_has_no_head_that_can_be_read_gets_a_plain_400(sent: bytes) -> None:
    async with door() as port, connected(port) as (reader, writer):
        writer.write(sent)
        said = await reader.readuntil(b"\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 400")
    assert b"content-type: text/plain" in said
