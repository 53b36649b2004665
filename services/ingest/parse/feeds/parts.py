"""What is in an element, by the names that the readers of feeds know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from lxml import etree

from services.ingest.parse.feeds.names import XHTML, known_name
from services.ingest.parse.feeds.text import clean
from services.ingest.parse.feeds.tokens import without_its_tag
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.feeds.xml import Element
from services.ingest.parse.limits import ENTRY_PARTS_MAX

XML: Final = "{http://www.w3.org/XML/1998/namespace}"


class Names(dict[tuple[str, str | None], str]):
    """The names of a document that have been looked up, by Clark name and prefix."""

    home: tuple[str, str] | None = None
    """The namespace of its root, where that is unknown, and what its names begin with then."""

    def __missing__(self, key: tuple[str, str | None]) -> str:
        """A name that is met for the first time."""
        tag, prefix = key
        address, _, local = tag.rpartition("}")
        if self.home and address.removeprefix("{") == self.home[0] and ":" not in local:
            name = self.home[1] + local.lower()
        else:
            name = known_name(tag, prefix)
        self[key] = name
        return name


class Part:
    """An element and its children, each child looked at once."""

    __slots__ = ("_children", "element", "names")

    def __init__(self, element: Element, names: Names) -> None:
        self.element = element
        self.names = names
        self._children: dict[str, list[Element]] | None = None

    @property
    def name(self) -> str:
        """The name of the element, such as ``dc:creator``."""
        return self.names[str(self.element.tag), self.element.prefix]

    def children(self) -> dict[str, list[Element]]:
        """The children by their names, each list in the order of the document."""
        if self._children is None:
            found: dict[str, list[Element]] = {}
            self._children = found
            names = self.names
            for child in self.element.iterchildren(etree.Element):
                name = names[child.tag, child.prefix]
                if name in found:
                    found[name].append(child)
                else:
                    found[name] = [child]
        return self._children

    def every(self, *names: str) -> list[Part]:
        """The children of these names, of each at most ENTRY_PARTS_MAX and one more."""
        found = self.children()
        return [
            Part(child, self.names)
            for name in names
            if name in found
            for child in found[name][: ENTRY_PARTS_MAX + 1]
        ]

    def first(self, *names: str) -> Part | None:
        """The first child of the first of these names that there is one of."""
        found = self.children()
        return next((Part(found[name][0], self.names) for name in names if name in found), None)

    def text(self) -> str:
        """All text in the element, as it came, spaces at its ends left out."""
        return text_of(self.element)

    def text_at(self, *names: str) -> str:
        """The text of the first child of these names that has any, in the order of the names."""
        found = self.children()
        for name in names:
            if name in found:
                for child in found[name][: ENTRY_PARTS_MAX + 1]:
                    if text := text_of(child):
                        return text
        return ""

    def texts_at(self, *names: str) -> list[str]:
        """The texts of all children of these names, those without one left out."""
        found = self.children()
        return [
            text
            for name in names
            if name in found
            for child in found[name][: ENTRY_PARTS_MAX + 1]
            if (text := text_of(child))
        ]

    def attribute(self, name: str) -> str:
        """An attribute as it came; empty without one."""
        return attribute(self.element, name)

    def language(self) -> str:
        """What it says of its language itself. Source: XML 1.0 2.12."""
        return self.attribute(f"{XML}lang")

    def base(self, base: str | None) -> str | None:
        """What addresses in it are relative to, inside of what has this base.

        Source: XML Base 3, 4.
        """
        declared = self.attribute(f"{XML}base")
        return (absolute(declared, base) or base) if declared else base

    def inner_html(self) -> str:
        """What is in it as HTML: text escaped, elements of XHTML by their plain names."""
        return inner_html_of(self.element)

    def html(self) -> str:
        """Its text as HTML, escaped or not: what is in elements is taken with them."""
        return self.inner_html() if len(self.element) else self.text()

    def html_at(self, *names: str) -> str:
        """The HTML of the first child of these names that has any."""
        return next(filter(None, (part.html() for part in self.every(*names))), "")


def text_of(element: Element) -> str:
    """All text in an element, as it came, spaces at its ends left out."""
    whole = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    return clean(whole).strip()


def attribute(element: Element, name: str) -> str:
    """An attribute as it came; empty without one."""
    value = element.get(name)
    return clean(str(value)) if value else ""


def inner_html_of(element: Element) -> str:
    """What is in an element as HTML: text escaped, elements of XHTML by their plain names."""
    if not len(element):
        return _escaped(text_of(element))
    whole = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
    nodes = (element, *islice(element, 1))
    prefixes = {p for each in nodes for p, name in each.nsmap.items() if p and name == XHTML}
    for prefix in prefixes:
        whole = re.sub(rf"<(/?){re.escape(prefix)}:", r"<\1", whole)
    return clean(without_its_tag(whole)).strip()


def bases_of(parts: Iterable[Part], base: str | None) -> str | None:
    """The base inside of parts that stand in one another, the outermost first."""
    for part in parts:
        base = part.base(base)
    return base


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
