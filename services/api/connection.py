"""A connection to the api: what it may hold while its client asks without end, or does not read."""

from __future__ import annotations

import asyncio
from operator import itemgetter
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.api.stream_routes import ABORT
from shared.connections import Patience, admitted, connections_max

REQUEST_BYTES_MAX: Final = 1_000_000
"""Of one request with its body, which nothing here reads; the door limits the rest by far more."""
CONNECTIONS_MAX: Final = 2_000
"""To one api: its live streams, and as many others."""
UNREAD_BYTES_MAX: Final = 50_000_000
"""Of all answers together that clients have asked for and do not take."""
UNREAD_S_MAX: Final = 15.0
"""Whoever takes nothing for so long, twice, of what waits for it is cut."""


class Connection(HttpToolsProtocol):
    """A connection that is closed when a request goes on without end, or its client does not read.

    The parser keeps every byte of a header, and asks nobody before the last one has come. An answer
    that is not taken is kept whole, however many clients ask for one and leave it.
    """

    _patience: Patience
    """With a client that brings no request."""
    _reading: Patience
    """With a client that does not read."""
    _request_bytes = 0
    stands_since_s: float | None = None
    """Since when nothing more can be written, by the clock of the loop; None: it can."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, unless there are too many connections."""
        both_ways = cast("asyncio.Transport", transport)  # a server of TCP makes no other
        super().connection_made(both_ways)
        held, held_max = len(self.connections), connections_max(CONNECTIONS_MAX)
        self._patience = admitted(both_ways, held, held_max)
        self._reading = Patience(both_ways, UNREAD_S_MAX)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._patience.end()
        self._reading.end()  # nobody says that writing goes on
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """The transport closes itself behind this; what is written until it says so would fail."""
        if self.cycle and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def on_message_begin(self) -> None:
        """Count for each request anew, from the read after the one that brought its first byte."""
        self._request_bytes = 0
        super().on_message_begin()
        # A client that reads no more is never sent the end of its answer either.
        cast("Any", self.scope)["extensions"] = {ABORT: self.transport.abort}

    def on_headers_complete(self) -> None:
        """From here on it is the application that is waited for."""
        self._patience.end()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it has come already."""
        if not self.pipeline:
            self._patience.begin()
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        """Let the parser have what came."""
        self._request_bytes += len(data)
        super().data_received(data)
        if self._request_bytes > REQUEST_BYTES_MAX:
            self.transport.close()

    def pause_writing(self) -> None:
        """The client does not read fast enough: of too much, who stands longest has to go."""
        super().pause_writing()
        self._reading.begin()
        self.stands_since_s = self.loop.time()
        standing = [
            (one.stands_since_s, one.transport.get_write_buffer_size(), one)
            for one in self.connections
            if isinstance(one, Connection) and one.stands_since_s is not None
        ]
        unread = sum(size for _, size, _ in standing)
        for _, size, one in sorted(standing, key=itemgetter(0)):
            if unread <= UNREAD_BYTES_MAX:
                break
            unread -= size
            one.stands_since_s = None
            one.transport.abort()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._reading.end()
        self.stands_since_s = None
        super().resume_writing()
