"""A deadline on work as a whole, whatever the work makes of being called off."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

GRACE_S: Final = 1.0
"""So long may work that was called off take to end; then nobody waits for it any more."""

T = TypeVar("T")


class Deadlines:
    """Runs work under deadlines, and holds on to work that has outlived its own.

    A task of its own for each: ``asyncio.timeout`` waits for work that swallows its cancellation,
    and a timeout of a client counts from the last byte, which a drip never lets run out.
    """

    def __init__(self) -> None:
        self._strays: set[asyncio.Task[Any]] = set()

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives.

        Raises:
            TimeoutError: it was not done in time; it was called off.
        """
        task = asyncio.create_task(work)
        task.add_done_callback(self._forget)
        try:
            done, _ = await asyncio.wait({task}, timeout=max(0.0, seconds))
            if not done:
                raise TimeoutError
            return task.result()
        finally:
            if not task.done():
                await self._call_off(task)

    async def aclose(self) -> None:
        """Call off once more what is left."""
        for task in tuple(self._strays):
            await self._call_off(task)

    async def _call_off(self, task: asyncio.Task[Any]) -> None:
        self._strays.add(task)
        task.cancel()
        await asyncio.wait({task}, timeout=GRACE_S)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._strays.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain of it
