"""Where keys are kept: in memory for tests, in Redis for a desk, and both alike."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared.errors import Rejected, Unavailable
from shared.keys import (
    Key,
    KeyStore,
    SigningSecret,
    authenticate,
    create,
    create_signing,
    kept,
    rotated,
)
from shared.redis_state import RedisTable
from shared.state import KEYS
from shared.streams import Keys
from tests.builders import at
from tests.state_tables import opened

FIRST = (
    '{"key_id":"ba9876543210","name":"A","sources":[],"is_admin":true,"sha256":"ab",'
    '"created_at":"2026-03-01T06:00:00Z","revoked_at":null}'
)


@pytest.fixture
async def keys(backend: str, desk: str) -> AsyncIterator[KeyStore]:
    """An empty store on each backend."""
    async with opened(KEYS, backend, desk) as store:
        yield store


async def made(keys: KeyStore, name: str, day: int = 1, *, is_admin: bool = False) -> str:
    """The text of a key that is kept."""
    key, text = create(name, () if is_admin else ("irt", "gaz"), at(day), is_admin=is_admin)
    await keys.put(key)
    return text


async def test_a_key_comes_back_as_it_was_kept(keys: KeyStore) -> None:
    key = Key("0123456789ab", "Ертіс", ("irt", "gaz"), False, "ab" * 32, at(1), at(2))
    signing = rotated(create_signing("Ертіс", ("irt",), at(1)), at(2))
    await keys.put(key)
    await keys.put(signing)

    assert await keys.get("0123456789ab") == key
    assert await keys.get(signing.key_id) == signing
    assert await keys.get("ba9876543210") is None


async def test_keys_are_listed_oldest_first(keys: KeyStore) -> None:
    assert list(await keys.all()) == []
    await made(keys, "third", 3)
    await made(keys, "first", 1)
    await made(keys, "second", 2, is_admin=True)

    assert [key.name for key in await keys.all()] == ["first", "second", "third"]


async def test_only_the_whole_text_of_a_key_is_a_key(keys: KeyStore) -> None:
    text = await made(keys, "partner")
    other = text[:-1] + ("a" if text[-1] != "a" else "b")
    key = await authenticate(keys, text)

    assert key is not None
    assert (key.name, key.sources) == ("partner", ("irt", "gaz"))
    for wrong in (other, text[:-1], f"{text}x", f" {text}", "", text.upper(), key.key_id):
        assert await authenticate(keys, wrong) is None


async def test_a_revoked_key_is_none_at_once(keys: KeyStore) -> None:
    text = await made(keys, "partner")
    key = await authenticate(keys, text)
    assert key is not None
    await keys.put(replace(key, revoked_at=at(2)))

    assert await authenticate(keys, text) is None
    assert [each.revoked_at for each in await keys.all()] == [at(2)]


async def test_a_key_that_was_revoked_meanwhile_stays_so(keys: KeyStore) -> None:
    """Whoever rotates its secret has read it before."""
    key = create_signing("partner", ("irt",), at(1))
    await keys.put(key)
    await keys.put(replace(key, revoked_at=at(2)))

    with pytest.raises(Rejected, match=f"the key {key.key_id} was revoked; make another"):
        await keys.put(rotated(key, at(2)))
    assert [each.revoked_at for each in await keys.all()] == [at(2)]


async def test_a_key_that_signs_is_never_sent(keys: KeyStore) -> None:
    key = create_signing("partner", ("irt",), at(1))
    await keys.put(key)

    for text in (key.key_id, f"nw_{key.key_id}_{'A' * 43}", key.signing[0].text):
        assert await authenticate(keys, text) is None


async def test_a_desk_has_a_limited_number_of_keys(backend: str, desk: str) -> None:
    assert KEYS.rows_max == 1_000
    async with opened(replace(KEYS, rows_max=2), backend, desk) as keys:
        text = await made(keys, "first")
        await made(keys, "second")

        with pytest.raises(Rejected, match="a desk has at most 2 keys"):
            await made(keys, "third")
        await keys.put(kept(text, "renamed", ("irt",), at(1), is_admin=False))
        assert sorted(key.name for key in await keys.all()) == ["renamed", "second"]


async def test_a_key_is_kept_as_earlier_versions_kept_it(valkey_url: str, desk: str) -> None:
    keys = RedisTable(KEYS, valkey_url, desk)
    signing = (SigningSecret("whsec_b", None), SigningSecret("whsec_a", at(3)))
    await keys.put(Key("0123456789ab", "Ертіс", ("irt",), False, "", at(1), at(2), signing))
    kept_now = await keys._redis.hget(Keys(desk).state("keys"), "0123456789ab")
    # The first versions had no keys that sign.
    await keys._redis.hset(Keys(desk).state("keys"), "ba9876543210", FIRST)

    assert kept_now.decode() == (
        '{"key_id":"0123456789ab","name":"Ертіс","sources":["irt"],"is_admin":false,"sha256":"",'
        '"created_at":"2026-03-01T06:00:00Z","revoked_at":"2026-03-02T06:00:00Z",'
        '"signing":[{"text":"whsec_b","until":null},'
        '{"text":"whsec_a","until":"2026-03-03T06:00:00Z"}]}'
    )
    assert await keys.get("ba9876543210") == Key("ba9876543210", "A", (), True, "ab", at(1))
    await keys.close()


async def test_a_key_that_cannot_be_read_is_an_error_that_shows_no_secret(
    valkey_url: str, desk: str
) -> None:
    """It is not taken for one that there is not: what was revoked could be made again."""
    keys = RedisTable(KEYS, valkey_url, desk)
    key = create_signing("Ертіс", ("irt",), at(1))
    secret = key.signing[0].text
    await keys._redis.hset(Keys(desk).state("keys"), key.key_id, f'{{"signing": "{secret}"}}')

    for asked in (keys.get(key.key_id), keys.all(), keys.put(key)):
        with pytest.raises(ValueError, match=r"expected a row of \{.*\}:state:keys") as unread:
            await asked
        assert secret not in "".join(traceback.format_exception(unread.value))
    await keys.close()


async def test_a_store_that_is_away_is_unavailable() -> None:
    state = RedisTable(KEYS, "redis://127.0.0.1:1/0")

    with pytest.raises(Unavailable):
        await state.get("0123456789ab")
    await state.close()
