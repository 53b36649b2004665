"""RSS on RDF, versions 0.90, 1.0 and 1.1, and the older ones of RSS without it."""

from datetime import UTC, datetime

import pytest

from tests.feeds import read, reasons

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
WHOLE = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/">
  <channel rdf:about="https://courier.example/rdf">
    <title>Steppe Courier</title>
    <link>https://courier.example/</link>
    <description>News of the steppe</description>
    <dc:language>en</dc:language>
    <dc:rights>© Steppe Courier</dc:rights>
    <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
    <items><rdf:Seq><rdf:li rdf:resource="https://courier.example/1"/></rdf:Seq></items>
  </channel>
  <item rdf:about="https://courier.example/1">
    <title>Snow</title>
    <link>https://courier.example/1?from=rdf</link>
    <description>The pass is closed.</description>
    <dc:creator>Aigerim Toleukhan</dc:creator>
    <dc:date>2026-03-01T06:10:00Z</dc:date>
    <dc:subject>Roads</dc:subject>
    <content:encoded><![CDATA[<p>Forty lorries wait.</p>]]></content:encoded>
  </item>
</rdf:RDF>
"""


def test_items_beside_the_channel_are_read_with_all_that_they_say() -> None:
    parsed = read(WHOLE)

    assert (parsed.format, parsed.media_type, parsed.problems) == (
        "rss", "application/rss+xml", (),
    )  # fmt: skip
    (entry,) = parsed.articles
    assert (entry.headline, entry.summary, entry.paragraphs, entry.line) == (
        "Snow", "The pass is closed.", ("Forty lorries wait.",), 14,
    )  # fmt: skip
    assert (entry.source_item_id, entry.url) == (
        "https://courier.example/1", "https://courier.example/1?from=rdf",
    )  # fmt: skip
    assert (entry.authors, entry.categories, entry.declared_language, entry.rights) == (
        ("Aigerim Toleukhan",), ("Roads",), "en", "© Steppe Courier",
    )  # fmt: skip
    assert entry.published_at == datetime(2026, 3, 1, 6, 10, tzinfo=UTC)
    assert parsed.about is not None
    assert (parsed.about.title, parsed.about.url, parsed.about.refresh_s) == (
        "Steppe Courier", "https://courier.example/", 1_800,
    )  # fmt: skip


@pytest.mark.parametrize(
    "namespace",
    [
        "http://purl.org/rss/1.0/",
        "http://purl.org/rss/1.0",
        "https://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "urn:unknown",
    ],
)
def test_a_namespace_of_rss_is_known_in_its_spellings(namespace: str) -> None:
    parsed = read(
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="{namespace}"><channel><title>C</title></channel>'
        "<item><title>Snow</title></item></rdf:RDF>"
    )

    assert [entry.headline for entry in parsed.articles] == ["Snow"]


def test_an_item_without_a_link_is_where_rdf_says_that_it_is() -> None:
    parsed = read(
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="https://c.example/1"><title>Snow</title></item></rdf:RDF>'
    )

    assert [entry.url for entry in parsed.articles] == ["https://c.example/1"]


@pytest.mark.parametrize(
    "document",
    [
        '<rss version="0.91"><channel><item><title>Snow</title></item></channel></rss>',
        (
            '<rss version="0.94" xmlns="http://backend.userland.com/rss2"><channel><item>'
            "<title>Snow</title></item></channel></rss>"
        ),
        '<rss version="0.91"><channel></channel><item><title>Snow</title></item></rss>',
        "<RSS><CHANNEL><ITEM><TITLE>Snow</TITLE></ITEM></CHANNEL></RSS>",
        (
            '<Channel xmlns="http://purl.org/net/rss1.1#"><items><item><title>Snow</title></item>'
            "</items></Channel>"
        ),
        "<channel><item><title>Snow</title></item></channel>",
    ],
)
def test_rss_is_known_by_its_form(document: str) -> None:
    parsed = read(document)

    assert parsed.format == "rss"
    assert [entry.headline for entry in parsed.articles] == ["Snow"]


def test_rss_without_an_item_is_rss() -> None:
    document = '<rss version="2.0" xmlns="urn:unknown"><channel><title>C</title></channel></rss>'
    parsed = read(document)

    assert (parsed.format, parsed.articles) == ("rss", ())


def test_rdf_that_is_no_rss_is_unsupported() -> None:
    parsed = read(f'<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description/></rdf:RDF>')

    assert reasons(parsed) == [("unsupported", "the document")]
