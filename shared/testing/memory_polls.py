"""Polls in memory, for tests: the same promises as ``shared.redis_state`` gives."""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import Rejected
from shared.polls import SOURCES_MAX, Poll


class MemoryPolls:
    """A PollStore that lives as long as it is held."""

    def __init__(self) -> None:
        self._polls: dict[str, Poll] = {}

    async def put(self, poll: Poll) -> None:
        """See PollStore.put."""
        if poll.source not in self._polls and len(self._polls) >= SOURCES_MAX:
            raise Rejected(f"a desk has at most {SOURCES_MAX} sources")
        self._polls[poll.source] = poll

    async def all(self) -> Sequence[Poll]:
        """See PollStore.all."""
        return [self._polls[source] for source in sorted(self._polls)]

    async def forget(self, source: str) -> None:
        """See PollStore.forget."""
        self._polls.pop(source, None)
