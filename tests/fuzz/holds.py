"""What holds for whatever is read of any bytes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from typing import Final

from lxml import etree

from services.ingest import framing, observe
from services.ingest.observe import Sighting, Source
from services.ingest.parse import limits
from services.ingest.parse.document import About, ArticleEntry, Listed, Parsed
from services.ingest.parse.feeds.keys import own_key
from services.ingest.parse.feeds.urls import absolute, address_key
from shared.news import Article, Media, Rate
from tests.fuzz.target import OBSERVED_ON

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE: Final = Source("courier", "Courier")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text may carry to a terminal, a page or an event."""
_TAGS: Final = frozenset(
    {
        *("a", "b", "i", "em", "strong", "code", "sub", "sup", "p", "br", "ul", "ol", "li", "pre"),
        *("blockquote", "h2", "h3", "h4", "table", "caption", "tbody", "tr", "td", "th"),
    }
)
_OF_CELLS: Final = frozenset({"colspan", "rowspan"})
_ATTRIBUTES: Final = {"a": frozenset({"href", "rel"}), "td": _OF_CELLS, "th": _OF_CELLS}
_SCHEMES: Final = ("http://", "https://", "mailto:")


def document(parsed: Parsed, data: bytes) -> None:
    """A document is read within all limits, and its entries are such as the log takes."""
    assert parsed.sha256 == sha256(data).hexdigest()
    assert parsed.articles or parsed.rates or parsed.listed or parsed.problems
    assert len(parsed.articles) <= limits.ARTICLES_MAX
    assert len(parsed.rates) <= limits.RATES_MAX
    assert len(parsed.problems) <= limits.PROBLEMS_MAX
    assert framing.parsed_of(framing.parsed_bytes(parsed), data) == parsed
    sighting = Sighting(parsed, SOURCE, NOW)
    keys = [key for entry in parsed.articles if (key := own_key(entry)) is not None]
    assert len(keys) == len(set(keys))
    for entry in parsed.articles:
        article(sighting, entry)
    for rate in parsed.rates:
        found = observe.rate(sighting, rate)
        assert Rate.model_validate_json(found.model_dump_json()) == found
    for listed in parsed.listed:
        offered(listed)
    if parsed.about is not None:
        about(parsed.about)


def article(sighting: Sighting, entry: ArticleEntry) -> None:
    """An entry is an article of the log; its addresses lead to the web, its texts are visible."""
    its_id = observe.own_id(SOURCE.id, entry) or observe.article_id(SOURCE.id, "slug:x")
    found = observe.article(sighting, entry, its_id)
    assert Article.model_validate_json(found.model_dump_json()) == found
    address(entry.url)
    address(entry.canonical_url)
    attached(entry.media)
    for one in entry.associations:
        address(one.url)
    for said in (entry.headline, entry.summary, entry.dateline, entry.rights, *entry.paragraphs):
        text(said)
    for said in (*entry.authors, *entry.categories, entry.source_item_id, entry.slugline):
        text(said)
    moments(entry)
    assert sum(map(len, entry.paragraphs)) <= limits.ARTICLE_CHARACTERS_MAX
    if entry.body_html is not None:
        markup(entry.body_html)


def offered(listed: Listed) -> None:
    """What is only listed leads to the web too, and is no longer than what is published."""
    address(listed.url)
    attached(listed.media)
    for said in (listed.title, listed.source_item_id, *listed.authors, *listed.categories):
        text(said)
        assert len(said or "") <= limits.ENTRY_LINE_CHARACTERS_MAX
    moments(listed)


def about(found: About) -> None:
    """What a document says of itself is within limits."""
    for said in (found.title, found.description, found.rights, *found.authors):
        text(said)
    for url in (found.url, found.own_url, *found.hubs, *found.feeds):
        address(url)
    assert len(found.hubs) <= limits.HUBS_MAX
    assert len(found.feeds) <= limits.PAGE_FEEDS_MAX
    assert 0 <= (found.refresh_s or 0) <= limits.REFRESH_SECONDS_MAX


def moments(entry: ArticleEntry | Listed) -> None:
    """Times are in UTC or days, and nothing was published after tomorrow."""
    assert entry.published_at is None or entry.published_on is None
    latest = OBSERVED_ON + timedelta(days=limits.DATE_AHEAD_DAYS_MAX + 1)  # in some time zone
    for at in (entry.published_at, entry.updated_at):
        assert at is None or (at.tzinfo is UTC and at.date() <= latest)
    assert (entry.published_on or date.min) <= latest


def attached(media: tuple[Media, ...]) -> None:
    """Media lead to the web and were read through the types of the log."""
    for one in media:
        address(one.url)
        text(one.caption)
        assert Media.model_validate_json(one.model_dump_json()) == one


def address(url: str | None) -> None:
    """An address is one of the web, and stays what it is when it is read again."""
    if url is not None:
        assert re.fullmatch(r"https?://[^\s\"'<>]+", url), url
        assert len(url) <= limits.ADDRESS_CHARACTERS_MAX
        assert absolute(url, None) == url
        assert address_key(url).startswith("//")


def text(said: str | None) -> None:
    """A text has nothing in it that is not seen."""
    assert said is None or not _UNSEEN.search(said), ascii(said)[:200]


def markup(html: str) -> None:
    """Markup has only what is allowed, for two readers that know nothing of each other."""
    assert len(html) <= limits.MARKUP_CHARACTERS_MAX
    text(html)
    reader = _Tags()
    reader.feed(html)
    reader.close()
    tree = etree.fromstring(f"<body>{html}</body>", etree.HTMLParser(huge_tree=False))
    for element in tree.iter():
        assert isinstance(element.tag, str), html  # no comment, no instruction
        if element.tag not in {"html", "body"}:
            _allowed(element.tag, dict(element.attrib))


class _Tags(HTMLParser):
    """Looks at every tag."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _allowed(tag, dict(attrs))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def _allowed(tag: str, attributes: dict[str, str | None]) -> None:
    assert tag in _TAGS, tag
    assert set(attributes) <= _ATTRIBUTES.get(tag, frozenset()), (tag, attributes)
    href = attributes.get("href")
    assert href is None or href.lower().startswith(_SCHEMES), href
