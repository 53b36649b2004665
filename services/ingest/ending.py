"""Tasks that are called off, until they have ended; and parts that run beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, Final

_CANCEL_AGAIN_S: Final = 0.1


async def ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel until all have ended: a client that is just connecting swallows a cancellation."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_CANCEL_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)  # looked at: nobody else may


async def together(
    *parts: Coroutine[Any, Any, None],
    stopping: asyncio.Event | None = None,
    grace_s: float = 0.0,
) -> None:
    """Run all beside each other until one of them ends, or ``stopping`` is set: it ends the others.

    Whichever it was, it is set; who sees it has ``grace_s`` seconds to end, then is cancelled.
    None: there is nothing to see.

    Raises:
        As whichever failed first.
    """
    told = stopping or asyncio.Event()
    works = [asyncio.create_task(part) for part in parts]
    asked = asyncio.create_task(told.wait())
    try:
        first, _ = await asyncio.wait({*works, asked}, return_when=asyncio.FIRST_COMPLETED)
        told.set()
        await asyncio.wait(works, timeout=grace_s)
    finally:
        await ended([*works, asked])
    for work in (*first, *works):
        if not work.cancelled():
            work.result()
