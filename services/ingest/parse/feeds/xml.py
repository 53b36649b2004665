"""Text to a tree of XML, without a document type: so nothing is expanded and nothing fetched.

libxml2 reads the file that a document type names, also where it is told to load none. It never
sees one: what stands before the root element is looked at here and left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from services.ingest.parse.document import Problem
from services.ingest.parse.feeds.encodings import beginning, declared_name, encoding_of
from services.ingest.parse.feeds.text import clean
from services.ingest.parse.feeds.tokens import without_its_tag
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.limits import ENTRY_PARTS_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, shown

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements

XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_NAMESPACES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_MISC: Final = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE(?:[^\[\"'>]|\"[^\"]*\"|'[^']*')*+(?P<end>[\[>]?)")
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Tree:
    """A well-formed document."""

    root: Element
    encoding: str
    """Python's name of what it was decoded with."""


def is_xml(data: bytes) -> bool:
    """Whether a document begins as XML does, in any encoding; HTML begins so too."""
    return beginning(data).startswith("<")


def read_tree(data: bytes, roots: frozenset[str], problems: Problems) -> Tree | Problem:
    """A document whose root element has one of these local names, or why nothing is taken of it."""
    encoding = encoding_of(data)
    if encoding is None:
        came = f"expected an encoding of text, came {shown(declared_name(data))}; save it as UTF-8"
        return Problem("undecodable", WHOLE_DOCUMENT, came)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        came = f"expected {encoding}, came bad bytes at {error.start}; declare what it is in"
        return Problem("undecodable", WHOLE_DOCUMENT, came)
    cleaned = clean(text)
    if dropped := len(text) - len(cleaned):
        detail = f"expected text, came {dropped} control characters; they were left out"
        problems.add("control-characters", WHOLE_DOCUMENT, detail)
    body = _from_root(cleaned, roots)
    return body if isinstance(body, Problem) else _parsed(body, encoding.removesuffix("-sig"))


def _from_root(text: str, roots: frozenset[str]) -> str | Problem:
    """The text from its root element on, as many lines below the first as it was."""
    place, is_typed = 0, False
    while True:
        if found := _MISC.match(text, place):
            place = found.end()
        elif not is_typed and (found := _DOCTYPE.match(text, place)):
            if found["end"] != ">":
                came = f"came {shown(found[0])} with declarations; leave them out"
                return _unsupported(f"expected a feed without a document type of its own, {came}")
            place, is_typed = found.end(), True
        else:
            break
    root = _ROOT.match(text, place)
    if root is None or root[1] not in roots:
        came = f"the root element {shown(root[1])}" if root else shown(text[place : place + 200])
        return _unsupported(f"expected RSS 2.0, Atom 1.0 or JSON Feed, came {came}")
    return "\n" * text.count("\n", 0, place) + text[place:]


def _parsed(text: str, encoding: str) -> Tree | Problem:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        return Tree(etree.fromstring(text.encode(), parser), encoding)
    except etree.XMLSyntaxError as error:
        line, _ = error.position
        came = f"expected well-formed XML, came: {shown(clean(error.msg or 'no element'))}"
        return Problem("not-well-formed", f"line {line}", came)


def _unsupported(detail: str) -> Problem:
    return Problem("unsupported", WHOLE_DOCUMENT, detail)


def line_of(element: Element) -> int | None:
    """The line of an element in the document, from 1."""
    return element.sourceline if isinstance(element.sourceline, int) else None


def clark(name: str) -> str:
    """``dc:creator`` as lxml spells it; a name without a prefix is in no namespace."""
    prefix, _, local = name.rpartition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}" if prefix else local


def every(element: Element, name: str) -> list[Element]:
    """The children of a name, at most ENTRY_PARTS_MAX of them and one more."""
    return list(islice(element.iterchildren(clark(name)), ENTRY_PARTS_MAX + 1))


def first(element: Element, *names: str) -> Element | None:
    """The first child of the first of these names that there is one of."""
    for name in names:
        for child in element.iterchildren(clark(name)):
            return child
    return None


def text_of(element: Element | None) -> str:
    """All text in an element, as it came, spaces at its ends left out; empty without one."""
    return "" if element is None else clean("".join(map(str, element.itertext()))).strip()


def text_at(element: Element, *names: str) -> str:
    """The text of the first child of these names that has any, in the order of the names."""
    for name in names:
        for child in every(element, name):
            if text := text_of(child):
                return text
    return ""


def texts_at(element: Element, *names: str) -> list[str]:
    """The texts of all children of these names, those without one left out."""
    return [text for name in names for child in every(element, name) if (text := text_of(child))]


def attribute(element: Element, name: str) -> str:
    """An attribute as it came; empty without one."""
    return clean(str(element.get(name, "")))


def base_of(element: Element, base: str | None) -> str | None:
    """What addresses in an element are relative to, inside of what has this base.

    Source: XML Base 3, 4.
    """
    declared = attribute(element, f"{XML}base")
    return (absolute(declared, base) or base) if declared else base


def inner_html(element: Element) -> str:
    """What is in an element as HTML: text escaped, elements of XHTML by their plain names."""
    whole = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
    prefixes = {
        prefix
        for each in (element, *islice(element, 1))
        for prefix, name in each.nsmap.items()
        if prefix and name == _NAMESPACES["xhtml"]
    }
    for prefix in prefixes:
        whole = re.sub(rf"<(/?){re.escape(prefix)}:", r"<\1", whole)
    return clean(without_its_tag(whole)).strip()
