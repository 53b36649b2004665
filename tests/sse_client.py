"""A client of the live stream on a bare socket, so that it can be cut anywhere; no code of ours."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

WAIT_S: Final = 20.0
RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends RST instead of FIN."""


@dataclass
class Received:
    """What a browser would have dispatched, and its ``lastEventId``."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    last_id: str = ""


class Connection:
    """One request for the stream; what comes is decoded as far as it has come."""

    def __init__(
        self, port: int, received: Received, query: str = "", *, buffer_bytes: int | None = None
    ) -> None:
        self._socket = socket.socket()
        if buffer_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self._socket.settimeout(WAIT_S)
        self._socket.connect(("127.0.0.1", port))
        self.received = received
        resume = f"Last-Event-ID: {received.last_id}\r\n" if received.last_id else ""
        self._socket.sendall(
            f"GET /v1/stream{query} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"
            f"{resume}\r\n".encode()
        )
        self.head = b""
        self._chunked = b""
        self._left = 0
        """Bytes to come of the chunk under way."""
        self._text = b""

    def read(self, count: int) -> bool:
        """At most so many bytes of what comes, waited for; False: the server has ended it."""
        try:
            data = self._socket.recv(count)
        except ConnectionResetError:
            return False
        if not data:
            return False
        self._take(data)
        return True

    def read_exactly(self, count: int, is_enough: Callable[[], bool]) -> None:
        """So many bytes, not one more, unless there is enough before."""
        while count and not is_enough():
            data = self._socket.recv(count)
            assert data, "the server has ended the stream"
            self._take(data)
            count -= len(data)

    def cut(self, *, is_rude: bool = False) -> None:
        """Go away, with or without a word."""
        if is_rude:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._socket.close()

    def _take(self, data: bytes) -> None:
        if not self.head.endswith(b"\r\n\r\n"):
            head, mark, data = (self.head + data).partition(b"\r\n\r\n")
            self.head = head + mark
        self._chunked += data
        while self._unwrap():
            pass
        *blocks, self._text = self._text.split(b"\n\n")
        for block in blocks:
            self._dispatch(block.decode())

    def _unwrap(self) -> bool:
        """Take what has come of the chunk under way; False: more has to come.

        Source: RFC 9112 7.1.
        """
        if not self._left:
            # The end of the chunk before may come with the next one's size, or earlier, or in two.
            line, mark, rest = self._chunked.removeprefix(b"\r\n").partition(b"\r\n")
            if not mark:
                return False
            self._left, self._chunked = int(line, 16), rest
        part = self._chunked[: self._left]
        self._chunked = self._chunked[self._left :]
        self._left -= len(part)
        self._text += part
        return bool(part)

    def _dispatch(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        self.received.last_id = fields.get("id", self.received.last_id)
        if "data" in fields:
            self.received.events.append((fields["event"], json.loads(fields["data"])))
