"""JSON Feed 1.1. Source: jsonfeed.org/version/1.1. Pure."""

from __future__ import annotations

from typing import Any

import orjson

from services.api.syndication import texts
from services.api.syndication.items import Item, Listing
from shared.instants import rfc3339


def render(listing: Listing) -> bytes:
    """The document. Source: “Top-level”."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": listing.title,
            "home_page_url": listing.page_url,
            "feed_url": listing.self_url,
            **_given(language=listing.language),
            **({"hubs": [{"type": "WebSub", "url": listing.hub}]} if listing.hub else {}),
            "items": [_item(item) for item in listing.items],
        }
    )


def _item(item: Item) -> dict[str, Any]:
    """Source: “Items”; what the format has no member for is in an extension of ours."""
    published = rfc3339(item.published_at) if item.published_at else ""
    names = dict.fromkeys(one.name for one in item.categories)
    return {
        "id": item.id,
        "url": item.page_url,
        **_given(external_url=item.original_url or ""),
        "title": item.headline,
        "content_html": texts.whole(item),
        **_given(summary=item.summary, date_published=published),
        "date_modified": rfc3339(item.updated_at),
        "authors": [{"name": name} for name in item.authors or (item.credit,)],
        "tags": list(names),
        **_given(language=item.language),
        "_newswire": {
            "source": item.source,
            "credit": item.credit,
            "is_whole": item.is_whole,
            "tags": [one.tag for one in item.categories],
            **_given(rights=item.rights or "", day=item.day or ""),
        },
    }


def _given(**members: str) -> dict[str, str]:
    """The members that say something: an empty one is left out, as the format has it."""
    return {name: text for name, text in members.items() if text}
