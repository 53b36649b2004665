"""Hashes that decide: the same content, the same text, the same event."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6f1d6f64-2d0c-5d5b-9a0e-1f6b3c7a4e10")
"""Root of every id of the newswire; never changed, or every id changes."""

_FOLD: Final = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"'}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"\u00ad": None, "\u200b": None, "\ufeff": None, "ё": "е"}
)
_SPACE: Final = re.compile(r"\s+")


def sha256(data: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def normalised(text: str) -> str:
    """Text without what typography changes: NFKC, lower case, plain quotes, dashes and spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_FOLD)
    return _SPACE.sub(" ", folded).strip()


def text_hash(headline: str, paragraphs: Iterable[str]) -> str:
    """Hash of the words of an article: how paragraphs are cut does not count."""
    return sha256(normalised(f"{headline}\n{' '.join(paragraphs)}").encode())


def event_id(*parts: str | int) -> str:
    """UUIDv5 over what makes an event this event: the same history gives the same id anywhere."""
    return str(uuid5(NAMESPACE, "\n".join(map(str, parts))))
