from __future__ import annotations

import pytest

from shared.errors import UnsafeLog
from shared.settings import Durability, check_durable


def _check(
    durability: Durability,
    *,
    policy: str = "noeviction",
    has_aof: bool = True,
    fsync: str | None = "always",
) -> None:
    check_durable(policy=policy, has_aof=has_aof, fsync=fsync, durability=durability)


@pytest.mark.parametrize("durability", ["always", "declared", "relaxed"])
def test_an_event_on_disk_before_it_is_accepted_is_safe(durability: Durability) -> None:
    _check(durability)


def test_an_operators_word_stands_for_a_config_that_is_barred() -> None:
    _check("declared", fsync=None)
    with pytest.raises(UnsafeLog, match=r"CONFIG is barred here.*NEWSWIRE_DURABILITY=declared"):
        _check("always", fsync=None)


@pytest.mark.parametrize("durability", ["always", "declared"])
@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl", "allkeys-random", "unknown"])
def test_a_redis_that_may_evict_is_unsafe(durability: Durability, policy: str) -> None:
    with pytest.raises(UnsafeLog, match=f"maxmemory-policy is {policy}, expected noeviction"):
        _check(durability, policy=policy)


@pytest.mark.parametrize("durability", ["always", "declared"])
@pytest.mark.parametrize(
    ("has_aof", "fsync", "found"),
    [
        (True, "everysec", "appendfsync everysec"),
        (True, "no", "appendfsync no"),
        (False, "always", "appendonly no"),
        (False, None, "appendonly no"),
    ],
)
def test_a_redis_that_does_not_fsync_every_event_is_unsafe(
    durability: Durability, *, has_aof: bool, fsync: str | None, found: str
) -> None:
    with pytest.raises(UnsafeLog, match=f"found {found}, expected appendonly yes and appendfsync"):
        _check(durability, has_aof=has_aof, fsync=fsync)


def test_a_relaxed_operator_takes_any_redis() -> None:
    _check("relaxed", policy="allkeys-lru", has_aof=False, fsync=None)
