"""Atom 1.0: what an entry is made of. Source: RFC 4287."""

from datetime import UTC, datetime

import pytest

from services.ingest.parse.document import ArticleEntry
from shared.news import DeclaredTag, Media
from tests.feeds import atom, atom_entry, read, reasons

WHOLE = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ky" xml:base="https://courier.example/">
  <id>urn:feed</id>
  <title>Steppe Courier</title>
  <author><name>The desk</name></author>
  <rights>© Steppe Courier</rights>
  <entry xml:lang="en">
    <id>urn:courier:1</id>
    <title type="html">Snow &amp;amp; Ice on the &lt;i&gt;Pass&lt;/i&gt;</title>
    <link href="news/1"/>
    <link rel="enclosure" href="/a.mp3" type="audio/mpeg" title="To hear"/>
    <link rel="canonical" href="https://first.example/1"/>
    <summary>The pass is closed.</summary>
    <content type="xhtml" xml:base="news/"><div xmlns="http://www.w3.org/1999/xhtml">
      <p>The <a href="pass">pass</a> is closed.</p><p>1 &lt; 2</p></div></content>
    <category term="roads" label="Roads"/>
    <category term="weather"/>
    <published>2026-03-01T06:10:00Z</published>
    <updated>2026-03-01T12:10:00.5+06:00</updated>
  </entry>
</feed>
"""


def test_an_entry_is_read_with_all_that_it_says() -> None:
    parsed = read(WHOLE)

    assert (parsed.format, parsed.parser_version, parsed.media_type) == (
        "atom", 3, "application/atom+xml",
    )  # fmt: skip
    assert parsed.problems == ()
    assert parsed.articles == (
        ArticleEntry(
            headline="Snow & Ice on the Pass",
            paragraphs=("The pass is closed.", "1 < 2"),
            position=None,
            line=7,
            source_item_id="urn:courier:1",
            url="https://courier.example/news/1",
            canonical_url="https://first.example/1",
            summary="The pass is closed.",
            body_html='<p>The <a href="https://courier.example/news/pass"'
            ' rel="noopener nofollow">pass</a> is closed.</p><p>1 &lt; 2</p>',
            authors=("The desk",),
            declared_language="en",
            categories=("Roads", "weather"),
            declared_tags=(
                DeclaredTag(kind="subject", code="roads", name="Roads"),
                DeclaredTag(kind="subject", name="weather"),
            ),
            media=(
                Media(
                    url="https://courier.example/a.mp3", media_type="audio/mpeg", caption="To hear"
                ),
            ),
            published_at=datetime(2026, 3, 1, 6, 10, tzinfo=UTC),
            published_precision="second",
            published_offset_min=0,
            updated_at=datetime(2026, 3, 1, 6, 10, 0, 500_000, tzinfo=UTC),
            rights="© Steppe Courier",
        ),
    )


DIV = 'div xmlns="http://www.w3.org/1999/xhtml"'
XDIV = 'x:div xmlns:x="http://www.w3.org/1999/xhtml"'
REGISTERED = "http://www.iana.org/assignments/relation/alternate"


@pytest.mark.parametrize(
    ("content", "text", "html"),
    [
        ("<content>1 &lt; 2 &lt;b&gt;</content>", "1 < 2 <b>", None),
        ('<content type="text">a &amp;amp; b</content>', "a &amp; b", None),
        ('<content type="html">a &lt;b&gt;c&lt;/b&gt;</content>', "a c", "<p>a <b>c</b></p>"),
        ('<content type="TEXT/HTML; charset=utf-8">&lt;p&gt;a</content>', "a", "<p>a</p>"),
        ('<content type="html">a <b xmlns="">c</b></content>', "a c", "<p>a <b>c</b></p>"),
        (
            f'<content type="xhtml"><{XDIV}><x:p>a<x:br/>b</x:p></x:div></content>',
            "a b",
            "<p>a<br>b</p>",
        ),
        ('<content type="application/xml"><p xmlns="">a</p></content>', "a", "<p>a</p>"),
        ('<content type="text/plain">a</content>', "a", None),
    ],
)
def test_content_is_read_by_its_type(content: str, text: str, html: str | None) -> None:
    entry = atom_entry(content)

    assert (entry.paragraphs, entry.body_html) == ((text,), html)


@pytest.mark.parametrize(
    "content",
    [
        '<content type="image/png">aGVsbG8=</content>',
        '<content type="application/octet-stream">aGVsbG8=</content>',
        '<content src="https://c.example/1" type="text/html"/>',
    ],
)
def test_content_that_is_no_text_leaves_the_summary_as_the_text(content: str) -> None:
    entry = atom_entry(f"{content}<summary>Closed.</summary>")

    assert (entry.paragraphs, entry.summary) == (("Closed.",), None)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("<title>What &lt;br&gt; Does</title>", "What <br> Does"),
        ("<title>AT&amp;amp;T</title>", "AT&T"),
        ('<title type="html">a &amp;lt; b</title>', "a < b"),
        (
            f'<title type="xhtml"><{DIV}>a <b>b</b></div></title>',
            "a b",
        ),
        ('<title type="odd">a</title>', "a"),
    ],
)
def test_a_title_is_read_by_its_type(title: str, headline: str) -> None:
    assert atom_entry(title).headline == headline


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ('<link href="https://c.example/1"/>', "https://c.example/1"),
        ('<link rel="self" href="https://c.example/1"/>', None),
        (
            '<link type="text/csv" href="https://c.example/0"/><link href="https://c.example/1"/>',
            "https://c.example/1",
        ),
        (
            f'<link rel="{REGISTERED}" href="https://c.example/1"/>',
            "https://c.example/1",
        ),
        ('<link href=" 1 "/>', "https://feed.example/a/1"),
        ('<link href="1" xml:base="b/"/>', "https://feed.example/a/b/1"),
    ],
)
def test_the_link_is_the_alternate_one_for_readers(links: str, url: str | None) -> None:
    entry = atom_entry(links, attributes='xml:base="https://feed.example/a/"')

    assert entry.url == url


def test_without_xml_base_a_link_is_relative_to_the_page_of_the_feed() -> None:
    entry = atom_entry(
        '<link href="1"/>', '<link rel="self" href="https://x.example/f"/>'
        '<link href="https://courier.example/news/"/>',
    )  # fmt: skip

    assert entry.url == "https://courier.example/news/1"


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        ("<author><name>A</name></author><author><name>B</name></author>", ("A", "B")),
        ("<author><email>a@c.example</email></author>", ("a@c.example",)),
        ("<source><author><name>A</name></author></source>", ("A",)),
        ("<contributor><name>A</name></contributor>", ("The desk",)),
        ("", ("The desk",)),
    ],
)
def test_an_entry_without_an_author_has_that_of_its_source_or_of_the_feed(
    said: str, authors: tuple[str, ...]
) -> None:
    assert atom_entry(said, "<author><name>The desk</name></author>").authors == authors


def test_an_entry_document_is_read_as_a_feed_of_one() -> None:
    parsed = read('<entry xmlns="http://www.w3.org/2005/Atom"><title>Snow</title></entry>')

    assert [entry.headline for entry in parsed.articles] == ["Snow"]


def test_of_entries_with_one_id_the_latest_is_taken() -> None:
    entry = "<entry><id>urn:1</id><title>{}</title><link href='{}'/><updated>{}</updated></entry>"
    parsed = read(
        atom(
            entry.format("Old", "https://c.example/1", "2026-03-01T06:00:00Z")
            + entry.format("New", "https://c.example/2", "2026-03-01T07:00:00Z")
            + entry.format("Older", "https://c.example/3", "2026-03-01T05:00:00Z")
        )
    )

    assert [entry.headline for entry in parsed.articles] == ["New"]
    assert reasons(parsed) == [("id-repeated", "line 1")] * 2


@pytest.mark.parametrize(
    ("document", "root"),
    [
        ("<feed/>", "feed"),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "rdf:rdf"),
        ("<opml/>", "opml"),
        ("<!-- a <feed> --><note/>", "note"),
    ],
)
def test_xml_that_is_no_feed_is_unsupported(document: str, root: str) -> None:
    parsed = read('<?xml version="1.0"?>' + document)

    assert parsed.format == "unknown"
    assert reasons(parsed) == [("unsupported", "the document")]
    assert parsed.problems[0].detail.endswith(f"came the root element “{root}”")
