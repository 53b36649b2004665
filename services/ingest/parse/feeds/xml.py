"""Bytes to a tree of XML, without a document type: so nothing is expanded and nothing fetched.

A document that keeps the rules is parsed as it is. One that does not is mended first, and said to
have been. Both by the same parser, which loads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from services.ingest.parse.document import Arrival, Problem
from services.ingest.parse.feeds.encodings import beginning, decoded
from services.ingest.parse.feeds.prolog import Body, begins_within, from_root
from services.ingest.parse.feeds.repair import Repair, with_own_names
from services.ingest.parse.feeds.text import clean
from services.ingest.parse.limits import ELEMENTS_DEPTH_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, shown

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements


@dataclass(frozen=True, slots=True)
class Tree:
    """A document as elements."""

    root: Element
    encoding: str
    """Python's name of what it was decoded with."""
    base: str | None = None
    """Where it was fetched from."""


def is_xml(data: bytes) -> bool:
    """Whether a document begins as XML does, in any encoding; HTML begins so too."""
    return beginning(data).startswith("<")


def holds_a_feed(data: bytes) -> bool:
    """Whether a feed begins behind something else: a warning of the server, an empty comment."""
    return begins_within(beginning(data))


def read_tree(
    data: bytes,
    arrival: Arrival,
    roots: frozenset[str],
    problems: Problems,
    *,
    is_mended: bool = True,
) -> Tree | Problem:
    """A document whose root element has one of these local names, or why nothing is taken of it.

    One that is not well-formed is mended, unless half an item would be worse than none.
    """
    text = decoded(data, arrival.charset)
    if isinstance(text, Problem):
        return text
    if text.doubt:
        problems.add("encoding-uncertain", WHOLE_DOCUMENT, text.doubt)
    cleaned = clean(text.text)
    if dropped := len(text.text) - len(cleaned):
        detail = f"expected text, came {dropped} control characters; they were left out"
        problems.add("control-characters", WHOLE_DOCUMENT, detail)
    body = from_root(cleaned, roots)
    if isinstance(body, Problem):
        return body
    if body.before:
        came = f"expected the feed at the beginning, came {shown(body.before)}; it was left out"
        problems.add("repaired", "line 1", came)
    root = _parsed(body, problems, is_mended=is_mended)
    return root if isinstance(root, Problem) else Tree(root, text.encoding, arrival.url)


def _parsed(body: Body, problems: Problems, *, is_mended: bool) -> Element | Problem:
    text = with_own_names(body) if body.is_typed else body.text
    try:
        return etree.fromstring(text.encode(), _parser(is_recovering=False))
    except etree.XMLSyntaxError as error:
        if is_mended:
            return _mended(text, body, error, problems)
        return Problem("not-well-formed", f"line {error.position[0]}", _broken(error))


def _mended(
    text: str, body: Body, error: etree.XMLSyntaxError, problems: Problems
) -> Element | Problem:
    """A document that is not well-formed, as far as it can be understood."""
    repair = Repair(body.own)
    repair.read(text)
    line, _ = error.position
    broken = _broken(error)
    if repair.is_too_deep:
        deep = f"expected elements {ELEMENTS_DEPTH_MAX} deep at most, came deeper ones"
        return Problem("not-well-formed", f"line {repair.line or line}", deep)
    try:
        root = etree.fromstring(repair.finished().encode(), _parser(is_recovering=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Problem("not-well-formed", f"line {line}", broken)
    done = ", ".join(f"{number} {what}" for what, number in repair.done.most_common())
    problems.add("repaired", f"line {line}", f"{broken}; mended: {done or 'as the parser does'}")
    return root


def _broken(error: etree.XMLSyntaxError) -> str:
    return f"expected well-formed XML, came: {shown(clean(error.msg or 'no element'))}"


def _parser(*, is_recovering: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, collect_ids=False,
        recover=is_recovering,
    )  # fmt: skip


def line_of(element: Element) -> int | None:
    """The line of an element in the document, from 1."""
    return element.sourceline if isinstance(element.sourceline, int) else None
