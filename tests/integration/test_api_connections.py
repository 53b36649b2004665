"""Connections to the api: how many, for how long, and what they may leave unread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import ClassVar, Final

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.api import connection
from services.api.connection import Connection
from shared import connections

LARGE_BYTES: Final = 8_000_000
"""More than the sockets of both sides keep."""
UNREAD_BYTES: Final = 12_000_000
"""Of two such answers."""
ASKED: Final = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Served:
    """A server in this process; its answers are large unless told otherwise."""

    def __init__(self, app: ASGIApp, connection: type[Connection]) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, http=connection, ws="none", lifespan="off", log_config=None,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self.server = uvicorn.Server(config)

    def unread(self) -> int:
        """Bytes that wait for clients."""
        held = self.server.server_state.connections
        return sum(one.transport.get_write_buffer_size() for one in held)

    def has_answered(self, count: int) -> bool:
        """Whether so many requests were answered, read or not."""
        return self.server.server_state.total_requests == count


@pytest.fixture
async def served(request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    made = Served(*getattr(request, "param", (PlainTextResponse(b"a" * LARGE_BYTES), Connection)))
    running = asyncio.create_task(made.server.serve(sockets=[made.door]))
    yield made
    made.server.should_exit = made.server.force_exit = True
    await running


@contextlib.asynccontextmanager
async def asking(served: Served, sent: bytes = ASKED) -> AsyncIterator[Streams]:
    """A client that asks and does not read."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    small.setblocking(False)
    await asyncio.get_running_loop().sock_connect(small, served.door.getsockname())
    reader, writer = await asyncio.open_connection(sock=small, limit=4_096)
    try:
        writer.write(sent)
        yield reader, writer
    finally:
        writer.transport.abort()


async def until(is_so: Callable[[], bool]) -> None:
    """Until this is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(0.01)


async def ended(reader: asyncio.StreamReader) -> int:
    """Bytes that come until the connection ends."""
    count = 0
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            while part := await reader.read(65_536):
                count += len(part)
    return count


@pytest.mark.parametrize("requests", [1, 2])
async def test_a_client_that_does_not_read_is_cut_and_its_answer_forgotten(
    served: Served, monkeypatch: pytest.MonkeyPatch, requests: int
) -> None:
    """Also one that has asked for more already: that answer waits behind the first."""
    monkeypatch.setattr(connection, "UNREAD_S_MAX", 0.1)
    async with asking(served, ASKED * requests) as (reader, _):
        await until(lambda: served.unread() > 1_000_000)
        await until(lambda: not served.unread())

        assert await ended(reader) < LARGE_BYTES


async def test_a_client_that_reads_slowly_gets_its_answer(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "UNREAD_S_MAX", 1.0)
    monkeypatch.setattr(connections, "HEAD_S_MAX", 1.0)
    async with asking(served) as (reader, _):
        await until(lambda: served.unread() > 1_000_000)
        async with asyncio.timeout(20):
            head = await reader.readuntil(b"\r\n\r\n")
            count = 0
            while count < LARGE_BYTES:
                count += len(await reader.readexactly(min(400_000, LARGE_BYTES - count)))
                await asyncio.sleep(0.1)

        assert head.startswith(b"HTTP/1.1 200")


async def test_of_too_much_that_nobody_reads_who_stands_longest_has_to_go(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "UNREAD_BYTES_MAX", UNREAD_BYTES)
    async with contextlib.AsyncExitStack() as opened:
        clients = []
        for number in range(1, 5):
            clients.append(await opened.enter_async_context(asking(served)))
            await until(partial(served.has_answered, number))
        assert served.unread() <= UNREAD_BYTES

        counts = [await ended(reader) for reader, _ in (clients[0], clients[1])]
        assert max(counts) < LARGE_BYTES
        last, _ = clients[3]
        await last.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(10):
            assert len(await last.readexactly(LARGE_BYTES)) == LARGE_BYTES


async def test_a_connection_that_brings_no_request_is_closed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S_MAX", 0.1)
    async with asking(served, b"") as (silent, _), asking(served, ASKED[:9]) as (half, _):
        assert [await ended(silent), await ended(half)] == [0, 0]


async def test_connections_beyond_the_limit_are_closed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECTIONS_MAX", 1)
    async with asking(served) as (first, _), asking(served) as (second, _):
        assert await ended(second) == 0
        assert await first.readexactly(12) == b"HTTP/1.1 200"


class Watched(Connection):
    """Tells, in the moment in which its client has said all, whether it may still be sent to."""

    was_gone: ClassVar[list[bool]] = []

    def eof_received(self) -> None:
        """See asyncio.Protocol."""
        super().eof_received()
        self.was_gone.append(self.cycle.disconnected)


async def endless(_scope: Scope, receive: Receive, send: Send) -> None:
    """An answer that has begun and goes on until the client is gone."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass


@pytest.mark.parametrize("served", [(endless, Watched)], indirect=True)
async def test_a_client_that_closes_its_half_is_gone_before_anything_more_is_sent(
    served: Served,
) -> None:
    """The transport closes itself: a write until it says so would fail, and look like our fault."""
    Watched.was_gone.clear()
    async with asking(served) as (reader, writer):
        await reader.readexactly(12)
        writer.write_eof()
        await ended(reader)

    assert Watched.was_gone == [True]
