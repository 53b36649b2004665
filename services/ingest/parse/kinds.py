"""What a document is expected to be, by whoever asked for it, and the parser that reads it so."""

from __future__ import annotations

from typing import Final, Literal

from services.ingest.parse import Read, pages, parse
from services.ingest.parse.document import Arrival, Parsed

Kind = Literal["any", "feed", "page", "list"]
"""Whatever it is; a feed, or the page that names one; an article; a page of links to articles."""

_READ_BY_KIND: Final[dict[Kind, Read]] = {
    "any": parse,
    "feed": pages.parse_feed,
    "page": pages.parse_page,
    "list": pages.parse_list,
}


def read(kind: Kind, data: bytes, arrival: Arrival) -> Parsed:
    """What a document holds that is expected to be of a kind, and what was wrong with it.

    HTML is read as the kind says; what is no HTML is read as what it is. Never raises.
    """
    return _READ_BY_KIND[kind if pages.claims(data) else "any"](data, arrival)
