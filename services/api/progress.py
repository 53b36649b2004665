"""Whether the views follow the wire, sampled once a second; ``/readyz`` answers from the sample.

A wire that does not answer has one age, from when it was last seen, whether the look at it is still
under way or has failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from structlog.stdlib import BoundLogger

from shared.errors import NewswireError
from shared.health import Progress

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
    """Where the views stand; None: they, or the wire, could not be read."""
    head: int | None = None
    """Where the wire ends; None: it was not seen."""


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
        self._seen_at_s = 0.0
        """When the look at the wire began that gave the sample: it is at least so old."""
        self._fault: str | None = "the first look at it is under way"
        """Why the wire was not seen since; None: it was."""

    def verdict(self) -> Sample:
        """The last sample, unless it is too old to be believed or the wire is away since."""
        age_s = self._now_s() - self._seen_at_s
        if self._sample and not self._fault and age_s <= SAMPLE_S_MAX:
            return self._sample
        seen = f"was last seen {age_s:.0f} s ago" if self._sample else "was not seen yet"
        why = self._fault or "Redis does not answer"
        return Sample(is_ready=False, detail=f"The wire {seen}: {why}.")

    async def take(self) -> None:
        """Look at the views and at the wire."""
        asked_at_s = self._now_s()
        seq = self._views()  # before the wire, or they would seem to be ahead of it
        try:
            head = await self._head()
        except NewswireError as error:
            self._fault = str(error).rstrip(".")
            return
        self._sample = self._compared(seq, head)
        self._seen_at_s, self._fault = asked_at_s, None

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

    def _views(self) -> int | str:
        """Where the views stand, or why that cannot be told."""
        try:
            return self._seq()
        except NewswireError as error:
            return f"{str(error).rstrip('.')}."

    def _compared(self, seq: int | str, head: int) -> Sample:
        if isinstance(seq, str):
            return Sample(is_ready=False, detail=seq, head=head)
        moves = self._progress.is_ready(seq, head, self._now_s())
        stands = "" if moves else " and do not move: is the projection running?"
        return Sample(moves, f"The views are at {seq} of {head}{stands}", seq, head)
