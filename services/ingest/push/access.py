"""Who may do what: a request's key, and the sources that it is for."""

from __future__ import annotations

import re
from typing import Final

from services.ingest.push import problems
from shared.keys import Key, KeyStore, authenticate
from shared.web import Problem

_BEARER: Final = re.compile(r"bearer +(\S+) *", re.IGNORECASE)
"""Source: RFC 6750 2.1."""


async def admitted(header: str | None, keys: KeyStore, *, is_admin: bool) -> Key | Problem:
    """The key of a request, if it is one for operators, or one for partners, as is wanted.

    Asked of the store at each request: a key that was revoked is refused at once.

    Raises:
        Unavailable: the store is away.
    """
    found = _BEARER.fullmatch(header or "")
    key = await authenticate(keys, found[1]) if found else None
    if key is None:
        return problems.key_unknown(was_sent=header is not None)
    if key.is_admin != is_admin:
        return problems.key_not_allowed(is_admin=key.is_admin)
    return key
