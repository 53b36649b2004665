"""Where it is kept how far the reading of sources has come: memory and Redis alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.errors import Rejected, Unavailable
from shared.polls import Poll, PollStore
from shared.redis_state import RedisTable
from shared.state import POLLS
from tests.builders import at
from tests.state_tables import opened

WHOLE = Poll(
    source="courier", url="https://c.example/лента", configured_url="https://c.example/", moved_to="https://new.example/",
    etag='W/"\xe9 1"', last_modified="Mon, 02 Mar 2026 06:00:00 GMT", body_sha256="ab" * 32,
    next_at=at(3), polled_at=at(2), ok_at=at(1), new_at=at(1), gaps_s=(3600, 60), failures=2,
    failing_since=at(1), problem="timeout: no answer", pages=(("ab12", 1_772_000_000),),
    closed=(("c.example", 1_772_000_000),), quiet="failing", quiet_since=at(1),
)  # fmt: skip


@pytest.fixture
async def polls(backend: str, desk: str) -> AsyncIterator[PollStore]:
    """An empty store on each backend."""
    async with opened(POLLS, backend, desk) as store:
        yield store


async def test_a_poll_comes_back_as_it_was_kept(polls: PollStore) -> None:
    await polls.put(WHOLE)
    await polls.put(Poll("bulletin"))

    assert list(await polls.all()) == [Poll("bulletin"), WHOLE]


async def test_a_later_one_replaces_an_earlier(polls: PollStore) -> None:
    await polls.put(WHOLE)
    await polls.put(replace(WHOLE, failures=3))

    assert list(await polls.all()) == [replace(WHOLE, failures=3)]


async def test_what_is_forgotten_is_gone(polls: PollStore) -> None:
    await polls.put(WHOLE)
    await polls.forget("courier")
    await polls.forget("nobody")

    assert list(await polls.all()) == []


async def test_there_is_an_end_to_sources(backend: str, desk: str) -> None:
    assert POLLS.rows_max == 5_000
    async with opened(replace(POLLS, rows_max=2), backend, desk) as polls:
        for name in ("a", "b", "a"):
            await polls.put(Poll(name))

        with pytest.raises(Rejected, match="at most 2 sources"):
            await polls.put(Poll("c"))


async def test_a_redis_that_is_away_is_told() -> None:
    state = RedisTable(POLLS, "redis://127.0.0.1:1/0")

    with pytest.raises(Unavailable):
        await state.all()
    await state.close()
