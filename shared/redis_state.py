"""A desk's tables of state in Redis, a hash each. Under ``{newswire}:state:…``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Generic

from pydantic import ValidationError

from shared import redis_client
from shared.redis_client import translated
from shared.state import Row, Table
from shared.streams import Keys

DECODED_AT_ONCE: Final = 100
"""Rows; a hundred polls take half a millisecond."""


class RedisTable(Generic[Row]):
    """One table of a desk: a KeyStore, PollStore or SubscriptionStore, and one mechanism for all.

    Connects with the first call; Rejected: the URL is no Redis's.
    """

    def __init__(
        self,
        table: Table[Row],
        url: str,
        desk: str = "newswire",
        answer_s_max: float = redis_client.ANSWER_S_MAX,
    ) -> None:
        self._table = table
        self._hash = Keys(desk).state(table.name)
        # Its hash commands are typed for both clients.
        self._redis: Any = redis_client.connect(url, answer_s_max)

    async def put(self, row: Row) -> None:
        """Keep a row under its id, over what was kept there.

        Raises:
            Rejected: there is no room for it, or it must not follow the one before.
            Unavailable: Redis is away.
        """
        table, row_id = self._table, self._table.row_id(row)
        async with translated():
            if not await self._redis.hexists(self._hash, row_id):
                table.check_room(await self._redis.hlen(self._hash))
            elif table.check_follows and (known := await self.get(row_id)):
                table.check_follows(known, row)
            await self._redis.hset(self._hash, row_id, table.json.dump_json(row))

    async def replace(self, rows: Sequence[Row]) -> None:
        """Keep rows whose ids are a fixed set, over what was kept there, in one call.

        Raises:
            Unavailable: Redis is away.
        """
        if rows:
            mapping = {self._table.row_id(row): self._table.json.dump_json(row) for row in rows}
            async with translated():
                await self._redis.hset(self._hash, mapping=mapping)

    async def get(self, row_id: str) -> Row | None:
        """The row with this id; None: there is none, or none that can be read."""
        async with translated():
            found = await self._redis.hget(self._hash, row_id)
        return self._read(found) if found else None

    async def all(self) -> Sequence[Row]:
        """Every row that can be read, in the table's order.

        A few at a time are decoded: between them whatever else runs here has its turn.
        """
        async with translated():
            found = await self._redis.hvals(self._hash)
        rows: list[Row] = []
        for begin in range(0, len(found), DECODED_AT_ONCE):
            if begin:
                await asyncio.sleep(0)
            read = map(self._read, found[begin : begin + DECODED_AT_ONCE])
            rows += [row for row in read if row is not None]
        return sorted(rows, key=self._table.order)

    async def forget(self, row_id: str) -> None:
        """Keep nothing under an id."""
        async with translated():
            await self._redis.hdel(self._hash, row_id)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    def _read(self, data: bytes) -> Row | None:
        try:
            return self._table.json.validate_json(data)
        except ValidationError:
            if self._table.is_made_anew:
                return None
        # Not from that error, which shows what it has read: a secret may be in it.
        raise ValueError(
            f"expected a row of {self._hash} as this version keeps it, came another; was it "
            "written by a later version, or by hand?"
        )
