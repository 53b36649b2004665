"""Quotas of the push door: what is said of them is true."""

from __future__ import annotations

from services.ingest.push import limits
from services.ingest.push.limits import ADDRESSES_MAX, Bucket, Limits, fields


class Hours:
    """A clock that a test moves."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def spend(bucket: Bucket, count: int, now_s: float) -> None:
    for _ in range(count):
        assert bucket.wait_s(now_s) == 0
        bucket.take(1, now_s)


def test_a_bucket_gives_its_quota_at_once_and_then_at_its_pace() -> None:
    bucket = Bucket(6)
    spend(bucket, 6, 100.0)

    assert bucket.wait_s(100.0) == 10
    assert bucket.wait_s(109.9) == 1
    spend(bucket, 1, 110.0)
    assert bucket.wait_s(110.0) == 10


def test_whoever_waits_as_long_as_is_said_is_let_through() -> None:
    for quota in (1, 7, 59, 60, 61, 600, 100_000):
        bucket, now_s = Bucket(quota), 12_345.678
        bucket.take(quota, now_s)
        for _ in range(100):
            wait_s = bucket.wait_s(now_s)
            assert wait_s >= 1
            now_s += wait_s
            assert bucket.wait_s(now_s) == 0
            bucket.take(max(1, quota // 10), now_s)
            if bucket.wait_s(now_s) == 0:
                bucket.take(quota, now_s)


def test_a_bucket_that_was_overdrawn_waits_until_the_debt_is_paid() -> None:
    bucket = Bucket(60)
    bucket.take(180, 0.0)

    assert bucket.wait_s(0.0) == 121
    assert bucket.standing("items", 0.0) == ("items", 60, 0, 180)
    assert bucket.wait_s(121.0) == 0


def test_a_quota_never_grows_beyond_a_minute_of_it() -> None:
    bucket = Bucket(2)
    spend(bucket, 2, 0.0)

    assert bucket.standing("requests", 86_400.0).left == 2


def test_the_fields_say_quota_rest_and_when_it_is_whole_again() -> None:
    clock = Hours()
    some = Limits(600, 60_000, clock)
    some.came("k")
    some.brought("k", 250)

    assert list(fields(some.standings("k"))) == [
        ("RateLimit-Policy", '"requests";q=600;w=60, "items";q=60000;w=60;qu="items"'),
        ("RateLimit", '"requests";r=599;t=1, "items";r=59750;t=1'),
    ]


def test_without_a_limit_nothing_is_said_and_nobody_waits() -> None:
    some = Limits(0, 0, Hours())
    for _ in range(10_000):
        some.came("k")
        some.brought("k", 1_000)

    assert list(fields(some.standings("k"))) == []
    assert some.wait_s("k") == 0


def test_keys_have_their_quotas_each() -> None:
    some = Limits(1, 0, Hours())
    some.came("a")

    assert (some.wait_s("a"), some.wait_s("b")) == (60, 0)


def test_an_address_that_fails_too_often_waits() -> None:
    clock = Hours()
    some = Limits(monotonic_s=clock)
    for _ in range(60):
        assert some.failure_wait_s("192.0.2.1", None) == 0
        some.failed("192.0.2.1")

    assert some.failure_wait_s("192.0.2.1", None) == 1
    assert some.failure_wait_s("192.0.2.2", None) == 0
    clock.now_s += 1
    assert some.failure_wait_s("192.0.2.1", None) == 0


def test_a_key_that_was_let_in_before_is_looked_at_whatever_its_address_did() -> None:
    some = Limits(monotonic_s=Hours())
    some.came("partner")
    for _ in range(61):
        some.failed("192.0.2.1")

    assert some.failure_wait_s("192.0.2.1", "partner") == 0
    assert some.failure_wait_s("192.0.2.1", "stranger") == 2


def test_all_addresses_of_one_ipv6_client_fail_together() -> None:
    some = Limits(monotonic_s=Hours())
    for number in range(61):
        some.failed(f"2001:db8::{number:x}")

    assert some.failure_wait_s("2001:db8::ffff:1", None) > 0
    assert some.failure_wait_s("2001:db8:0:1::1", None) == 0


def test_an_ipv4_address_is_the_same_in_either_notation() -> None:
    some = Limits(monotonic_s=Hours())
    for _ in range(61):
        some.failed("::ffff:192.0.2.1")

    assert some.failure_wait_s("192.0.2.1", None) > 0


def test_a_flood_from_many_addresses_is_remembered_within_bounds() -> None:
    some = Limits(monotonic_s=Hours())
    for number in range(ADDRESSES_MAX + 500):
        some.failed(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")

    assert len(some._failures._by_name) == ADDRESSES_MAX


def test_keys_that_are_remembered_are_bounded() -> None:
    some = Limits(5, 5, Hours())
    for number in range(limits.KEYS_MAX + 10):
        some.came(str(number))

    assert len(some._known) == limits.KEYS_MAX
    assert len(some._of_keys["requests"]._by_name) == limits.KEYS_MAX
