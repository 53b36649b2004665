"""Documents to entries: ``parse`` finds the format and reads it, purely and without exceptions.

A format is a pair of functions in ``FORMATS``: one claims bytes by their beginning, one reads
them. Another format is another module and another line there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Final

from services.ingest.parse import front_page
from services.ingest.parse.decode import looks_like, refusal
from services.ingest.parse.document import Parsed, Problem, Reason
from services.ingest.parse.problems import WHOLE_DOCUMENT

Claims = Callable[[bytes], bool]
"""Whether bytes may be of a format."""

Read = Callable[[bytes, date], Parsed]
"""What bytes of a format hold, observed on a day."""

FORMATS: Final[tuple[tuple[Claims, Read], ...]] = ((front_page.claims, front_page.parse),)
"""The formats that are read; the first that claims a document reads it."""

UNKNOWN_FORMAT: Final = "unknown"
"""``Parsed.format`` of a document that was refused before its format was known."""


def parse(data: bytes, *, observed_on: date) -> Parsed:
    """What a document holds, and what was wrong with it.

    Never raises, and takes time in proportion to the size. ``observed_on`` is the day on which
    the document was fetched: a date after the next day is not believed.
    """
    if refused := refusal(data):
        return _unread(data, *refused)
    for claims, read in FORMATS:
        if claims(data):
            return read(data, observed_on)
    came = f"expected plain text, came {looks_like(data)}; save the page as text"
    return _unread(data, "unsupported", came)


def _unread(data: bytes, reason: Reason, detail: str) -> Parsed:
    """A document of which nothing was taken."""
    return Parsed(
        format=UNKNOWN_FORMAT,
        parser_version=front_page.PARSER_VERSION,
        media_type="application/octet-stream",
        encoding=None,
        sha256=sha256(data).hexdigest(),
        listed_on=None,
        articles=(),
        rates=(),
        problems=(Problem(reason, WHOLE_DOCUMENT, detail),),
    )
