"""Sources as a list of subscriptions. Source: OPML 2.0, “subscription lists”. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from services.api.syndication.xml import add, written


@dataclass(frozen=True, slots=True)
class Subscription:
    """A source as a reader subscribes to it."""

    name: str
    feed_url: str
    """Our feed of it: how it is read by us may be private."""
    homepage: str | None
    """None: none is known."""


def render(sources: Iterable[Subscription], title: str, at: datetime) -> bytes:
    """The document; its ``type`` is ``rss`` whatever the format of the feeds, as OPML has it."""
    root = etree.Element("opml", version="2.0")
    head = add(root, "head")
    add(head, "title", title)
    add(head, "dateCreated", format_datetime(at.astimezone(UTC), usegmt=True))
    add(head, "docs", "http://opml.org/spec2.opml")
    body = add(root, "body")
    for one in sources:
        add(body, "outline", attributes=_outline(one))
    return written(root)


def _outline(one: Subscription) -> Mapping[str, str]:
    said = {"type": "rss", "text": one.name, "title": one.name, "xmlUrl": one.feed_url}
    return said | ({"htmlUrl": one.homepage} if one.homepage else {})
