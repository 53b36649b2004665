"""Signatures of requests. Pure. Source: Standard Webhooks 1.0.0.

A request is signed over its id, the second of the attempt, and its body as it was sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.hashing import sha256

TOLERANCE_S: Final = 300
"""So far the second of an attempt may be from ours, either way; what libraries of the standard
allow."""
SIGNATURES_MAX: Final = 10
"""Of one request that are looked at; a sender that rotates has two."""
_ID: Final = re.compile(r"[!-\-/-~]{1,256}")
"""Visible ASCII without a full stop: with one, another split of what was signed is possible."""
_SECOND: Final = re.compile(r"[1-9][0-9]{0,11}")
_SIGNATURE: Final = re.compile(r"v1,([A-Za-z0-9+/]{43}=)")


@dataclass(frozen=True, slots=True)
class Signed:
    """What the head of a request says of its signature."""

    id: str
    """``webhook-id``: the same for every attempt to send this."""
    at_s: int
    """``webhook-timestamp``: POSIX seconds of the attempt."""
    signatures: tuple[bytes, ...]
    """Those of ``webhook-signature`` that are ``v1``, in Base64; others are ignored."""

    def is_by(self, secrets: Iterable[bytes], body: bytes) -> bool:
        """Whether one of the signatures was made with one of the secrets.

        Takes the same time whichever it is, and wherever a wrong one differs.
        """
        found = False
        for secret in secrets:
            made = hmac.new(secret, f"{self.id}.{self.at_s}.".encode(), hashlib.sha256)
            made.update(body)
            expected = base64.b64encode(made.digest())
            for signature in self.signatures:
                found = hmac.compare_digest(expected, signature) or found
        return found

    def fingerprint(self, body: bytes) -> str:
        """What is the same for every attempt to send this, and for nothing else.

        With the body, because not every sender gives each message an id of its own.
        """
        return sha256(self.id.encode() + b"\n" + body)


def read(headers: Mapping[str, str], now_s: float) -> Signed | str:
    """What a head says of its signature; a sentence: why it cannot be looked at."""
    message, second = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(message):
        return "expected webhook-id, up to 256 visible ASCII characters without a full stop"
    if not _SECOND.fullmatch(second):
        return "expected webhook-timestamp, the seconds since 1970 of this attempt"
    if abs(now_s - int(second)) > TOLERANCE_S:
        return (
            f"expected a webhook-timestamp within {TOLERANCE_S} s of {int(now_s)}, came {second}; "
            "sign each attempt anew, and set the clock"
        )
    words = headers.get("webhook-signature", "").split(" ")
    found = [match[1].encode() for word in words if (match := _SIGNATURE.fullmatch(word))]
    if not found:
        return "expected webhook-signature with v1 and an HMAC-SHA256 in Base64"
    return Signed(message, int(second), tuple(found[:SIGNATURES_MAX]))
