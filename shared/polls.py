"""How far the reading of sources has come: when each is read again, and how it answered.

State, and no event: losing it costs one unconditional request for each source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

QuietReason = Literal["silent", "failing"]
"""Nothing new for longer than its rhythm; or it cannot be read."""

GAPS_MAX: Final = 12
"""Times between two looks that found something new, the latest; a rhythm is told from them."""
CLOSED_MAX: Final = 20
"""Hosts that ask to be left alone while a source is read: its own, and those of a list's pages."""
SOURCES_MAX: Final = 5_000
"""Sources of one desk."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What is known of a source from reading it."""

    source: str
    url: str = ""
    """Where it was read; another address is read without the validators of this one."""
    configured_url: str | None = None
    """What the operator had written then; None: not known, an earlier version kept it."""
    moved_to: str | None = None
    """Where its publisher said that it is from now on, for ``configured_url``; None: there."""
    etag: str | None = None
    """As it came, like ``last_modified``; sent back exactly so."""
    last_modified: str | None = None
    body_sha256: str | None = None
    """Of what was last read; the same bytes are not read again."""
    next_at: datetime | None = None
    """Not before; None: at once."""
    polled_at: datetime | None = None
    """When it was last asked."""
    ok_at: datetime | None = None
    """When it last answered with something that could be read."""
    new_at: datetime | None = None
    """When it last offered something new."""
    gaps_s: tuple[int, ...] = ()
    """Seconds between looks that found something new, the latest last, at most GAPS_MAX."""
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    """When the first of them was; None: there are none."""
    problem: str | None = None
    """Why it could not be read the last time; None: it could."""
    pages: tuple[tuple[str, int], ...] = ()
    """Pages that it listed and that were read: a hash of the address, POSIX seconds when."""
    closed: tuple[tuple[str, int], ...] = ()
    """Hosts that asked, when it was read, to be sent nothing, whoever wants it: the name, POSIX
    seconds until when; the latest, at most CLOSED_MAX."""
    quiet: QuietReason | None = None
    """Why it counts as quiet; None: it does not."""
    quiet_since: datetime | None = None
    """As the event about it said."""


class PollStore(Protocol):
    """Where polls are kept: ``shared.redis_state``, or memory in tests."""

    async def put(self, poll: Poll) -> None:
        """Keep what is known of a source, over what was kept.

        Raises:
            Rejected: there are SOURCES_MAX already. Unavailable: the store is away.
        """
        ...

    async def all(self) -> Sequence[Poll]:
        """Every poll, by source."""
        ...

    async def forget(self, source: str) -> None:
        """Keep nothing of a source."""
        ...
