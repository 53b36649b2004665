"""Hashes that decide: the same content, the same text, the same event."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6f1d6f64-2d0c-5d5b-9a0e-1f6b3c7a4e10")
"""Root of every id of the newswire; never changed, or every id changes."""

_FOLD: Final[dict[str, str]] = (
    {"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"\u00ad": "", "\u200b": "", "\ufeff": "", "ё": "е"}
)
"""None is what another gives, so that one may be replaced after the other: a tenth of the time."""


def sha256(data: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def normalised(text: str) -> str:
    """Text without what typography changes: NFKC, lower case, plain quotes, dashes and spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    for sign, plain in _FOLD.items():
        folded = folded.replace(sign, plain)
    return " ".join(folded.split())


def text_hash(headline: str, paragraphs: Iterable[str]) -> str:
    """Hash of the words of an article: how paragraphs are cut does not count."""
    return sha256(normalised(f"{headline}\n{' '.join(paragraphs)}").encode())


def event_id(*parts: str | int) -> str:
    """UUIDv5 over what makes an event this event: the same history gives the same id anywhere."""
    return str(uuid5(NAMESPACE, "\n".join(map(str, parts))))
