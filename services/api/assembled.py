"""JSON put together of JSON that stands already, as bytes: none of it is read for that. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def with_members(document: bytes, members: Mapping[str, Any]) -> bytes:
    """An object with further members behind its own, of which it has one at least."""
    return document.rstrip()[:-1] + b"," + orjson.dumps(members)[1:]


def listing(items: Sequence[bytes], members: Mapping[str, Any]) -> bytes:
    """The answer of a list: its items, and what is said besides."""
    rest = b"]," + orjson.dumps(members)[1:]
    if not items:
        return b'{"items":[' + rest
    parts = [b'{"items":[' + items[0], *items[1:]]
    parts[-1] += rest
    return b",".join(parts)  # what is long is copied once
