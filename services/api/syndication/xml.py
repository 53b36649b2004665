"""Elements of XML feeds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

NAMESPACES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTHING: Final[Mapping[str, str]] = {}


def add(
    parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str] = _NOTHING
) -> etree._Element:
    """A further child, ``dc:creator`` or of no namespace; without a text it is empty."""
    prefix, _, local = name.rpartition(":")
    tag = f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local
    child = etree.SubElement(parent, tag, dict(attributes))
    child.text = text or None
    return child


def written(root: etree._Element) -> bytes:
    """The document as UTF-8."""
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
