"""The pace of a replay: what was recorded an hour apart comes an hour apart, or a part of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from services.ingest.domain import Observation, Recordable


@dataclass(slots=True)
class Pace:
    """Waits until a recorded instant is due; the first one is due at once.

    Time that publishing takes is not waited again. An instant before the latest is due at once.
    """

    speed: float
    """How many times faster than it was recorded; more than 0."""
    wait: Callable[[float], Awaitable[object]]
    """Waits so many seconds."""
    monotonic_s: Callable[[], float]
    _began: tuple[datetime, float] | None = None

    async def until(self, at: datetime) -> None:
        """Wait for the instant."""
        now_s = self.monotonic_s()
        if self._began is None:
            self._began = at, now_s
        recorded_s = (at - self._began[0]).total_seconds()
        left_s = recorded_s / self.speed - (now_s - self._began[1])
        if left_s > 0:
            await self.wait(left_s)


def observed_at(each: Recordable) -> datetime:
    """When it was observed."""
    return each.article.observed_at if isinstance(each, Observation) else each.observed_at


def by_instant(run: Sequence[Recordable]) -> Iterator[Sequence[Recordable]]:
    """A run in parts that were observed at one instant, in order."""
    for _, together in groupby(run, observed_at):
        yield list(together)
