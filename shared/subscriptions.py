"""What hubs were asked to send us, and until when they promised to. Source: WebSub.

State, and no event: losing it costs a subscription at each hub, made anew at the next poll.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

SUBSCRIPTIONS_MAX: Final = 10_000
"""Of one desk: one for each of its sources, and one that is being ended for each."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription of a source at a hub."""

    token: str = field(repr=False)
    """Random; the path that only the hub knows."""
    secret: str = field(repr=False)
    """Random; by which the hub signs what it sends."""
    source: str
    topic: str
    """The URL by which hub and publisher know the feed."""
    hub: str
    next_at: datetime
    """When the hub is asked, for the first time or again."""
    is_ending: bool = False
    """It is to be ended, and the hub is asked for that."""
    asked_at: datetime | None = None
    """When the hub was asked last; it may confirm for a time after."""
    lease_until: datetime | None = None
    """Until then the hub sends; None: it has not confirmed, or has denied."""
    failures: int = 0
    """How often asking has failed, in a row."""
    problem: str | None = None
    """Why, or why the hub has denied; None: there was nothing."""

    def is_live(self, now: datetime) -> bool:
        """Whether the hub has promised to send."""
        return not self.is_ending and self.lease_until is not None and now < self.lease_until


class SubscriptionStore(Protocol):
    """Where subscriptions are kept: ``shared.redis_state``, or memory in tests."""

    async def put(self, subscription: Subscription) -> None:
        """Keep a subscription under its token, over what was kept there.

        Raises:
            Rejected: there are SUBSCRIPTIONS_MAX already. Unavailable: the store is away.
        """
        ...

    async def all(self) -> Sequence[Subscription]:
        """Every subscription, by source and token."""
        ...

    async def forget(self, token: str) -> None:
        """Keep nothing under a token."""
        ...
