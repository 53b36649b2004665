"""A table of state in memory: the contract of shared.redis_state without a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

from shared.state import Row, Table


class MemoryTable(Generic[Row]):
    """One table of a desk in this process."""

    def __init__(self, table: Table[Row]) -> None:
        self._table = table
        self._by_id: dict[str, Row] = {}

    async def put(self, row: Row) -> None:
        """See RedisTable.put."""
        table, row_id = self._table, self._table.row_id(row)
        if (known := self._by_id.get(row_id)) is None:
            table.check_room(len(self._by_id))
        elif table.check_follows:
            table.check_follows(known, row)
        self._by_id[row_id] = row

    async def replace(self, rows: Sequence[Row]) -> None:
        """See RedisTable.replace."""
        self._by_id |= {self._table.row_id(row): row for row in rows}

    async def get(self, row_id: str) -> Row | None:
        """See RedisTable.get."""
        return self._by_id.get(row_id)

    async def all(self) -> Sequence[Row]:
        """See RedisTable.all."""
        return sorted(self._by_id.values(), key=self._table.order)

    async def forget(self, row_id: str) -> None:
        """See RedisTable.forget."""
        self._by_id.pop(row_id, None)
