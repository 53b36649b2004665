"""Subscriptions as other readers write them: OPML to sources and back. Pure.

Source: OPML 2.0, "subscription lists": an ``outline`` with ``xmlUrl``, its name in ``text``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from lxml import etree
from pydantic import ValidationError

from services.ingest.parse.document import Arrival, Problem
from services.ingest.parse.feeds.parts import attribute
from services.ingest.parse.feeds.prolog import EXPECTED
from services.ingest.parse.feeds.xml import Element, Tree, read_tree
from services.ingest.parse.problems import Problems, shown
from services.ingest.sources.config import WEB, SourceConfig
from shared.errors import Rejected
from shared.faults import sentence
from shared.polls import SOURCES_MAX

BYTES_MAX: Final = 5_000_000
_BY_HAND: Final = Arrival(date.min)
"""An operator brings it; it came by no way that says more of it."""
_WORDS: Final = re.compile(r"[a-z0-9]+")


def read(data: bytes, known: Iterable[str]) -> tuple[list[SourceConfig], list[Problem]]:
    """The sources of a list, each with an id that is not among the known, and what was not taken.

    Raises:
        Rejected: it is no OPML.
    """
    if len(data) > BYTES_MAX:
        raise Rejected(f"expected at most {BYTES_MAX} bytes of OPML, came more")
    problems = Problems()
    tree = read_tree(data, _BY_HAND, frozenset({"opml"}), problems)
    if isinstance(tree, Problem):
        raise Rejected(tree.detail.replace(EXPECTED, "OPML, a list of subscriptions"))
    taken, urls = set(known), set[str]()
    found: list[SourceConfig] = []
    for outline in _subscriptions(tree):
        made = _source(outline, taken)
        if isinstance(made, Problem):
            problems.add(made.reason, made.where, made.detail)
        elif made.url not in urls and len(found) < SOURCES_MAX:
            found.append(made)
            taken.add(made.id)
            urls.add(made.url)
    return found, list(problems.listed())


def _subscriptions(tree: Tree) -> Iterator[Element]:
    for outline in tree.root.iter("outline"):
        if _address(outline):
            yield outline


def _address(outline: Element) -> str:
    """``xmlUrl``, in the spellings that are met."""
    return next((u for n in ("xmlUrl", "xmlurl", "xmlURL") if (u := attribute(outline, n))), "")


def _source(outline: Element, taken: set[str]) -> SourceConfig | Problem:
    url = _address(outline).strip()
    if url.startswith("feed:"):
        url = url.removeprefix("feed:").removeprefix("//")
        url = url if "://" in url else f"http://{url}"
    name = " ".join((attribute(outline, "title") or attribute(outline, "text")).split())[:200]
    try:
        found = WEB.fullmatch(url)
        its_id = _id(name, found["host"] if found else "", taken)
        language = attribute(outline, "language").replace("_", "-").strip()
        is_tag = bool(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", language))
        return SourceConfig(
            id=its_id, url=url, name=name or None, language=language if is_tag else None
        )
    except ValidationError as error:
        return Problem(
            "url-unusable", f"line {outline.sourceline}", f"{shown(url)}: {sentence(error)}"
        )
    except ValueError as error:
        return Problem("url-unusable", f"line {outline.sourceline}", f"{shown(url)}: {error}")


def _id(name: str, host: str, taken: set[str]) -> str:
    """A source's id made of its name, else of its host; numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = _WORDS.findall(plain) or _WORDS.findall(host.lower().removeprefix("www."))
    made = "-".join(words)[:56].strip("-") or "source"
    number, numbered = 1, made
    while numbered in taken:
        number += 1
        numbered = f"{made}-{number}"
    return numbered


def written(sources: Iterable[SourceConfig], title: str) -> bytes:
    """The feeds among the sources as OPML 2.0, with the address and the name of each.

    Not those whose ``format`` says they are pages, lists or rates: a reader would find no feed.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for one in (one for one in sources if one.format in ("auto", "feed")):
        said = {"type": "rss", "text": one.name or one.id, "title": one.name or one.id}
        said |= {"language": one.language} if one.language else {}
        etree.SubElement(body, "outline", {**said, "xmlUrl": one.url})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
