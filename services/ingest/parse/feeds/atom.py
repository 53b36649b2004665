"""Atom 1.0. Source: RFC 4287."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from services.ingest.parse.feeds.attachments import media_of
from services.ingest.parse.feeds.draft import NO_TEXT, Attached, Draft, Text
from services.ingest.parse.feeds.feed import Feed, Format
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.feeds.xml import (
    XML,
    Element,
    Tree,
    attribute,
    base_of,
    clark,
    every,
    first,
    inner_html,
    line_of,
    text_at,
    text_of,
)
from services.ingest.parse.limits import ENTRY_PARTS_MAX

FORMAT: Final = Format("atom", 1, "application/atom+xml", repeats_ids=True)
FEED: Final = clark("atom:feed")
ENTRY: Final = clark("atom:entry")
"""A document of a single entry. Source: RFC 4287 2."""

_REGISTERED: Final = "http://www.iana.org/assignments/relation/"
_OF_A_PAGE: Final = frozenset({"", "text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class _About:
    """What a feed says of all its entries, as far as they do not say it themselves."""

    base: str | None = None
    link: str | None = None
    """The page of the feed, for addresses that are relative to nothing."""
    authors: tuple[str, ...] = ()
    language: str = ""
    rights: Text = NO_TEXT


def feed_of(tree: Tree) -> Feed:
    """The entries of a feed, or the one that the document is."""
    root = tree.root
    if root.tag == ENTRY:
        return Feed(FORMAT, tree.encoding, iter([_draft(root, _About())]))
    base = base_of(root, None)
    about = _About(
        base=base,
        link=absolute(_alternate(root, base), base),
        authors=_authors(root),
        language=attribute(root, f"{XML}lang"),
        rights=_text(first(root, "atom:rights")),
    )
    drafts = (_draft(entry, about) for entry in root.iterchildren(ENTRY))
    return Feed(FORMAT, tree.encoding, drafts)


def _draft(entry: Element, about: _About) -> Draft:
    base = base_of(entry, about.base)
    content = first(entry, "atom:content")
    source = first(entry, "atom:source")
    rights = _text(first(entry, "atom:rights"))
    return Draft(
        where=f"line {line_of(entry)}",
        line=line_of(entry),
        base=base or about.link,
        text_base=base if content is None else base_of(content, base),
        item_id=text_at(entry, "atom:id"),
        url=_alternate(entry, base),
        canonical_url=_linked(entry, "canonical", base),
        title=_text(first(entry, "atom:title")),
        content=_content(content),
        summary=_text(first(entry, "atom:summary")),
        authors=_authors(entry) or ([*_authors(source)] if source is not None else [])
        or about.authors,
        categories=[
            attribute(each, "label") or attribute(each, "term")
            for each in every(entry, "atom:category")
        ],
        media=[*_enclosures(entry, base), *islice(media_of(entry), ENTRY_PARTS_MAX)],
        published=text_at(entry, "atom:published"),
        updated=text_at(entry, "atom:updated"),
        language=attribute(entry, f"{XML}lang") or about.language,
        rights=rights if rights.value else about.rights,
    )  # fmt: skip


def _text(element: Element | None) -> Text:
    """A text construct. Source: RFC 4287 3.1.1; a type that it does not know is taken for text."""
    if element is None:
        return NO_TEXT
    kind = _kind(element)
    if kind in {"html", "text/html"}:
        return Text(inner_html(element) if len(element) else text_of(element))
    if kind == "xhtml" or kind.endswith(("+xml", "/xml")):
        div = first(element, "xhtml:div")
        return Text(inner_html(element if div is None else div))
    return Text(text_of(element), "plain")


def _content(element: Element | None) -> Text:
    """A content element; what lies elsewhere, or is of a type that is no text, is left out.

    Source: RFC 4287 4.1.3.3.
    """
    if element is None or attribute(element, "src"):
        return NO_TEXT
    kind = _kind(element)
    is_text = "/" not in kind or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
    return _text(element) if is_text else NO_TEXT


def _kind(element: Element) -> str:
    return attribute(element, "type").partition(";")[0].strip().lower() or "text"


def _authors(element: Element) -> tuple[str, ...]:
    """Source: RFC 4287 3.2: a person has a name; in the wild, an address alone."""
    found = (text_at(person, "atom:name", "atom:email") for person in every(element, "atom:author"))
    return tuple(name for name in found if name)


def _alternate(element: Element, base: str | None) -> str:
    """The page of a feed or an entry; of several the first that is for readers of HTML."""
    links = [link for link in every(element, "atom:link") if _relation(link) == "alternate"]
    pages = [link for link in links if attribute(link, "type").lower() in _OF_A_PAGE]
    return _address((pages or links)[0], base) if links else ""


def _linked(element: Element, relation: str, base: str | None) -> str:
    for link in every(element, "atom:link"):
        if _relation(link) == relation:
            return _address(link, base)
    return ""


def _relation(link: Element) -> str:
    """Source: RFC 4287 4.2.7.2: without one it is alternate; registered ones have a long form."""
    return attribute(link, "rel").strip().removeprefix(_REGISTERED).lower() or "alternate"


def _address(link: Element, base: str | None) -> str:
    """Made absolute where the link itself declares another base; else as it stands there."""
    reference = attribute(link, "href").strip()
    return absolute(reference, base_of(link, base)) or reference


def _enclosures(entry: Element, base: str | None) -> Iterator[Attached]:
    for link in every(entry, "atom:link"):
        if _relation(link) == "enclosure":
            yield Attached(_address(link, base), attribute(link, "type"), attribute(link, "title"))
