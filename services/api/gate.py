"""Holds events back until the views hold them: who is told of an article can read it.

One look at the views serves all who wait; nobody looks when nobody waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from services.api.cursors import Since
from services.api.late import Late
from services.api.outgoing import Outgoing, Standing, outgoing, texts_of
from services.api.recent import Recent
from shared.errors import Unavailable
from shared.log import Entry
from shared.streams import Checkpoint

LOOK_S: Final = 0.01
"""Between two looks at the views while something waits."""
WAIT_S_MAX: Final = 1.0
"""Then whoever waits asks the log again whether it is still the same one."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the views say in one snapshot."""

    at: Checkpoint
    """Where they stand on the wire."""
    late: int
    """Number of the last event that was taken up late; 0: there is none."""
    standings: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told, and what has to be told before it."""

    events: list[Outgoing]
    late: int | None
    """As in ``Look``; None: the views cannot be read."""


class Views(Protocol):
    """The views, as far as streams need them.

    Each raises ``Unavailable`` where there are none, or they cannot be read.
    """

    def look(self, article_ids: Collection[str]) -> Look:
        """Where they stand on the wire, and how these articles stand, in one snapshot."""
        ...

    def heard(self, since: Since) -> int:
        """Number of the last event taken up late that whoever has a cursor has heard of."""
        ...

    def late(self, after: Since, count: int) -> list[Late]:
        """At most ``count`` events taken up late behind a cursor, and not heard of with it."""
        ...


@dataclass(slots=True)
class Gate:
    """Lets events through, in order. ``run`` must run while anybody waits."""

    views: Views
    recent: Recent
    _waiting: int = 0
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set, and replaced, whenever the views stand elsewhere."""
    _seq: int = 0

    async def run(self) -> None:
        """Look at the views while somebody waits, until canceled."""
        while True:
            await self._asked.wait()
            while self._waiting:
                self._look()
                await asyncio.sleep(LOOK_S)
            self._asked.clear()

    async def shown(self, entries: Sequence[Entry]) -> Shown:
        """The first of these events that the views hold; waits a second for one, else empty."""
        held = self.held(entries)
        if held.events or not entries:
            return held
        try:
            async with asyncio.timeout(WAIT_S_MAX):
                await self._reached(entries[0].seq)
        except TimeoutError:
            return held
        return self.held(entries)

    def held(self, entries: Sequence[Entry]) -> Shown:
        """The first of these events that the views hold now, each as it may be shown now."""
        ids = set[str]().union(*map(texts_of, entries))
        try:
            look = self.views.look(ids)
        except Unavailable:
            return Shown([], None)
        seq = self._seq_of(look.at)
        events = [outgoing(entry, look.standings) for entry in entries if entry.seq <= seq]
        return Shown(events, look.late)

    def seq(self) -> int:
        """How far the views have come on this log; 0: they are of another one.

        Raises:
            Unavailable: there are none, or they cannot be read.
        """
        return self._seq_of(self.views.look(()).at)

    def _seq_of(self, at: Checkpoint) -> int:
        return 0 if self.recent.contradicts(at) else at.seq

    async def _reached(self, seq: int) -> None:
        if not self._waiting:
            self._seq = 0  # of the last look, long ago: a rebuild may have set the views back
        self._waiting += 1
        self._asked.set()
        try:
            while self._seq < seq:
                await self._moved.wait()
        finally:
            self._waiting -= 1

    def _look(self) -> None:
        try:
            seq = self.seq()
        except Unavailable:
            seq = 0
        if seq != self._seq:
            self._seq = seq
            self._moved.set()
            self._moved = asyncio.Event()
