"""A Redis that may lose what it accepted is refused; a user that may only read cannot write."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from shared.errors import UnsafeLog
from shared.log import Head, Move
from shared.redis_log import RedisLog
from shared.settings import Durability
from shared.streams import ORIGIN, Checkpoint, Position
from tests.conftest import NewServer
from tests.drafts import draft, ids, output


async def _check(url: str, durability: Durability) -> None:
    log = RedisLog(url)
    try:
        await log.check_durability(durability)
    finally:
        await log.close()


@pytest.mark.parametrize("durability", ["always", "declared", "relaxed"])
async def test_a_redis_that_fsyncs_every_event_is_taken(
    redis_log: RedisLog, durability: Durability
) -> None:
    await redis_log.check_durability(durability)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--appendfsync", "everysec", "found appendfsync everysec, expected .* appendfsync always"),
        ("--appendfsync", "no", "found appendfsync no, expected .* appendfsync always"),
        ("--appendonly", "no", "found appendonly no, expected appendonly yes"),
        ("--maxmemory-policy", "allkeys-lru", "maxmemory-policy is allkeys-lru, expected noevict"),
    ],
)
async def test_a_redis_that_may_lose_events_is_refused_by_the_settings_name(
    new_server: NewServer, server_name: str, option: str, value: str, sentence: str
) -> None:
    server = new_server(option, value, name=server_name)

    for durability in ("always", "declared"):
        with pytest.raises(UnsafeLog, match=f"{sentence}.*NEWSWIRE_DURABILITY=relaxed"):
            await _check(server.url, durability)  # type: ignore[arg-type]
    await _check(server.url, "relaxed")


async def test_a_redis_with_config_renamed_away_needs_the_operators_word(
    new_server: NewServer, server_name: str
) -> None:
    server = new_server("--rename-command", "CONFIG", "", name=server_name)

    with pytest.raises(UnsafeLog, match=r"CONFIG is barred here.*NEWSWIRE_DURABILITY=declared"):
        await _check(server.url, "always")
    await _check(server.url, "declared")
    await _check(server.url, "relaxed")


@pytest.fixture
async def barred_url(raw: Redis, server_url: str, desk: str) -> AsyncIterator[str]:
    """The server as a user sees it who may not say CONFIG."""
    await raw.acl_setuser(
        desk, enabled=True, passwords=["+secret"], keys=["*"], categories=["+@all"],
        commands=["-config"],
    )  # fmt: skip
    yield _as_user(server_url, desk)
    await raw.acl_deluser(desk)


async def test_a_redis_with_config_barred_needs_the_operators_word(barred_url: str) -> None:
    with pytest.raises(UnsafeLog, match=r"CONFIG is barred here.*NEWSWIRE_DURABILITY=declared"):
        await _check(barred_url, "always")
    await _check(barred_url, "declared")


async def test_a_wrong_password_is_an_unsafe_log(server_url: str, desk: str) -> None:
    with pytest.raises(UnsafeLog, match="refuses the login of NEWSWIRE_REDIS_URL"):
        await _check(_as_user(server_url, desk), "always")


@pytest.fixture
async def reader(raw: Redis, server_url: str, desk: str) -> AsyncIterator[RedisLog]:
    """The log as a user sees it who may only read."""
    await raw.acl_setuser(
        desk, enabled=True, passwords=["+secret"], keys=["*"], categories=["+@read"]
    )
    opened = RedisLog(_as_user(server_url, desk), desk)
    yield opened
    await opened.close()
    await raw.acl_deluser(desk)


async def test_a_user_who_may_only_read_reads_and_cannot_write(
    redis_log: RedisLog, reader: RedisLog
) -> None:
    await redis_log.append("articles", [draft("a")])
    step = Move("articles", ORIGIN, Checkpoint(Position("1-1"), 1, "x"))

    # fcall is refused by name (NOPERM) before anything runs: an operator's matter, not the input's.
    with pytest.raises(UnsafeLog, match="has no permissions to run the 'fcall' command"):
        await reader.append("articles", [draft("b")])
    with pytest.raises(UnsafeLog, match="has no permissions to run the 'fcall' command"):
        await reader.commit("c", [step], [output("o")])
    assert ids(await reader.follow("articles", ORIGIN, count=9)) == ["a/one"]
    assert (await reader.head("articles")).seq == 1
    assert await reader.head("wire") == Head(0, None)


def _as_user(url: str, user: str) -> str:
    return url.replace("redis://", f"redis://{user}:secret@")
