"""Tasks that are called off, until they have ended."""

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


async def first_ended(*parts: Coroutine[Any, Any, None]) -> None:
    """Run all beside each other until one of them ends, which ends the others.

    Raises:
        As whichever failed first.
    """
    works = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(works)
    for work in done:
        work.result()
