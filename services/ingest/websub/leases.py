"""How long a subscription holds, when it is renewed, how seldom its source is polled. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from shared.subscriptions import Subscription

LEASE_ASKED_S: Final = 864_000
"""Ten days, as hubs give by default."""
LEASE_S_MIN: Final = 300
"""A shorter one counts as so long: a hub is not asked every few seconds."""
LEASE_S_MAX: Final = 2_592_000
"""Thirty days: a longer one is renewed all the same (WebSub 5.1: no perpetual leases)."""
LEASE_UNSAID_S: Final = 3_600
"""Where a hub says nothing, zero, or what is no number: it is asked again soon."""
RENEWED_AT: Final = 0.8
"""Of a lease: so there is time for a hub that is away."""
RETRY_S: Final = 600
RETRY_S_MAX: Final = 21_600
"""Between two tries at a hub that is away: doubled each time, up to this."""
DENIED_S: Final = 86_400
"""A hub that has denied, or has not confirmed, is asked again after a day."""
POLLED_EVERY_S: Final = 21_600
"""A source whose hub sends is polled all the same, so often: hubs lose things."""

_SECONDS: Final = re.compile(r"[0-9]{1,12}")


def lease_s(text: str) -> int:
    """For how many seconds a lease counts, whatever the hub says."""
    said = int(text) if _SECONDS.fullmatch(text) else 0
    return max(LEASE_S_MIN, min(said, LEASE_S_MAX)) if said else LEASE_UNSAID_S


def renew_at(confirmed_at: datetime, seconds: int) -> datetime:
    """When a lease is to be renewed."""
    return confirmed_at + timedelta(seconds=int(seconds * RENEWED_AT))


def retry_at(now: datetime, failures: int, retry_after_s: int | None) -> datetime:
    """When a hub is asked again that has not taken our form ``failures`` times in a row."""
    wait_s = min(RETRY_S << min(failures - 1, 10), RETRY_S_MAX)
    return now + timedelta(seconds=max(wait_s, min(retry_after_s or 0, DENIED_S)))


def poll_at(
    planned_at: datetime, polled_at: datetime | None, subscription: Subscription | None
) -> datetime:
    """When a source is polled: as planned, or later while a hub sends what it offers.

    Not later than its lease ends: then nobody sends any more. A source that was never polled is
    polled as planned.
    """
    if subscription is None or subscription.is_ending or polled_at is None:
        return planned_at
    if subscription.lease_until is None:
        return planned_at
    seldom_at = polled_at + timedelta(seconds=POLLED_EVERY_S)
    return max(planned_at, min(seldom_at, subscription.lease_until))
