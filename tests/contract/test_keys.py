"""Where keys are kept: in memory for tests, in Redis for a desk, and both alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shared import keys as words
from shared import redis_state
from shared.errors import Rejected, Unavailable
from shared.keys import Key, KeyStore, authenticate, create, create_signing, kept, rotated
from shared.redis_state import RedisState
from shared.testing import memory_keys
from shared.testing.memory_keys import MemoryKeys
from tests.builders import at


@pytest.fixture
async def keys(backend: str, desk: str) -> AsyncIterator[KeyStore]:
    """An empty store on each backend."""
    if backend == "memory":
        yield MemoryKeys()
        return
    state = RedisState(backend, desk)
    yield state
    await state.close()


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


async def test_a_desk_has_a_limited_number_of_keys(
    keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (words, memory_keys, redis_state):
        monkeypatch.setattr(module, "KEYS_MAX", 2)
    text = await made(keys, "first")
    await made(keys, "second")

    with pytest.raises(Rejected, match="a desk has at most 2 keys"):
        await made(keys, "third")
    await keys.put(kept(text, "renamed", ("irt",), at(1), is_admin=False))
    assert sorted(key.name for key in await keys.all()) == ["renamed", "second"]


async def test_a_store_that_is_away_is_unavailable() -> None:
    state = RedisState("redis://127.0.0.1:1/0")

    with pytest.raises(Unavailable):
        await state.get("0123456789ab")
    await state.close()
