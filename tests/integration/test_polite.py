"""We are a good guest: what a publisher that keeps a score sees of us. P9."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.ingest.fetch import Failed, Fetched, Fetcher, HttpFetcher, Unmodified, Validators
from services.ingest.fetch.politeness import Pace
from tests.http_server import Publisher, settings, world
from tests.passing_time import Clock
from tests.polite_publisher import PolitePublisher, Score


async def poll(fetcher: Fetcher, url: str, times: int) -> list[Fetched | Unmodified | Failed]:
    """As a scheduler polls: with the validators of the last answer that brought any."""
    known = Validators()
    outcomes = []
    for _ in range(times):
        outcome = await fetcher.fetch(url, known)
        outcomes.append(outcome)
        if not isinstance(outcome, Failed):
            known = outcome.validators
    return outcomes


def guest(publisher: Publisher, clock: Clock) -> HttpFetcher:
    pace = Pace(clock.monotonic_s, clock.sleep)
    return HttpFetcher(settings(publisher), replace(world(request_s=1e6), pace=pace))


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"', "a", '"ж"'.encode().decode("latin-1")])
async def test_only_the_first_request_is_unconditional(etag: str) -> None:
    clock = Clock()
    watch = PolitePublisher({"/feed": Score([etag])}, clock.monotonic_s, clock.goes_on)
    async with Publisher(watch) as publisher, guest(publisher, clock) as fetcher:
        outcomes = await poll(fetcher, publisher.url("/feed"), 5)

    score = watch.score_by_path["/feed"]
    assert [type(one) for one in outcomes] == [Fetched, *[Unmodified] * 4]
    assert (score.unconditional, score.inexact, score.nameless) == (1, [], 0)


async def test_a_new_version_is_fetched_with_the_validator_of_the_old_one() -> None:
    clock = Clock()
    score = Score(['"1"', 'W/"2"'])
    watch = PolitePublisher({"/feed": score}, clock.monotonic_s, clock.goes_on)
    async with Publisher(watch) as publisher, guest(publisher, clock) as fetcher:
        first = await fetcher.fetch(publisher.url("/feed"), Validators())
        assert isinstance(first, Fetched)
        score.version = 1
        second = await fetcher.fetch(publisher.url("/feed"), first.validators)
        assert isinstance(second, Fetched)

    assert second.validators == Validators('W/"2"')
    assert (score.unconditional, score.inexact) == (1, [])


async def test_sources_of_one_host_come_one_by_one_with_two_seconds_between() -> None:
    clock = Clock()
    scores = {f"/{n}": Score([f'"{n}"']) for n in range(6)}
    watch = PolitePublisher(scores, clock.monotonic_s, clock.goes_on)
    async with Publisher(watch) as publisher, guest(publisher, clock) as fetcher:
        outcomes = await asyncio.gather(
            *(fetcher.fetch(publisher.url(path), Validators()) for path in scores)
        )

    assert all(isinstance(one, Fetched) for one in outcomes)
    assert watch.at_once_max == 1
    assert len(watch.gaps_s) == 5
    assert min(watch.gaps_s) >= 2.0
    assert [path for path in scores if scores[path].asked_at_s] == list(scores)


async def test_a_wait_that_was_asked_for_is_kept_whoever_asks() -> None:
    clock = Clock()
    busy, other = Score(['"a"'], retry_after_s=120), Score(['"b"'])
    watch = PolitePublisher({"/busy": busy, "/other": other}, clock.monotonic_s, clock.goes_on)
    async with Publisher(watch) as publisher, guest(publisher, clock) as fetcher:
        first = await fetcher.fetch(publisher.url("/busy"), Validators())
        for path in ("/busy", "/other"):
            refused = await fetcher.fetch(publisher.url(path), Validators())
            assert isinstance(refused, Failed)
            assert refused.reason == "too-many-requests"
        busy.retry_after_s = None
        clock.now_s += 120
        outcomes = [
            await fetcher.fetch(publisher.url(path), Validators()) for path in ("/busy", "/other")
        ]

    assert isinstance(first, Failed)
    assert first.retry_after_s == 120
    assert all(isinstance(one, Fetched) for one in outcomes)
    assert (busy.too_early, other.too_early) == ([], [])
    assert len(busy.asked_at_s) == 2


async def test_a_good_guest_learns_how_long_an_answer_is_fresh() -> None:
    clock = Clock()
    score = Score(['"a"'], max_age_s=900)
    watch = PolitePublisher({"/feed": score}, clock.monotonic_s, clock.goes_on)
    async with Publisher(watch) as publisher, guest(publisher, clock) as fetcher:
        first = await fetcher.fetch(publisher.url("/feed"), Validators())
        assert isinstance(first, Fetched)
        early = await fetcher.fetch(publisher.url("/feed"), first.validators)

    assert first.max_age_s == 900
    assert isinstance(early, Unmodified)
    assert early.max_age_s == 900
    assert len(score.too_early) == 1  # to keep the time is the scheduler's part; the score sees it
