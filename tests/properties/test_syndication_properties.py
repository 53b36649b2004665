"""Whatever an article says, its feeds are valid, say the same, and are read as they were meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from services.api.queries import Listed
from services.api.syndication import atom, json_feed, rss
from services.api.syndication.items import Listing
from services.api.syndication.links import ATOM, JSON_FEED, RSS, Format
from services.api.syndication.listing import listing
from services.api.syndication.query import FeedQuery
from services.api.syndication.texts import clean
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, ArticleEntry
from tests.feed_rules import faults
from tests.view_files import KZ, SITE, article_document

RENDER: Final[dict[Format, Callable[[Listing], bytes]]] = {
    ATOM: atom.render,
    RSS: rss.render,
    JSON_FEED: json_feed.render,
}
AT: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOSTILE: Final = (
    "]]>", "<![CDATA[", "&amp;", "&#0;", "<script>alert(1)</script>", "\x00", "\x0b", "\x1b[31m",
    "\ufffe", "\uffff", "\u202e", "\u2066", "\u200f", "\u0085", "\u2028", "\r\n", "\t",
    "🐎", "👩🏽‍🚀",
    "Қазақстан", "өңір", "ئۇيغۇر", "مرحبا", "中文", '"', "'", "%", "é", "e\u0301", "\ufeff",
)  # fmt: skip
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=6).map("".join)
said = st.fixed_dictionaries(
    {
        "headline": hostile.filter(bool),
        "body": st.lists(hostile.filter(bool), max_size=3),
        "language": st.sampled_from(["kk", "ru", "en", "ar", "und"]),
    },
    optional={
        "summary": hostile,
        "credit": hostile,
        "rights": hostile,
        "authors": st.lists(hostile, max_size=2),
        "url": hostile | hostile.map("https://courier.example/".__add__),
        "canonical_url": hostile.map("https://".__add__),
        "display": st.sampled_from([None, "excerpt", "headline"]),
        "revision": st.integers(1, 3),
        "published_at": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(  # noqa: DTZ001 - made UTC
            lambda at: at.isoformat() + "Z"
        ),
    },
)
LETTERS: Final = "аәбвгғқңөұүһіАЯЁabcxyzمرحبا🐎0123"
word = st.text(LETTERS, min_size=1, max_size=8)
mark = st.sampled_from(["«жол»", "–", "10%", "(x)", "A.", "🐎", "қар,"])
headlines = st.lists(word | mark, max_size=6).map(lambda more: " ".join(["Қар", *more]))
markup = st.sampled_from(["]]>", "<b>", "&amp;", "R&D", "a<b"])
paragraphs = st.lists(word | mark | markup, max_size=9).map(lambda more: " ".join(["Жол", *more]))


def made(*documents: dict[str, Any]) -> dict[Format, bytes]:
    """These articles in every format."""
    rows = [
        Listed(one["article_id"], "usable", 1, "", 0, None, orjson.dumps(one).decode())
        for one in documents
    ]
    return {
        form: render(listing(rows, FeedQuery(), SITE, form, AT)) for form, render in RENDER.items()
    }


def read(data: bytes) -> tuple[ArticleEntry, ...]:
    """As ingest would take it in."""
    parsed = parse(data, Arrival(date(2026, 3, 2)))
    assert parsed.problems == ()
    return parsed.articles


@given(st.lists(said, min_size=1, max_size=2), hostile)
@example([{"headline": "\x00", "body": ["\x0b"], "language": "und", "credit": " "}], "\x00")
@example([{"headline": "]]>", "body": ["]]>"], "language": "kk", "url": "https://%/"}], "")
def test_a_feed_is_valid_whatever_an_article_says(many: list[dict[str, Any]], name: str) -> None:
    tag = ("iso3166", "KZ", name, "country")
    feeds = made(*(article_document(number, tag, **one) for number, one in enumerate(many)))

    assert {form.suffix: faults(form.suffix, data) for form, data in feeds.items()} == {
        "atom": [],
        "rss": [],
        "json": [],
    }


@given(said)
def test_all_formats_say_the_same(one: dict[str, Any]) -> None:
    feeds = made(article_document(1, KZ, **one))

    (item,) = json.loads(feeds[JSON_FEED])["items"]
    entry = etree.fromstring(feeds[ATOM]).find("{*}entry")
    channel = etree.fromstring(feeds[RSS]).find("channel/item")
    assert entry is not None
    assert channel is not None
    is_whole = one.get("display") is None
    texts = [
        entry.findtext("{*}content" if is_whole else "{*}summary"),
        channel.findtext("{*}encoded" if is_whole else "description"),
    ]
    assert texts == [item["content_html"]] * 2
    assert entry.findtext("{*}title") == channel.findtext("title") == item["title"]
    assert entry.findtext("{*}id") == channel.findtext("guid") == item["id"]


@given(headlines, st.lists(paragraphs, min_size=1, max_size=3), st.sampled_from(["kk", "ru", "en"]))
def test_our_own_readers_find_the_same_article(
    headline: str, body: list[str], language: str
) -> None:
    document = article_document(
        1, KZ, headline=headline, body=body, language=language, authors=["Айгүл Серік"],
        published_at="2026-03-02T04:30:00Z", updated_at="2026-03-02T05:00:00Z",
    )  # fmt: skip

    for data in made(document).values():
        (found,) = read(data)
        assert found.headline == headline
        assert found.paragraphs == (*body, "Steppe Courier")
        assert found.url == f"https://news.example/articles/{document['article_id']}"
        assert found.source_item_id == f"urn:newswire:article:{document['article_id']}"
        assert found.published_at == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
        assert found.updated_at == datetime(2026, 3, 2, 5, tzinfo=UTC)
        assert found.declared_language == language
        assert found.authors == ("Айгүл Серік",)
        assert found.categories == ("Kazakhstan",)


@given(st.text(st.characters(codec=None), max_size=40))
@example("\ud800 half a pair \udfff")
def test_no_text_keeps_what_xml_cannot_hold(text: str) -> None:
    root = etree.Element("x")
    root.text = clean(text)

    assert etree.fromstring(etree.tostring(root, encoding="utf-8")).text == (root.text or None)
