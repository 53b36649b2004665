"""Who may do what: a request's key, and the sources that it is for."""

from __future__ import annotations

import re
from typing import Final

from services.ingest.push import problems
from shared.keys import KEY, KEY_ID, Key, KeyStore, authenticate
from shared.web import Problem

_BEARER: Final = re.compile(r"bearer +(\S+) *", re.IGNORECASE)
"""Source: RFC 6750 2.1."""


def claimed(header: str | None) -> str | None:
    """The id of the key that a request says it has; None: it has none."""
    found = _BEARER.fullmatch(header or "")
    key = KEY.fullmatch(found[1]) if found else None
    return key[1] if key else None


async def sent(header: str | None, keys: KeyStore) -> Key | Problem:
    """The key of a request, of whichever kind.

    Asked of the store at each request: a key that was revoked is refused at once.

    Raises:
        Unavailable: the store is away.
    """
    found = _BEARER.fullmatch(header or "")
    key = await authenticate(keys, found[1]) if found else None
    return key or problems.key_unknown(was_sent=header is not None)


async def signing(key_id: str, keys: KeyStore) -> Key | None:
    """The key by whose secrets requests to its address are signed; None: there is none.

    Raises:
        Unavailable: the store is away.
    """
    key = await keys.get(key_id) if KEY_ID.fullmatch(key_id) else None
    return key if key is not None and key.signing and key.revoked_at is None else None
