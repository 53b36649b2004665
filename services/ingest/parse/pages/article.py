"""A page to the one article on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from services.ingest.parse.document import About, Arrival, ArticleEntry
from services.ingest.parse.feeds.draft import Attached, Draft, Text
from services.ingest.parse.feeds.entry import entry_of, language_of
from services.ingest.parse.feeds.taking import Reading
from services.ingest.parse.feeds.text import beginning
from services.ingest.parse.feeds.urls import absolute, address_key
from services.ingest.parse.limits import ENTRY_LINE_CHARACTERS_MAX, HUBS_MAX
from services.ingest.parse.pages.body import body_html
from services.ingest.parse.pages.head import Head
from services.ingest.parse.pages.moment import published, updated_at
from services.ingest.parse.pages.sites import path_of, same_site
from services.ingest.parse.pages.structured import Node, Structured, is_denied, line, listed, prose
from services.ingest.parse.pages.tree import HtmlElement
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems

_CUT: Final = re.compile(r"(?:\.\.\.|…)\s*\Z")
_SITE: Final = re.compile(r"\s+[|–—\-:·»]\s+")
_ARTICLE: Final = "article"
_PICTURES_MAX: Final = 5
"""Pages name one picture in several shapes; more is a gallery."""


@dataclass(frozen=True)
class Reader:
    """A page with all that it says of itself."""

    root: HtmlElement
    head: Head
    structured: Structured
    arrival: Arrival

    @cached_property
    def node(self) -> Node:
        """The article of the page in JSON-LD; empty: it names none, or several."""
        found = self.structured.articles()
        own = {address_key(one) for one in (self.arrival.url, self.head.canonical) if one}
        named = [node for node in found if own & self._addresses(node)]
        if named:
            return named[0]
        return found[0] if len({line(node.get("headline")) for node in found}) == 1 else {}

    @property
    def is_article(self) -> bool:
        """Whether the page says that it is one."""
        return bool(self.node) or self.head.meta("og:type").lower() == _ARTICLE

    @cached_property
    def about(self) -> About:
        """What the page says of its site."""
        site = self.structured.of_type("WebSite")
        publisher = self.structured.names(self.node, "publisher")
        title = self.head.meta("og:site_name") or line(site.get("name"))
        own = "" if self.is_article else self.head.title
        return About(
            title=beginning(title or next(iter(publisher), own), ENTRY_LINE_CHARACTERS_MAX),
            url=self.arrival.url,
            language=language_of(self.language()),
            feeds=self.head.feeds,
            hubs=self.head.hubs[:HUBS_MAX],
        )

    def language(self) -> str:
        """As it is declared, the page before its article."""
        spoken = next(iter(self.structured.names(self.node, "inLanguage")), "")
        said = (self.head.language, self.head.meta("og:locale"), spoken)
        return next(filter(None, said), self.head.meta("content-language"))

    def _addresses(self, node: Node) -> set[str]:
        found = [*self.structured.addresses(node, "url"), line(node.get("@id"))]
        found += self.structured.addresses(node, "mainEntityOfPage")
        absolutes = (absolute(one, self.head.base) for one in found if one)
        return {address_key(one) for one in absolutes if one}


def article_of(reader: Reader, problems: Problems) -> ArticleEntry | None:
    """The article of a page; None: it has none, and why is noted."""
    node, head = reader.node, reader.head
    headline = _headline(reader)
    authors = _authors(reader)
    body = body_html(
        reader.root, prose(node.get("articleBody")), [headline, *head.headings, *authors]
    )
    canonical = _canonical(reader)
    draft = Draft(
        where=WHOLE_DOCUMENT,
        line=None,
        base=head.base,
        url=reader.arrival.url or canonical or "",
        canonical_url=canonical if canonical and canonical != reader.arrival.url else "",
        title=Text(headline, "plain"),
        content=Text(body, "html"),
        summary=Text(_summary(reader), "plain"),
        authors=authors,
        categories=_categories(reader),
        media=[Attached(address) for address in _pictures(reader)],
        language=reader.language(),
    )
    if not body and not draft.summary.value:
        expected = "expected a page with the text of an article, came one without"
        problems.add("article-without-text", WHOLE_DOCUMENT, f"{expected}; give its feed instead")
        return None
    _note_teaser(node, body, problems)
    entry = entry_of(draft, Reading(reader.arrival.observed_on, problems, zone=reader.arrival.zone))
    return _dated(entry, reader) if isinstance(entry, ArticleEntry) else None


def _dated(entry: ArticleEntry, reader: Reader) -> ArticleEntry:
    moment = published(
        reader.node, reader.head, reader.arrival.url or entry.canonical_url, reader.arrival
    )
    return replace(
        entry,
        summary=_apart(entry),
        published_at=moment.at if moment else None,
        published_on=moment.on if moment else None,
        published_precision=moment.precision if moment else None,
        published_offset_min=moment.offset_min if moment else None,
        published_confidence=moment.confidence if moment else None,
        updated_at=updated_at(reader.node, reader.head, moment, reader.arrival),
    )


def _apart(entry: ArticleEntry) -> str | None:
    """The summary, where it is not only the beginning of the text."""
    said = _CUT.sub("", entry.summary or "").strip()
    return entry.summary if said and not " ".join(entry.paragraphs).startswith(said) else None


def _headline(reader: Reader) -> str:
    """What the page calls its article: JSON-LD, the heading, OpenGraph, the title."""
    said = line(reader.node.get("headline")) or line(reader.node.get("name"))
    headings = reader.head.headings
    if said and _CUT.search(said):
        begun = _CUT.sub("", said).strip()
        said = next((one for one in headings if one.startswith(begun)), said)
    shared = _without_site(reader.head.meta("og:title", "twitter:title"), reader)
    if not said and shared:
        said = next((one for one in headings if one in shared or shared in one), shared)
    alone = headings[0] if len(headings) == 1 else ""
    return said or alone or _without_site(reader.head.title, reader)


def _without_site(title: str, reader: Reader) -> str:
    """A title without the name of its site behind a dash or bar."""
    parts = _SITE.split(title)
    site = reader.about.title.casefold()
    is_site = len(parts) > 1 and (parts[-1].casefold() == site or "|" in title)
    return title[: title.rindex(parts[-1])].rstrip(" |–—-:·»") if is_site else title


def _authors(reader: Reader) -> list[str]:
    said = reader.structured.names(reader.node, "author")
    named = said or reader.head.all("author", "article:author", "dc.creator")
    site = reader.about.title.casefold()
    plain = [one for one in named if "://" not in one]  # OpenGraph has profiles there
    return [one for one in plain if one.casefold() != site] or plain


def _categories(reader: Reader) -> list[str]:
    said = [*reader.structured.names(reader.node, "articleSection")]
    said += reader.head.all("article:section")
    keywords = reader.structured.names(reader.node, "keywords") or reader.head.all(
        "article:tag", "news_keywords"
    )
    said += [word.strip() for one in keywords for word in re.split(r"[,;]", one)]
    found: dict[str, str] = {}
    for one in said:
        found.setdefault(one.casefold(), one)
    return [one for one in found.values() if one]


def _pictures(reader: Reader) -> Iterable[str]:
    said = reader.structured.addresses(reader.node, "image")
    shared = reader.head.all("og:image", "og:image:url", "twitter:image")
    return (said or shared)[:_PICTURES_MAX]


def _canonical(reader: Reader) -> str | None:
    """What the page declares to be its address: on its own site, and no mere front page."""
    own = reader.arrival.url
    shared = absolute(reader.head.meta("og:url"), reader.head.base)
    for address in (reader.head.canonical, shared):
        if address is None or (own and not same_site(address, own)):
            continue
        if len(path_of(address)) > 1 or own is None or len(path_of(own)) <= 1:
            return address
    return None


def _summary(reader: Reader) -> str:
    said = line(reader.node.get("description"))
    return said or reader.head.meta("og:description", "description")


def _note_teaser(node: Node, body: str, problems: Problems) -> None:
    """What is not for everyone is not there; a text of which only the summary is left neither."""
    parts = [part for part in listed(node.get("hasPart")) if isinstance(part, dict)]
    is_denied_here = is_denied(node, "isAccessibleForFree") or any(
        is_denied(part, "isAccessibleForFree") for part in parts
    )
    if is_denied_here or not body:
        came = "a page that is not free to read" if is_denied_here else "a summary alone"
        detail = f"expected the whole text, came {came}; it was taken as far as it is there"
        problems.add("text-incomplete", WHOLE_DOCUMENT, detail)
