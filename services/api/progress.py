"""Whether the views follow the wire, sampled once a second; ``/readyz`` answers from the sample."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from structlog.stdlib import BoundLogger

from shared.errors import NewswireError, Unavailable
from shared.health import STALLED_S, Progress

SAMPLE_S: Final = 1.0
SAMPLE_UNREADY_S: Final = 0.2
"""Between two samples until all is well: a start should not wait for the next full second."""
SAMPLE_S_MAX: Final = 5.0
"""A sample older than this says nothing: Redis hangs, or the sampler does."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How the views stand to the wire."""

    is_ready: bool
    detail: str
    """One sentence for a person."""
    seq: int | None = None
    head: int | None = None


class Sampler:
    """Takes samples. ``head`` asks the wire, ``seq`` the views, ``now_s`` is monotonic."""

    def __init__(
        self,
        head: Callable[[], Awaitable[int]],
        seq: Callable[[], int],
        now_s: Callable[[], float],
    ) -> None:
        self._head, self._seq, self._now_s = head, seq, now_s
        self._progress = Progress()
        self._sample: Sample | None = None
        self._taken_at_s = 0.0

    def verdict(self) -> Sample:
        """The last sample, unless it is too old to be believed."""
        if self._sample is None:
            return Sample(is_ready=False, detail="The wire was not looked at yet.")
        age_s = self._now_s() - self._taken_at_s
        if age_s > SAMPLE_S_MAX:
            detail = f"The wire was last seen {age_s:.0f} s ago: Redis does not answer."
            return Sample(is_ready=False, detail=detail)
        return self._sample

    async def take(self) -> None:
        """Look at the wire and at the views."""
        self._sample = await self._look()
        self._taken_at_s = self._now_s()

    async def run(self, logger: BoundLogger) -> None:
        """Take samples until canceled."""
        while True:
            try:
                await self.take()
            except Exception:  # a bug here must show as not ready, which the ageing sample does
                logger.exception("sample_failed")
            await asyncio.sleep(self.pause_s())

    def pause_s(self) -> float:
        """How long to wait before looking again."""
        return SAMPLE_S if self.verdict().is_ready else SAMPLE_UNREADY_S

    async def _look(self) -> Sample:
        try:
            seq = self._seq()
            head = await self._head()
        except Unavailable as error:
            return Sample(is_ready=False, detail=f"{error}.")
        except NewswireError as error:
            return Sample(is_ready=False, detail=str(error))
        moves = self._progress.is_ready(seq, head, self._now_s())
        stalled = "" if moves else f", not moved for {STALLED_S} s: is the projection running?"
        return Sample(moves, f"The views are at {seq} of {head}{stalled}", seq, head)
