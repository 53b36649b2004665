"""A publisher on loopback that answers with the bytes it is told to, however wrong they are."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import Self

from services.ingest.fetch.addresses import Address
from services.ingest.fetch.client import World
from services.ingest.fetch.politeness import Pace
from shared import clock
from shared.settings import Settings

HOST = "127.0.0.1"
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    fields: tuple[tuple[str, bytes], ...]
    """Names in lower case."""
    body: bytes = b""

    def field(self, name: str) -> bytes | None:
        return next((value for given, value in self.fields if given == name), None)


Reply = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Publisher:
    """A server; ``reply`` writes whatever it likes, and the connection is closed behind it."""

    reply: Reply
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    tls: ssl.SSLContext | None = None
    waits: bool = True
    """Reads the head of a request before it answers."""
    host: str = HOST

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.sleep(0)  # a connection that was just accepted has no task yet
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                asked = Asked("", "", ())
                if self.waits:
                    asked = _read(await reader.readuntil(b"\r\n\r\n"))
                if length := asked.field("content-length"):
                    asked = replace(asked, body=await reader.readexactly(int(length)))
                self.asked.append(asked)
                await self.reply(asked, writer)
        except asyncio.CancelledError:
            pass  # the test is over; asyncio would complain of a connection that was called off
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


def _read(head: bytes) -> Asked:
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    method, path, _ = first.decode("ascii").split(" ")
    pairs = (line.partition(b":") for line in lines)
    return Asked(
        method,
        path,
        tuple((name.decode("latin-1").lower(), value.strip()) for name, _, value in pairs),
    )


def answer(
    body: bytes = b"", *fields: str | bytes, status: str = "200 OK", length: int | None = None
) -> bytes:
    """An answer; ``length`` is what it says of its body, where that is not the truth."""
    lines = [one if isinstance(one, bytes) else one.encode("latin-1") for one in fields]
    said = b"Content-Length: %d" % (len(body) if length is None else length)
    return b"\r\n".join([b"HTTP/1.1 " + status.encode(), *lines, said, b"", b""]) + body


def says(data: bytes) -> Reply:
    """Always the same bytes."""

    async def reply(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return reply


def by_path(answers: dict[str, bytes], other: bytes | None = None) -> Reply:
    """The bytes for a path; ``other`` for all that are not named, else 404."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.get(asked.path, other or answer(status="404 Not Found")))
        await writer.drain()

    return reply


def endless(first: bytes, again: bytes, pause_s: float = 0.0) -> Reply:
    """Bytes, and then others again and again until the connection is closed."""

    async def reply(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while not writer.is_closing():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause_s)  # the publisher's slowness, not the test's waiting

    return reply


def names(**address_by_name: str) -> Callable[[str], Awaitable[tuple[Address, ...]]]:
    """A resolver that knows these names alone: ``names(a="127.0.0.1")`` knows ``a.example``."""

    async def resolve(name: str) -> tuple[Address, ...]:
        listed = address_by_name.get(name.removesuffix(".example").replace("-", "_"))
        if listed is None:
            raise OSError("Name or service not known")
        return tuple(ip_address(one) for one in listed.split())

    return resolve


async def everyone(_: str) -> tuple[Address, ...]:
    """A resolver by which every name is this machine."""
    return (ip_address(HOST),)


def world(
    resolve: Callable[[str], Awaitable[tuple[Address, ...]]] = everyone,
    *,
    request_s: float = 10.0,
    connect_s: float = 5.0,
    gap_s: float = 0.0,
) -> World:
    """A world without pauses, in which names are what a test says."""
    pace = Pace(clock.monotonic_s, gap_s=gap_s)
    return World(resolve=resolve, pace=pace, request_s=request_s, connect_s=connect_s)


def settings(*publishers: Publisher) -> Settings:
    """Settings by which loopback and the ports of publishers may be fetched from."""
    ports = frozenset(one.port for one in publishers) | {80, 443}
    return Settings(fetch_allow=LOOPBACK, fetch_ports=ports)


@contextlib.asynccontextmanager
async def publishing(reply: Reply | bytes) -> AsyncIterator[Publisher]:
    """A publisher for as long as the context lasts."""
    async with Publisher(says(reply) if isinstance(reply, bytes) else reply) as publisher:
        yield publisher


@contextlib.contextmanager
def beside(reply: Reply) -> Iterator[Publisher]:
    """A publisher in a thread, for tests that have no event loop of their own."""
    publisher, loop = Publisher(reply), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(publisher.__aenter__(), loop).result()
        try:
            yield publisher
        finally:
            asyncio.run_coroutine_threadsafe(publisher.__aexit__(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
