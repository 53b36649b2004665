"""What is known of sources outlives restarts, also one that finds their file wrong or gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from services.ingest.fetch import Validators
from services.ingest.sources.file import SourcesFile
from services.ingest.sourcing import Reading
from shared.polls import Poll
from shared.redis_log import RedisLog
from shared.redis_state import RedisPolls, RedisSubscriptions
from shared.settings import Settings
from shared.subscriptions import Subscription
from tests.publishers import Unfenced

ONE = '[[source]]\nid = "courier"\nurl = "http://127.0.0.1:9/feed"\n'
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def times(count: int) -> Callable[[], bool]:
    """Not stopping for so many looks, then stopping."""
    left = iter([False] * count)
    return lambda: next(left, True)


async def run(chosen: Settings, looks: int = 1) -> None:
    """A process that looks so many times and ends."""
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        async with Reading(chosen, log, Unfenced(), structlog.get_logger()) as reading:
            await reading.run(times(looks))
    finally:
        await log.close()


@pytest.fixture
async def chosen(valkey_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A desk of its own that knows one source and its subscription."""
    said = Settings(
        redis_url=valkey_url, desk=f"restart{abs(hash(request.node.name))}",
        sources_file=tmp_path / "sources.toml", websub_url="https://desk.example/push",
    )  # fmt: skip
    polls = RedisPolls(said.redis_url, said.desk)
    await polls.put(Poll("courier", url="http://127.0.0.1:9/feed", etag='"1"', next_at=FAR))
    await polls.close()
    subscriptions = RedisSubscriptions(said.redis_url, said.desk)
    await subscriptions.put(
        Subscription("t", "s", "courier", "https://c.example/", "https://h.example/", FAR,
                     asked_at=FAR, lease_until=FAR)
    )  # fmt: skip
    await subscriptions.close()
    return said


async def known(said: Settings) -> tuple[list[Validators], list[bool]]:
    """By what the sources are asked next time, and whether each subscription is being ended."""
    polls = RedisPolls(said.redis_url, said.desk)
    subscriptions = RedisSubscriptions(said.redis_url, said.desk)
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
