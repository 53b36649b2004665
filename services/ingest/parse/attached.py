"""What an article has besides its text: attachments, then the pictures in it, each address once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from services.ingest.parse.limits import MEDIA_MAX
from shared.news import Media

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}")


def media_type_of(said: str) -> str | None:
    """A media type without its parameters, in small letters; None: it is none.

    Source: RFC 6838 4.2.
    """
    kind = said.partition(";")[0].strip().lower()
    return kind if _MEDIA_TYPE.fullmatch(kind) else None


def each_once(attached: Iterable[Media], pictured: Iterable[Media] = ()) -> tuple[Media, ...]:
    """What was attached, then what stands in the text; each address once, where it stands first."""
    found: dict[str, Media] = {}
    for one in (*attached, *pictured):
        found.setdefault(one.url, one)
    return tuple(found.values())


def listed(attached: Iterable[Media], pictured: Iterable[Media]) -> tuple[Media, ...]:
    """Each address once, the first MEDIA_MAX."""
    return each_once(attached, pictured)[:MEDIA_MAX]
