"""The push door as a server beside the inbox: its socket, its connections, its end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, cast

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from services.ingest.push.requests import UNREAD
from shared.connections import BACKLOG, Patience, admitted, connections_max
from shared.embedded import PortTaken

STOP_S_MAX: Final = 1
"""Requests under way may take so long to finish when the server is asked to stop."""
HEAD_BYTES_MAX: Final = 100_000
"""Of a request before its body; the door limits the fields by less, with an answer."""
LEFTOVER_BYTES_MAX: Final = 10_000_000
"""Of a body that goes on after it was answered: then the connection is closed."""


class _Connection(H11Protocol):
    """A connection that is closed when it brings no request, or more than anybody reads.

    Of h11, because the parser of httptools takes what follows a request with ``Upgrade`` for
    another protocol: a door that speaks none ignores the field. Source: RFC 9110 7.8.
    """

    _patience: Patience
    _leftover_bytes = 0
    _begun: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, unless there are too many connections."""
        both_ways = cast("asyncio.Transport", transport)  # a server of TCP makes no other
        super().connection_made(both_ways)
        self._patience = admitted(both_ways, len(self.connections), connections_max())

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._patience.end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Let the parser have what came."""
        if self.cycle is not None and self.cycle.response_complete:
            self._leftover_bytes += len(data)
        super().data_received(data)
        if self._leftover_bytes > LEFTOVER_BYTES_MAX:
            self.transport.close()

    def handle_events(self) -> None:
        """Let the application have what the parser found."""
        super().handle_events()
        if self.cycle is not self._begun:
            self._begun, self._leftover_bytes = self.cycle, 0
            self._patience.end()
            # Of a connection that ended uvicorn says only that it ended, not what came before.
            self.scope["state"][UNREAD] = partial(_unread, self.cycle)

    def on_response_complete(self) -> None:
        """Wait for the next request, which may have come already."""
        self._patience.begin()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Say that this was no HTTP, unless something else was said; then nothing more is said."""
        if self.cycle is not None:
            self.cycle.disconnected = True
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _should_upgrade(self) -> bool:
        return False


def _unread(cycle: RequestResponseCycle) -> bytes:
    return bytes(cycle.body)


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
        *how, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol: asyncio sends at once only on what it knows to be TCP.
        found = socket.socket(*how)
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
            h11_max_incomplete_event_size=HEAD_BYTES_MAX,
            backlog=BACKLOG,
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
