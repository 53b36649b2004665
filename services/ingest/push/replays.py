"""What was signed and came before: it is taken as seen when it first came, so nothing is undone.

Content that is sent twice changes nothing; but content that was sent, replaced, and is then sent
once more by somebody who recorded it would be the latest thing that its source said. With the
instant at which it first came it is what it was: *unchanged* while it stands, *stale* afterwards.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Final

from services.ingest.push.signatures import TOLERANCE_S
from shared.keys import KEYS_MAX

REMEMBERED_MAX: Final = 10_000
"""Requests of one key; at 600 a minute, more than are signed within the tolerance both ways."""


@dataclass(slots=True)
class _OfKey:
    requests: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)
    """By fingerprint, the one that came last at the end: when it first came, and the latest second
    of its attempts, by which it can come again for TOLERANCE_S."""
    horizon_s: int = 0
    """What was signed up to that second may be forgotten."""


@dataclass(slots=True)
class Replays:
    """Signed requests that came, of every key; kept in memory."""

    opened_at: datetime
    """What was signed before that instant may have come to the process before this one."""
    _by_key: OrderedDict[str, _OfKey] = field(default_factory=OrderedDict)

    def too_early_s(self, key_id: str, signed_s: int) -> int:
        """In how many seconds a request that is signed anew can be told from a replay; 0: it can.

        A sender whose clock is behind ours by so many seconds waits for so many.
        """
        known = self._by_key.get(key_id)
        horizon_s = max(ceil(self.opened_at.timestamp()) - 1, known.horizon_s if known else 0)
        return max(0, horizon_s + 1 - signed_s)

    def first_seen(self, key_id: str, fingerprint: str, signed_s: int, now: datetime) -> datetime:
        """When a request came first: ``now``, unless it came before."""
        known = self._of(key_id)
        seen_at, before_s = known.requests.pop(fingerprint, (now, 0))
        if now.timestamp() - before_s > TOLERANCE_S:
            seen_at = now  # no recording: its attempts are refused by their timestamps
        known.requests[fingerprint] = (seen_at, max(signed_s, before_s))
        _forget(known, now)
        return seen_at

    def _of(self, key_id: str) -> _OfKey:
        known = self._by_key.setdefault(key_id, _OfKey())
        self._by_key.move_to_end(key_id)
        if len(self._by_key) > KEYS_MAX:
            self._by_key.popitem(last=False)  # of a key that was revoked: a desk has fewer
        return known


def _forget(known: _OfKey, now: datetime) -> None:
    """Forget what can come no more, and the oldest where there is more than is remembered."""
    while known.requests:
        fingerprint, (_, signed_s) = next(iter(known.requests.items()))
        is_over = now.timestamp() - signed_s > TOLERANCE_S
        if not is_over and len(known.requests) <= REMEMBERED_MAX:
            return
        del known.requests[fingerprint]
        if not is_over:
            known.horizon_s = max(known.horizon_s, signed_s)
