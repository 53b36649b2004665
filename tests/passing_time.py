"""A clock of a test's own, on which nobody waits."""

from __future__ import annotations

import asyncio


class Clock:
    """Time passes where somebody sleeps, and where a test lets it go on."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def monotonic_s(self) -> float:
        """As ``shared.clock`` has it."""
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        """Be there at once; whoever else may run is let in."""
        self.now_s += seconds
        await asyncio.sleep(0)

    def goes_on(self) -> None:
        """A quarter of a second passes, as while a request is under way."""
        self.now_s += 0.25
