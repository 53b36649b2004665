"""Targets: what reads documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC
from html import unescape
from time import process_time
from typing import Final

from services.ingest.parse import decode, kinds, parse
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.feeds import encodings, json_feed, xml_feeds
from services.ingest.parse.feeds.dates import read_when
from services.ingest.parse.feeds.folding import Folding
from services.ingest.parse.feeds.markup import _CLEANER, prose_of
from services.ingest.parse.feeds.tokens import End, Paragraph, Start, tokens_of
from services.ingest.parse.front_page import parse as parse_front_page
from services.ingest.parse.kinds import Kind
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.parse.news import newsml_g2, ninjs
from services.ingest.parse.pages import decoding
from services.ingest.parse.problems import Problems
from services.ingest.parse.rates import bank_files
from tests import bank_files as banks
from tests import feeds, news_items
from tests.fuzz import holds
from tests.fuzz.feed_seeds import PROSE, RARE_FEEDS
from tests.fuzz.target import ARRIVALS, Target, chosen, golden, is_sampled, with_ways

Read = Callable[[bytes, Arrival], Parsed]

ITEM: Final = (
    "<item><title>Snow &amp;amp; ice</title><link>/1</link><guid isPermaLink='false'>1</guid>"
    "<author>a@courier.example (Aigul)</author><category>Weather</category>"
    "<dc:creator>Aigul Serik</dc:creator><pubDate>Mon, 02 Mar 2026 06:10:00 GMT</pubDate>"
    "<description><![CDATA[<p>The <b>pass</b> is closed.<img src='/a.jpg'>]]></description>"
    "<content:encoded>&lt;p&gt;The pass&lt;/p&gt;&lt;ul&gt;&lt;li&gt;one</content:encoded>"
    "<enclosure url='/a.mp3' length='1' type='audio/mpeg'/>"
    "<media:content url='/a.jpg' medium='image'><media:title>Pass</media:title></media:content>"
    "</item>"
)
ABOUT: Final = (
    "<title>Courier</title><link>https://courier.example/</link><language>en-KZ</language>"
    "<ttl>60</ttl><atom:link rel='hub' href='https://hub.example/'/>"
)
ENTRY: Final = (
    "<entry><id>urn:1</id><title type='html'>Snow &lt;b&gt;</title><link href='/1'/>"
    "<updated>2026-03-01T10:00:00+05:00</updated><published>2026-03-01</published>"
    "<author><name>Aigul</name></author><summary>Short.</summary><content type='xhtml'>"
    "<div xmlns='http://www.w3.org/1999/xhtml'><p>The pass</p><br/></div></content></entry>"
)
RDF: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<channel rdf:about="https://courier.example/"><title>Courier</title></channel>'
    '<item rdf:about="https://courier.example/1"><title>Snow</title><dc:date>2026-03-01</dc:date>'
    "<description>The pass is closed.</description></item></rdf:RDF>"
)
PROLOG: Final = (
    '<?xml version="1.0" encoding="windows-1251"?><!DOCTYPE rss [<!ENTITY shy "&#173;">'
    '<!ENTITY a "Снег">]>'
)
XML_FEEDS: Final = (
    feeds.rss(ITEM, ABOUT).encode(),
    feeds.atom(ENTRY, "<title>Courier</title>", 'xml:lang="en"').encode(),
    RDF.encode(),
    (PROLOG + feeds.rss("<item><title>&a;&shy;&nbsp;</title></item>")).encode("cp1251"),
    feeds.rss("<item><title>Снег</title></item>").encode("utf-16"),
    b"<br />Warning<rss><channel><item><title>A & B<br></item><item><title>C</channel>",
)
JSON_FEEDS: Final = (
    feeds.json_feed(
        {"id": 1, "title": "Snow", "content_html": "<p>The pass", "url": "/1"},
        {
            "id": "2",
            "content_text": "Ice.\n\nMore.",
            "date_published": "2026-03-01T00:00:00Z",
            "tags": ["a"],
            "authors": [{"name": "Aigul"}],
            "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg"}],
            "image": "https://courier.example/a.jpg",
        },
        title="Courier",
        home_page_url="https://courier.example/",
        hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
    ),
    b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"\\ud800","title":"\\u0000"}]}',
)
TEXTS_OF_DATES: Final = (
    "Mon, 02 Mar 2026 06:10:00 GMT",
    "2026-03-01T10:00:00.123+05:00",
    "2026-W09-7",
    "2 марта 2026 г., 10:15",
    "1772445000",
    "Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)",
    "5th of March, 2026 at 3 p.m. EST",
    "20260301T101500Z",
    "2026-02-30T24:00:00-00:00",
)
MARKUP: Final = (
    b'<p>The <b>pass</b> is <a href="/x?a=1&amp;b=2">closed</a>.</p><ul><li>one<li>two</ul>',
    b"<table><caption>C<tr><td colspan=3>1<th rowspan='2'>2</table><pre>a\n b</pre><h2>H</h3>",
    b"<svg><style><img src=x onerror=alert(1)></style></svg><math><mtext><table><mglyph>",
    b"<a href=' java\tscript:x'>x</a><img src='a.jpg' alt='&lt;script&gt;'><!--><script>-->",
    b"<blockquote>&nbsp;&#xD800;&#0;<![CDATA[<b>]]><noscript><p title='</noscript><img>'>",
)


REPEATED_BYTES: Final = 150_000
"""So long a document is made of a short one: what takes time by the square takes seconds."""
REPEATED_S_MAX: Final = 2.0
"""Instrumented, and beside others; at rest most take a tenth of a second."""
REPEATED: Final = tuple(
    (before + b"\xfe" + again + b"\xfe" + after)
    for before, again, after in (
        (b"<rss><channel>", b"<item><title>a</title><link>/1</link></item>", b"</channel></rss>"),
        (b"<rss><channel><item><description><![CDATA[", b"<p><b>a<a href=/>", b"]]>"),
        (b"<rss><channel><item><description>", b"&lt;ul&gt;&lt;li&gt;", b""),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a', b"<b a='1'>", b"</entry>"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>", b"<!ENTITY c '&a;'>", b"]><rss><channel>&c;"),
        (b'{"version":"https://jsonfeed.org/version/1","items":[', b'{"id":"1"},', b"{}]}"),
        (
            b'{"uri":"a","type":"text","headlines":[{"value":"a"}],"bodies":[',
            b'{"value":"b"},',
            b"",
        ),
        (b"<html><body><article><h1>A</h1>", b"<p>The pass is closed. <a href=/1>a</a>", b""),
        (b"<html><body>", b"<div><a href=/2026/03/01/snow-on-the-pass>Snow on the pass</a>", b""),
        (b"<html><head>", b"<meta property='article:published_time' content='2026'>", b"<p>a"),
        (b"<CurrencyRates Date='02.03.2026'>", b"<Currency ISOCode='USD'><Value>1</Value>", b""),
        (b"MARCH 2, 2026\n\n", b"ALMATY (A) - Snow.\n\n", b""),
        (b"USD/KZT ", b"501.40 ", b""),
        (
            b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="1">',
            b"<p>",
            b"</newsItem>",
        ),
    )
)


def _reads(read: Read) -> Callable[[bytes], None]:
    """A run of one reader."""

    def run(data: bytes) -> None:
        arrival, body = chosen(data, ARRIVALS)
        parsed = read(body, arrival)
        holds.document(parsed, body)
        assert not is_sampled(data) or read(body, arrival) == parsed

    return run


def _unrefused(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """A run without what ``parse`` would refuse before it asks any reader."""

    def run_some(data: bytes) -> None:
        _, body = chosen(data, ARRIVALS)
        if not decode.refusal(body) or xml_feeds.claims(body):
            run(data)

    return run_some


def _html(data: bytes) -> None:
    base, body = chosen(data, ("https://courier.example/news/", None))
    html = body.decode("utf-8", "surrogateescape")
    prose = prose_of(html, base, 2_000)
    assert all(prose.paragraphs)
    for paragraph in prose.paragraphs:
        holds.text(paragraph)
    for picture in prose.pictures:
        holds.address(picture.url)
    if prose.html is not None:
        holds.markup(prose.html)
        assert _CLEANER.clean(prose.html) == prose.html
        marked = unescape(re.sub(r"<[^>]*>", "", prose.html))
        assert sorted("".join(marked.split())) == sorted("".join("".join(prose.paragraphs).split()))
    assert not is_sampled(data) or prose_of(html, base, 2_000) == prose
    assert _folded(html, base, joins_paragraphs=True) == _folded(html, base, joins_paragraphs=False)


def _folded(html: str, base: str | None, *, joins_paragraphs: bool) -> tuple[str, object, object]:
    """What a text is put together to, with whole paragraphs in one piece or tag by tag."""
    folding = Folding(base)
    for token in tokens_of(html, joins_paragraphs=joins_paragraphs):
        match token:
            case str():
                folding.text(token)
            case Start():
                folding.start(token)
            case End():
                folding.end(token.name)
            case Paragraph():
                folding.paragraph(token)
    folding.finish()
    return "".join(folding.out), folding.paragraphs, folding.pictures


def _dates(data: bytes) -> None:
    zone, body = chosen(data, (None, "Asia/Almaty", "America/New_York", "../x", "\x00", "UTC"))
    said = body.decode("utf-8", "surrogateescape")
    when = read_when(said, zone)
    assert not is_sampled(data) or read_when(said, zone) == when
    if when is not None:
        assert (when.at is None) != (when.day is None)
        assert when.at is None or when.at.tzinfo is UTC
        assert when.day is None or 1900 <= when.day.year < 2200
        assert when.precision in {"second", "minute", "day", "month", "year"}
        assert (when.at is None) == (when.precision in {"day", "month", "year"}) or when.at is None
        assert abs(when.offset_min or 0) <= 24 * 60


def _bank_files(data: bytes) -> None:
    bank, body = chosen(data, (None, *bank_files.BANKS))
    arrival = Arrival(holds.OBSERVED_ON, bank=bank)
    parsed = parse(body, arrival)
    holds.document(parsed, body)
    assert bank is None or not parsed.articles
    assert bank is None or not parsed.rates or parsed.format == bank
    if bank_files.claims(body) and not decode.refusal(body):
        holds.document(bank_files.parse(body, arrival), body)


def _pages(data: bytes) -> None:
    arrivals: tuple[tuple[Kind, Arrival], ...] = tuple(
        (kind, arrival) for arrival in ARRIVALS for kind in ("page", "list", "feed", "any")
    )
    (kind, arrival), body = chosen(data, arrivals)
    parsed = kinds.read(kind, body, arrival)
    holds.document(parsed, body)
    assert not is_sampled(data) or kinds.read(kind, body, arrival) == parsed


def _encodings(data: bytes) -> None:
    charsets = (None, *sorted({one.charset for one in ARRIVALS if one.charset}), "koi8-r", "hz")
    charset, body = chosen(data, (*charsets, "base64", "rot13", "utf-8-sig", "punycode", "cp037"))
    encodings.beginning(body)
    found = encodings.decoded(body, charset)
    assert isinstance(found, Problem) or "\udc80" not in found.text
    assert not is_sampled(data) or encodings.decoded(body, charset) == found
    page = decoding.decoded(body, charset)
    holds.text(page.text.replace("\r", " ").replace("\x0c", " "))
    problems = Problems()
    lines = decode.lines_of(body, problems)
    assert lines is not None or problems.listed()
    assert (decode.refusal(body) or ("", ""))[0] != "too-large"
    assert len(body) <= DOCUMENT_BYTES_MAX
    assert decode.looks_like(body)


def _repeated(data: bytes) -> None:
    """A document of which a part is repeated: its time grows with its size alone."""
    kinds_of_reading: tuple[Kind, ...] = ("any", "page", "list", "feed")
    kind, body = chosen(data, kinds_of_reading)
    before, again, after = (*body.split(b"\xfe", 2), b"", b"")[:3]
    whole = before + again * (REPEATED_BYTES // max(1, len(again))) + after
    begun_s = process_time()
    parsed = kinds.read(kind, whole, ARRIVALS[1])
    assert process_time() - begun_s < REPEATED_S_MAX
    holds.document(parsed, whole)


DOCUMENTS: Final = (
    Target("feeds-xml", _reads(parse), with_ways((*XML_FEEDS, *RARE_FEEDS), 0, 2), "xml"),
    Target("html", _html, with_ways((*MARKUP, *map(str.encode, PROSE)), 0, 1), "html", 8_192),
    Target("pages", _pages, golden("pages", 0, 1, 4, 5, 6, 7), "html"),
    Target(
        "newsml-g2",
        _unrefused(_reads(newsml_g2.parse)),
        (
            *with_ways([(news_items.GOLDEN / "reuters_newsmessage.xml").read_bytes()]),
            *with_ways([news_items.g2(inside="<contentSet><inlineXML/></contentSet>").encode()], 2),
        ),
        "newsml",
    ),
    Target(
        "ninjs",
        _unrefused(_reads(ninjs.parse)),
        (*golden("news_items", 0, 1), *with_ways([news_items.ninjs()], 2)),
        "json",
    ),
    Target(
        "bank-files",
        _bank_files,
        (
            *golden("bank_files"),
            *with_ways([banks.nbkr(("USD", "87,45")).encode(), b"[]", b"<html>"], 1, 2, 3, 7),
        ),
        "banks",
    ),
    Target("json-feed", _unrefused(_reads(json_feed.parse)), with_ways(JSON_FEEDS, 0, 1), "json"),
    Target("dates", _dates, with_ways([t.encode() for t in TEXTS_OF_DATES], 0, 1), "dates", 160),
    Target("front-page", _unrefused(_reads(parse_front_page)), golden("front_pages"), "text"),
    Target(
        "encodings",
        _encodings,
        with_ways(
            [
                "Снег".encode("cp1251"),
                "Снег".encode("koi8-r"),
                "<?xml version='1.0' encoding='gb2312'?>雪".encode("gb18030"),
                "\ufeffСнег".encode("utf-16-le"),
                b"<meta charset=windows-1251>" + "Снег на перевале".encode("cp1251"),
                b"\x1b$B@c\x1b(B",
            ],
            0,
            1,
        ),
        "xml",
        4_096,
    ),
    Target("repeated", _repeated, with_ways(REPEATED, 0, 1, 2), "html", 400),
)
"""Those that read the most are first."""
