"""Where the Redis is: what is taken, what is refused by a sentence, what is never shown."""

from __future__ import annotations

import pytest

from shared.errors import Rejected
from shared.redis_log import RedisLog
from shared.settings import read, redis_url, without_password


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "redis://redis",
        "redis://redis/",
        "redis://redis.example:6380/15",
        "redis://:secret@redis:6379",
        "redis://desk:a%2Fb%3Fc%23d%40e@redis:6379/0",
        "redis://[::1]:6379/0",
        "rediss://redis.example?ssl_cert_reqs=none",
        "unix:///run/redis.sock",
        "unix:///run/redis.sock?db=1&password=secret",
        "unix://desk:secret@/run/redis.sock",
    ],
)
def test_a_url_that_says_where_a_redis_is_is_taken(url: str) -> None:
    assert redis_url(url) == url
    assert read({"NEWSWIRE_REDIS_URL": url}).redis_url == url
    RedisLog(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("foo", "foo"),
        ("redis:/x", "redis:/x"),
        ("http://redis:6379/0", "http://redis:6379/0"),
        ("redis.example:6379", "redis.example:6379"),
        ("REDIS://redis", "REDIS://redis"),
        (" redis://redis", " redis://redis"),
        ("redis://", "redis://"),
        ("redis:///0", "redis:///0"),
        ("redis://redis:0", "redis://redis:0"),
        ("redis://redis:99999", "redis://redis:99999"),
        ("redis://redis:port", "redis://redis:port"),
        ("redis://redis/newswire", "redis://redis/newswire"),
        ("redis://redis/0/1", "redis://redis/0/1"),
        ("redis://[::1", "redis://[::1"),
        ("redis://redis?db", "redis://redis"),
        ("redis://redis#0", "redis://redis#0"),
        ("unix://run/redis.sock", "unix://run/redis.sock"),
        ("unix://", "unix://"),
        ("desk:secret@redis:6379", "redis:6379"),
        ("http://desk:secret@redis:6379", "http://redis:6379"),
        ("redis://desk:12/secret@redis", "redis://redis"),
        ("redis://desk:12?secret@redis", "redis://"),
        ("redis://desk:12#secret@redis", "redis://redis"),
        ("redis://redis/x?password=a@secret", "redis://"),
    ],
)
def test_a_url_that_is_none_is_rejected_with_the_form_and_without_the_password(
    url: str, shown: str
) -> None:
    said = (
        "NEWSWIRE_REDIS_URL: expected redis://[user:password@]host[:port][/number], the same with "
        f"rediss:// for TLS, or unix:///path, found {shown!r}. Write `/`, `?`, `#` and `@` in a "
        "password as %2F, %3F, %23 and %40."
    )

    for refuse in (redis_url, RedisLog, lambda text: read({"NEWSWIRE_REDIS_URL": text})):
        with pytest.raises(Rejected) as refused:
            refuse(url)
        assert str(refused.value) == said


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("redis://redis?colour=red", "colour"),
        ("redis://redis?db=first", "'db'"),
        ("redis://redis?socket_timeout=long", "'socket_timeout'"),
        ("rediss://redis?ssl_cert_reqs=perhaps", "perhaps"),
        ("redis://redis?protocol=9", "protocol"),
    ],
)
def test_a_parameter_that_the_client_does_not_take_is_rejected_before_it_connects(
    url: str, word: str
) -> None:
    with pytest.raises(
        Rejected, match=f"NEWSWIRE_REDIS_URL: a parameter of it is refused: .*{word}"
    ):
        RedisLog(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("redis://desk:secret@redis:6379/0", "redis://redis:6379/0"),
        ("redis://:se@cret@redis:6379/0", "redis://redis:6379/0"),
        ("unix:///run/redis.sock?db=1&password=secret", "unix:///run/redis.sock"),
        ("rediss://redis/0?ssl_password=secret", "rediss://redis/0"),
    ],
)
def test_a_url_is_shown_without_user_password_and_parameters(url: str, shown: str) -> None:
    assert without_password(url) == shown
