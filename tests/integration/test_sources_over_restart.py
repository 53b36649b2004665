"""What is known of sources outlives restarts, also one that finds their file wrong or gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from services.ingest.fetch import Validators
from services.ingest.sources.file import SourcesFile
from services.ingest.sourcing import Reading
from shared import clock
from shared.polls import Poll
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.settings import Settings
from shared.state import POLLS, SUBSCRIPTIONS
from shared.subscriptions import Subscription
from tests.http_server import Asked, Publisher, answer, by_path, says
from tests.http_server import settings as loopback
from tests.publishers import Unfenced, feed

ONE = '[[source]]\nid = "courier"\nurl = "http://127.0.0.1:9/feed"\n'
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def times(count: int) -> Callable[[], bool]:
    """Not stopping for so many looks, then stopping."""
    left = iter([False] * count)
    return lambda: next(left, True)


async def run(chosen: Settings, is_stopping: Callable[[], bool] | None = None) -> None:
    """A process that looks until it is to stop; unless that is said, twice."""
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        async with Reading(chosen, log, Unfenced(), structlog.get_logger()) as reading:
            await reading.run(is_stopping or times(4))
    finally:
        await log.close()


@pytest.fixture
async def chosen(valkey_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A desk of its own that knows one source and its subscription."""
    said = Settings(
        redis_url=valkey_url, desk=f"restart{abs(hash(request.node.name))}",
        sources_file=tmp_path / "sources.toml", websub_url="https://desk.example/push",
    )  # fmt: skip
    polls = RedisTable(POLLS, said.redis_url, said.desk)
    await polls.put(Poll("courier", url="http://127.0.0.1:9/feed", etag='"1"', next_at=FAR))
    await polls.close()
    subscriptions = RedisTable(SUBSCRIPTIONS, said.redis_url, said.desk)
    await subscriptions.put(
        Subscription("t", "s", "courier", "https://c.example/", "https://h.example/", FAR,
                     asked_at=FAR, lease_until=FAR)
    )  # fmt: skip
    await subscriptions.close()
    return said


async def known(said: Settings) -> tuple[list[Validators], list[bool]]:
    """By what the sources are asked next time, and whether each subscription is being ended."""
    polls = RedisTable(POLLS, said.redis_url, said.desk)
    subscriptions = RedisTable(SUBSCRIPTIONS, said.redis_url, said.desk)
    try:
        validators = [Validators(one.etag, one.last_modified) for one in await polls.all()]
        return validators, [one.is_ending for one in await subscriptions.all()]
    finally:
        await polls.close()
        await subscriptions.close()


@pytest.mark.parametrize("text", [None, "[[source]\n", '[[source]]\nid = "courier"\n'])
async def test_a_start_without_a_file_that_can_be_read_forgets_nothing(
    chosen: Settings, text: str | None
) -> None:
    if text is not None:
        chosen.sources_file.write_text(text)

    await run(chosen)

    assert await known(chosen) == ([Validators('"1"')], [False])


async def test_a_file_that_says_that_there_are_no_sources_ends_them(chosen: Settings) -> None:
    chosen.sources_file.write_text("")

    await run(chosen)

    assert await known(chosen) == ([], [True])


def test_a_file_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(ONE)
    file = SourcesFile(path)
    assert file.has_changed()

    path.unlink()

    assert file.has_changed()
    assert [one.id for one in file.sources] == ["courier"]
    assert file.problem == (
        f"{path}: it is gone; its sources go on, write an empty one to end them"
    )
    path.write_text(ONE)
    assert file.has_changed()
    assert file.problem is None


async def test_a_redis_that_is_away_is_asked_again_after_one_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep, pauses = asyncio.sleep, list[float]()

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr("services.ingest.sourcing.asyncio.sleep", noted)
    await run(Settings(redis_url="redis://127.0.0.1:1/0", sources_file=tmp_path / "none"), times(3))

    assert pauses == [1.0, 1.0, 1.0]


async def silent(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
    """A hub that takes connections and says nothing."""
    await asyncio.Event().wait()


async def test_a_hub_that_says_nothing_holds_up_no_source(chosen: Settings) -> None:
    async with (
        Publisher(silent, host="127.0.0.2") as hub,
        Publisher(says(answer(feed("Ferry sails")))) as publisher,
    ):
        said = loopback(publisher)
        said = replace(
            chosen, fetch_allow=said.fetch_allow, fetch_ports=said.fetch_ports | {hub.port},
        )  # fmt: skip
        subscriptions = RedisTable(SUBSCRIPTIONS, said.redis_url, said.desk)
        asking = hub.url("/hub")
        await subscriptions.put(
            Subscription("t", "s", "still", "https://c.example/", asking, clock.now())
        )
        await subscriptions.close()
        said.sources_file.write_text(
            f'[[source]]\nid = "courier"\nurl = "{publisher.url("/first")}"\n'
            f'[[source]]\nid = "ferry"\nurl = "{publisher.url("/second")}"\n'
            f'[[source]]\nid = "still"\nurl = "{publisher.url("/third")}"\n'
        )
        polls = RedisTable(POLLS, said.redis_url, said.desk)
        for name, seconds in (("courier", 0), ("ferry", 3), ("still", 600)):
            await polls.put(Poll(name, next_at=clock.now() + timedelta(seconds=seconds)))
        await polls.close()

        async with asyncio.timeout(20):
            await run(said, lambda: len(publisher.paths) == 2)

    assert publisher.paths == ["/first", "/second"]


async def test_a_host_that_asked_to_be_left_alone_is_left_alone_over_a_restart(
    chosen: Settings,
) -> None:
    """Also by another source of it, and though a page of a list was what it answered so."""
    links = "".join(
        f'<li><a href="/2026/03/0{n}/ferry-number-{n}-sails">'
        f"Ferry number {n} sails for Pavlodar on Monday</a></li>"
        for n in range(3)
    )
    page = answer(f"<html><body><main><ul>{links}</ul></main></body></html>".encode())
    away = answer(b"", "Retry-After: 3000", status="429 Too Many Requests")
    reply = by_path({"/list": page, "/robots.txt": answer(b"")}, away)
    async with Publisher(reply) as publisher:
        said = loopback(publisher)
        said = replace(chosen, fetch_allow=said.fetch_allow, fetch_ports=said.fetch_ports)
        said.sources_file.write_text(
            f'[[source]]\nid = "courier"\nformat = "list"\nurl = "{publisher.url("/list")}"\n'
        )
        polls = RedisTable(POLLS, said.redis_url, said.desk)
        await polls.put(Poll("courier", next_at=clock.now()))
        afterwards = times(6)
        async with asyncio.timeout(40):
            await run(
                said, lambda: "/2026/03/00/ferry-number-0-sails" in publisher.paths and afterwards()
            )
        said.sources_file.write_text(
            said.sources_file.read_text()
            + f'[[source]]\nid = "ferry"\nurl = "{publisher.url("/ferry")}"\n'
        )
        await polls.put(Poll("ferry", next_at=clock.now()))
        await run(said, times(8))
        found = {poll.source: poll.problem for poll in await polls.all()}
        await polls.close()

    first = "/2026/03/00/ferry-number-0-sails"
    assert publisher.paths == ["/list", "/robots.txt", first]
    assert found == {
        "courier": None,
        "ferry": "too-many-requests: 127.0.0.1 asked us to wait; nothing was sent",
    }
