"""A Redis that was named is waited for, and refused when it may lose events."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from services.cli import named_redis
from shared.errors import Rejected, Unavailable, UnsafeLog
from shared.settings import Durability, Settings
from tests.conftest import NewServer


def at(url: str, durability: Durability = "always") -> Settings:
    return replace(Settings(), redis_url=url, durability=durability)


async def test_a_redis_that_answers_and_is_safe_is_taken_in_silence(valkey_url: str) -> None:
    said: list[str] = []

    await named_redis.wait(at(valkey_url), said.append)

    assert said == []


@pytest.mark.parametrize(
    ("option", "value", "found"),
    [
        ("--appendfsync", "everysec", "found appendfsync everysec"),
        ("--maxmemory-policy", "allkeys-lru", "maxmemory-policy is allkeys-lru"),
    ],
)
async def test_a_redis_that_may_lose_events_is_refused_unless_that_is_wanted(
    new_server: NewServer, option: str, value: str, found: str
) -> None:
    server = new_server(option, value)

    with pytest.raises(UnsafeLog, match=found):
        await named_redis.wait(at(server.url), print)
    await named_redis.wait(at(server.url, "relaxed"), print)


async def test_a_redis_that_is_not_there_is_named_and_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(named_redis, "_POLL_S", 0.01)
    said: list[str] = []
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]

        with pytest.raises(Unavailable) as given_up:
            await named_redis.wait(
                at(f"redis://desk:secret@127.0.0.1:{port}/0"), said.append, within_s=0.3
            )

    where = f"redis://127.0.0.1:{port}/0"
    assert len(said) == 1  # the next line is due after SAY_S
    assert said[0].startswith(f"waiting for {where}: Redis does not answer: Error 111 connecting")
    assert str(given_up.value).startswith(f"Waited 0 s for {where}: Redis does not answer: ")
    assert str(given_up.value).endswith(
        "Start that Redis, or leave NEWSWIRE_REDIS_URL empty: "
        "`newswire up` then starts a Valkey of its own."
    )


async def test_what_is_waited_for_is_said_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_redis, "_POLL_S", 0.01)
    monkeypatch.setattr(named_redis, "SAY_S", 0.05)
    monkeypatch.setattr(named_redis, "ANSWER_S_MAX", 0.1)
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as mute:  # as a stopped server: taken, no answer
        port = mute.getsockname()[1]

        with pytest.raises(Unavailable):
            await named_redis.wait(at(f"redis://127.0.0.1:{port}/0"), said.append, within_s=0.5)

    assert 2 <= len(said) <= 5
    why = f"Redis does not answer: Timeout reading from 127.0.0.1:{port}"
    assert set(said) == {f"waiting for redis://127.0.0.1:{port}/0: {why}"}


async def test_a_redis_that_comes_is_taken(
    new_server: NewServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_redis, "_POLL_S", 0.01)
    server = new_server()
    server.kill()
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        server.start()

    await named_redis.wait(at(server.url), say)

    assert len(said) == 1


async def test_a_url_that_is_none_is_rejected() -> None:
    with pytest.raises(Rejected, match="NEWSWIRE_REDIS_URL"):
        await named_redis.wait(at("redis://127.0.0.1?colour=red"), print)
