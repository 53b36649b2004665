"""What an entry of RSS or Atom comes with, by modules of both: media, captions, subjects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.feeds.draft import Attached, Named
from services.ingest.parse.feeds.parts import Part
from services.ingest.parse.feeds.tags import category

_NAMES: Final = frozenset(
    {"media:group", "media:content", "media:thumbnail", "itunes:image", "googleplay:image"}
)
"""What of an entry ``media_of`` looks into."""


def media_of(entry: Part) -> Iterator[Attached]:
    """Source: Media RSS 1.5 ``<media:content>``, ``<media:group>``, ``<media:thumbnail>``.

    A preview stands for what it is a preview of, so it comes last; so does the cover of a
    recording. Source: Podcasts Connect ``<itunes:image>``.
    """
    if _NAMES.isdisjoint(entry.children()):
        return
    groups = [(entry, ""), *((group, _caption(group)) for group in entry.every("media:group"))]
    contents = [
        (content, _caption(content) or caption)
        for group, caption in groups
        for content in group.every("media:content")
    ]
    for content, caption in contents:
        if url := content.attribute("url"):
            yield Attached(url, content.attribute("type"), caption)
    for around, caption in [*groups, *contents]:
        for thumbnail in around.every("media:thumbnail"):
            yield Attached(thumbnail.attribute("url"), "", _caption(thumbnail) or caption)
    yield from map(Attached, pictures_of(entry))


def pictures_of(part: Part) -> list[str]:
    """The covers of a recording or of a whole feed. Source: Podcasts Connect ``<itunes:image>``."""
    covers = part.every("itunes:image", "googleplay:image")
    return [each.attribute("href") or each.attribute("url") for each in covers]


def grouped(entry: Part, *names: str) -> str:
    """A text of Media RSS, in the entry or in a group or a medium of it."""
    for around in (entry, *entry.every("media:group"), *entry.every("media:content")):
        if text := around.text_at(*names):
            return text
    return ""


def _caption(part: Part) -> str:
    return part.text_at("media:description", "media:title")


def keywords(entry: Part) -> list[str]:
    """Source: Media RSS 1.5 ``<media:keywords>``: words with commas between them."""
    return ",".join(entry.texts_at("itunes:keywords", "media:keywords")).split(",")


def tags_of_modules(entry: Part) -> list[Named]:
    """What Atom, Media RSS, iTunes and Dublin Core say that an entry is about.

    Source: RFC 4287 4.2.2: ``scheme`` is the address of a vocabulary, ``term`` a word of it,
    ``label`` its name for people; Media RSS 1.5 ``<media:category>`` has the word as its text.
    """
    atom = [
        category(
            each.attribute("term") or each.text(), each.attribute("scheme"), each.attribute("label")
        )
        for each in entry.every("atom:category")
    ]
    media = [
        category(each.text(), each.attribute("scheme"), each.attribute("label"))
        for each in entry.every("media:category")
    ]
    itunes = [category(each.attribute("text")) for each in entry.every("itunes:category")]
    return [*atom, *media, *itunes, *map(category, entry.texts_at("dc:subject"))]
