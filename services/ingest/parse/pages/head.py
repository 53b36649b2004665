"""What a page says of itself outside its text: metas, links, microdata, language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from services.ingest.parse.feeds.text import folded
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.limits import ENTRY_PARTS_MAX, PAGE_FEEDS_MAX
from services.ingest.parse.pages.tree import (
    HtmlElement,
    Page,
    attribute,
    elements,
    standing_in,
    text_of,
)

_FEEDS: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_COMMENTS: Final = ("comment", "коммент", "пікір", "izoh")
_DATED: Final = frozenset({"datePublished", "dateModified"})


@dataclass(frozen=True, slots=True)
class Head:
    """What a page declares, as it stands there."""

    base: str | None
    """What its addresses are relative to."""
    language: str = ""
    title: str = ""
    metas: dict[str, list[str]] = field(default_factory=dict)
    """By ``property`` or ``name`` in lower case, or by ``itemprop``."""
    canonical: str | None = None
    feeds: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    times: tuple[tuple[str, bool], ...] = ()
    """``<time datetime>`` outside lists of other articles, and whether it says ``pubdate``."""
    headings: tuple[str, ...] = ()
    """Of the first level."""

    def meta(self, *names: str) -> str:
        """The first that is not empty."""
        return next((text for name in names for text in self.metas.get(name, ()) if text), "")

    def all(self, *names: str) -> list[str]:
        """All of these names, in order."""
        return [text for name in names for text in self.metas.get(name, ()) if text]


def head_of(page: Page, url: str | None) -> Head:
    """What a page that lies at ``url`` declares. ``meta refresh`` is never followed."""
    root = page.root
    base = _base(root, url)
    links = _links(root, base)
    elsewhere = standing_in(root, _tells_of_something_else)
    return Head(
        base=base,
        language=attribute(root, "lang") or attribute(root, "xml:lang"),
        title=page.title,
        metas=_metas(root, elsewhere),
        canonical=next((address for rel, _, address in links if "canonical" in rel), None),
        feeds=_feeds(links),
        hubs=tuple(address for rel, _, address in links if "hub" in rel)[:PAGE_FEEDS_MAX],
        times=tuple(islice(_times(root, elsewhere), ENTRY_PARTS_MAX)),
        headings=tuple(islice(filter(None, map(text_of, elements(root, "h1"))), ENTRY_PARTS_MAX)),
    )


def _base(root: HtmlElement, url: str | None) -> str | None:
    """Source: HTML 4.2.3: the first ``<base href>``, itself relative to the page."""
    first = next((href for one in elements(root, "base") if (href := attribute(one, "href"))), "")
    return (absolute(first, url) if first else None) or url


def _metas(root: HtmlElement, elsewhere: frozenset[HtmlElement]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in elements(root, "meta"):
        for kind in ("property", "name", "http-equiv"):
            if name := attribute(one, kind).lower():
                _keep(found, name, attribute(one, "content"))
    for one in root.iterfind(".//*[@itemprop]"):
        name = attribute(one, "itemprop")
        if name in _DATED and one.getparent() not in elsewhere:
            said = attribute(one, "content") or attribute(one, "datetime") or text_of(one)
            _keep(found, name, said)
    return found


def _keep(found: dict[str, list[str]], name: str, text: str) -> None:
    kept = found.setdefault(name, [])
    if len(kept) < ENTRY_PARTS_MAX:
        kept.append(folded(text))


def _links(root: HtmlElement, base: str | None) -> list[tuple[set[str], str, str]]:
    """Relations, type with title, and address of each ``<link>``."""
    found = []
    for one in elements(root, "link"):
        if address := absolute(attribute(one, "href"), base):
            kind = attribute(one, "type").lower().partition(";")[0].strip()
            title = attribute(one, "title").lower()
            rel = set(attribute(one, "rel").lower().split())
            found.append((rel, f"{kind} {title}", address))
    return found


def _feeds(links: list[tuple[set[str], str, str]]) -> tuple[str, ...]:
    """Feeds of articles; those of comments come last. Source: HTML 4.6.7.1, RSS autodiscovery."""
    named = [
        (kind, address)
        for rel, kind, address in links
        if rel & {"alternate", "feed"} and kind.partition(" ")[0] in _FEEDS
    ]
    named.sort(key=lambda one: any(word in one[0] for word in _COMMENTS))
    return tuple(dict.fromkeys(address for _, address in named))[:PAGE_FEEDS_MAX]


def _times(root: HtmlElement, elsewhere: frozenset[HtmlElement]) -> Iterator[tuple[str, bool]]:
    for one in elements(root, "time"):
        if (said := attribute(one, "datetime")) and one.getparent() not in elsewhere:
            yield said, one.get("pubdate") is not None


def _tells_of_something_else(element: HtmlElement) -> bool:
    """Whether it is a list, a menu or a comment."""
    if element.tag in {"aside", "nav", "footer", "li"}:
        return True
    said = (element.get("class") or "").lower()
    return "related" in said or "comment" in said
