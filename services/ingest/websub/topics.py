"""Which addresses hubs can be asked about, and of which topic a delivery says that it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from services.ingest.fetch.answers import Head, links
from services.ingest.fetch.urls import parse
from services.ingest.fetch.words import Trouble

URL_CHARACTERS_MAX: Final = 2_000
"""Of a hub or topic as it stands in a query: a hub names the topic in one when it asks us to
confirm, and of a query the push door takes 4,000 bytes."""


def is_usable(url: str) -> bool:
    """Whether a hub or topic is an address of the web, and short enough to be confirmed."""
    if len(url) > URL_CHARACTERS_MAX or len(quote(url, safe="")) > URL_CHARACTERS_MAX:
        return False
    try:
        parse(url)
    except Trouble:
        return False
    return True


def is_of(topic: str, fields: Sequence[str]) -> bool:
    """Whether Link fields name a topic as ``self``, or no topic; a byte is a character.

    However they write it: a hub may send as UTF-8 what a feed has in another form.
    Source: WebSub section 7, RFC 8288 section 3.
    """
    try:
        own = parse(topic)
    except Trouble:
        return True  # it cannot be compared, and the signature is the hub's
    head = Head(200, tuple(("link", value) for value in fields))
    named = [url for name, url in links(head, own) if name == "self"]
    return not named or own.url in named
