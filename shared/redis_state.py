"""Operational state that is no event: keys, polls, subscriptions. Under ``{newswire}:state:…``.

Losing it costs a key or a subscription that has to be made anew, or one request to each source;
never an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from shared import redis_client
from shared.errors import Rejected
from shared.instants import rfc3339
from shared.keys import KEYS_MAX, Key, SigningSecret, check_follows
from shared.polls import SOURCES_MAX, Poll
from shared.redis_client import translated
from shared.streams import Keys
from shared.subscriptions import SUBSCRIPTIONS_MAX, Subscription

_KEYS: Final = "keys"
_POLLS: Final = "polls"
_SUBSCRIPTIONS: Final = "subscriptions"


class RedisState:
    """One desk's state. Connects with the first call; Rejected: the URL is no Redis's."""

    def __init__(self, url: str, desk: str = "newswire") -> None:
        self._hash = Keys(desk).state(_KEYS)
        self._redis: Any = redis_client.connect(url)  # its hash commands are typed for both clients

    async def put(self, key: Key) -> None:
        """See KeyStore.put."""
        async with translated():
            known = await self._redis.hget(self._hash, key.key_id)
            if known is None and await self._redis.hlen(self._hash) >= KEYS_MAX:
                raise Rejected(f"a desk has at most {KEYS_MAX} keys")
            if known is not None:
                check_follows(_read(known), key)
            await self._redis.hset(self._hash, key.key_id, orjson.dumps(_said(key)))

    async def get(self, key_id: str) -> Key | None:
        """See KeyStore.get."""
        async with translated():
            found = await self._redis.hget(self._hash, key_id)
        return _read(found) if found else None

    async def all(self) -> Sequence[Key]:
        """See KeyStore.all."""
        async with translated():
            found = await self._redis.hvals(self._hash)
        return sorted((_read(each) for each in found), key=lambda key: (key.created_at, key.key_id))

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def _said(key: Key) -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "sources": key.sources,
        "is_admin": key.is_admin,
        "sha256": key.sha256,
        "created_at": rfc3339(key.created_at),
        "revoked_at": _text(key.revoked_at),
        "signing": [{"text": one.text, "until": _text(one.until)} for one in key.signing],
    }


def _read(data: bytes) -> Key:
    said = orjson.loads(data)
    return Key(
        key_id=said["key_id"],
        name=said["name"],
        sources=tuple(said["sources"]),
        is_admin=said["is_admin"],
        sha256=said["sha256"],
        created_at=datetime.fromisoformat(said["created_at"]),
        revoked_at=_instant(said["revoked_at"]),
        # A key that was kept by an earlier version has none.
        signing=tuple(
            SigningSecret(one["text"], _instant(one["until"])) for one in said.get("signing", ())
        ),
    )


def _text(instant: datetime | None) -> str | None:
    return rfc3339(instant) if instant else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class RedisSubscriptions:
    """One desk's subscriptions. Connects with the first call; Rejected: the URL is no Redis's."""

    def __init__(self, url: str, desk: str = "newswire") -> None:
        self._hash = Keys(desk).state(_SUBSCRIPTIONS)
        self._redis: Any = redis_client.connect(url)  # its hash commands are typed for both clients

    async def put(self, subscription: Subscription) -> None:
        """See SubscriptionStore.put."""
        token = subscription.token
        async with translated():
            is_known = await self._redis.hexists(self._hash, token)
            if not is_known and await self._redis.hlen(self._hash) >= SUBSCRIPTIONS_MAX:
                raise Rejected(f"a desk has at most {SUBSCRIPTIONS_MAX} subscriptions")
            await self._redis.hset(self._hash, token, _SUBSCRIPTION.dump_json(subscription))

    async def all(self) -> Sequence[Subscription]:
        """See SubscriptionStore.all. What cannot be read is left out: it is made anew."""
        async with translated():
            found = await self._redis.hvals(self._hash)
        read = filter(None, map(_subscription, found))
        return sorted(read, key=lambda one: (one.source, one.token))

    async def forget(self, token: str) -> None:
        """See SubscriptionStore.forget."""
        async with translated():
            await self._redis.hdel(self._hash, token)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


_SUBSCRIPTION: Final = TypeAdapter(Subscription)


def _subscription(data: bytes) -> Subscription | None:
    try:
        return _SUBSCRIPTION.validate_json(data)
    except ValidationError:
        return None


class RedisPolls:
    """One desk's polls. Connects with the first call; Rejected: the URL is no Redis's."""

    def __init__(self, url: str, desk: str = "newswire") -> None:
        self._hash = Keys(desk).state(_POLLS)
        self._redis: Any = redis_client.connect(url)  # its hash commands are typed for both clients

    async def put(self, poll: Poll) -> None:
        """See PollStore.put."""
        async with translated():
            is_known = await self._redis.hexists(self._hash, poll.source)
            if not is_known and await self._redis.hlen(self._hash) >= SOURCES_MAX:
                raise Rejected(f"a desk has at most {SOURCES_MAX} sources")
            await self._redis.hset(self._hash, poll.source, _POLL.dump_json(poll))

    async def all(self) -> Sequence[Poll]:
        """See PollStore.all. What cannot be read is left out: it costs one request."""
        async with translated():
            found = await self._redis.hvals(self._hash)
        return sorted(filter(None, map(_poll, found)), key=lambda poll: poll.source)

    async def forget(self, source: str) -> None:
        """See PollStore.forget."""
        async with translated():
            await self._redis.hdel(self._hash, source)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


_POLL: Final = TypeAdapter(Poll)


def _poll(data: bytes) -> Poll | None:
    try:
        return _POLL.validate_json(data)
    except ValidationError:
        return None
