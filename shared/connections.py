"""How many connections a door holds, and how long one may take to bring a request."""

from __future__ import annotations

import asyncio
import resource
from math import inf
from typing import Final

CONNECTIONS_MAX: Final = 500
"""At once to one door; a process may open 1,024 files unless it was given more."""
BACKLOG: Final = 16
"""Connections that wait to be accepted; asyncio accepts so many at once, before it looks at one.

Some rounds of them are open before the first of them is closed: together they have to find files.
"""
HEAD_S_MAX: Final = 10.0
"""From the beginning of a connection, or the end of an answer, to the end of the next head."""


def connections_max(wanted: int = CONNECTIONS_MAX) -> int:
    """How many connections a door may hold: half the files that this process may open, at most.

    Without a file for the next connection, asyncio asks for it again and again and logs each time.
    """
    files_max, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files_max == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, files_max // 2)


def admitted(transport: asyncio.Transport, held: int, held_max: int) -> Patience:
    """What waits for the first request on a connection, the last of ``held``; one too many ends."""
    patience = Patience(transport, HEAD_S_MAX)
    patience.begin()
    if held > held_max:
        transport.abort()
    return patience


class Patience:
    """Cuts a connection on which no request comes for too long, whatever trickles in meanwhile.

    One that is still taking its last answer is waited for as long as it takes some of it.
    """

    def __init__(self, transport: asyncio.Transport, s_max: float) -> None:
        self._transport = transport
        self._s_max = s_max
        self._timer: asyncio.TimerHandle | None = None
        self._bytes_unsent: float = inf

    def begin(self) -> None:
        """From here on a request is waited for."""
        self.end()
        self._bytes_unsent = inf
        self._set()

    def end(self) -> None:
        """It has come, or the connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._s_max, self._look)

    def _look(self) -> None:
        unsent = self._transport.get_write_buffer_size()
        if 0 < unsent < self._bytes_unsent:
            self._bytes_unsent = unsent
            self._set()
        else:
            self._transport.abort()
