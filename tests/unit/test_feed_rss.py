"""RSS 2.0: what an entry is made of. Source: the RSS 2.0 specification."""

from datetime import UTC, date, datetime

import pytest

from services.ingest.parse.document import ArticleEntry
from shared.news import DeclaredTag, Media
from tests.feeds import item, read, reasons, rss

WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>Steppe Courier</title>
    <link>https://courier.example/</link>
    <language>en</language>
    <copyright>© Steppe Courier</copyright>
    <item>
      <title>Snow Closes the Road to Osh</title>
      <link>/news/snow?utm_source=rss</link>
      <guid isPermaLink="false">courier-1</guid>
      <description>The pass is closed.</description>
      <content:encoded><![CDATA[
        <p>OSH, Kyrgyzstan – The <b>pass</b> is closed.</p>
        <p>Forty lorries wait &amp; more come.</p>
        <img src="/pictures/pass.jpg" alt="The pass">
      ]]></content:encoded>
      <dc:creator>Aigerim Toleukhan</dc:creator>
      <category>Roads</category>
      <category domain="x">Weather</category>
      <pubDate>Mon, 02 Mar 2026 06:10:00 +0600</pubDate>
      <enclosure url="https://courier.example/a.mp3" length="1" type="audio/mpeg"/>
    </item>
  </channel>
</rss>
"""


def test_an_item_is_read_with_all_that_it_says() -> None:
    parsed = read(WHOLE)

    assert (parsed.format, parsed.parser_version, parsed.media_type, parsed.encoding) == (
        "rss", 3, "application/rss+xml", "utf-8",
    )  # fmt: skip
    assert (parsed.listed_on, parsed.rates, parsed.problems) == (None, (), ())
    assert parsed.articles == (
        ArticleEntry(
            headline="Snow Closes the Road to Osh",
            paragraphs=(
                "OSH, Kyrgyzstan – The pass is closed.",
                "Forty lorries wait & more come.",
            ),
            position=None,
            dateline="OSH, Kyrgyzstan",
            line=9,
            source_item_id="courier-1",
            url="https://courier.example/news/snow?utm_source=rss",
            canonical_url=None,
            summary="The pass is closed.",
            body_html="<p>OSH, Kyrgyzstan – The <b>pass</b> is closed.</p>"
            "<p>Forty lorries wait &amp; more come.</p>",
            authors=("Aigerim Toleukhan",),
            declared_language="en",
            categories=("Roads", "Weather"),
            declared_tags=(
                DeclaredTag(kind="subject", name="Roads"),
                DeclaredTag(kind="subject", scheme="x", code="Weather", name="Weather"),
            ),
            media=(
                Media(url="https://courier.example/a.mp3", media_type="audio/mpeg"),
                Media(url="https://courier.example/pictures/pass.jpg", caption="The pass"),
            ),
            published_at=datetime(2026, 3, 2, 0, 10, tzinfo=UTC),
            published_precision="second",
            published_offset_min=360,
            published_on=None,
            updated_at=None,
            rights="© Steppe Courier",
        ),
    )


def test_a_description_alone_is_the_text_and_no_summary() -> None:
    entry = item("<description>The pass is closed.\n\nForty lorries wait.</description>")

    assert entry.paragraphs == ("The pass is closed.", "Forty lorries wait.")
    assert (entry.summary, entry.body_html) == (None, None)


def test_a_description_that_is_the_text_is_no_summary() -> None:
    entry = item(
        "<description>The pass is closed.</description>"
        "<content:encoded>&lt;p&gt;The pass is closed.&lt;/p&gt;</content:encoded>"
    )

    assert (entry.paragraphs, entry.summary) == (("The pass is closed.",), None)


@pytest.mark.parametrize(
    ("said", "html", "text"),
    [
        ("a &lt;b&gt;c&lt;/b&gt;", "<p>a <b>c</b></p>", "a c"),
        ("<![CDATA[a <b>c</b>]]>", "<p>a <b>c</b></p>", "a c"),
        ("<![CDATA[<![CDATA[a <b>c</b>]]]]><![CDATA[>]]>", "<p>a <b>c</b></p>", "a c"),
        ("a <b>c</b>", "<p>a <b>c</b></p>", "a c"),
        ("5 &amp;lt; 8, ticker &amp;lt;BIG&amp;gt;", None, "5 < 8, ticker <BIG>"),
        ("AT&amp;amp;T", None, "AT&T"),
        ("1 &lt; 2", None, "1 < 2"),
    ],
)
def test_a_description_is_html_however_it_was_escaped(
    said: str, html: str | None, text: str
) -> None:
    entry = item(f"<description>{said}</description>")

    assert (entry.body_html, entry.paragraphs) == (html, (text,))


@pytest.mark.parametrize(
    ("said", "headline"),
    [
        ("AT&amp;amp;T Comes to Osh", "AT&T Comes to Osh"),
        ("It&amp;#8217;s Snow", "It’s Snow"),
        ("It&#146;s Snow", "It’s Snow"),
        ("&lt;b&gt;Snow&lt;/b&gt; in Osh", "Snow in Osh"),
        ("<![CDATA[Snow<br/>in  Osh]]>", "Snow in Osh"),
        ("What &lt;marquee&gt; Was", "What <marquee> Was"),
        ("1 &lt; 2 &amp; 3 &gt; 2", "1 < 2 & 3 > 2"),
        ("Снег\n   в Оше", "Снег в Оше"),
    ],
)
def test_a_title_is_plain_text_however_it_was_escaped(said: str, headline: str) -> None:
    assert item(f"<title>{said}</title>").headline == headline


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("<author>a@courier.example (Aigerim Toleukhan)</author>", "Aigerim Toleukhan"),
        ("<author>Aigerim Toleukhan (a@courier.example)</author>", "Aigerim Toleukhan"),
        ("<author>Aigerim Toleukhan &lt;a@courier.example&gt;</author>", "Aigerim Toleukhan"),
        ("<author>a@courier.example</author>", "a@courier.example"),
        ("<dc:creator>Aigerim</dc:creator><author>a@c.example (Aigerim)</author>", "Aigerim"),
        ("<atom:author><atom:name>Aigerim</atom:name></atom:author>", "Aigerim"),
    ],
)
def test_an_author_is_a_name_where_there_is_one(said: str, author: str) -> None:
    assert item(said).authors == (author,)


@pytest.mark.parametrize(
    ("said", "item_id", "url"),
    [
        ("<guid>https://c.example/1</guid>", "https://c.example/1", "https://c.example/1"),
        ('<guid isPermaLink="false">https://c.example/1</guid>', "https://c.example/1", None),
        ("<guid>courier-1</guid>", "courier-1", None),
        ("<link>https://c.example/1</link>", None, "https://c.example/1"),
        ("<link>news/1</link>", None, "https://courier.example/news/1"),
        ('<atom:link href="https://c.example/1"/>', None, "https://c.example/1"),
        ('<atom:link rel="self" href="https://c.example/1"/>', None, None),
    ],
)
def test_a_guid_is_an_id_and_a_link_unless_it_says_that_it_is_none(
    said: str, item_id: str | None, url: str | None
) -> None:
    entry = item(said)

    assert (entry.source_item_id, entry.url) == (item_id, url)


def test_what_a_burner_of_feeds_keeps_of_the_original_link_is_canonical() -> None:
    parsed = read(
        '<rss xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        "<title>Snow</title><link>https://feeds.example/~r/1</link>"
        "<f:origLink>https://c.example/1</f:origLink></item></channel></rss>"
    )

    assert parsed.articles[0].url == "https://feeds.example/~r/1"
    assert parsed.articles[0].canonical_url == "https://c.example/1"


@pytest.mark.parametrize(
    ("said", "at", "on"),
    [
        ("<pubDate>2 Mar 26 00:10 EST</pubDate>", datetime(2026, 3, 2, 5, 10, tzinfo=UTC), None),
        ("<dc:date>2026-03-01T06:10:00Z</dc:date>", datetime(2026, 3, 1, 6, 10, tzinfo=UTC), None),
        ("<pubDate>1 March 2026</pubDate>", None, date(2026, 3, 1)),
        ("<pubDate>1 March 2026 06:10</pubDate>", None, date(2026, 3, 1)),
        ("", None, None),
    ],
)  # fmt: skip
def test_an_item_was_published_at_an_instant_or_on_a_day(
    said: str, at: datetime | None, on: date | None
) -> None:
    entry = item(said)

    assert (entry.published_at, entry.published_on) == (at, on)


def test_pictures_of_media_rss_are_taken_with_the_caption_beside_them() -> None:
    entry = item(
        "<media:group><media:title>The pass</media:title>"
        '<media:content url="/a.jpg" type="image/jpeg"/>'
        '<media:content url="/b.jpg" type="image/JPEG; q=1">'
        "<media:title>Lorries</media:title></media:content></media:group>"
        '<media:thumbnail url="/small.jpg"/>'
    )

    assert entry.media == (
        Media(url="https://courier.example/a.jpg", media_type="image/jpeg", caption="The pass"),
        Media(url="https://courier.example/b.jpg", media_type="image/jpeg", caption="Lorries"),
        Media(url="https://courier.example/small.jpg"),
    )


def test_what_an_item_says_itself_goes_before_what_the_channel_says() -> None:
    parsed = read(
        rss(
            "<item><title>Snow</title><dc:language>ru</dc:language>"
            "<dc:rights>Free.</dc:rights></item>",
            "<language>en</language><copyright>Not free.</copyright>",
        )
    )

    assert parsed.articles[0].declared_language == "ru"
    assert parsed.articles[0].rights == "Free."


def test_an_address_is_relative_to_what_xml_base_says() -> None:
    parsed = read(
        '<rss xml:base="https://c.example/a/"><channel><link>https://other.example/</link>'
        '<item xml:base="b/"><title>Snow</title><link>1</link></item></channel></rss>'
    )

    assert parsed.articles[0].url == "https://c.example/a/b/1"


def test_items_keep_their_order_and_stand_on_no_page() -> None:
    parsed = read(rss("<item><title>B</title></item>\n<item><title>A</title></item><other/>"))

    assert [(e.headline, e.position, e.line) for e in parsed.articles] == [
        ("B", None, 1), ("A", None, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("document", [rss(""), "<rss/>", "<rss><channel/></rss>"])
def test_a_feed_without_entries_says_so(document: str) -> None:
    parsed = read(document)

    assert (parsed.format, parsed.articles) == ("rss", ())
    assert reasons(parsed) == [("empty", "the document")]
