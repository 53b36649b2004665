"""What the api counts of its own requests. Kept per application, nothing global.

Written here and not with a library's counters: a request costs a dictionary entry more, and no
lock. The library writes them out (``exposition``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the buckets; a page takes some milliseconds."""
NO_ROUTE: Final = "other"
"""Of what is asked for under no path of ours: their own words would be names without end."""


@dataclass(slots=True)
class Times:
    """How long answers of one route took until they began."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    """By bucket, not added up; the last: longer than all bounds."""
    sum_s: float = 0.0


@dataclass(slots=True)
class Measures:
    """Requests since the start."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By route template and status."""
    times: dict[str, Times] = field(default_factory=dict)
    """By route template."""

    def answered(self, route: str, status: int, took_s: float) -> None:
        """Note one answer."""
        self.answers[route, status] += 1
        times = self.times.setdefault(route, Times())
        times.counts[bisect_left(BOUNDS_S, took_s)] += 1
        times.sum_s += took_s


class Measured:
    """The layer that notes each answer when it begins: a stream has no end worth waiting for."""

    def __init__(self, app: ASGIApp, measures: Measures, now_s: Callable[[], float]) -> None:
        self._app, self._measures, self._now_s = app, measures, now_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = self._now_s()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", NO_ROUTE)
                self._measures.answered(route, message["status"], self._now_s() - began_s)
            await send(message)

        await self._app(scope, receive, noted)
