"""JSON Feed 1.0 and 1.1: what an entry is made of. Source: jsonfeed.org/version/1.1."""

import json
from datetime import UTC, date, datetime

import pytest

from services.ingest.parse.document import ArticleEntry
from shared.news import DeclaredTag, Media
from tests.feeds import json_feed, json_item, read, reasons


def test_an_item_is_read_with_all_that_it_says() -> None:
    parsed = read(
        json_feed(
            {
                "id": "courier-1",
                "url": "news/1",
                "external_url": "https://other.example/",
                "title": "Snow &amp; Ice",
                "content_html": "<p>The <em>pass</em> is closed.</p>",
                "content_text": "Not taken.",
                "summary": "Closed.",
                "image": "/a.jpg",
                "date_published": "2026-03-01T06:10:00+06:00",
                "date_modified": "2026-03-01T07:10:00+06:00",
                "authors": [{"name": "Aigerim"}, {"url": "https://b.example/"}],
                "tags": ["Roads", "Weather", "Roads", 5],
                "language": "ru_KG",
                "attachments": [
                    {"url": "/a.mp3", "mime_type": "audio/mpeg", "title": "To hear"},
                    {"mime_type": "audio/mpeg"},
                ],
            },
            home_page_url="https://courier.example/",
            authors=[{"name": "The desk"}],
            language="en",
        )
    )

    assert (parsed.format, parsed.parser_version, parsed.media_type, parsed.encoding) == (
        "json-feed", 3, "application/feed+json", "utf-8",
    )  # fmt: skip
    assert parsed.problems == ()
    assert parsed.articles == (
        ArticleEntry(
            headline="Snow & Ice",
            paragraphs=("The pass is closed.",),
            position=None,
            line=None,
            source_item_id="courier-1",
            url="https://courier.example/news/1",
            summary="Closed.",
            body_html="<p>The <em>pass</em> is closed.</p>",
            authors=("Aigerim", "https://b.example/"),
            declared_language="ru-KG",
            categories=("Roads", "Weather", "5"),
            declared_tags=(
                DeclaredTag(kind="subject", name="Roads"),
                DeclaredTag(kind="subject", name="Weather"),
                DeclaredTag(kind="subject", name="5"),
            ),
            media=(
                Media(url="https://courier.example/a.jpg"),
                Media(
                    url="https://courier.example/a.mp3", media_type="audio/mpeg", caption="To hear"
                ),
            ),
            published_at=datetime(2026, 3, 1, 0, 10, tzinfo=UTC),
            published_precision="second",
            published_offset_min=360,
            updated_at=datetime(2026, 3, 1, 1, 10, tzinfo=UTC),
        ),
    )


def test_an_item_without_authors_and_language_has_those_of_the_feed() -> None:
    said = {"author": {"name": "The desk"}, "language": "kk"}
    (entry,) = read(json_feed({"title": "Snow"}, **said)).articles

    assert (entry.authors, entry.declared_language) == (("The desk",), "kk")


def test_plain_text_is_kept_as_it_stands_and_parted_by_blank_lines() -> None:
    entry = json_item(content_text="AT&amp;T <b>\nis here.\n\n\nSo am I.")

    assert entry.paragraphs == ("AT&amp;T <b> is here.", "So am I.")
    assert entry.body_html is None


def test_a_summary_alone_is_the_text() -> None:
    entry = json_item(summary="Closed.")

    assert (entry.paragraphs, entry.summary) == (("Closed.",), None)


@pytest.mark.parametrize(
    ("text", "item_id"),
    [
        ("7", "7"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("1.50", "1.50"),
        ('" a "', "a"),
        ("null", None),
        ("true", None),
        ("[1]", None),
    ],
)
def test_an_id_is_text_or_a_number_as_written(text: str, item_id: str | None) -> None:
    document = (
        '{"version": "https://jsonfeed.org/version/1",'
        f' "items": [{{"title": "Snow", "id": {text}}}]}}'
    )

    assert read(document).articles[0].source_item_id == item_id


def test_an_item_without_a_url_has_the_one_that_it_is_about() -> None:
    assert json_item(external_url="https://other.example/1").url == "https://other.example/1"


def test_a_day_alone_is_the_day_of_publication() -> None:
    entry = json_item(date_published="2026-03-01")

    assert (entry.published_at, entry.published_on) == (None, date(2026, 3, 1))


def test_half_a_character_stands_as_a_replacement() -> None:
    entry = json_item(content_text="Snow \ud83d")

    assert entry.paragraphs == ("Snow \ufffd",)


def test_control_characters_are_not_seen() -> None:
    assert json_item(title="Sn\x00ow\x1b[31m").headline == "Snow[31m"


@pytest.mark.parametrize(
    ("items", "found"),
    [
        (None, [("empty", "the document")]),
        ([], [("empty", "the document")]),
        ("x", [("article-without-text", "items[0]")]),
        ([5, []], [("article-without-text", "items[0]"), ("article-without-text", "items[1]")]),
    ],
)
def test_items_that_are_no_objects_are_no_entries(
    items: object, found: list[tuple[str, str]]
) -> None:
    version = "https://jsonfeed.org/version/1.1"
    parsed = read(json.dumps({"version": version, "items": items}))

    assert parsed.articles == ()
    assert reasons(parsed) == found


@pytest.mark.parametrize(
    "document",
    [
        '{"version": "https://jsonfeed.org/version/2", "items": []}',
        '{"version": 1, "items": []}',
        '{"items": []}',
        "{}",
        "[]",
        '{"a": ',
    ],
)
def test_json_that_is_no_feed_is_unsupported(document: str) -> None:
    parsed = read(document)

    assert (parsed.format, parsed.articles) == ("unknown", ())
    assert reasons(parsed) == [("unsupported", "the document")]


@pytest.mark.parametrize(
    ("end", "where"),
    [('"items": [,]}', "line 2"), ('"items": [{"title": "Sn', "line 2"), ("\n}", "line 3")],
)
def test_a_feed_that_is_not_well_formed_is_told_where(end: str, where: str) -> None:
    parsed = read('{"version": "https://jsonfeed.org/version/1",\n' + end)

    assert parsed.format == "unknown"
    assert reasons(parsed) == [("not-well-formed", where)]


def test_a_feed_nested_too_deep_is_not_well_formed() -> None:
    parsed = read('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 200_000)

    assert reasons(parsed) == [("not-well-formed", "the document")]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
    ],
)
def test_a_feed_in_utf_16_or_utf_32_is_read_and_told(encoding: str, told: str) -> None:
    document = json_feed({"title": "Қар жауды", "id": "1"}).decode()
    parsed = read(document.encode(encoding))

    assert (parsed.format, parsed.encoding) == ("json-feed", told)
    assert [entry.headline for entry in parsed.articles] == ["Қар жауды"]
    assert reasons(parsed) == [("encoding-uncertain", "the document")]


def test_a_byte_order_mark_is_no_problem() -> None:
    parsed = read(b"\xef\xbb\xbf" + json_feed({"title": "Snow", "id": "1"}))

    assert (parsed.encoding, len(parsed.articles), parsed.problems) == ("utf-8", 1, ())


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (json_feed({"title": "Қар"}).decode().encode("utf-16")[:-1], "undecodable"),
        ('{"title": "Қар"}'.encode("utf-16"), "unsupported"),
        ("[1, 2]".encode("utf-16"), "undecodable"),
        ("[1, 2]".encode("utf-16-le"), "undecodable"),
        ("Қар жауды. Жол жабық.".encode("utf-16"), "undecodable"),
        ('{"version": "https://jsonfeed.org/version/1", "title": "Снег"}'.encode("cp1251"),
         "undecodable"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_not_read_in_any_encoding(document: bytes, reason: str) -> None:
    parsed = read(document)

    assert (parsed.articles, reasons(parsed)) == ((), [(reason, "the document")])


def test_a_feed_whose_text_shows_a_feed_of_xml_is_no_xml() -> None:
    text = "<rss version='2.0'><channel><item><title>Shown</title></item></channel></rss>"
    parsed = read(json_feed({"title": "How to write RSS", "content_text": text}))

    assert [entry.headline for entry in parsed.articles] == ["How to write RSS"]
