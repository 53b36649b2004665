"""NewsML-G2: newsItem, packageItem, and newsMessage with several of them. Source: NewsML-G2 2.x."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.feeds.encodings import beginning
from services.ingest.parse.feeds.xml import Element, read_tree
from services.ingest.parse.news.entry import Kind, parsed, reading_of
from services.ingest.parse.news.g2_item import NAR, item_of, where_of
from services.ingest.parse.news.inline import local_name
from services.ingest.parse.news.item import Item
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused, shown

_ITEMS: Final = ("newsItem", "packageItem")
_MESSAGE: Final = "newsMessage"
_OTHERS: Final = ("knowledgeItem", "conceptItem", "planningItem", "catalogItem", "hopItem")
_ROOTS: Final = frozenset({*_ITEMS, _MESSAGE, *_OTHERS})
_SPELT: Final = frozenset(name.lower() for name in _ROOTS)
_CLAIMED: Final = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(sorted(_ROOTS))})[\s/>]")
_NAMESPACE: Final = "http://iptc.org/std/nar/2006-10-01/"


def claims(data: bytes) -> bool:
    """Whether the bytes begin as a document of NewsML-G2 does, in any encoding."""
    head = beginning(data)
    return head.startswith("<") and _CLAIMED.search(head) is not None and _NAMESPACE in head


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The news items and packages of a document, and what was wrong with them."""
    problems = Problems()
    tree = read_tree(data, arrival, _SPELT, problems, is_mended=False)
    if isinstance(tree, Problem):
        return refused(data, tree)
    name = local_name(tree.root)
    if tree.root.tag != f"{NAR}{name}" or name in _OTHERS:
        return refused(data, Problem("unsupported", WHOLE_DOCUMENT, _expected(tree.root)))
    kind = Kind("newsml-g2", 2, f"application/vnd.iptc.g2.{name.lower()}+xml")
    items = _items(tree.root, problems)
    return parsed(data, kind, tree.encoding, items, reading_of(arrival, problems))


def _items(root: Element, problems: Problems) -> Iterator[Item]:
    if local_name(root) != _MESSAGE:
        yield item_of(root)
        return
    for itemset in root.iterchildren(f"{NAR}itemSet"):
        for one in itemset.iterchildren("*"):
            if one.tag in {f"{NAR}{name}" for name in _ITEMS}:
                yield item_of(one)
            else:
                problems.add("unsupported", where_of(one), f"{_expected(one)}; it was left out")


def _expected(element: Element) -> str:
    expected = "expected newsItem, packageItem or newsMessage of NewsML-G2"
    return f"{expected}, came {shown(local_name(element))}"
