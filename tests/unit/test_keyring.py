"""Keys are made, listed and revoked; a secret is shown once and kept nowhere."""

from __future__ import annotations

import json

import pytest

from services.ingest.push import keyring
from shared.errors import Rejected
from shared.keys import Key, KeyStore, authenticate
from shared.state import KEYS
from shared.testing.memory_state import MemoryTable
from tests.builders import at

ADMIN = f"nw_0123456789ab_{'s' * 43}"


class NoStore(MemoryTable[Key]):
    """A store that must not be asked."""

    async def get(self, key_id: str) -> Key | None:
        raise AssertionError(f"asked for {key_id!r}")


@pytest.fixture
def store() -> KeyStore:
    return MemoryTable(KEYS)


async def test_a_key_that_was_made_is_known_and_its_text_is_kept_nowhere(store: KeyStore) -> None:
    text = await keyring.add(store, "Irtysh", ["irt", "gaz", "irt"], at(1), is_admin=False)
    key = await authenticate(store, text)

    assert key is not None
    assert (key.name, key.sources, key.is_admin) == ("Irtysh", ("irt", "gaz"), False)
    secret = text.rpartition("_")[2]
    listed = await store.all()
    assert secret not in keyring.as_json(listed) + keyring.as_text(listed) + repr(listed)


@pytest.mark.parametrize(
    ("name", "sources", "flags", "said"),
    [
        ("", ["irt"], {}, "expected a name of 1 to 100 characters"),
        (" ", ["irt"], {}, "expected a name of 1 to 100 characters"),
        ("x" * 101, ["irt"], {}, "expected a name of 1 to 100 characters"),
        ("a\x1b[2J", ["irt"], {}, "expected a name of 1 to 100 characters"),
        ("Irtysh", [], {}, "expected --source ID, at least one"),
        ("Irtysh", ["irt"], {"is_admin": True}, "an operator's key publishes for none"),
        ("Irtysh", ["Irt"], {}, "expected the id of a source"),
        ("Irtysh", [f"s{n}" for n in range(201)], {}, "expected at most 200 sources"),
    ],
)
async def test_a_key_that_would_be_none_is_not_made(
    store: KeyStore, name: str, sources: list[str], flags: dict[str, bool], said: str
) -> None:
    with pytest.raises(Rejected, match=said):
        await keyring.add(store, name, sources, at(1), is_admin=flags.get("is_admin", False))

    assert await store.all() == []


async def test_a_revoked_key_is_known_no_more_and_stays_listed(store: KeyStore) -> None:
    text = await keyring.add(store, "Irtysh", ["irt"], at(1), is_admin=False)
    key_id = text.split("_")[1]
    await keyring.revoke(store, key_id, at(2))
    await keyring.revoke(store, key_id, at(3))

    assert await authenticate(store, text) is None
    assert keyring.as_text(await store.all()) == (
        f"{key_id}  Irtysh  (irt; made 2026-03-01T06:00:00Z; revoked 2026-03-02T06:00:00Z)"
    )


async def test_revoking_what_is_no_key_says_what_was_expected(store: KeyStore) -> None:
    with pytest.raises(Rejected, match=r"expected the id of a key, .* came “irt”"):
        await keyring.revoke(store, "irt", at(2))
    with pytest.raises(Rejected, match=r"came a whole key; its id is 0123456789ab$"):
        await keyring.revoke(store, ADMIN, at(2))


@pytest.mark.parametrize(
    ("said", "came"),
    [
        ("\udcff", r"came “\udcff”"),
        ("0123456789AB", "came “0123456789AB”"),
        (f"{ADMIN}x", "came a whole key; its id is 0123456789ab"),
        (f"Bearer {ADMIN[:40]}", "came a whole key; its id is 0123456789ab"),
        (ADMIN[-43:], "came 43 characters that may be part of a key"),
        ("nw_0123", "came 7 characters that may be part of a key"),
    ],
)
async def test_what_is_no_id_is_not_looked_for_and_no_secret_is_shown(said: str, came: str) -> None:
    with pytest.raises(Rejected) as refused:
        await keyring.revoke(NoStore(KEYS), said, at(2))

    assert str(refused.value) == (
        f"expected the id of a key, as `newswire keys list` shows it, {came}"
    )


async def test_the_operators_key_is_kept_once_and_stays_revoked(store: KeyStore) -> None:
    assert await keyring.register_admin(store, ADMIN, at(1)) == "kept"
    assert await keyring.register_admin(store, ADMIN, at(2)) == "known"
    key = await authenticate(store, ADMIN)
    assert key is not None
    assert (key.name, key.is_admin, key.created_at) == ("admin", True, at(1))

    await keyring.revoke(store, key.key_id, at(3))
    assert await keyring.register_admin(store, ADMIN, at(4)) == "revoked"
    assert await authenticate(store, ADMIN) is None


async def test_the_operators_key_does_not_replace_another_of_its_id(store: KeyStore) -> None:
    other = f"nw_0123456789ab_{'t' * 43}"
    await keyring.register_admin(store, other, at(1))

    with pytest.raises(Rejected, match="another key has the id 0123456789ab"):
        await keyring.register_admin(store, ADMIN, at(2))
    assert await authenticate(store, other)


async def test_keys_are_listed_for_programs(store: KeyStore) -> None:
    await keyring.register_admin(store, ADMIN, at(1))

    assert keyring.as_text([]) == "no keys; make one with `newswire keys add NAME --source ID`"
    assert json.loads(keyring.as_json(await store.all())) == [
        {
            "key_id": "0123456789ab",
            "name": "admin",
            "sources": [],
            "is_admin": True,
            "created_at": "2026-03-01T06:00:00Z",
            "revoked_at": None,
            "is_signing": False,
        }
    ]


async def test_a_key_that_signs_is_shown_once_and_listed_without_its_secret(
    store: KeyStore,
) -> None:
    key_id, secret = await keyring.add_signing(store, "Irtysh", ["irt", "irt"], at(1))
    key = await store.get(key_id)

    assert key is not None
    assert (key.sources, len(key.secrets_at(at(1))[0])) == (("irt",), 32)
    assert secret.startswith("whsec_")
    listed = await store.all()
    assert secret[6:] not in keyring.as_json(listed) + keyring.as_text(listed) + repr(listed)
    assert "(irt; signs; made 2026-03-01T06:00:00Z)" in keyring.as_text(listed)
    assert json.loads(keyring.as_json(listed))[0]["is_signing"] is True


async def test_two_secrets_are_valid_for_a_day_after_a_rotation(store: KeyStore) -> None:
    key_id, first = await keyring.add_signing(store, "Irtysh", ["irt"], at(1))
    second = await keyring.rotate(store, key_id, at(2))
    third = await keyring.rotate(store, key_id, at(2, 12))
    key = await store.get(key_id)

    assert key is not None
    assert [one.text for one in key.signing] == [third, second]
    assert len({first, second, third}) == 3
    assert len(key.secrets_at(at(3, 11))) == 2
    assert len(key.secrets_at(at(3, 12))) == 1


async def test_only_a_key_that_signs_can_be_given_another_secret(store: KeyStore) -> None:
    text = await keyring.add(store, "Irtysh", ["irt"], at(1), is_admin=False)
    key_id, _ = await keyring.add_signing(store, "Irtysh", ["irt"], at(1))
    await keyring.revoke(store, key_id, at(2))

    for given, said in (
        (text.split("_")[1], "signs nothing"),
        (key_id, "was revoked"),
        ("0123456789ab", "expected the id of a key"),
    ):
        with pytest.raises(Rejected, match=said):
            await keyring.rotate(store, given, at(3))
    with pytest.raises(Rejected, match="expected --source ID"):
        await keyring.add_signing(store, "Irtysh", [], at(1))
