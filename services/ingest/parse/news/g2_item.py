"""One newsItem or packageItem of NewsML-G2. Source: NewsML-G2 2.x, power conformance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from services.ingest.parse.feeds.draft import NO_TEXT, Attached, Draft, Named, Text
from services.ingest.parse.feeds.parts import XML, attribute, text_of
from services.ingest.parse.feeds.xml import Element, line_of
from services.ingest.parse.limits import ASSOCIATIONS_MAX, ENTRY_PARTS_MAX
from services.ingest.parse.news.inline import dateline_of, html_of, local_name
from services.ingest.parse.news.item import Item, Linked
from services.ingest.parse.news.renditions import Rendition, widest
from services.ingest.parse.news.words import (
    MARKED_UP,
    Value,
    author_of,
    local_of,
    main_of,
    without_revision,
    word_of,
)
from shared.news import TagKind

NAR: Final = "{http://iptc.org/std/nar/2006-10-01/}"
"""The namespace of everything that a document of NewsML-G2 has but its texts."""
_KIND_BY_CONCEPT: Final[dict[str, TagKind]] = {
    "person": "person",
    "organisation": "organisation",
    "geoarea": "place",
    "poi": "place",
    "event": "event",
    "object": "object",
}
"""Source: IPTC NewsCodes ``cpnature``; anything else is a subject."""
_MARKUP_ROOTS: Final = frozenset({"html", "nitf", "body", "div", "body.content", "block"})


def where_of(element: Element) -> str:
    """Where an element stands, for a person."""
    return f"line {line_of(element)}"


def item_of(one: Element) -> Item:
    """What a newsItem or packageItem says."""
    meta, content = _child(one, "itemMeta"), _child(one, "contentMeta")
    item_id, revision = without_revision(attribute(one, "guid"))
    inline = _inline(one)
    return Item(
        draft=_draft(one, item_id, inline),
        kind=word_of(attribute_of(_child(meta, "itemClass"), "qcode")) or _kind_of(one),
        pubstatus=attribute_of(_child(meta, "pubStatus"), "qcode", "uri"),
        embargo=_embargo(meta),
        urgency=_text(content, "urgency"),
        ednote=" ".join(filter(None, map(text_of, _children(meta, "edNote")))),
        slugline=_text(content, "slugline"),
        located=_located(content),
        dateline=_text(content, "dateline") or next(map(dateline_of, inline), ""),
        version=attribute(one, "version") or revision,
        signals=[attribute_of(each, "qcode", "uri") for each in _children(meta, "signal")],
        associations=list(islice(_linked(one), ASSOCIATIONS_MAX + 1)),
        media=_media(one),
    )


def _draft(one: Element, item_id: str, inline: list[Element]) -> Draft:
    meta, content = _child(one, "itemMeta"), _child(one, "contentMeta")
    language = attribute_of(_child(content, "language"), "tag") or attribute(one, f"{XML}lang")
    changed = _text(meta, "versionCreated")
    created = _text(meta, "firstCreated") or _text(content, "contentCreated")
    return Draft(
        where=where_of(one),
        line=line_of(one),
        item_id=item_id,
        title=Text(main_of(_values(content, "headline")) or _text(meta, "title"), "loose"),
        content=_body(one, inline),
        summary=Text(main_of(_values(content, "description"))),
        authors=_authors(content),
        categories=[text for each in _children(content, "keyword") if (text := text_of(each))],
        tags=list(_tags(one, content)),
        published=created or changed,
        updated=changed,
        language=language,
        rights=Text(" ".join(dict.fromkeys(filter(None, _rights(one, content)))), "plain"),
    )


def _kind_of(one: Element) -> str:
    return "composite" if local_name(one) == "packageItem" else ""


def _embargo(meta: Element | None) -> str | None:
    """An empty element is an embargo without an end. Source: NewsML-G2 ``embargoed``."""
    embargo = _child(meta, "embargoed")
    return None if embargo is None else text_of(embargo)


def _values(content: Element | None, name: str) -> list[Value]:
    return [Value(text_of(each), attribute(each, "role")) for each in _children(content, name)]


def _inline(one: Element) -> list[Element]:
    """The texts that stand in the item as XML: XHTML or NITF, not tables of results."""
    contents = _children(_child(one, "contentSet"), "inlineXML")
    roots = [next(each.iterchildren("*"), None) for each in contents]
    return [root for root in roots if root is not None and local_name(root) in _MARKUP_ROOTS]


def _body(one: Element, inline: list[Element]) -> Text:
    """The first text with markup, else the first plain one."""
    if inline:
        return Text(html_of(inline[0]))
    plain = NO_TEXT
    for each in _children(_child(one, "contentSet"), "inlineData"):
        media_type = attribute(each, "contenttype").partition(";")[0].strip().lower()
        if media_type in MARKED_UP:
            return Text(text_of(each))
        if not plain.value and (not media_type or media_type.startswith("text/")):
            plain = Text(text_of(each), "plain" if media_type else "html")
    return plain


def _authors(content: Element | None) -> list[str]:
    """``by`` as it is to be printed, else the names of the creators."""
    written = [author_of(text) for each in _children(content, "by") if (text := text_of(each))]
    return written or [name for each in _children(content, "creator") if (name := _name(each))]


def _rights(one: Element, content: Element | None) -> Iterator[str]:
    yield _text(content, "creditline")
    for info in _children(one, "rightsInfo"):
        holder = _child(info, "copyrightHolder")
        named = _name(holder) if holder is not None else ""
        yield _text(info, "copyrightNotice") or (f"© {named}" if named else "")
        yield from (text_of(each) for each in _children(info, "usageTerms"))
    sources = [name for each in _children(content, "infoSource") if (name := _name(each))]
    if sources:
        yield f"Sources: {', '.join(dict.fromkeys(sources))}"


def _located(content: Element | None) -> str:
    located = _child(content, "located")
    return "" if located is None else _name(located)


def _tags(one: Element, content: Element | None) -> Iterator[Named]:
    schemes = _schemes(one)
    for name in ("subject", "genre"):
        for each in _children(content, name):
            nature = word_of(attribute(each, "type"))
            kind = "genre" if name == "genre" else _KIND_BY_CONCEPT.get(nature, "subject")
            scheme, code = _code(each, schemes)
            relevance = attribute(each, "relevance")
            yield Named(kind, _name(each), scheme, code, relevance, where_of(each))
    for each in (*_children(one, "assert"), *_children(content, "subject")):
        yield from _instruments(each)


def _instruments(concept: Element) -> Iterator[Named]:
    """An organisation by its symbols; the vocabulary of a symbol is who gave it, else the market.

    Source: NewsML-G2 ``organisationDetails/hasInstrument``, in a subject or in what is asserted.
    """
    for each in _children(_child(concept, "organisationDetails"), "hasInstrument"):
        source = attribute_of(each, "symbolsrc", "symbolsrcuri", "market", "marketlabel")
        symbol = attribute(each, "symbol")
        if symbol:
            yield Named("organisation", _name(concept), source, symbol, "", where_of(each))


def _code(element: Element, schemes: dict[str, str]) -> tuple[str, str]:
    """A scheme and a code; an alias is its address where the item itself says which."""
    if uri := attribute(element, "uri"):
        return "", uri
    qcode = attribute(element, "qcode")
    alias, _, code = qcode.partition(":")
    if code and alias in schemes:
        return schemes[alias], code
    literal = attribute(element, "literal")
    return "", qcode or ("" if literal == _name(element) else literal)


def _schemes(one: Element) -> dict[str, str]:
    """Addresses of vocabularies by the aliases that the item gives them itself."""
    return {
        attribute(scheme, "alias"): attribute(scheme, "uri")
        for catalog in _children(one, "catalog")
        for scheme in _children(catalog, "scheme")
        if attribute(scheme, "uri")
    }


def _linked(one: Element) -> Iterator[Linked]:
    """What a package is made of, by its groups, and what an item links to."""
    for group in _children(_child(one, "groupSet"), "group"):
        rel = local_of(attribute(group, "role")) or attribute(group, "id")
        for each in _children(group, "itemRef"):
            yield _reference(rel, each)
    for each in _children(_child(one, "itemMeta"), "link"):
        yield _reference(local_of(attribute(each, "rel")), each)


def _reference(rel: str, element: Element) -> Linked:
    item_id, _ = without_revision(attribute_of(element, "residref", "guidref"))
    headline = _text(element, "headline") or _text(element, "title")
    return Linked(rel, item_id, attribute(element, "href"), headline)


def _media(one: Element) -> list[Attached]:
    """The best of its renditions; empty: it has none that has an address."""
    renditions = [
        Rendition(*(attribute(each, name) for name in ("href", "contenttype", "width")))
        for each in _children(_child(one, "contentSet"), "remoteContent")
    ]
    best = widest(renditions, main_of(_values(_child(one, "contentMeta"), "description")))
    return [best] if best else []


def _name(element: Element) -> str:
    """What a concept is called: its first name, what it says literally, its own text."""
    return (
        _text(element, "name")
        or attribute(element, "literal")
        or ("" if len(element) else text_of(element))
    )


def _children(element: Element | None, name: str) -> list[Element]:
    if element is None:
        return []
    return list(islice(element.iterchildren(f"{NAR}{name}"), ENTRY_PARTS_MAX + 1))


def _child(element: Element | None, name: str) -> Element | None:
    return None if element is None else next(element.iterchildren(f"{NAR}{name}"), None)


def _text(element: Element | None, name: str) -> str:
    """The text of the first child of a name; empty: there is none."""
    child = _child(element, name)
    return "" if child is None else text_of(child)


def attribute_of(element: Element | None, *names: str) -> str:
    """The first of these attributes that an element has; empty: there is none, or no element."""
    return next(
        (said for name in names if element is not None and (said := attribute(element, name))), ""
    )
