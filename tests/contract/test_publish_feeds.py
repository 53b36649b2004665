"""What ingest publishes of feeds, on every log: entries are known by their ids, not their words."""

from __future__ import annotations

from datetime import datetime

from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival
from shared.log import Log
from shared.news import Article
from tests.builders import at, events, history, publisher
from tests.feeds import atom, json_feed, rss


def seen(document: str | bytes, observed_at: datetime, source: str = "courier") -> Sighting:
    """A feed as seen at a time."""
    data = document.encode() if isinstance(document, str) else document
    parsed = parse(data, Arrival(observed_at.date()))
    return Sighting(parsed, Source(source, "Courier", "All rights."), observed_at)


async def published(log: Log, *feeds: Sighting) -> list[str]:
    """The outcomes of the last feed, after a restart before each of them."""
    outcomes = [[]] + [await publisher(log).publish(feed) for feed in feeds]
    return [type(outcome).__name__.lower() for outcome in outcomes[-1]]


async def articles(log: Log) -> list[Article]:
    """The articles of all events, oldest first."""
    found = [getattr(each.event, "article", None) for each in await events(log)]
    return [article for article in found if isinstance(article, Article)]


def items(*titles: str, guid: str = "courier-{}") -> str:
    """An RSS feed of entries numbered from 1."""
    each = "<item><title>{}</title><guid isPermaLink='false'>{}</guid></item>"
    return rss("".join(each.format(title, guid.format(n)) for n, title in enumerate(titles, 1)))


async def test_a_feed_replayed_three_times_appends_once(log: Log) -> None:
    feed = seen(items("Snow", "Ice"), at(2))

    outcomes = [await published(log, feed) for _ in range(3)]

    assert outcomes == [["appended"] * 2, ["unchanged"] * 2, ["unchanged"] * 2]
    assert await history(log) == [("Snow", 1, "received"), ("Ice", 1, "received")]


async def test_a_feed_seen_again_later_appends_nothing(log: Log) -> None:
    assert await published(log, seen(items("Snow"), at(2)), seen(items("Snow"), at(3))) == [
        "unchanged"
    ]


async def test_a_changed_entry_is_a_revision_whatever_its_words(log: Log) -> None:
    """An entry with an id of its own has no namesakes."""
    await published(log, seen(items("Snow"), at(2)), seen(items("Sun All Over the South"), at(3)))

    assert await history(log) == [
        ("Snow", 1, "received"),
        ("Sun All Over the South", 2, "revised"),
    ]


async def test_an_entry_that_moves_on_in_its_feed_stays_what_it_is(log: Log) -> None:
    both = rss(
        "<item><title>Ice</title><guid>2</guid></item><item><title>Snow</title><guid>1</guid></item>"
    )
    await published(log, seen(rss("<item><title>Snow</title><guid>1</guid></item>"), at(2)))

    assert await published(log, seen(both, at(3))) == ["appended", "unchanged"]


async def test_entries_of_one_headline_with_two_ids_are_two_articles(log: Log) -> None:
    await published(log, seen(items("Exchange Rates", "Exchange Rates"), at(2)))

    first, second = await articles(log)
    assert first.article_id != second.article_id
    assert (first.position, first.listed_on) == (None, None)


async def test_the_same_id_of_two_sources_is_two_articles(log: Log) -> None:
    await published(log, seen(items("Snow"), at(2)), seen(items("Snow"), at(2), "telegraph"))

    first, second = await articles(log)
    assert first.article_id != second.article_id


async def test_an_entry_without_an_id_is_known_by_its_address(log: Log) -> None:
    feed = "<item><title>{}</title><link>{}</link></item>"
    before = rss(feed.format("Snow", "https://c.example/a?utm_source=rss"))
    after = rss(feed.format("Ice", "http://c.example/a#top"))

    assert await published(log, seen(before, at(2)), seen(after, at(3))) == ["appended"]
    assert [version for _, version, _ in await history(log)] == [1, 2]


async def test_an_entry_without_id_and_address_is_known_by_its_headline(log: Log) -> None:
    feed = json_feed({"title": "Snow"}, {"title": "Ice", "id": 1}, {"title": "Sun"})

    assert await published(log, seen(feed, at(2))) == ["appended"] * 3
    assert await published(log, seen(feed, at(3))) == ["unchanged"] * 3
    assert [headline for headline, *_ in await history(log)] == ["Snow", "Ice", "Sun"]


async def test_what_the_source_changed_earlier_is_stale_though_it_is_seen_later(log: Log) -> None:
    feed = "<entry><id>urn:1</id><title>{}</title><updated>{}</updated></entry>"
    new = atom(feed.format("New", "2026-03-02T05:00:00Z"))
    old = atom(feed.format("Old", "2026-03-02T04:00:00Z"))

    assert await published(log, seen(new, at(2)), seen(old, at(3))) == ["stale"]
    assert [headline for headline, *_ in await history(log)] == ["New"]


async def test_an_event_says_all_that_the_entry_said(log: Log) -> None:
    feed = json_feed(
        {
            "id": "courier-1",
            "url": "https://c.example/1",
            "title": "Snow",
            "content_html": "<p>OSH – The <b>pass</b> is closed.</p><img src=/a.jpg>",
            "summary": "Closed.",
            "authors": [{"name": "Aigerim"}],
            "tags": ["Roads"],
            "language": "en",
            "date_published": "2026-03-01T06:00:00Z",
            "date_modified": "2026-03-01T07:00:00Z",
        }
    )
    await published(log, seen(feed, at(2)))

    (article,) = await articles(log)
    said = article.model_dump(mode="json", exclude={"document", "content_hash", "text_hash"})
    assert {name: value for name, value in said.items() if value not in (None, [])} == {
        "article_id": "a6a8cf4e-c21a-5c16-86d4-c1f2c35eae5e",
        "source": "courier",
        "credit": "Courier",
        "source_item_id": "courier-1",
        "url": "https://c.example/1",
        "headline": "Snow",
        "summary": "Closed.",
        "body": ["OSH – The pass is closed."],
        "body_html": "<p>OSH – The <b>pass</b> is closed.</p>",
        "authors": ["Aigerim"],
        "declared_language": "en",
        "categories": ["Roads"],
        "declared_tags": [
            {"kind": "subject", "scheme": None, "code": None, "name": "Roads", "relevance": None}
        ],
        "dateline": "OSH",
        "media": [{"url": "https://c.example/a.jpg", "media_type": None, "caption": None}],
        "published_at": "2026-03-01T06:00:00Z",
        "published_precision": "second",
        "published_offset_min": 0,
        "updated_at": "2026-03-01T07:00:00Z",
        "observed_at": "2026-03-02T06:00:00Z",
        "pubstatus": "usable",
        "rights": "All rights.",
        "revision": 1,
    }
    assert (article.document.parser, article.document.media_type) == (
        "json-feed", "application/feed+json",
    )  # fmt: skip
