"""What an entry of a feed is identified by, where its source says so."""

from __future__ import annotations

from services.ingest.parse.document import ArticleEntry
from services.ingest.parse.feeds.urls import address_key


def own_key(entry: ArticleEntry) -> str | None:
    """``id:…`` or ``url:…``: what names an entry for ever, in ``identity.article_id``.

    None: the source gave neither an id nor an address, and its headline must do.
    """
    if entry.source_item_id:
        return f"id:{entry.source_item_id}"
    address = entry.canonical_url or entry.url
    return f"url:{address_key(address)}" if address else None
