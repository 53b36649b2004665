"""RSS 2.0. Source: RSS 2.0.11, the RSS Best Practices Profile of its Advisory Board. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from lxml import etree

from services.api.syndication import texts
from services.api.syndication.items import Item, Listing
from services.api.syndication.xml import NAMESPACES, add, written
from shared.instants import rfc3339

_SPECIFICATION: Final = "https://www.rssboard.org/rss-specification"


def render(listing: Listing) -> bytes:
    """The document; its channel is described by its title, for want of another sentence."""
    root = etree.Element("rss", version="2.0", nsmap=dict(NAMESPACES))
    channel = add(root, "channel")
    add(channel, "title", listing.title)
    add(channel, "link", listing.page_url)
    add(channel, "description", listing.title)
    own = {"rel": "self", "type": "application/rss+xml", "href": listing.self_url}
    add(channel, "atom:link", attributes=own)
    if listing.hub:
        add(channel, "atom:link", attributes={"rel": "hub", "href": listing.hub})
    if listing.language:
        add(channel, "language", listing.language)
    add(channel, "lastBuildDate", _rfc822(listing.updated_at))
    add(channel, "docs", _SPECIFICATION)
    for item in listing.items:
        _item(add(channel, "item"), item)
    return written(root)


def _item(parent: etree._Element, item: Item) -> None:
    """``author`` takes mail addresses: names are ``dc:creator``, as the profile advises.

    A category with a domain would be a code; people read a name.
    """
    add(parent, "title", item.headline)
    add(parent, "link", item.page_url)
    add(parent, "guid", item.id, {"isPermaLink": "false"})
    _dates(parent, item)
    for name in item.authors or (item.credit,):
        add(parent, "dc:creator", name)
    add(parent, "dc:publisher", item.credit)
    if item.language:
        add(parent, "dc:language", item.language)
    if item.rights:
        add(parent, "dc:rights", item.rights)
    if item.original_url:
        add(parent, "atom:link", attributes={"rel": "via", "href": item.original_url})
    for one in item.categories:
        add(parent, "category", one.name)
    add(parent, "description", texts.brief(item))
    if item.is_whole:
        add(parent, "content:encoded", texts.whole(item))


def _dates(parent: etree._Element, item: Item) -> None:
    """A day alone is a ``dc:date``: ``pubDate`` would need a time, and nobody knows it."""
    if item.published_at:
        add(parent, "pubDate", _rfc822(item.published_at))
    elif item.day:
        add(parent, "dc:date", item.day)
    add(parent, "atom:updated", rfc3339(item.updated_at))


def _rfc822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)
