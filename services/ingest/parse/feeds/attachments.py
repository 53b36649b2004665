"""Pictures, sounds and films that an entry of RSS or Atom comes with, by Media RSS."""

from __future__ import annotations

from collections.abc import Iterator

from services.ingest.parse.feeds.draft import Attached
from services.ingest.parse.feeds.xml import Element, attribute, every, text_at


def media_of(entry: Element) -> Iterator[Attached]:
    """Source: Media RSS 1.5 ``<media:content>``, ``<media:group>``, ``<media:thumbnail>``.

    A preview stands for what it is a preview of, so it comes last.
    """
    groups = [(entry, ""), *((group, _caption(group)) for group in every(entry, "media:group"))]
    for name in ("media:content", "media:thumbnail"):
        for group, caption in groups:
            for element in every(group, name):
                yield Attached(
                    attribute(element, "url"),
                    attribute(element, "type"),
                    _caption(element) or caption,
                )


def _caption(element: Element) -> str:
    return text_at(element, "media:description", "media:title")
