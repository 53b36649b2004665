"""Where subscriptions are kept: in memory for tests, in Redis for a desk, and both alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.errors import Rejected, Unavailable
from shared.redis_state import RedisTable
from shared.state import SUBSCRIPTIONS
from shared.streams import Keys
from shared.subscriptions import Subscription, SubscriptionStore
from tests.builders import at
from tests.state_tables import opened

ASKED = Subscription(
    token="t1",
    secret="s1",
    source="irtysh",
    topic="https://irtysh.example/feed?а",
    hub="https://hub.example/",
    next_at=at(1),
)
LIVE = replace(
    ASKED, token="t2", source="gazette", is_ending=True, asked_at=at(2), lease_until=at(12),
    failures=3, problem="hub.example answered 500",
)  # fmt: skip


@pytest.fixture
async def store(backend: str, desk: str) -> AsyncIterator[SubscriptionStore]:
    """An empty store on each backend."""
    async with opened(SUBSCRIPTIONS, backend, desk) as empty:
        yield empty


async def test_a_subscription_comes_back_as_it_was_kept(store: SubscriptionStore) -> None:
    assert list(await store.all()) == []
    await store.put(ASKED)
    await store.put(LIVE)

    assert list(await store.all()) == [LIVE, ASKED]


async def test_the_later_of_two_under_one_token_is_kept(store: SubscriptionStore) -> None:
    await store.put(ASKED)
    await store.put(replace(ASKED, lease_until=at(11)))

    assert list(await store.all()) == [replace(ASKED, lease_until=at(11))]


async def test_what_is_forgotten_is_gone(store: SubscriptionStore) -> None:
    await store.put(ASKED)
    await store.put(LIVE)
    await store.forget("t1")
    await store.forget("t1")

    assert list(await store.all()) == [LIVE]


async def test_a_desk_has_a_limited_number_of_subscriptions(backend: str, desk: str) -> None:
    assert SUBSCRIPTIONS.rows_max == 10_000
    async with opened(replace(SUBSCRIPTIONS, rows_max=1), backend, desk) as store:
        await store.put(ASKED)

        with pytest.raises(Rejected, match="a desk has at most 1 subscriptions"):
            await store.put(LIVE)
        await store.put(replace(ASKED, failures=1))


async def test_what_cannot_be_read_is_left_out(valkey_url: str, desk: str) -> None:
    store = RedisTable(SUBSCRIPTIONS, valkey_url, desk)
    await store.put(ASKED)
    await store._redis.hset(Keys(desk).state("subscriptions"), "x", b'{"token": 1}')

    assert list(await store.all()) == [ASKED]
    await store.close()


async def test_a_store_that_is_away_is_unavailable() -> None:
    state = RedisTable(SUBSCRIPTIONS, "redis://127.0.0.1:1/0")

    with pytest.raises(Unavailable):
        await state.all()
    await state.close()


def test_neither_token_nor_secret_is_shown() -> None:
    shown = repr(replace(ASKED, token="callback-path", secret="signing-secret"))

    assert "callback-path" not in shown
    assert "signing-secret" not in shown
