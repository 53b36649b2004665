"""Atom 1.0. Source: RFC 4287. Pure."""

from __future__ import annotations

from lxml import etree

from services.api.syndication import texts
from services.api.syndication.items import Item, Listing
from services.api.syndication.xml import LANG, NAMESPACES, add, written
from shared.instants import rfc3339


def render(listing: Listing) -> bytes:
    """The feed document. Source: RFC 4287 4.1.1."""
    spoken = {None: NAMESPACES["atom"], "dc": NAMESPACES["dc"]}
    # The stubs forget the default namespace, whose prefix is None.
    root = etree.Element(f"{{{NAMESPACES['atom']}}}feed", nsmap=spoken)  # type: ignore[arg-type]
    if listing.language:
        root.set(LANG, listing.language)
    add(root, "atom:id", listing.id)
    add(root, "atom:title", listing.title)
    add(root, "atom:updated", rfc3339(listing.updated_at))
    self_type = {"rel": "self", "type": "application/atom+xml", "href": listing.self_url}
    add(root, "atom:link", attributes=self_type)
    if listing.hub:
        add(root, "atom:link", attributes={"rel": "hub", "href": listing.hub})
    _page(root, listing.page_url)
    for item in listing.items:
        _entry(add(root, "atom:entry"), item)
    return written(root)


def _entry(entry: etree._Element, item: Item) -> None:
    """Source: RFC 4287 4.1.2; an author is required, and the feed has none."""
    if item.language:
        entry.set(LANG, item.language)
    add(entry, "atom:id", item.id)
    add(entry, "atom:title", item.headline)
    add(entry, "atom:updated", rfc3339(item.updated_at))
    if item.published_at:
        add(entry, "atom:published", rfc3339(item.published_at))
    for name in item.authors or (item.credit,):
        add(add(entry, "atom:author"), "atom:name", name)
    add(entry, "dc:publisher", item.credit)
    _page(entry, item.page_url)
    if item.original_url:  # 4.2.7.2: the source of what is provided here
        add(entry, "atom:link", attributes={"rel": "via", "href": item.original_url})
    for one in item.categories:
        add(entry, "atom:category", attributes={"term": one.tag, "label": one.name})
    if item.rights:
        add(entry, "atom:rights", item.rights)
    _text(entry, item)


def _text(entry: etree._Element, item: Item) -> None:
    """Of a part of a text a summary is made, and content of none: readers can tell them apart."""
    if not item.is_whole:
        add(entry, "atom:summary", texts.brief(item), {"type": "html"})
        return
    if item.summary and item.paragraphs:
        add(entry, "atom:summary", item.summary)
    add(entry, "atom:content", texts.whole(item), {"type": "html"})


def _page(parent: etree._Element, url: str) -> None:
    attributes = {"rel": "alternate", "type": "text/html", "href": url}
    add(parent, "atom:link", attributes=attributes)
