"""Keys of the push door: made, listed, revoked, and the operator's own kept at the start."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final, Literal

from shared.errors import Rejected
from shared.faults import came, visible
from shared.instants import rfc3339
from shared.keys import (
    KEY_ID,
    NAME_CHARS_MAX,
    SOURCES_MAX,
    Key,
    KeyStore,
    create,
    create_signing,
    kept,
    rotated,
)
from shared.news import SOURCE_ID

ADMIN: Final = "admin"
"""Name of the key that the environment gives."""
_BEGUN_KEY: Final = re.compile(r"nw_([0-9a-f]{12})_")
_SHOWN_CHARS_MAX: Final = 20
"""An id has 12; a secret has 43."""


async def add(
    store: KeyStore, name: str, sources: Sequence[str], now: datetime, *, is_admin: bool
) -> str:
    """Make a key; its text, which nothing can show again.

    Raises:
        Rejected: the name or a source will not do, or there are too many keys.
        Unavailable: the store is away.
    """
    _check(name, sources, is_admin=is_admin)
    key, text = create(name, tuple(dict.fromkeys(sources)), now, is_admin=is_admin)
    await store.put(key)
    return text


async def add_signing(
    store: KeyStore, name: str, sources: Sequence[str], now: datetime
) -> tuple[str, str]:
    """Make a key whose requests are signed; its id, and its secret, which is not shown again.

    Raises:
        Rejected, Unavailable: as ``add``.
    """
    _check(name, sources, is_admin=False)
    key = create_signing(name, tuple(dict.fromkeys(sources)), now)
    await store.put(key)
    return key.key_id, key.signing[0].text


async def rotate(store: KeyStore, key_id: str, now: datetime) -> str:
    """Another secret for a key that signs; the one before stays valid for a day.

    Raises:
        Rejected: there is no such key, or it signs nothing. Unavailable: the store is away.
    """
    key = rotated(await _known(store, key_id), now)
    await store.put(key)
    return key.signing[0].text


def _check(name: str, sources: Sequence[str], *, is_admin: bool) -> None:
    if not name.strip() or len(name) > NAME_CHARS_MAX or visible(name) != name:
        raise Rejected(
            f"expected a name of 1 to {NAME_CHARS_MAX} characters that are seen, came {came(name)}"
        )
    if is_admin and sources:
        raise Rejected("expected sources or --admin: an operator's key publishes for none")
    if not is_admin and not sources:
        raise Rejected("expected --source ID, at least one, or --admin for an operator's key")
    if len(sources) > SOURCES_MAX:
        raise Rejected(f"expected at most {SOURCES_MAX} sources, came {len(sources)}")
    for source in sources:
        if not SOURCE_ID.fullmatch(source):
            raise Rejected(
                "expected the id of a source, lower-case letters, digits and hyphens, at most 64, "
                f"came {came(source)}"
            )


async def revoke(store: KeyStore, key_id: str, now: datetime) -> Key:
    """Have a key refused from here on; revoking it again changes nothing.

    Raises:
        Rejected: there is none. Unavailable: the store is away.
    """
    key = await _known(store, key_id)
    if key.revoked_at is None:
        key = replace(key, revoked_at=now)
        await store.put(key)
    return key


async def _known(store: KeyStore, key_id: str) -> Key:
    key = await store.get(key_id) if KEY_ID.fullmatch(key_id) else None
    if key is None:
        expected = "expected the id of a key, as `newswire keys list` shows it"
        raise Rejected(f"{expected}, {_came_with(key_id)}")
    return key


def _came_with(key_id: str) -> str:
    """What came in place of an id; a key, and what may be a piece of one, is not shown again."""
    if found := _BEGUN_KEY.search(key_id):
        return f"came a whole key; its id is {found[1]}"
    if "nw_" in key_id or len(key_id) > _SHOWN_CHARS_MAX:
        return f"came {len(key_id)} characters that may be part of a key"
    return f"came {came(key_id)}"


async def register_admin(
    store: KeyStore, text: str, now: datetime
) -> Literal["kept", "known", "revoked"]:
    """Keep the operator's key; any number of times, it is kept once, and a revoked one stays so.

    Raises:
        Rejected: it is no key, or its id is another key's. Unavailable: the store is away.
    """
    key = kept(text, ADMIN, (), now, is_admin=True)
    known = await store.get(key.key_id)
    if known is None:
        await store.put(key)
        return "kept"
    if known.sha256 != key.sha256 or not known.is_admin:
        raise Rejected(
            f"NEWSWIRE_ADMIN_KEY: another key has the id {key.key_id}; make one with "
            "`newswire keys add NAME --admin`"
        )
    return "known" if known.revoked_at is None else "revoked"


def as_json(keys: Sequence[Key]) -> str:
    """Keys without their hashes and secrets, a JSON array."""
    return json.dumps([_said(key) for key in keys], ensure_ascii=False, indent=2)


def _said(key: Key) -> dict[str, object]:
    said = asdict(key)
    del said["sha256"], said["signing"]
    said["is_signing"] = bool(key.signing)
    for name in ("created_at", "revoked_at"):
        said[name] = rfc3339(said[name]) if said[name] else None
    return said


def as_text(keys: Sequence[Key]) -> str:
    """Keys for a person, one a line."""
    if not keys:
        return "no keys; make one with `newswire keys add NAME --source ID`"
    return "\n".join(_line(key) for key in keys)


def _line(key: Key) -> str:
    scope = "admin" if key.is_admin else ", ".join(key.sources)
    end = f"; revoked {rfc3339(key.revoked_at)}" if key.revoked_at else ""
    signs = "; signs" if key.signing else ""
    made = f"made {rfc3339(key.created_at)}"
    return f"{key.key_id}  {visible(key.name)}  ({scope}{signs}; {made}{end})"
