"""What a feed says of itself, and the entries that are offered without words."""

from datetime import UTC, date, datetime

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import About, Arrival, Listed
from shared.news import Media
from tests.feeds import OBSERVED_ON, atom, json_feed, read, reasons, rss

HUB = "https://hub.example/"


def test_a_channel_says_who_it_is() -> None:
    parsed = read(
        rss(
            "<item><title>Snow</title></item>",
            "<title>Steppe &amp;amp; Courier</title><link>https://courier.example/</link>"
            "<description>&lt;p&gt;News of the steppe</description><language>en-us</language>"
            "<managingEditor>a@courier.example (Aigerim)</managingEditor>"
            "<webMaster>b@courier.example</webMaster><copyright>© Courier</copyright>"
            "<pubDate>Sun, 01 Mar 2026 06:00:00 GMT</pubDate>"
            "<lastBuildDate>Sun, 01 Mar 2026 07:00:00 GMT</lastBuildDate><ttl>60</ttl>"
            f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="/rss"/>',
        )
    )

    assert parsed.about == About(
        title="Steppe & Courier",
        description="News of the steppe",
        url="https://courier.example/",
        own_url="https://courier.example/rss",
        language="en-us",
        authors=("Aigerim",),
        published_at=datetime(2026, 3, 1, 6, tzinfo=UTC),
        updated_at=datetime(2026, 3, 1, 7, tzinfo=UTC),
        rights="© Courier",
        hubs=(HUB,),
        refresh_s=3_600,
    )


def test_a_feed_of_atom_says_who_it_is() -> None:
    about = (
        "<title type='html'>Steppe &lt;b&gt;Courier</title><subtitle>News</subtitle>"
        "<author><name>Aigerim</name></author><rights>©</rights><updated>2026-03-01T07:00:00Z</updated>"
        f"<link href='/'/><link rel='self' href='/atom'/><link rel='hub' href='{HUB}'/>"
    )
    parsed = read(atom("", about, "xml:lang='ky' xml:base='https://courier.example/'"))

    assert parsed.about == About(
        title="Steppe Courier",
        description="News",
        url="https://courier.example/",
        own_url="https://courier.example/atom",
        own_id="urn:x",
        language="ky",
        authors=("Aigerim",),
        updated_at=datetime(2026, 3, 1, 7, tzinfo=UTC),
        rights="©",
        hubs=(HUB,),
    )


def test_a_json_feed_says_who_it_is() -> None:
    parsed = read(
        json_feed(
            title="Courier", description="News", home_page_url="https://courier.example/",
            feed_url="https://courier.example/feed.json", language="en",
            authors=[{"name": "Aigerim"}], hubs=[{"type": "WebSub", "url": HUB},
            {"type": "rssCloud", "url": "https://cloud.example/"}],
        )
    )  # fmt: skip

    assert parsed.about == About(
        title="Courier",
        description="News",
        url="https://courier.example/",
        own_url="https://courier.example/feed.json",
        language="en",
        authors=("Aigerim",),
        hubs=(HUB,),
    )


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/"><channel rdf:about="/"><title>Courier</title></channel>'
    "<image><title>C</title><url>https://courier.example/a.png</url></image></rdf:RDF>"
)
ATOM = "xml:base='https://courier.example/'"


@pytest.mark.parametrize(
    "document",
    [
        rss("", "<image><url>https://courier.example/a.png</url><title>C</title></image>"),
        rss(
            "",
            '<itunes:image href="https://courier.example/a.png"/>'
            "<atom:icon>https://courier.example/favicon.ico</atom:icon>",
        ),
        RDF,
        atom("", "<icon>favicon.ico</icon><logo>/a.png</logo>", ATOM),
        atom("", "<icon>a.png</icon>", ATOM),
        json_feed(
            icon="https://courier.example/a.png", favicon="https://courier.example/favicon.ico"
        ),
    ],
)
def test_the_picture_that_stands_for_a_feed_is_kept(document: str | bytes) -> None:
    about = read(document).about

    assert about is not None
    assert about.picture == "https://courier.example/a.png"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("<ttl>15</ttl>", 900),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>999999</ttl>", 2_592_000),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 86_400),
        ("<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
         900),
        ("<sy:updateFrequency>4</sy:updateFrequency>", None),
        ("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 86_400),
        ("<skipHours><hour>1</hour></skipHours>", None),
    ],
)  # fmt: skip
def test_a_feed_may_say_for_how_long_it_need_not_be_read(said: str, seconds: int | None) -> None:
    sy = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    parsed = read(f"<rss {sy}><channel>{said}<item><title>x</title></item></channel></rss>")

    assert parsed.about is not None
    assert parsed.about.refresh_s == seconds


@pytest.mark.parametrize(
    "document",
    [
        "<rss><channel><link>/news/</link><item><title>x</title><link>1</link></item></channel></rss>",
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><link href="/news/"/><entry><title>x</title>'
            '<link href="/news/1"/></entry></feed>'
        ),
        (
            '{"version": "https://jsonfeed.org/version/1", "home_page_url": "/news/",'
            ' "items": [{"title": "x", "url": "1"}]}'
        ),
    ],
)
def test_addresses_are_relative_to_where_the_feed_was_fetched_from(document: str) -> None:
    arrival = Arrival(OBSERVED_ON, url="https://courier.example/feeds/all")
    parsed = parse(document.encode(), arrival)

    assert parsed.about is not None
    assert parsed.about.url == "https://courier.example/news/"
    assert [entry.url for entry in parsed.articles] == ["https://courier.example/news/1"]


def test_an_entry_with_a_link_or_media_alone_is_listed_and_no_article() -> None:
    parsed = read(
        rss(
            "<item><link>/1</link><guid isPermaLink='false'>g1</guid><author>Aigerim</author>"
            "<pubDate>1 March 2026</pubDate><category>Roads</category></item>\n"
            '<item><enclosure url="/a.mp3" type="audio/mpeg"/></item>'
            "<item><title>Snow</title></item>"
        )
    )

    assert parsed.listed == (
        Listed(
            url="https://courier.example/1",
            source_item_id="g1",
            where="line 1",
            authors=("Aigerim",),
            categories=("Roads",),
            published_on=date(2026, 3, 1),
        ),
        Listed(
            url=None,
            media=(Media(url="https://courier.example/a.mp3", media_type="audio/mpeg"),),
            where="line 2",
        ),
    )
    assert ([entry.headline for entry in parsed.articles], parsed.problems) == (["Snow"], ())


def test_an_entry_that_says_nothing_is_not_even_listed() -> None:
    parsed = read(rss("<item/>"))

    assert (parsed.articles, parsed.listed) == ((), ())
    assert reasons(parsed) == [("article-without-text", "line 1")]


def test_an_entry_without_a_title_is_headed_by_its_summary() -> None:
    (entry,) = read(
        json_feed({"summary": "Snow on the pass", "content_text": "It snows."})
    ).articles

    assert (entry.headline, entry.summary, entry.paragraphs) == (
        "Snow on the pass", "Snow on the pass", ("It snows.",),
    )  # fmt: skip
