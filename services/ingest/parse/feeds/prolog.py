"""What stands before the root element of a document: passed over, and looked at.

libxml2 reads the file that a document type names, also where it is told to load none. It never
sees one: what a document type declares is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from services.ingest.parse.document import Problem
from services.ingest.parse.feeds import entities
from services.ingest.parse.limits import FEED_HEAD_CHARACTERS_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT, shown

EXPECTED: Final = "RSS 0.9x, 1.0 or 2.0, Atom 0.3 or 1.0, or JSON Feed"
_MISC: Final = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE: Final = re.compile(
    r"<!DOCTYPE(?:[^\[\"'>]|\"[^\"]*\"|'[^']*')*+(?P<end>[\[>]?)", re.IGNORECASE
)
_SUBSET: Final = re.compile(
    r"""(?P<inside>(?:[^\]"'<]++|"[^"]*+"|'[^']*+'|<!--.*?-->|<\?.*?\?>|<(?!!--|\?))*+)\]\s*>""",
    re.DOTALL,
)
"""A comment that is not closed ends it: were it passed over, each would be searched to the end."""
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_FEED: Final = re.compile(
    r"<\?xml\s(?:[^<]|<[?!])*<(?:[\w.-]+:)?(?:rss|feed|entry|rdf|channel)[\s>]"
    r"|<rss\b[^<>]*>\s*<channel\b|<(?:\w+:)?feed\b[^<>]*\sxmlns|<rdf:RDF\b",
    re.IGNORECASE,
)
"""How a feed begins that does not stand at the beginning."""


@dataclass(frozen=True, slots=True)
class Body:
    """A document from its root element on, as many lines below the first as it was."""

    text: str
    own: dict[str, str] = field(default_factory=dict)
    """The entities that it declares, by their names."""
    is_typed: bool = False
    """It has a document type: then names of HTML are declared, as far as anyone can tell."""
    before: str = ""
    """What stands in front of it and does not belong there."""


def begins_within(head: str) -> bool:
    """Whether a feed begins somewhere in the beginning of a document."""
    return _FEED.search(head, 0, FEED_HEAD_CHARACTERS_MAX) is not None


def from_root(text: str, roots: frozenset[str]) -> Body | Problem:
    """The document from its root, which has one of these local names in lower case."""
    made = _read(text, 0, roots)
    if made is None and (found := _FEED.search(text, 0, FEED_HEAD_CHARACTERS_MAX)):
        made = _read(text, found.start(), roots)
    if made is not None:
        return made
    root = _ROOT.match(text, _begin(text))
    came = f"the root element {shown(root[1])}" if root else shown(text.lstrip()[:200])
    return _unsupported(f"expected {EXPECTED}, came {came}")


def _read(text: str, begin: int, roots: frozenset[str]) -> Body | Problem | None:
    """The document that begins at a place; None: no feed does."""
    place = _begin(text, begin)
    own: dict[str, str] | None = None
    if match := _DOCTYPE.match(text, place):
        subset = _SUBSET.match(text, match.end()) if match["end"] == "[" else None
        is_read = subset is not None or match["end"] == ">"
        own = entities.declared(subset["inside"] if subset else "") if is_read else None
        if own is None:
            came = f"came {shown(match[0])} with others; leave them out"
            return _unsupported(f"expected a document type of plain declarations, {came}")
        place = _begin(text, (subset or match).end())
    root = _ROOT.match(text, place)
    if root is None or root[1].lower() not in roots:
        return None
    lines = "\n" * text.count("\n", 0, place)
    before = " ".join(text[:begin].split())
    return Body(lines + text[place:], own or {}, own is not None, before)


def _begin(text: str, place: int = 0) -> int:
    """The place behind blanks, instructions and comments."""
    while match := _MISC.match(text, place):
        place = match.end()
    return place


def _unsupported(detail: str) -> Problem:
    return Problem("unsupported", WHOLE_DOCUMENT, detail)
