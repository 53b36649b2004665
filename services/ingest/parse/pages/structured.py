"""What a page says of its article in JSON-LD. Source: schema.org/NewsArticle, JSON-LD 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.ingest.parse.feeds.text import clean, reference_free
from services.ingest.parse.limits import (
    ENTRY_PARTS_MAX,
    STRUCTURED_NODES_MAX,
)

_ARTICLE_TYPES: Final = """
    Article NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle
    OpinionNewsArticle ReportageNewsArticle ReviewNewsArticle Report BlogPosting LiveBlogPosting
"""
_ARTICLES: Final = frozenset(_ARTICLE_TYPES.split())
_WRAPPING: Final = re.compile(r"\A\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)|;\s*\Z")
_FALSE: Final = frozenset({"false", "http://schema.org/false", "https://schema.org/false"})

Node = dict[str, object]
"""An object of JSON-LD."""


@dataclass(frozen=True, slots=True)
class Structured:
    """The nodes of a page, and how they refer to each other."""

    nodes: tuple[Node, ...]
    """Those that are the page's own, not parts of lists in it."""
    by_id: dict[str, Node]

    def articles(self) -> list[Node]:
        """The nodes that are articles."""
        return [node for node in self.nodes if _types(node) & _ARTICLES]

    def of_type(self, name: str) -> Node:
        """The first node of a type; empty: there is none."""
        return next((node for node in self.nodes if name in _types(node)), {})

    def whole(self, value: object) -> object:
        """A node in the place of a reference to it."""
        if isinstance(value, dict) and len(value) <= 2:
            return self.by_id.get(_plain(value.get("@id")), value)
        return value

    def names(self, node: Node, field: str) -> list[str]:
        """The names of people or things, or the texts that stand in their place."""
        found = [self.whole(one) for one in listed(node.get(field))]
        texts = (one.get("name") if isinstance(one, dict) else one for one in found)
        return [name for one in texts for text in listed(one) if (name := line(text))]

    def addresses(self, node: Node, field: str) -> list[str]:
        """Addresses, as they stand there."""
        found = [self.whole(one) for one in listed(node.get(field))]
        texts = (
            one.get("url") or one.get("contentUrl") or one.get("@id")
            if isinstance(one, dict)
            else one
            for one in found
        )
        return [address for one in texts for text in listed(one) if (address := _plain(text))]


def structured(texts: Sequence[str]) -> Structured:
    """What the blocks of a page say; one that cannot be read says nothing."""
    nodes: list[Node] = []
    by_id: dict[str, Node] = {}
    for node in _nodes(texts):
        if len(by_id) + len(nodes) > STRUCTURED_NODES_MAX:
            break
        nodes.append(node)
        if own_id := _plain(node.get("@id")):
            by_id.setdefault(own_id, node)
    return Structured(tuple(nodes), by_id)


def line(value: object) -> str:
    """A text on one line, its character references read; empty: it is none."""
    return reference_free(clean(value)) if isinstance(value, str) else ""


def prose(value: object) -> str:
    """A text with its line ends; empty: it is none."""
    return clean(value).strip() if isinstance(value, str) else ""


def listed(value: object) -> list[object]:
    """A list, as much of it as is looked at; one thing alone is one too."""
    if isinstance(value, list):
        return value[:ENTRY_PARTS_MAX]
    return [] if value is None else [value]


def is_denied(node: Node, field: str) -> bool:
    """Whether a node says ``false`` in one of the ways that are in use."""
    value = node.get(field)
    return value is False or _plain(value).lower() in _FALSE


def _nodes(texts: Sequence[str]) -> Iterator[Node]:
    """The page's own nodes: top level, ``@graph``, and what the page is about."""
    waiting = list(_blocks(texts))[::-1]
    seen = 0
    while waiting and seen < STRUCTURED_NODES_MAX:
        seen += 1
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value[:STRUCTURED_NODES_MAX][::-1]
        elif isinstance(value, dict):
            yield value
            waiting += [value.get("mainEntity"), value.get("@graph")]


def _blocks(texts: Sequence[str]) -> Iterator[object]:
    for text in texts:
        try:
            # Source: RFC 8259 6: numbers of any length; they stay the text that they are.
            yield json.loads(
                _WRAPPING.sub("", text),
                strict=False, parse_int=str, parse_float=str, parse_constant=str,
            )  # fmt: skip
        except (json.JSONDecodeError, RecursionError):
            continue


def _types(node: Node) -> set[str]:
    return {_plain(one).rpartition("/")[2] for one in listed(node.get("@type"))}


def _plain(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
