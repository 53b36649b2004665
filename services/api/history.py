"""What the wire carried, by seq: a page of events as they may be shown now."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from services.api.live import Live
from services.api.outgoing import Outgoing
from shared.errors import Unavailable

PAGE_BYTES_MAX: Final = 1_000_000
"""Of one page; it ends before its limit where its events are large. It is held until it is read."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, in order."""

    events: list[Outgoing]
    head: int
    """Seq of the last event that may be shown."""
    next: int | None
    """Where the next page begins; None: this one reaches the head."""


async def page(live: Live, from_seq: int, limit: int) -> Page:
    """At most so many events, from a seq on, as far as the views are.

    Raises:
        Unavailable: log or views do not answer. LogDamaged: the log does not hold them any more.
        Rejected: the views are ahead of the log: it was restored.
    """
    head = live.gate.seq()
    events: list[Outgoing] = []
    size = 0
    if from_seq <= head:
        async with live.pages, aclosing(_from(live, from_seq)) as found:
            async for event in found:
                size += len(event.document)
                if len(events) == limit or (events and size > PAGE_BYTES_MAX):
                    break
                events.append(event)
        if not events:  # the head is behind us: an empty page would say that it was reached
            raise Unavailable("the views cannot be read, or the log does not hold these events")
    last = events[-1].at.seq if events else head
    return Page(events, max(head, last), last + 1 if last < head else None)


async def _from(live: Live, from_seq: int) -> AsyncGenerator[Outgoing, None]:
    """Events from a seq on, a few at a time, as far as the views are."""
    entries = await live.first(from_seq)
    while entries:
        shown = live.gate.held(entries).events
        for event in shown:
            yield event
        if len(shown) < len(entries):
            return
        entries = await live.after(entries[-1].checkpoint())
