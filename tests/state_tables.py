"""A table of state on each backend, alike: in memory for tests, in Redis for a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.redis_state import RedisTable
from shared.state import Row, Table
from shared.testing.memory_state import MemoryTable


@asynccontextmanager
async def opened(
    table: Table[Row], backend: str, desk: str
) -> AsyncIterator[RedisTable[Row] | MemoryTable[Row]]:
    """An empty one."""
    if backend == "memory":
        yield MemoryTable(table)
        return
    kept = RedisTable(table, backend, desk)
    try:
        yield kept
    finally:
        await kept.close()
