"""A page as a tree of elements, no larger and no deeper than is read.

The tree is made by libxml2, to which an element of 100,000 attributes costs minutes. So it never
sees the page: our own reader writes it anew, in one pass, and only that is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from services.ingest.parse.feeds.text import folded, unescaped
from services.ingest.parse.feeds.tokens import Start, attributes_of, tags_of
from services.ingest.parse.limits import (
    ADDRESS_CHARACTERS_MAX,
    PAGE_ATTRIBUTES_MAX,
    PAGE_ELEMENTS_MAX,
    PAGE_NESTING_MAX,
    STRUCTURED_BLOCKS_MAX,
    STRUCTURED_CHARACTERS_MAX,
)

__all__ = ["HtmlElement", "Page", "attribute", "elements", "page_of", "standing_in", "text_of"]

_SCRIPT: Final = re.compile(r"<script(?=[\s/>])([^<>]*+)>", re.IGNORECASE)
_SCRIPT_END: Final = re.compile(r"</script", re.IGNORECASE)
_STRUCTURED: Final = re.compile(r"application/ld\+json", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title(?:\s[^<>]*+)?>([^<]*+)", re.IGNORECASE)
_TEXT_CHARACTERS_MAX: Final = 20_000
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ATTRIBUTE: Final = re.compile(r"[a-z][a-z0-9_:.-]{0,59}")


class Page(NamedTuple):
    """A page taken apart."""

    root: HtmlElement
    title: str
    structured: tuple[str, ...]
    """Its blocks of JSON-LD, as they stand there."""


def page_of(text: str) -> Page | None:
    """A page; None: it has no element, or more than are read, or too many in each other.

    What is nested deeper than 256 elements is left out by the parser.
    """
    written = _rewritten(text)
    if written is None:
        return None
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = document_fromstring(written.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    if _is_nested_too_much(root):
        return None
    title = _TITLE.search(text)
    return Page(root, folded(unescaped(title[1])) if title else "", tuple(_structured(text)))


def elements(root: HtmlElement, *names: str) -> Iterator[HtmlElement]:
    """The elements of these names, in the order of the page."""
    return (one for one in root.iter(*names) if isinstance(one, HtmlElement))


def attribute(element: HtmlElement, name: str) -> str:
    """An attribute without blanks around it; empty: it is not there."""
    return (element.get(name) or "").strip()


def text_of(element: HtmlElement) -> str:
    """The text in an element, on one line, as much of it as a line of ours could be."""
    taken: list[str] = []
    size = 0
    for text in element.itertext():
        taken.append(str(text))
        size += len(text)
        if size > _TEXT_CHARACTERS_MAX:  # headings in headings would each hold the whole page
            break
    return folded("".join(taken))


def standing_in(
    root: HtmlElement, is_such: Callable[[HtmlElement], bool]
) -> frozenset[HtmlElement]:
    """The elements that are such, and all that stand in one of them.

    In one pass: a look at what is above each of them costs the square of a deep page.
    """
    found: set[HtmlElement] = set()
    for one in elements(root, "*"):
        if one.getparent() in found or is_such(one):
            found.add(one)
    return frozenset(found)


def _rewritten(text: str) -> str | None:
    out: list[str] = []
    count = 0
    for token in tags_of(text):
        if isinstance(token, str):
            out.append(escape(token, quote=False))
        elif not _NAME.fullmatch(token.name):
            continue
        elif isinstance(token, Start):
            count += 1
            out.append(f"<{token.name}{_attributes(token)}>")
        else:
            out.append(f"</{token.name}>")
    return "".join(out) if 0 < count <= PAGE_ELEMENTS_MAX else None


def _is_nested_too_much(root: HtmlElement) -> bool:
    around = nesting = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        around += 1 if event == "start" else -1
        nesting += around if event == "start" else 0
    return nesting > PAGE_NESTING_MAX


def _attributes(tag: Start) -> str:
    if not tag.given.strip(" /\n\t\r"):
        return ""
    given = islice(attributes_of(tag).items(), PAGE_ATTRIBUTES_MAX)
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in given
        if len(value) <= ADDRESS_CHARACTERS_MAX and _ATTRIBUTE.fullmatch(name)
    )


def _structured(text: str) -> Iterator[str]:
    """Scripts that are data, one after the other; one without an end is none."""
    place, found = 0, 0
    while found < STRUCTURED_BLOCKS_MAX and (start := _SCRIPT.search(text, place)):
        end = _SCRIPT_END.search(text, start.end())
        if end is None:
            return
        place = end.end()
        is_short = end.start() - start.end() <= STRUCTURED_CHARACTERS_MAX
        if is_short and _STRUCTURED.search(start[1]):
            found += 1
            yield text[start.end() : end.start()]
