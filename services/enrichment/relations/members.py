"""What is known of an article in the window without its text, in eighty bytes. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import Final, NamedTuple

from services.enrichment.relations.stars import Standing
from services.enrichment.relations.window import Place

TextKey = bytes
"""What tells one text from another: 128 bits of the hash of its hash."""

_LAYOUT: Final = Struct("<qBHII16s")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(microseconds=1)


class Member(NamedTuple):
    """An article in the window."""

    source: str
    standing: Standing
    text: TextKey
    place: Place


def text_key(text_hash: str) -> TextKey:
    """A text as it is remembered, by its ``text_hash``."""
    return sha256(text_hash.encode()).digest()[:16]


def pack(member: Member) -> bytes:
    """A member as bytes; ``unpack`` gives it back."""
    at, trust, fullness = member.standing
    day, number = member.place
    head = _LAYOUT.pack(
        (at - _EPOCH) // _STEP, trust, -fullness, day.toordinal(), number, member.text
    )
    return head + member.source.encode()


def unpack(packed: bytes) -> Member:
    """The member that was packed."""
    microseconds, trust, words, day, number, text = _LAYOUT.unpack_from(packed)
    return Member(
        source=packed[_LAYOUT.size :].decode(),
        standing=(_EPOCH + microseconds * _STEP, trust, -words),
        text=text,
        place=Place(date.fromordinal(day), number),
    )
