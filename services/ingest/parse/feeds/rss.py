"""RSS 2.0, and what of 0.9x has its form. Source: the RSS 2.0 specification, 2.0.11."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from services.ingest.parse.feeds.attachments import media_of
from services.ingest.parse.feeds.draft import Attached, Draft, Text
from services.ingest.parse.feeds.feed import Feed, Format
from services.ingest.parse.feeds.text import folded
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.feeds.xml import (
    Element,
    Tree,
    attribute,
    base_of,
    every,
    first,
    inner_html,
    line_of,
    text_at,
    text_of,
    texts_at,
)
from services.ingest.parse.limits import ENTRY_LINE_CHARACTERS_MAX, ENTRY_PARTS_MAX

FORMAT: Final = Format("rss", 1, "application/rss+xml")
# Possessive, each up to a character that it cannot take: nothing is tried twice.
_NAME_BEHIND_ADDRESS: Final = re.compile(r"[^\s@]++@\S++\s++\((?P<name>[^()]++)\)")
_NAME_BEFORE_ADDRESS: Final = re.compile(r"(?P<name>[^<>()@]++)[<(][^\s@<>()]++@[^\s<>()]++[>)]")


def feed_of(tree: Tree) -> Feed:
    """The items of a channel."""
    return Feed(FORMAT, tree.encoding, _drafts(tree.root))


def _drafts(root: Element) -> Iterator[Draft]:
    channel = first(root, "channel")
    if channel is None:
        return
    declared = base_of(channel, base_of(root, None))
    base = declared or absolute(text_at(channel, "link"), None)
    language = text_at(channel, "language", "dc:language")
    rights = text_at(channel, "copyright", "dc:rights")
    for item in channel.iterchildren("item"):
        yield _draft(item, base_of(item, base), language, rights)


def _draft(item: Element, base: str | None, language: str, rights: str) -> Draft:
    """The channel's language and copyright stand for items that say none themselves."""
    return Draft(
        where=f"line {line_of(item)}",
        line=line_of(item),
        base=base,
        item_id=text_at(item, "guid"),
        url=_link(item),
        canonical_url=text_at(item, "feedburner:origLink"),
        title=Text(text_at(item, "title", "dc:title", "media:title"), "loose"),
        content=Text(_html_at(item, "content:encoded", "xhtml:body")),
        summary=Text(_html_at(item, "description", "dc:description")),
        authors=[_name(text) for text in texts_at(item, "dc:creator", "author")]
        or [text_at(author, "atom:name") for author in every(item, "atom:author")],
        categories=texts_at(item, "category", "dc:subject"),
        media=[*_enclosures(item), *islice(media_of(item), ENTRY_PARTS_MAX)],
        published=text_at(item, "pubDate", "dc:date", "atom:published", "dcterms:issued"),
        updated=text_at(item, "atom:updated", "dcterms:modified"),
        language=text_at(item, "dc:language") or language,
        rights=Text(text_at(item, "dc:rights") or rights, "loose"),
    )


def _link(item: Element) -> str:
    """Source: RSS 2.0 ``<link>``; ``<guid>`` is one too, unless it says that it is not."""
    if link := text_at(item, "link"):
        return link
    for link_of_atom in every(item, "atom:link"):
        if attribute(link_of_atom, "rel") in {"", "alternate"}:
            return attribute(link_of_atom, "href")
    guid = first(item, "guid")
    if guid is None or attribute(guid, "isPermaLink").lower() == "false":
        return ""
    return absolute(text_of(guid), None) or ""


def _html_at(item: Element, *names: str) -> str:
    """Source: RSS 2.0 ``<description>``: HTML, escaped; where it is not, its elements are read."""
    for name in names:
        for element in every(item, name):
            if text := inner_html(element) if len(element) else text_of(element):
                return text
    return ""


def _name(author: str) -> str:
    """Source: RSS 2.0 ``<author>``: ``lawyer@boyer.net (Lawyer Boyer)``; the name, if there is."""
    line = folded(author)
    if len(line) > ENTRY_LINE_CHARACTERS_MAX:
        return line
    match = _NAME_BEHIND_ADDRESS.fullmatch(line) or _NAME_BEFORE_ADDRESS.fullmatch(line)
    return match["name"].strip() if match else line


def _enclosures(item: Element) -> Iterator[Attached]:
    for enclosure in every(item, "enclosure"):
        yield Attached(attribute(enclosure, "url"), attribute(enclosure, "type"))
