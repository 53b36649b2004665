"""The push door as a server beside the inbox: its socket, its connections, its end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.ingest.push.requests import UNREAD
from shared.embedded import PortTaken

STOP_S_MAX: Final = 1
"""Requests under way may take so long to finish when the server is asked to stop."""
HEAD_BYTES_MAX: Final = 100_000
"""Of a request before its body; the door limits the fields by less, with an answer."""
LEFTOVER_BYTES_MAX: Final = 10_000_000
"""Of a body that goes on after it was answered: then the connection is closed."""
BACKLOG: Final = 128


class _Connection(HttpToolsProtocol):
    """A connection that is closed when a head, or a body that nobody reads, goes on without end.

    The parser keeps every byte of a header, and asks nobody before the last one has come.
    """

    _unread_bytes = 0
    _has_head = False

    def on_message_begin(self) -> None:
        """Count for each request anew, from the read after the one that brought its first byte."""
        self._unread_bytes, self._has_head = 0, False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """From here on it is a body, which the application reads, or has answered already."""
        self._unread_bytes, self._has_head = 0, True
        super().on_headers_complete()
        cycle = self.cycle
        # Of a connection that ended uvicorn says only that it ended, and not what came before.
        self.scope["state"][UNREAD] = lambda: bytes(cycle.body)

    def data_received(self, data: bytes) -> None:
        """Let the parser have what came."""
        if not self._has_head or (self.cycle is not None and self.cycle.response_complete):
            self._unread_bytes += len(data)
        super().data_received(data)
        bytes_max = LEFTOVER_BYTES_MAX if self._has_head else HEAD_BYTES_MAX
        if self._unread_bytes > bytes_max:
            self.transport.close()


class _Server(uvicorn.Server):
    """A server in somebody else's process, whose signals it leaves alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def listening(host: str, port: int) -> socket.socket:
    """A socket on which nothing is answered yet.

    Raises:
        PortTaken: we cannot listen there; the message says why.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind)
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen(BACKLOG)
        except BaseException:
            found.close()
            raise
    except (OSError, UnicodeError) as refusal:  # UnicodeError: a host that can be no name
        raise PortTaken(
            f"Cannot listen on {host}, port {port}: {getattr(refusal, 'strerror', None) or refusal}"
            ". Choose another with NEWSWIRE_PUSH_PORT or NEWSWIRE_PUSH_HOST, or stop the program "
            "that uses it."
        ) from refusal
    return found


async def serve(app: ASGIApp, door: socket.socket, stopping: asyncio.Event) -> None:
    """Answer on a socket until told to stop; then requests under way have STOP_S_MAX."""
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=_Connection,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=STOP_S_MAX,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[door]))
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        server.should_exit = True
        await serving
