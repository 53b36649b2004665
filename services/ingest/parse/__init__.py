"""Documents to entries: ``parse`` finds the format and reads it, purely and without exceptions.

A format is a pair of functions in ``FORMATS``: one claims bytes by their beginning, one reads
them. Another format is another module and another line there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from services.ingest.parse import front_page, pages
from services.ingest.parse.decode import looks_like, refusal
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.feeds import json_feed, xml_feeds
from services.ingest.parse.json_text import is_wide
from services.ingest.parse.news import newsml_g2, ninjs
from services.ingest.parse.problems import WHOLE_DOCUMENT, refused
from services.ingest.parse.rates import bank_files

Claims = Callable[[bytes], bool]
"""Whether bytes may be of a format."""

Read = Callable[[bytes, Arrival], Parsed]
"""What bytes of a format hold that came in some way."""

FORMATS: Final[tuple[tuple[Claims, Read], ...]] = (
    (bank_files.claims, bank_files.parse),
    (newsml_g2.claims, newsml_g2.parse),
    (ninjs.claims, ninjs.parse),
    (pages.claims, pages.parse),
    (json_feed.claims, json_feed.parse),
    (xml_feeds.claims, xml_feeds.parse),
    (front_page.claims, front_page.parse),
)
"""The formats that are read; the first that claims a document reads it."""


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """What a document holds, and what was wrong with it.

    Never raises, and takes time in proportion to the size.
    """
    doubt = refusal(data)
    if doubt and (doubt[0] == "too-large" or not _tells_its_encoding(data)):
        reason, detail = doubt
        return refused(data, Problem(reason, WHOLE_DOCUMENT, detail))
    if bank := arrival.bank or bank_files.bank_at(arrival.url):
        return bank_files.read_as(bank, data, arrival)
    for claims, read in FORMATS:
        if claims(data):
            return read(data, arrival)
    came = f"expected plain text or a feed, came {looks_like(data)}; save the page as text"
    return refused(data, Problem("unsupported", WHOLE_DOCUMENT, came))


def _tells_its_encoding(data: bytes) -> bool:
    """Whether UTF-16 and UTF-32 are read of it: of XML, and of an object of JSON."""
    return xml_feeds.claims(data) or (json_feed.claims(data) and is_wide(data))
