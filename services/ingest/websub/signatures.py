"""Whether a hub signed what came. Pure. Source: WebSub 7.1."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Final

METHODS: Final = ("sha512", "sha384", "sha256", "sha1")
"""Those that WebSub recognises, the best first."""
FIELDS_MAX: Final = 10
"""Signatures of one delivery that are looked at."""
_SIGNATURE: Final = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9A-Fa-f]{40,128})")


def is_signed(signatures: Sequence[str], secret: str, body: bytes) -> bool:
    """Whether the best signature that came is of the secret; none: it is not.

    Only the best decides: SHA-1 where a hub sends nothing better, and many do. As an HMAC it has
    not been forged.
    """
    by_method: dict[str, str] = {}
    for each in ",".join(signatures[:FIELDS_MAX]).split(",", FIELDS_MAX)[:FIELDS_MAX]:
        if found := _SIGNATURE.fullmatch(each.strip()):
            by_method.setdefault(found[1], found[2].lower())
    best = next((method for method in METHODS if method in by_method), None)
    if best is None:
        return False
    expected = hmac.new(secret.encode(), body, best).hexdigest()
    return hmac.compare_digest(expected, by_method[best])
