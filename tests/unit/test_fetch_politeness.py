"""Turns at a host, on a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from services.ingest.fetch.politeness import HOSTS_MAX, WAITING_MAX, Lanes, Pace
from services.ingest.fetch.words import Trouble
from tests.passing_time import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lanes(clock: Clock) -> Lanes:
    return Lanes(Pace(clock.monotonic_s, clock.sleep))


async def test_two_seconds_lie_between_two_requests_to_a_host(lanes: Lanes, clock: Clock) -> None:
    starts = []
    for _ in range(3):
        async with lanes.turn("a.example"):
            starts.append(clock.now_s)
            clock.now_s += 5.0  # the request takes its time; the pause begins at its end

    assert starts == [1_000.0, 1_007.0, 1_014.0]


async def test_another_host_waits_for_nobody(lanes: Lanes, clock: Clock) -> None:
    async with lanes.turn("a.example"), lanes.turn("b.example"):
        assert clock.now_s == 1_000.0


async def test_a_longer_pause_that_a_host_asks_for_is_kept(lanes: Lanes, clock: Clock) -> None:
    async with lanes.turn("a.example", 10.0):
        pass
    async with lanes.turn("a.example", 10.0):
        assert clock.now_s == 1_010.0
    async with lanes.turn("a.example", 0.5):
        assert clock.now_s == 1_012.0


async def test_turns_are_given_in_the_order_in_which_they_are_asked_for(lanes: Lanes) -> None:
    order: list[int] = []
    under_way = 0

    async def one(number: int) -> None:
        nonlocal under_way
        async with lanes.turn("a.example"):
            under_way += 1
            assert under_way == 1
            order.append(number)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one(number) for number in range(20)))

    assert order == list(range(20))


async def test_only_so_many_wait_for_a_host(lanes: Lanes) -> None:
    is_done = asyncio.Event()

    async def one() -> None:
        async with lanes.turn("a.example"):
            await is_done.wait()

    waiting = [asyncio.create_task(one()) for _ in range(WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(Trouble) as refused:
        async with lanes.turn("a.example"):
            pass
    is_done.set()
    await asyncio.gather(*waiting)

    assert refused.value.failed.reason == "host-busy"
    async with lanes.turn("a.example"):
        pass


async def test_a_turn_that_fails_or_is_called_off_is_given_back(lanes: Lanes) -> None:
    with pytest.raises(ValueError, match="failed"):
        async with lanes.turn("a.example"):
            raise ValueError("failed")

    async def one() -> None:
        async with lanes.turn("a.example"):
            await asyncio.Event().wait()

    first, second = asyncio.create_task(one()), asyncio.create_task(one())
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)

    async with lanes.turn("a.example"):
        pass


async def test_a_host_that_asked_for_it_is_left_alone_for_an_hour_at_most(
    lanes: Lanes, clock: Clock
) -> None:
    lanes.close("a.example", 9_999)
    with pytest.raises(Trouble) as refused:
        async with lanes.turn("a.example"):
            pass
    clock.now_s += 3_600
    async with lanes.turn("a.example"):
        pass

    assert refused.value.failed.reason == "too-many-requests"
    assert refused.value.failed.retry_after_s == 3_601


async def test_who_waits_while_a_host_says_429_is_sent_away(lanes: Lanes) -> None:
    async def one() -> str:
        try:
            async with lanes.turn("a.example"):
                return "asked"
        except Trouble as trouble:
            return trouble.failed.reason

    async with lanes.turn("a.example"):
        waiting = asyncio.create_task(one())
        await asyncio.sleep(0)
        lanes.close("a.example", 60)

    assert await waiting == "too-many-requests"


async def test_hosts_are_forgotten_once_their_pause_is_over(lanes: Lanes, clock: Clock) -> None:
    for number in range(HOSTS_MAX + 500):
        async with lanes.turn(f"host-{number}.example"):
            clock.now_s += 1.0

    assert len(lanes._lane_by_host) <= HOSTS_MAX
