"""One request per host at a time, a pause between two, and nobody pushes in.

A host is the exact name in the URL, whatever the scheme and port; an address written in the URL is
its own name. Not the address that a name has: thousands of publishers share those of a few
networks, and must not wait for each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from services.ingest.fetch.words import Trouble

GAP_S: Final = 2.0
"""Between the end of a request to a host and the start of the next."""
WAITING_MAX: Final = 100
"""Requests that wait for one host; at two seconds each some minutes' worth."""
WAIT_S_MAX: Final = 300.0
"""So long may a fetch wait for its turns, at all hosts to which it is led."""
CLOSED_S_MAX: Final = 3_600
"""So long may a 429 for one document keep us from the others of its host."""
HOSTS_MAX: Final = 1_000
"""Hosts that are remembered though nobody waits for them, until their pause is over."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How we wait. Tests have a clock of their own."""

    monotonic_s: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    gap_s: float = GAP_S


@dataclass(slots=True)
class _Lane:
    """The way to one host."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Given in the order in which it was asked for."""
    waiting: int = 0
    """Requests that wait or are under way."""
    left_at_s: float = float("-inf")
    closed_until_s: float = float("-inf")


class Lanes:
    """Turns at every host, shared by all sources."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lane_by_host: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(
        self, host: str, gap_s: float = 0.0, wait_s: float = WAIT_S_MAX
    ) -> AsyncIterator[None]:
        """The only request to a host for as long as the context lasts.

        ``gap_s`` is the pause that the host asks for; ours is the least. ``wait_s`` is how long
        the turn may be waited for.

        Raises:
            Trouble: host-busy, too-many-requests.
        """
        lane = self._lane(host)
        if lane.waiting >= WAITING_MAX:
            raise Trouble("host-busy", f"{WAITING_MAX} requests wait for {host} already")
        lane.waiting += 1
        try:
            await self._wait(lane, host, max(gap_s, self._pace.gap_s), wait_s)
            try:
                yield
            finally:
                lane.left_at_s = self._pace.monotonic_s()
                lane.lock.release()
        finally:
            lane.waiting -= 1

    def close(self, host: str, seconds: int) -> None:
        """Send nothing to a host for a time, as it asked us."""
        until_s = self._pace.monotonic_s() + min(seconds, CLOSED_S_MAX)
        lane = self._lane(host)
        lane.closed_until_s = max(lane.closed_until_s, until_s)

    async def _wait(self, lane: _Lane, host: str, gap_s: float, wait_s: float) -> None:
        """Take the lane when the turn has come."""
        try:
            async with asyncio.timeout(wait_s):
                await lane.lock.acquire()
                try:
                    self._check_open(lane, host)
                    pause_s = lane.left_at_s + gap_s - self._pace.monotonic_s()
                    if pause_s > 0:
                        await self._pace.sleep(pause_s)
                except BaseException:
                    lane.lock.release()
                    raise
        except TimeoutError as error:
            detail = f"no turn at {host} in {wait_s:.0f} s"
            raise Trouble("host-busy", detail) from error

    def _check_open(self, lane: _Lane, host: str) -> None:
        wait_s = lane.closed_until_s - self._pace.monotonic_s()
        if wait_s > 0:
            detail = f"{host} asked us to wait; nothing was sent"
            raise Trouble("too-many-requests", detail, retry_after_s=int(wait_s) + 1)

    def _lane(self, host: str) -> _Lane:
        if len(self._lane_by_host) >= HOSTS_MAX and host not in self._lane_by_host:
            self._forget_idle()
        return self._lane_by_host.setdefault(host, _Lane())

    def _forget_idle(self) -> None:
        """Forget hosts that nobody waits for and that may be asked again."""
        now_s = self._pace.monotonic_s()
        for host, lane in list(self._lane_by_host.items()):
            rests_until_s = max(lane.left_at_s + self._pace.gap_s, lane.closed_until_s)
            if not lane.waiting and rests_until_s <= now_s:
                del self._lane_by_host[host]
