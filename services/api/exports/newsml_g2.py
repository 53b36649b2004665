"""NewsML-G2 2.35, power conformance. Pure.

Source: the XML Schema of the standard; every element stands where its sequence has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from services.api.exports.item import Collection, NewsItem, Subject
from services.api.syndication.xml import LANG, written
from shared.instants import rfc3339

ITEM_MEDIA_TYPE: Final = "application/vnd.iptc.g2.newsitem+xml"
MESSAGE_MEDIA_TYPE: Final = "application/vnd.iptc.g2.newsmessage+xml"
_NAR: Final = "http://iptc.org/std/nar/2006-10-01/"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_SCHEMES: Final = {
    "ninat": "http://cv.iptc.org/newscodes/ninature/",
    "stat": "http://cv.iptc.org/newscodes/pubstatusg2/",
    "cpnat": "http://cv.iptc.org/newscodes/cpnature/",
    "irel": "http://cv.iptc.org/newscodes/itemrelation/",
}
"""Vocabularies of the qcodes below; what an article is about is named by its URI."""
_NATURES: Final = {
    "country": "cpnat:geoArea",
    "region": "cpnat:geoArea",
    "place": "cpnat:geoArea",
    "person": "cpnat:person",
    "organisation": "cpnat:organisation",
}
"""Source: IPTC NewsCodes ``cpnature``; anything else is an abstract concept."""
_NOTHING: Final[Mapping[str, str]] = {}


def item(one: NewsItem, desk: str) -> bytes:
    """One article as a newsItem."""
    return written(_item(one, desk))


def message(many: Collection) -> bytes:
    """Several articles as a newsMessage."""
    root = etree.Element(f"{{{_NAR}}}newsMessage", nsmap=_spoken())
    header = _add(root, "header")
    _add(header, "sent", rfc3339(many.sent_at))
    _add(header, "sender", many.desk)
    _add(header, "transmitId", many.id)
    items = _add(root, "itemSet")
    for one in many.items:
        items.append(_item(one, many.desk))
    if not many.items:
        items.append(_nothing(many))
    return written(root)


def _nothing(many: Collection) -> etree._Element:
    """A package of nothing: a message has at least one item, and there may be no article."""
    root = _root("packageItem", {"guid": many.id, "version": "1"})
    meta = _add(root, "itemMeta")
    _add(meta, "itemClass", attributes={"qcode": "ninat:composite"})
    _provider(meta, many.desk)
    _add(meta, "versionCreated", rfc3339(many.sent_at))
    _add(meta, "pubStatus", attributes={"qcode": "stat:usable"})
    return root


def _item(one: NewsItem, desk: str) -> etree._Element:
    root = _root("newsItem", {"guid": one.id, "version": str(one.version)})
    if one.language:
        root.set(LANG, one.language)
    if one.rights:
        _add(_add(root, "rightsInfo"), "copyrightNotice", one.rights)
    _meta(_add(root, "itemMeta"), one, desk)
    if one.status == "usable":
        _content(_add(root, "contentMeta"), one)
        if one.paragraphs:
            _text(_add(root, "contentSet"), one)
    return root


def _root(name: str, attributes: Mapping[str, str]) -> etree._Element:
    root = etree.Element(f"{{{_NAR}}}{name}", nsmap=_spoken())
    standard = {"standard": "NewsML-G2", "standardversion": "2.35", "conformance": "power"}
    for key, value in {**standard, **attributes}.items():
        root.set(key, value)
    catalog = _add(root, "catalog")
    for alias, uri in _SCHEMES.items():
        _add(catalog, "scheme", attributes={"alias": alias, "uri": uri})
    return root


def _meta(meta: etree._Element, one: NewsItem, desk: str) -> None:
    """Source: ``ItemManagementGroup``, in the order of its sequence."""
    _add(meta, "itemClass", attributes={"qcode": "ninat:text"})
    _provider(meta, desk)
    _add(meta, "versionCreated", rfc3339(one.changed_at))
    _add(meta, "pubStatus", attributes={"qcode": f"stat:{one.status}"})
    if one.note:
        _add(meta, "edNote", one.note)
    if one.copy_of:
        _add(meta, "link", attributes={"rel": "irel:seeAlso", "residref": one.copy_of})


def _provider(meta: etree._Element, desk: str) -> None:
    _add(_add(meta, "provider", attributes={"literal": desk}), "name", desk)


def _content(meta: etree._Element, one: NewsItem) -> None:
    """Source: ``AdministrativeMetadataGroup``, then ``DescriptiveMetadataGroup``."""
    if one.urgency:
        _add(meta, "urgency", str(one.urgency))
    if created := rfc3339(one.published_at) if one.published_at else one.day:
        _add(meta, "contentCreated", created)
    if one.located:
        _add(_add(meta, "located", attributes={"literal": one.located}), "name", one.located)
    _add(_add(meta, "infoSource", attributes={"literal": one.source}), "name", one.credit)
    if one.original_url:
        _add(meta, "altId", one.original_url)
    if one.language:
        _add(meta, "language", attributes={"tag": one.language})
    for each in one.subjects:
        _subject(meta, each)
    named = {
        "slugline": one.slugline, "headline": one.headline, "dateline": one.dateline,
        "by": one.by, "creditline": one.credit, "description": one.summary,
    }  # fmt: skip
    for name, text in named.items():
        if text:
            _add(meta, name, text)


def _subject(meta: etree._Element, one: Subject) -> None:
    attributes = {
        "type": _NATURES.get(one.kind, "cpnat:abstract"),
        "uri": one.uri,
        "confidence": str(one.confidence),
        "relevance": str(one.relevance),
    }
    _add(_add(meta, "subject", attributes=attributes), "name", one.name)


def _text(contents: etree._Element, one: NewsItem) -> None:
    words = str(sum(len(paragraph.split()) for paragraph in one.paragraphs))
    attributes = {"contenttype": "application/xhtml+xml", "wordcount": words}
    inline = _add(contents, "inlineXML", attributes=attributes)
    # The stubs forget the default namespace, whose prefix is None.
    html = etree.SubElement(inline, f"{{{_XHTML}}}html", nsmap={None: _XHTML})  # type: ignore[dict-item]
    head = etree.SubElement(html, f"{{{_XHTML}}}head")
    etree.SubElement(head, f"{{{_XHTML}}}title").text = one.headline
    body = etree.SubElement(html, f"{{{_XHTML}}}body")
    for paragraph in one.paragraphs:
        etree.SubElement(body, f"{{{_XHTML}}}p").text = paragraph


def _add(
    parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str] = _NOTHING
) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_NAR}}}{name}", dict(attributes))
    child.text = text or None
    return child


def _spoken() -> dict[str, str]:
    # The stubs forget the default namespace, whose prefix is None.
    return {None: _NAR}  # type: ignore[dict-item]
