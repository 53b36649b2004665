"""Keys in memory: the contract of shared.keys.KeyStore without a server."""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import Rejected
from shared.keys import KEYS_MAX, Key, check_follows


class MemoryKeys:
    """The keys of one desk in this process."""

    def __init__(self) -> None:
        self._by_id: dict[str, Key] = {}

    async def put(self, key: Key) -> None:
        """See KeyStore.put."""
        if key.key_id not in self._by_id and len(self._by_id) >= KEYS_MAX:
            raise Rejected(f"a desk has at most {KEYS_MAX} keys")
        if (known := self._by_id.get(key.key_id)) is not None:
            check_follows(known, key)
        self._by_id[key.key_id] = key

    async def get(self, key_id: str) -> Key | None:
        """See KeyStore.get."""
        return self._by_id.get(key_id)

    async def all(self) -> Sequence[Key]:
        """See KeyStore.all."""
        return sorted(self._by_id.values(), key=lambda key: (key.created_at, key.key_id))
