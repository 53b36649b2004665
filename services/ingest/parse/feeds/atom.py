"""Atom 1.0 and 0.3. Source: RFC 4287; for 0.3, draft-ietf-atompub-format-00."""

from __future__ import annotations

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
    is_of_no_kind,
    linked,
    persons,
)
from services.ingest.parse.feeds.draft import NO_TEXT, AboutDraft, Draft, Text
from services.ingest.parse.feeds.feed import Feed, Format
from services.ingest.parse.feeds.modules import grouped, media_of, pictures_of, tags_of_modules
from services.ingest.parse.feeds.parts import Part
from services.ingest.parse.feeds.refresh import refresh_s
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.feeds.xml import Tree, line_of
from services.ingest.parse.limits import ENTRY_PARTS_MAX

FORMAT: Final = Format("atom", 3, "application/atom+xml", repeats_ids=True)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a feed says of all its entries, as far as they do not say it themselves."""

    declared: str | None = None
    """The base that it declares."""
    base: str | None = None
    """What addresses are relative to where no base is declared."""
    authors: tuple[str, ...] = ()
    language: str = ""
    rights: Text = NO_TEXT


def feed_of(tree: Tree, root: Part) -> Feed:
    """The entries of a feed, or the one that the document is. Source: RFC 4287 2."""
    declared = root.base(tree.base) if root.base(None) else None
    if root.name.endswith("entry"):
        around = _Around(declared, tree.base)
        return Feed(FORMAT, tree.encoding, AboutDraft(), iter([_draft(root, around)]))
    page = alternate(root, declared or tree.base)
    around = _Around(
        declared=declared,
        base=tree.base or absolute(page, None),
        authors=persons(root, "atom:author") or tuple(root.texts_at("dc:creator")),
        language=root.language() or root.text_at("dc:language"),
        rights=_rights(root),
    )
    about = _about(root, around, page)
    return Feed(FORMAT, tree.encoding, about, _drafts(root, around))


def _about(root: Part, around: _Around, page: str) -> AboutDraft:
    base = around.declared or around.base
    return AboutDraft(
        base=base,
        title=construct(root.first("atom:title")),
        description=construct(root.first("atom:subtitle", "atom:tagline", "atom:info")),
        url=page,
        own_url=linked(root, "self", base),
        own_id=_id(root, around.declared),
        language=around.language,
        authors=around.authors,
        published=root.text_at("atom:published", "atom:issued", "atom:created"),
        updated=root.text_at("atom:updated", "atom:modified", "dcterms:modified", "dc:date"),
        rights=around.rights,
        hubs=all_linked(root, "hub", base),
        refresh_s=refresh_s(root),
        pictures=_pictures(root, around.declared),
    )


def _pictures(root: Part, declared: str | None) -> list[str]:
    """Source: RFC 4287 4.2.5, 4.2.8: both are references, relative to the base of their own."""
    own = root.every("atom:logo", "atom:icon")
    return [
        *(absolute(each.text(), each.base(declared)) or each.text() for each in own),
        *pictures_of(root),
    ]


def _drafts(root: Part, around: _Around) -> Iterator[Draft]:
    entries = root.children().get("atom:entry") or root.children().get("entry", [])
    for entry in entries:
        yield _draft(Part(entry, root.names), around)


def _draft(entry: Part, around: _Around) -> Draft:
    declared = entry.base(around.declared)
    base = declared or around.base
    source = entry.first("atom:source")
    rights = _rights(entry)
    authors = (
        persons(entry, "atom:author")
        or tuple(entry.texts_at("dc:creator"))
        or (persons(source, "atom:author") if source else ())
        or around.authors
    )
    return Draft(
        where=f"line {line_of(entry.element)}",
        line=line_of(entry.element),
        base=base,
        text_base=declared,
        item_id=_id(entry, declared),
        url=alternate(entry, base) or _address_of(entry),
        canonical_url=linked(entry, "canonical", base) or entry.text_at("feedburner:origlink"),
        title=_title(entry),
        content=_content(entry, declared),
        summary=_summary(entry, declared),
        authors=authors,
        categories=_categories(entry),
        tags=tags_of_modules(entry),
        media=[*enclosures(entry, base), *islice(media_of(entry), ENTRY_PARTS_MAX)],
        published=entry.text_at("atom:published", "atom:issued", "atom:created", "dcterms:issued"),
        updated=entry.text_at("atom:updated", "atom:modified", "dcterms:modified", "dc:date"),
        language=entry.language() or entry.text_at("dc:language") or around.language,
        rights=rights if rights.value else around.rights,
    )


def _id(part: Part, declared: str | None) -> str:
    """Source: RFC 4287 4.2.6: it is absolute; one that is not is relative to the base declared."""
    own = part.text_at("atom:id")
    where = part.first("atom:id")
    base = where.base(declared) if where else declared
    return (absolute(own, base) or own) if own and base and ":" not in own else own


def _address_of(entry: Part) -> str:
    """The id of an entry without a link, where it is an address: most often its own."""
    return absolute(entry.text_at("atom:id"), None) or "" if not entry.first("atom:link") else ""


def _title(entry: Part) -> Text:
    said = construct(entry.first("atom:title"))
    other = "" if said.value else entry.text_at("dc:title") or grouped(entry, "media:title")
    return Text(other, "loose") if other else said


def _content(entry: Part, base: str | None) -> Text:
    """Source: RFC 4287 4.1.3; Atom 0.3 has several: the first that is a text."""
    found = (content(part, base) for part in entry.every("atom:content"))
    said = next((text for text in found if text.value), NO_TEXT)
    if said.value or (encoded := entry.html_at("content:encoded")) == "":
        return said if said.value or entry.first("atom:summary") else _of_bytes(entry, base)
    return Text(encoded)


def _of_bytes(entry: Part, base: str | None) -> Text:
    """Bytes of no kind in particular, where they are a text and the entry has no other."""
    found = (construct(p, base) for p in entry.every("atom:content") if is_of_no_kind(p))
    return next((text for text in found if "\x00" not in text.value), NO_TEXT)


def _summary(entry: Part, base: str | None) -> Text:
    said = construct(entry.first("atom:summary"), base)
    if said.value:
        return said
    return Text(entry.html_at("dc:description") or grouped(entry, "media:description"), "html")


def _rights(part: Part) -> Text:
    """``copyright`` in Atom 0.3."""
    said = construct(part.first("atom:rights", "atom:copyright"))
    return said if said.value else Text(part.text_at("dc:rights"), "loose")


def _categories(entry: Part) -> list[str]:
    """Source: RFC 4287 4.2.2: a label is for people, a term stands in for it."""
    labels = [
        each.attribute("label") or each.attribute("term") or each.text()
        for each in entry.every("atom:category")
    ]
    return [*labels, *entry.texts_at("dc:subject")]
