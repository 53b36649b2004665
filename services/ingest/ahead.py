"""Documents are read while those before them are published; the order of publishing is kept."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from services.ingest.files import read
from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX

AHEAD_MAX: Final = 2
"""Documents that are read before it is their turn: one to go on with, one for another process."""

_T = TypeVar("_T")
_R = TypeVar("_R")

Door = Callable[[Path, int], bytes | Problem]
"""How a file is read: at most so many bytes and one more."""
Parse = Callable[[bytes, Arrival], Awaitable[Parsed]]
"""What a document holds; ``Fence.parse``. Raises Unavailable: nothing can parse now."""


async def unfenced(data: bytes, arrival: Arrival) -> Parsed:
    """Parse in this process: for documents that we have written ourselves."""
    return parse(data, arrival)


async def document(
    path: Path, source: Source, observed_at: datetime, parse: Parse, door: Door = read
) -> Sighting | Problem:
    """A document read and parsed; at most one byte more than is taken is read.

    Raises:
        Unavailable: nothing can parse now; the document is not to blame.
    """
    data = door(path, DOCUMENT_BYTES_MAX)
    if isinstance(data, Problem):
        return data
    return Sighting(await parse(data, Arrival(observed_at.date())), source, observed_at)


async def in_turn(
    items: Iterable[_T], begin: Callable[[_T], Coroutine[Any, Any, _R]]
) -> AsyncGenerator[tuple[_T, Awaitable[_R]], None]:
    """Each item in its order, with what was begun of it; AHEAD_MAX after it are begun already.

    Close it, so that nothing goes on that was begun: ``contextlib.aclosing``.
    """
    begun: deque[tuple[_T, asyncio.Task[_R]]] = deque()
    try:
        for item in items:
            begun.append((item, asyncio.create_task(begin(item))))
            if len(begun) > AHEAD_MAX:
                yield begun[0]
                begun.popleft()
        while begun:
            yield begun[0]
            begun.popleft()
    finally:
        for _, task in begun:
            task.cancel()
        await asyncio.gather(*(task for _, task in begun), return_exceptions=True)
