"""Feeds for tests: what stands around the few words that a test is about."""

from __future__ import annotations

import json
from datetime import date

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, ArticleEntry, Parsed

OBSERVED_ON = date(2026, 3, 2)
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
)


def read(document: str | bytes) -> Parsed:
    """A document as observed on OBSERVED_ON."""
    data = document.encode() if isinstance(document, str) else document
    return parse(data, Arrival(OBSERVED_ON))


def reasons(parsed: Parsed) -> list[tuple[str, str]]:
    """What was wrong, and where."""
    return [(problem.reason, problem.where) for problem in parsed.problems]


def rss(items: str, channel: str = "<link>https://courier.example/</link>") -> str:
    """An RSS feed, on one line unless its items are on several."""
    return f'<rss version="2.0" {NAMESPACES}><channel>{channel}{items}</channel></rss>'


def item(inside: str) -> ArticleEntry:
    """The one entry of an RSS feed whose item holds this; it has a title where it holds none."""
    title = "" if "<title>" in inside else "<title>Snow</title>"
    parsed = read(rss(f"<item>{title}{inside}</item>"))
    assert len(parsed.articles) == 1, parsed.problems
    return parsed.articles[0]


def description(html: str) -> ArticleEntry:
    """The entry of an RSS feed whose item has this description, and no title."""
    link = "<link>https://courier.example/news/snow.html</link>"
    (entry,) = read(
        rss(f"<item>{link}<description><![CDATA[{html}]]></description></item>")
    ).articles
    return entry


def atom(entries: str, about: str = "", attributes: str = "") -> str:
    """An Atom feed."""
    name = f'feed xmlns="http://www.w3.org/2005/Atom" {attributes}'
    return f"<{name}><id>urn:x</id>{about}{entries}</feed>"


def atom_entry(inside: str, about: str = "", attributes: str = "") -> ArticleEntry:
    """The one entry of an Atom feed that holds this; it has a title where it holds none."""
    title = "" if "<title" in inside else "<title>Snow</title>"
    parsed = read(atom(f"<entry>{title}{inside}</entry>", about, attributes))
    assert len(parsed.articles) == 1, parsed.problems
    return parsed.articles[0]


def json_feed(*items: object, **about: object) -> bytes:
    """A JSON Feed 1.1."""
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, **about, "items": items}).encode()


def json_item(**said: object) -> ArticleEntry:
    """The one entry of a JSON Feed whose item says this; it has a title where it says none."""
    parsed = read(json_feed({"title": "Snow", **said}))
    assert len(parsed.articles) == 1, parsed.problems
    return parsed.articles[0]
