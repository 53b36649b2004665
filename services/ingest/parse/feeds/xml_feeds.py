"""The feeds that are XML: which of them a document is."""

from __future__ import annotations

from typing import Final

from services.ingest.parse.decode import looks_like
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.feeds import atom, rss
from services.ingest.parse.feeds.feed import parsed
from services.ingest.parse.feeds.parts import Names, Part
from services.ingest.parse.feeds.prolog import EXPECTED
from services.ingest.parse.feeds.xml import Element, holds_a_feed, is_xml, read_tree
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused, shown

_ROOTS: Final = frozenset({"rss", "feed", "entry", "rdf", "channel"})
_FORMS: Final = {
    "rss": ("", "channel"), "rdf": ("", "item"), "feed": ("atom:", "atom:entry"),
}  # fmt: skip
"""What the names of a root's format begin with, and what a document of it has right below."""


def claims(data: bytes) -> bool:
    """Whether the bytes may be XML, in any encoding; HTML is left to others."""
    return (is_xml(data) and looks_like(data) != "HTML") or holds_a_feed(data)


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The entries of a feed of RSS or Atom, and what was wrong with them."""
    problems = Problems()
    tree = read_tree(data, arrival, _ROOTS, problems)
    if isinstance(tree, Problem):
        return refused(data, tree)
    root = _root(tree.root)
    match root.name:
        case "rss" | "channel":
            return parsed(data, rss.feed_of(tree, root), arrival, problems)
        case "rdf:rdf" | "rdf" if root.children().keys() & {"channel", "item"}:
            return parsed(data, rss.feed_of(tree, root), arrival, problems)
        case "atom:feed" | "atom:entry":
            return parsed(data, atom.feed_of(tree, root), arrival, problems)
        case other:
            came = f"expected {EXPECTED}, came the root element {shown(other)}"
            return refused(data, Problem("unsupported", WHOLE_DOCUMENT, came))


def _root(element: Element) -> Part:
    """The root; a format is known by its form too, where its namespace is missing or unknown."""
    address, _, local = str(element.tag).rpartition("}")
    begin, below = _FORMS.get(local.lower(), ("", ""))
    root = Part(element, Names())
    if not below or below in root.children() or "channel" in root.children():
        return root
    names = Names()
    plain = address.removeprefix("{") if local.lower() != "rdf" else element.nsmap.get(None, "")
    names.home = (plain, begin)
    other = Part(element, names)
    return other if below in other.children() else root
