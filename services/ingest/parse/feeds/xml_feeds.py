"""The feeds that are XML: which of them a document is."""

from __future__ import annotations

from typing import Final

from services.ingest.parse.decode import looks_like
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.feeds import atom, rss
from services.ingest.parse.feeds.feed import parsed
from services.ingest.parse.feeds.xml import is_xml, read_tree
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused, shown

_ROOTS: Final = frozenset({"rss", "feed", "entry"})


def claims(data: bytes) -> bool:
    """Whether the bytes may be XML, in any encoding; HTML is left to others."""
    return is_xml(data) and looks_like(data) != "HTML"


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The entries of a feed of RSS or Atom, and what was wrong with them."""
    problems = Problems()
    tree = read_tree(data, _ROOTS, problems)
    if isinstance(tree, Problem):
        return refused(data, tree)
    match tree.root.tag:
        case "rss":
            return parsed(data, rss.feed_of(tree), arrival, problems)
        case atom.FEED | atom.ENTRY:
            return parsed(data, atom.feed_of(tree), arrival, problems)
        case other:
            came = f"expected RSS 2.0 or Atom 1.0, came the root element {shown(str(other))}"
            return refused(data, Problem("unsupported", WHOLE_DOCUMENT, came))
