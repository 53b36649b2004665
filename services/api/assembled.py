"""JSON put together of JSON that stands already, as bytes: none of it is read for that. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson


def with_members(document: bytes, members: Mapping[str, Any]) -> bytes:
    """An object with further members behind its own, of which it has one at least."""
    return document.rstrip()[:-1] + b"," + orjson.dumps(members)[1:]


def array(documents: Iterable[bytes]) -> bytes:
    """Documents as an array."""
    return b"[" + b",".join(documents) + b"]"


def listing(items: bytes, members: Mapping[str, Any]) -> bytes:
    """The answer of a list: its items, which are an array, and what is said besides."""
    return b'{"items":' + items + b"," + orjson.dumps(members)[1:]
