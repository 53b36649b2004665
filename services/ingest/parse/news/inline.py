"""Text that stands in an item as XML: XHTML or NITF, to the HTML that is read of any text."""

from __future__ import annotations

from datetime import date
from typing import Final

from lxml import etree

from services.ingest.parse.document import Arrival, Problem
from services.ingest.parse.feeds.parts import inner_html_of, text_of
from services.ingest.parse.feeds.xml import Element, read_tree
from services.ingest.parse.problems import Problems

_BODIES: Final = ("body.content", "body")
"""Where the text stands; what stands before it repeats headline and byline."""
_BY_ITSELF: Final = Arrival(date.min)
"""A text within an item: it came by no way of its own."""
_LEFT_OUT: Final = ("media", "head", "body.head", "body.end", "style", "script")
"""Source: NITF 3.x ``media``: captions and names of files, that are no part of the text."""
_HTML_BY_NITF: Final = {"hl2": "h3"} | dict.fromkeys(_LEFT_OUT, "template")
"""What is in a template is not read: taking elements out costs the square of their number."""


def html_of(root: Element) -> str:
    """The text of an XHTML or NITF document, or of a piece of one. Changes the tree."""
    _without_namespaces(root)
    body = next((found for name in _BODIES for found in root.iter(name)), root)
    return inner_html_of(body)


def dateline_of(root: Element) -> str:
    """What a NITF document names as its dateline, before its namespaces are taken away or after."""
    for element in root.iter():
        if local_name(element) == "dateline":
            return text_of(element)
    return ""


def html_of_nitf(text: str) -> str:
    """The text of a NITF document that came as text; as it came where it is no such document."""
    data, roots = text.encode("utf-8", "replace"), frozenset({"nitf"})
    tree = read_tree(data, _BY_ITSELF, roots, Problems(), is_mended=False)
    return text if isinstance(tree, Problem) else html_of(tree.root)


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _without_namespaces(root: Element) -> None:
    for element in root.iter():
        if isinstance(element.tag, str):
            name = local_name(element)
            element.tag = _HTML_BY_NITF.get(name, name)
    etree.cleanup_namespaces(root)
