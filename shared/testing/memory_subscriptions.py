"""Subscriptions in memory: the contract of shared.subscriptions without a server."""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import Rejected
from shared.subscriptions import SUBSCRIPTIONS_MAX, Subscription


class MemorySubscriptions:
    """The subscriptions of one desk in this process."""

    def __init__(self) -> None:
        self._by_token: dict[str, Subscription] = {}

    async def put(self, subscription: Subscription) -> None:
        """See SubscriptionStore.put."""
        if subscription.token not in self._by_token and len(self._by_token) >= SUBSCRIPTIONS_MAX:
            raise Rejected(f"a desk has at most {SUBSCRIPTIONS_MAX} subscriptions")
        self._by_token[subscription.token] = subscription

    async def all(self) -> Sequence[Subscription]:
        """See SubscriptionStore.all."""
        return sorted(self._by_token.values(), key=lambda one: (one.source, one.token))

    async def forget(self, token: str) -> None:
        """See SubscriptionStore.forget."""
        self._by_token.pop(token, None)
