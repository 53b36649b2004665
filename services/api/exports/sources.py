"""Sources as they are told: by the newest that they have sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from services.api import front
from services.api.exports.opml import Subscription
from services.api.source_queries import COUNTED_MAX, SourceRow
from services.api.syndication.links import RSS, Site, original
from services.api.syndication.texts import clean, line


def told(row: SourceRow) -> dict[str, Any]:
    """A source as JSON."""
    newest = _read(row.document)
    return {
        "source": row.source,
        "name": name(row),
        "homepage": homepage(newest),
        "rights": clean(newest.get("rights") or "") or None,
        "display": newest.get("display"),
        "articles": row.articles,
        "articles_are_all": row.articles < COUNTED_MAX,
        "newest_at": row.newest_at,
        "newest_article_id": newest.get("article_id"),
        "series": row.series,
    }


def name(row: SourceRow) -> str:
    """What a source is called for readers; its id, where it says nothing."""
    said = _read(row.document) or _read(row.rate)
    return line(front.credit_of(said)) or row.source


def subscription(source: str, document: str, site: Site) -> Subscription:
    """A source as readers subscribe to it, by its newest article."""
    newest = _read(document)
    name = line(front.credit_of(newest)) or source
    return Subscription(name, site.feed(RSS, [("source", source)]), homepage(newest))


def homepage(document: Mapping[str, Any]) -> str | None:
    """The site that an article is on; None: it has no address on the web."""
    address = original([document.get("canonical_url"), document.get("url")])
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def _read(document: str | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads(document) if document else {}
    return found
