"""The renditions of a picture, sound or film: the same thing in several sizes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from services.ingest.parse.feeds.draft import Attached
from services.ingest.parse.feeds.urls import absolute

_SEEN_OR_HEARD: Final = ("image/", "audio/", "video/")
_WIDTH_DIGITS_MAX: Final = 6


class Rendition(NamedTuple):
    """One of them, as its agency describes it. Empty texts: not said."""

    url: str
    media_type: str
    width: str


def widest(renditions: Iterable[Rendition], caption: str) -> Attached | None:
    """The widest that has an address and is seen or heard, of one width the first; None: none is.

    The others are the same again, smaller.
    """
    found = [one for one in renditions if absolute(one.url, None) and _is_seen_or_heard(one)]
    best = max(found, key=_width, default=None)
    return Attached(best.url, best.media_type, caption) if best else None


def _is_seen_or_heard(one: Rendition) -> bool:
    return not one.media_type or one.media_type.lower().startswith(_SEEN_OR_HEARD)


def _width(one: Rendition) -> int:
    is_number = one.width.isascii() and one.width.isdecimal()
    return int(one.width) if is_number and len(one.width) <= _WIDTH_DIGITS_MAX else 0
