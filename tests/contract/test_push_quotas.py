"""Quotas at the push door: refused before the body is read, and let through when it was said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from services.ingest.push.limits import FAILURES_PER_MINUTE, Limits
from shared.testing.memory_log import MemoryLog
from tests.builders import entries
from tests.faulty_log import AwayLog
from tests.push_door import Door, ndjson, pushed

ARTICLES, NDJSON = "/v1/articles", "application/x-ndjson"


class Limited(Door):
    """A push door with small quotas, and a monotonic clock that a test moves."""

    monotonic_s = 1_000.0

    def limit(self, requests: int, items: int) -> None:
        self.limits = Limits(requests, items, lambda: self.monotonic_s)


@pytest.fixture
def door() -> Limited:
    return Limited(MemoryLog())


async def unread() -> AsyncIterator[bytes]:
    raise AssertionError("a body was read")
    yield b""


def quotas(answer: httpx2.Response) -> tuple[str, str]:
    return answer.headers["ratelimit-policy"], answer.headers["ratelimit"]


async def test_a_key_waits_as_long_as_it_is_told_and_is_let_through(door: Limited) -> None:
    door.limit(3, 0)
    key = await door.key()
    statuses = [(await door.send(ARTICLES, key, pushed(n))).status_code for n in range(4)]
    refused = await door.send(ARTICLES, key, unread())

    assert statuses == [202, 202, 202, 429]
    assert refused.json()["type"] == "urn:newswire:problem:too-many-requests"
    assert refused.headers["retry-after"] == "20"
    assert quotas(refused) == ('"requests";q=3;w=60', '"requests";r=0;t=60')
    door.monotonic_s += 19
    assert (await door.send(ARTICLES, key, unread())).headers["retry-after"] == "1"
    door.monotonic_s += 1
    assert (await door.send(ARTICLES, key, pushed(4))).status_code == 202


async def test_items_are_counted_when_they_have_come(door: Limited) -> None:
    door.limit(0, 10)
    key = await door.key()
    first = await door.send(ARTICLES, key, ndjson(*[pushed(n) for n in range(25)]), NDJSON)
    refused = await door.send(ARTICLES, key, unread(), NDJSON)

    assert first.json()["counts"]["appended"] == 25
    assert quotas(first) == ('"items";q=10;w=60;qu="items"', '"items";r=0;t=150')
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "96")
    door.monotonic_s += 96
    assert (await door.send(ARTICLES, key, pushed(30))).status_code == 202


async def test_items_that_are_rejected_count_too(door: Limited) -> None:
    door.limit(0, 2)
    key = await door.key()
    await door.send(ARTICLES, key, [{}, {}, {}])

    assert (await door.send(ARTICLES, key, unread())).status_code == 429


async def test_every_answer_to_a_key_says_where_its_quotas_stand(door: Limited) -> None:
    door.limit(600, 60_000)
    key, admin = await door.key(), await door.key(is_admin=True)
    answers = [
        await door.send(ARTICLES, key, pushed(1)),
        await door.send(ARTICLES, key, {}),
        await door.send(ARTICLES, key, pushed(1), "text/plain"),
        await door.send(ARTICLES, key, pushed(1, source="gazette")),
        await door.send("/v1/decisions", admin, {}),
        await door.send("/v1/decisions", key, {}),
    ]

    assert [one.status_code for one in answers] == [202, 422, 415, 403, 422, 403]
    for one in answers:
        policy, limit = quotas(one)
        assert policy == '"requests";q=600;w=60, "items";q=60000;w=60;qu="items"'
        assert limit.startswith('"requests";r=59')


async def test_also_while_the_log_is_away(door: Limited) -> None:
    door.limit(600, 0)
    door.log = AwayLog(door.log, 1)
    answer = await door.send(ARTICLES, await door.key(), pushed(1))

    assert answer.status_code == 503
    assert quotas(answer) == ('"requests";q=600;w=60', '"requests";r=599;t=1')


async def test_operators_have_a_quota_like_everybody(door: Limited) -> None:
    door.limit(1, 0)
    admin = await door.key(is_admin=True)
    await door.send("/v1/decisions", admin, {})

    assert (await door.send("/v1/decisions", admin, unread())).status_code == 429


async def test_whoever_guesses_keys_waits_as_long_as_he_is_told(door: Limited) -> None:
    door.limit(600, 0)
    for _ in range(FAILURES_PER_MINUTE):
        answer = await door.send(ARTICLES, "nw_guess", unread())
        assert answer.status_code == 401
    refused = await door.send(ARTICLES, f"nw_{'0' * 12}_{'A' * 43}", unread())

    assert quotas(answer) == ('"failures";q=60;w=60', '"failures";r=0;t=60')
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    door.monotonic_s += 1
    assert (await door.send(ARTICLES, "nw_guess", unread())).status_code == 401


async def test_a_flood_from_the_same_proxy_keeps_out_no_key_that_was_let_in(door: Limited) -> None:
    door.limit(600, 0)
    known, unknown = await door.key(), await door.key()
    await door.send(ARTICLES, known, pushed(1))
    for _ in range(FAILURES_PER_MINUTE):
        await door.send(ARTICLES, None, unread())

    assert (await door.send(ARTICLES, known, pushed(2))).status_code == 202
    assert (await door.send(ARTICLES, unknown, pushed(3))).status_code == 429
    assert len(await entries(door.log, "articles")) == 2
