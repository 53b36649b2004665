"""RSS 0.90 to 2.0, on RDF or not. Source: the RSS 2.0 specification, 2.0.11; RSS 1.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.ingest.parse.feeds.constructs import (
    all_linked,
    alternate,
    construct,
    content,
    enclosures,
    linked,
    persons,
)
from services.ingest.parse.feeds.draft import AboutDraft, Attached, Draft, Named, Text
from services.ingest.parse.feeds.feed import Feed, Format
from services.ingest.parse.feeds.modules import (
    grouped,
    keywords,
    media_of,
    pictures_of,
    tags_of_modules,
)
from services.ingest.parse.feeds.names import RDF
from services.ingest.parse.feeds.parts import Part, bases_of
from services.ingest.parse.feeds.refresh import refresh_s
from services.ingest.parse.feeds.tags import category
from services.ingest.parse.feeds.text import folded
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.feeds.xml import Tree, line_of
from services.ingest.parse.limits import ENTRY_LINE_CHARACTERS_MAX, ENTRY_PARTS_MAX

FORMAT: Final = Format("rss", 3, "application/rss+xml")
# Possessive, each up to a character that it cannot take: nothing is tried twice.
_NAME_BEHIND_ADDRESS: Final = re.compile(r"[^\s@]++@\S++\s++\((?P<name>[^()]++)\)")
_NAME_BEFORE_ADDRESS: Final = re.compile(r"(?P<name>[^<>()@]++)[<(][^\s@<>()]++@[^\s<>()]++[>)]")
_PUBLISHED: Final = (
    "pubdate", "dc:date", "atom:published", "dcterms:issued", "dcterms:created", "dcterms:date",
    "dc:issued", "dc:created", "published", "date",
)  # fmt: skip
_UPDATED: Final = ("atom:updated", "dcterms:modified", "dc:modified", "updated", "lastbuilddate")


@dataclass(frozen=True, slots=True)
class _Around:
    """What a channel says of all its items, as far as they do not say it themselves."""

    base: str | None
    authors: list[str]
    language: str
    rights: str


def feed_of(tree: Tree, root: Part) -> Feed:
    """The items of a channel; on RDF they stand beside it. Source: RSS 1.0 5.5."""
    channel = root if root.name == "channel" else root.first("channel") or root
    declared = bases_of(dict.fromkeys([root, channel]), None)
    page = _page(channel, tree.base)
    base = bases_of((root, channel), tree.base) if declared else absolute(page, None) or tree.base
    around = _Around(
        base=base,
        authors=[_name(text) for text in channel.texts_at("dc:creator", "itunes:author")],
        language=channel.text_at("language", "dc:language") or channel.language()
        or root.language(),
        rights=channel.text_at("copyright", "dc:rights", "dcterms:rights", "atom:rights"),
    )  # fmt: skip
    items = channel.first("items")
    groups = [channel, *([] if root is channel else [root]), *([items] if items else [])]
    about = _about(channel, around, page, _pictures(groups))
    return Feed(FORMAT, tree.encoding, about, _drafts(groups, around))


def _about(channel: Part, around: _Around, page: str, pictures: list[str]) -> AboutDraft:
    title = channel.text_at("title", "dc:title", "media:title", "atom:title", "itunes:title")
    return AboutDraft(
        base=around.base,
        title=Text(title, "loose"),
        description=Text(
            channel.html_at(
                "description", "dc:description", "itunes:summary", "googleplay:description",
                "atom:subtitle", "itunes:subtitle",
            )
        ),
        url=page,
        own_url=linked(channel, "self", around.base),
        own_id=channel.text_at("guid", "id", "atom:id"),
        language=around.language,
        authors=_editors(channel),
        published=channel.text_at("pubdate", "dcterms:issued", "atom:published"),
        updated=channel.text_at("lastbuilddate", "dc:date", "atom:updated", "dcterms:modified"),
        rights=Text(around.rights, "loose"),
        hubs=all_linked(channel, "hub", around.base),
        refresh_s=refresh_s(channel),
        pictures=pictures,
    )  # fmt: skip


def _pictures(groups: list[Part]) -> list[str]:
    """Source: RSS 2.0 ``<image>`` with its ``<url>``; on RDF it stands beside the channel."""
    channel, *_ = groups
    images = [image.text_at("url") for group in groups for image in group.every("image")]
    logos = channel.texts_at("atom:logo", "atom:icon")
    return [*filter(None, images), *pictures_of(channel), *logos]


def _editors(channel: Part) -> list[str]:
    """Who answers for a channel, the first kind of them that is named."""
    for name in ("managingeditor", "dc:creator", "dc:author", "itunes:author", "author"):
        if found := channel.texts_at(name):
            return [_name(text) for text in found]
    if found := list(persons(channel, "atom:author")):
        return found
    owners = (each.text_at("itunes:name", "itunes:email") for each in channel.every("itunes:owner"))
    technicians = map(_name, channel.texts_at("webmaster", "googleplay:author", "dc:publisher"))
    return list(filter(None, owners)) or list(technicians)


def _drafts(groups: list[Part], around: _Around) -> Iterator[Draft]:
    for group in groups:
        for item in group.children().get("item", ()):
            yield _draft(Part(item, group.names), around)


def _draft(item: Part, around: _Around) -> Draft:
    base = item.base(around.base)
    return Draft(
        where=f"line {line_of(item.element)}",
        line=line_of(item.element),
        base=base,
        item_id=item.text_at("guid", "id", "atom:id") or item.attribute(f"{RDF}about")
        or item.text_at("dc:identifier"),
        url=_link(item, base),
        canonical_url=item.text_at("feedburner:origlink") or linked(item, "canonical", base),
        title=_title(item),
        content=_content(item, base),
        summary=_summary(item),
        authors=_authors(item) or around.authors,
        categories=_categories(item),
        tags=_tags(item),
        media=[
            *_enclosures(item), *enclosures(item, base), *islice(media_of(item), ENTRY_PARTS_MAX)
        ],
        published=item.text_at(*_PUBLISHED),
        updated=item.text_at(*_UPDATED),
        language=item.text_at("dc:language", "language") or item.language() or around.language,
        rights=Text(
            item.text_at("dc:rights", "dcterms:rights", "atom:rights", "copyright")
            or around.rights, "loose",
        ),
    )  # fmt: skip


def _page(channel: Part, base: str | None) -> str:
    """The page of a channel. Source: RSS 2.0 ``<link>``."""
    reference = _of_links(channel) or alternate(channel, base)
    return absolute(reference, channel.base(base)) or reference


def _link(item: Part, base: str | None) -> str:
    """Source: RSS 2.0 ``<link>``; ``<guid>`` is one too, unless it says that it is not."""
    if link := _of_links(item) or alternate(item, base):
        return link
    guid = item.first("guid")
    if guid is not None and _is_permanent(guid) and (url := absolute(guid.text(), None)):
        return url
    return absolute(item.attribute(f"{RDF}about"), None) or ""


def _of_links(part: Part) -> str:
    """The last ``<link>`` that says anything, as text or, after Atom, as an attribute.

    RSS has one of them. Of several, other readers take the last too.
    """
    links = part.every("link")
    found = (each.text() or each.attribute("href").strip() for each in reversed(links))
    return next(filter(None, found), "")


def _is_permanent(guid: Part) -> bool:
    said = guid.attribute("isPermaLink") or guid.attribute("ispermalink")
    return said.strip().lower() != "false"


def _title(item: Part) -> Text:
    said = item.text_at("title", "dc:title", "itunes:title") or grouped(item, "media:title")
    return Text(said, "loose") if said else construct(item.first("atom:title"))


def _content(item: Part, base: str | None) -> Text:
    """Source: RSS 1.0 Content, ``<content:encoded>``."""
    if said := item.html_at("content:encoded", "xhtml:body", "body", "fullitem"):
        return Text(said)
    return content(item.first("atom:content"), base)


def _summary(item: Part) -> Text:
    """Source: RSS 2.0 ``<description>``: HTML, escaped; where it is not, its elements are read."""
    said = item.html_at(
        "description", "dc:description", "itunes:summary", "googleplay:description",
        "dcterms:abstract", "itunes:subtitle",
    )  # fmt: skip
    if said:
        return Text(said)
    atom = construct(item.first("atom:summary"))
    return atom if atom.value else Text(grouped(item, "media:description"))


def _authors(item: Part) -> list[str]:
    """Names that the item says itself; a module speaks where RSS and Dublin Core are silent."""
    for names in (("dc:creator", "author"), ("dc:author", "itunes:author", "googleplay:author")):
        if found := [
            name for each in item.every(*names)
            if (name := each.text_at("name", "atom:name") or _name(each.text()))
        ]:  # fmt: skip
            return found
    return list(persons(item, "atom:author"))


def _categories(item: Part) -> list[str]:
    """Source: RSS 2.0 ``<category>``; modules have words of their own for it."""
    atom = [
        each.attribute("label") or each.attribute("term") for each in item.every("atom:category")
    ]
    named = [
        *item.texts_at("category"), *keywords(item), *item.texts_at("dc:subject"), *atom
    ]  # fmt: skip
    return [name for name in named if name]


def _tags(item: Part) -> list[Named]:
    """Source: RSS 2.0 ``<category>``: ``domain`` is the address or name of a vocabulary."""
    own = (category(each.text(), each.attribute("domain")) for each in item.every("category"))
    return [*own, *map(category, keywords(item)), *tags_of_modules(item)]


def _name(author: str) -> str:
    """Source: RSS 2.0 ``<author>``: ``lawyer@boyer.net (Lawyer Boyer)``; the name, if there is."""
    line = folded(author)
    if len(line) > ENTRY_LINE_CHARACTERS_MAX:
        return line
    match = _NAME_BEHIND_ADDRESS.fullmatch(line) or _NAME_BEFORE_ADDRESS.fullmatch(line)
    return match["name"].strip() if match else line


def _enclosures(item: Part) -> Iterator[Attached]:
    for enclosure in item.every("enclosure"):
        yield Attached(
            enclosure.attribute("url") or enclosure.attribute("href"), enclosure.attribute("type")
        )
