"""Twice as long a document takes every parser about twice as long, whatever is in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import pytest

from services.ingest.parse.document import Arrival
from services.ingest.parse.kinds import Kind, read
from tests.feeds import OBSERVED_ON, atom, json_feed, rss
from tests.news_items import g2, ninjs

RATIO_MAX: Final = 2.6
"""Of the times of n and 2n; what grows with the square takes four times as long."""
TRIES: Final = 12
"""On a machine that does other things too."""
NOISE_S: Final = 0.02
"""Below this nothing can be told from a ratio, nor is there anything to tell."""
BYTES: Final = 400_000
ARRIVAL: Final = Arrival(OBSERVED_ON, "https://c.example/2026/a")


def described(html: str) -> str:
    return rss(f"<item><title>x</title><description><![CDATA[{html}]]></description></item>")


def paged(inside: str) -> str:
    text = "<p>The road to the pass is open again, and buses run every hour until evening.</p>" * 5
    return f"<html><head><title>Road</title></head><body><h1>Road</h1>{text}{inside}</body></html>"


Document = Callable[[int], str | bytes]
"""One of so many bytes, about."""

FEEDS: Final[dict[str, Document]] = {
    "attributes of the root": lambda n: f"<rss {' '.join(f'a{i}=x' for i in range(n // 9))}>",
    "attributes of an item": lambda n: rss(
        f"<item {' '.join(f'a{i}=x' for i in range(n // 9))}><title>x</title></item>"
    ),
    "well-formed attributes": lambda n: rss(
        "<item " + " ".join(map("a{}=''".format, range(n // 10))) + "><title>x</title></item>"
    ),
    "namespaces": lambda n: rss("".join(f"<x xmlns='u:{i}'/>" for i in range(n // 16))),
    "open comments": lambda n: described("<!--" * (n // 4)),
    "escaped comments": lambda n: rss(
        f"<item><title>x</title><description>{'&lt;!--' * (n // 7)}</description></item>"
    ),
    "an author of a mail address": lambda n: rss(
        f"<item><title>x</title><author>a@{'a.' * (n // 2)}!</author></item>"
    ),
    "a date of digits": lambda n: rss(
        f"<item><title>x</title><pubDate>{'1 ' * (n // 2)}</pubDate></item>"
    ),
    "a date of colons": lambda n: rss(
        f"<item><title>x</title><pubDate>2026{':00' * (n // 3)}</pubDate></item>"
    ),
    "an address of dots": lambda n: rss(
        f"<item><title>x</title><link>/{'../' * (n // 3)}</link></item>"
    ),
    "nested divisions": lambda n: described("<div>" * (n // 5)),
    "nested lists": lambda n: described("<ul><li>" * (n // 8)),
    "misnested inlines": lambda n: described("<b><i></b></i>" * (n // 14)),
    "open tags": lambda n: described("<a " * (n // 3)),
    "open quotation marks": lambda n: described('<a ="x' * (n // 6)),
    "references": lambda n: described("<b>" + "&amp;&lt;&notit;" * (n // 16)),
    "bare marks": lambda n: rss(f"<item><title>x</title>{'& < ' * (n // 4)}</item>"),
    "open sections": lambda n: rss(f"<item><title>x</title>{'<![CDATA[' * (n // 9)}</item>"),
    "entities": lambda n: "<!DOCTYPE rss [" + "<!ENTITY x 'y'>" * (n // 15) + "]>" + rss(""),
    "links of Atom": lambda n: atom(
        "<entry><title>x</title>" + '<link href="/x"/>' * (n // 17) + "</entry>"
    ),
    "tags of JSON Feed": lambda n: json_feed({"title": "x", "tags": ["a"] * (n // 5)}),
    "lists in lists": lambda n: json_feed({"title": "x"})[:-1] + b',"x":' + b"[" * n,
    "digits": lambda n: json_feed({"title": "x"})[:-1] + b',"x":' + b"9" * n + b"}",
}
OTHERS: Final[dict[str, Document]] = {
    "subjects of ninjs": lambda n: ninjs(subjects=[{"name": "x"}] * (n // 14)),
    "bodies of ninjs": lambda n: ninjs(bodies=[{"role": "x", "value": "<p>"}] * (n // 32)),
    "links of G2": lambda n: g2(meta='<link rel="a:b" residref="c"/>' * (n // 31)),
    "media in NITF": lambda n: g2(
        inside="<contentSet><inlineXML><nitf><body.content>"
        + "<media/>x" * (n // 9)
        + "</body.content></nitf></inlineXML></contentSet>"
    ),
    "rates": lambda n: "<rates>" + "<Currency ISOCode='USD'/>" * (n // 26) + "</rates>",
    "a front page of brackets": lambda n: "Snow falls\n\n" + "([" * (n // 2),
    "a front page of dashes": lambda n: "Snow falls\n\n" + "A – " * (n // 4),
    "a front page of quotation marks": lambda n: "Snow falls\n\n" + "“a\n\n" * (n // 4),
    "a ticker": lambda n: "KGS/USD 0.01143 (-0.30%)\n" * (n // 25),
}
PAGES: Final[dict[str, Document]] = {
    "attributes of a page": lambda n: paged(f"<p {' '.join(f'a{i}=x' for i in range(n // 9))}>"),
    "comments of a page": lambda n: paged("<!--" * (n // 4)),
    "divisions of a page": lambda n: paged("<div>" * (n // 5)),
    "scripts of a page": lambda n: paged("<script>" * (n // 8)),
    "JSON-LD of a page": lambda n: paged(
        '<script type="application/ld+json">' + "[" * n + "</script>"
    ),
    "open tags of a page": lambda n: paged("<a " * (n // 3)),
    "references of a page": lambda n: paged("&amp" * (n // 4)),
}


@pytest.mark.parametrize("name", [*FEEDS, *OTHERS])
def test_a_document_of_twice_the_size_takes_twice_the_time(name: str) -> None:
    ratio_of((FEEDS | OTHERS)[name], "any")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_twice_the_size_takes_twice_the_time(name: str) -> None:
    ratio_of(PAGES[name], "page")


def ratio_of(document: Document, kind: Kind) -> None:
    """Fails where the time for 2n is never near twice that for n."""
    one, two = document(BYTES), document(2 * BYTES)
    seconds, twice = seconds_of(one, kind), seconds_of(two, kind)
    for _ in range(TRIES):
        if twice <= RATIO_MAX * max(seconds, NOISE_S):
            return
        seconds, twice = max(seconds, seconds_of(one, kind)), min(twice, seconds_of(two, kind))
    assert twice <= RATIO_MAX * seconds


def seconds_of(document: str | bytes, kind: Kind) -> float:
    """Of processor time."""
    data = document.encode() if isinstance(document, str) else document
    begin = time.process_time()
    read(kind, data, ARRIVAL)
    return time.process_time() - begin
