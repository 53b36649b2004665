"""Keys that partners and operators send: ``nw_<id>_<secret>``; only a hash of the secret is kept.

The secret has 256 random bits, so a plain SHA-256 of it cannot be guessed back.
A key that signs has secrets that are never sent; they are kept as they are, because whoever checks
a signature computes it anew.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from shared.errors import Rejected
from shared.hashing import sha256

KEY: Final = re.compile(r"nw_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
KEY_ID: Final = re.compile(r"[0-9a-f]{12}")
NAME_CHARS_MAX: Final = 100
SOURCES_MAX: Final = 200
"""Sources of one key."""
KEYS_MAX: Final = 1_000
"""Keys of one desk, revoked ones included."""
SIGNING_PREFIX: Final = "whsec_"
"""Source: Standard Webhooks 1.0.0, signature scheme."""
SIGNING_BYTES: Final = 32
"""Of a secret that signs; the standard wants 24 to 64."""
ROTATION: Final = timedelta(hours=24)
"""So long the secret before stays valid beside the one that replaces it."""


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """What requests of a key are signed with."""

    text: str = field(repr=False)
    """``whsec_`` and Base64."""
    until: datetime | None = None
    """It is valid before that instant; None: until it is replaced."""

    @property
    def secret(self) -> bytes:
        """The bytes that an HMAC takes."""
        return base64.b64decode(self.text.removeprefix(SIGNING_PREFIX))


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key."""

    key_id: str
    name: str
    """Whose it is, for people."""
    sources: tuple[str, ...]
    """Sources that it may publish for; of an admin's key: none."""
    is_admin: bool
    """It decides (withdraw, hold, block …) and publishes nothing."""
    sha256: str
    """Of its text; empty: it signs, and is never sent."""
    created_at: datetime
    revoked_at: datetime | None = None
    signing: tuple[SigningSecret, ...] = ()
    """The latest first, at most two; empty: it is sent, and signs nothing."""

    def secrets_at(self, now: datetime) -> list[bytes]:
        """The secrets that a request may be signed with."""
        return [one.secret for one in self.signing if one.until is None or now < one.until]


class KeyStore(Protocol):
    """Where keys are kept: ``shared.redis_state``, or memory in tests."""

    async def put(self, key: Key) -> None:
        """Keep a key under its id, over what was kept there.

        Raises:
            Rejected: there are KEYS_MAX already, or it was revoked and this one is not.
            Unavailable: the store is away.
        """
        ...

    async def get(self, key_id: str) -> Key | None:
        """The key with this id, revoked or not; None: there is none."""
        ...

    async def all(self) -> Sequence[Key]:
        """Every key, oldest first."""
        ...


def create(
    name: str, sources: Sequence[str], now: datetime, *, is_admin: bool = False
) -> tuple[Key, str]:
    """A key to keep, and the text that its owner gets, which nothing can show again."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    text = f"nw_{key_id}_{secret}"
    return kept(text, name, sources, now, is_admin=is_admin), text


def create_signing(name: str, sources: Sequence[str], now: datetime) -> Key:
    """A key whose requests are signed; its owner gets the id and the text of its secret."""
    return Key(
        secrets.token_hex(6), name, tuple(sources), False, "", now, signing=(_signing_secret(),)
    )


def rotated(key: Key, now: datetime) -> Key:
    """A key that signs with another secret; the one before stays valid for ROTATION.

    Raises:
        Rejected: it signs nothing, or was revoked.
    """
    if not key.signing:
        raise Rejected(
            f"the key {key.key_id} signs nothing; make one that does with `newswire keys add NAME "
            "--source ID --signing`"
        )
    if key.revoked_at is not None:
        raise Rejected(_revoked(key))
    before = SigningSecret(key.signing[0].text, now + ROTATION)
    return replace(key, signing=(_signing_secret(), before))


def check_follows(known: Key, key: Key) -> None:
    """Refuse to keep over a key that was revoked one that is not.

    Raises:
        Rejected: who wrote it had read the key before it was revoked.
    """
    if known.revoked_at is not None and key.revoked_at is None:
        raise Rejected(_revoked(key))


def _revoked(key: Key) -> str:
    return f"the key {key.key_id} was revoked; make another with `newswire keys add`"


def _signing_secret() -> SigningSecret:
    random = secrets.token_bytes(SIGNING_BYTES)
    return SigningSecret(SIGNING_PREFIX + base64.b64encode(random).decode())


def kept(text: str, name: str, sources: Sequence[str], now: datetime, *, is_admin: bool) -> Key:
    """What is kept of a key's text.

    Raises:
        Rejected: it is not the text of a key.
    """
    found = KEY.fullmatch(text)
    if found is None:
        raise Rejected("expected a key as `newswire keys add` prints it: nw_, an id, a secret")
    return Key(found[1], name, tuple(sources), is_admin, sha256(text.encode()), now)


async def authenticate(store: KeyStore, text: str) -> Key | None:
    """The key that a text is, if it is kept and not revoked; takes the same time for any secret.

    Raises:
        Unavailable: the store is away.
    """
    found = KEY.fullmatch(text)
    key = await store.get(found[1]) if found else None
    if key is None or key.revoked_at is not None:
        return None
    return key if hmac.compare_digest(key.sha256, sha256(text.encode())) else None
