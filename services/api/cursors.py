"""The opaque cursor: one text for two ways to go on, through a list or after its changes.

It holds nothing secret and is not signed; a checksum tells a garbled or foreign one from ours.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final, assert_never

import orjson

from shared.errors import Rejected
from shared.hashing import sha256

_CHECK_CHARS: Final = 8
_NUMBER_MAX: Final = 2**53 - 1
"""Of every number in a cursor: a forged one must not be more than SQLite can compare."""


@dataclass(frozen=True, slots=True)
class After:
    """The next articles of a list, after the one with this key."""

    ordered_at: str
    place: int
    article_id: str
    seq: int
    """The view's seq when the walk through the list began: changes are polled from there."""


@dataclass(frozen=True, slots=True)
class Since:
    """What changed after this seq of the wire."""

    seq: int


Cursor = After | Since


def text(cursor: Cursor) -> str:
    """A cursor as clients keep it: letters, digits, hyphens and underscores."""
    match cursor:
        case After():
            parts: list[Any] = [cursor.ordered_at, cursor.place, cursor.article_id, cursor.seq]
        case Since():
            parts = [cursor.seq]
        case _:
            assert_never(cursor)
    payload = orjson.dumps(parts)
    return base64.urlsafe_b64encode(_check(payload) + payload).rstrip(b"=").decode()


def read(cursor_text: str) -> Cursor:
    """The cursor that a client brought back.

    Raises:
        Rejected: it is none of ours, or garbled.
    """
    try:
        raw = base64.b64decode(cursor_text + "=" * (-len(cursor_text) % 4), b"-_", validate=True)
        check, payload = raw[:_CHECK_CHARS], raw[_CHECK_CHARS:]
        parts = orjson.loads(payload) if check == _check(payload) else None
    except (ValueError, binascii.Error):
        parts = None
    match parts:
        case [int(seq)] if _are_counts(seq):
            return Since(seq)
        case [str(ordered_at), int(place), str(article_id), int(seq)] if _are_counts(place, seq):
            return After(ordered_at, place, article_id, seq)
        case _:
            raise Rejected(
                "Expected a cursor exactly as an answer of /v1/articles gave it in next or cursor. "
                "Leave the cursor out to begin with the newest article."
            )


def _are_counts(*numbers: int) -> bool:
    """Whether these are numbers that a cursor of ours can have; JSON's ``true`` is none."""
    return all(type(number) is int and 0 <= number <= _NUMBER_MAX for number in numbers)


def _check(payload: bytes) -> bytes:
    return sha256(b"newswire cursor 1 " + payload)[:_CHECK_CHARS].encode()
