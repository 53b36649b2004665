"""The last events of the wire that this process has read: where they are and which. Pure."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from shared.log import Entry
from shared.streams import Checkpoint

RECENT_MAX: Final = 5_000
"""Checkpoints kept, of 300 bytes each: whoever was away shorter costs the log no search."""


class Recent:
    """Checkpoints by seq."""

    def __init__(self) -> None:
        self._by_seq: OrderedDict[int, Checkpoint] = OrderedDict()

    def add(self, entry: Entry) -> None:
        """Keep one; the oldest goes when there are too many."""
        self._by_seq[entry.seq] = entry.checkpoint()
        if len(self._by_seq) > RECENT_MAX:
            self._by_seq.popitem(last=False)

    def find(self, seq: int) -> Checkpoint | None:
        """The checkpoint of an event; None: it is not kept."""
        return self._by_seq.get(seq)

    def contradicts(self, at: Checkpoint) -> bool:
        """Whether another event is known to have this seq."""
        known = self._by_seq.get(at.seq)
        return known is not None and known.event_id != at.event_id

    def clear(self) -> None:
        """Forget all: the log is another one."""
        self._by_seq.clear()
