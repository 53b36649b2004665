"""Which events of the wire a client of the stream wants. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.api.outgoing import PREFIX, Outgoing


@dataclass(frozen=True, slots=True)
class Selection:
    """Every condition must hold; an empty one always does."""

    types: frozenset[str] = frozenset()
    """One of these, with their prefix."""
    tags: frozenset[str] = frozenset()
    """All of these, as in lists."""
    sources: frozenset[str] = frozenset()
    """One of these."""

    def takes(self, event: Outgoing) -> bool:
        """Whether the event is wanted.

        What holds no text passes a filter by tags when it is about an article: whoever keeps a copy
        has to learn of it, and what was killed has no tags any more. Rates and stories have none.
        """
        if self.types and event.type not in self.types:
            return False
        if self.sources and event.source not in self.sources:
            return False
        if not self.tags:
            return True
        if event.tags is None:
            return not event.type.startswith((f"{PREFIX}rate.", f"{PREFIX}story."))
        return self.tags <= event.tags


def selection(types: Iterable[str], tags: Iterable[str], sources: Iterable[str]) -> Selection:
    """From what a client sent; a type may be named with its prefix or without."""
    return Selection(
        frozenset(PREFIX + name.removeprefix(PREFIX) for name in types),
        frozenset(tags),
        frozenset(sources),
    )
