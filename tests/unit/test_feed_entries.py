"""What holds for an entry of any feed: its headline, its ids, its dates, and its limits."""

from pathlib import Path

import pytest

from services.ingest.parse import limits
from services.ingest.parse.feeds.keys import own_key
from tests.feeds import atom, description, item, json_feed, json_item, read, reasons, rss

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
LIMITS = {
    "entries of a feed": limits.ARTICLES_MAX,
    "characters of a headline made of the text of an entry": limits.HEADLINE_OF_TEXT_CHARACTERS_MAX,
    "characters of a title, an id, a name or a category of an entry":
        limits.ENTRY_LINE_CHARACTERS_MAX,
    "characters of a summary or the rights of an entry": limits.SUMMARY_CHARACTERS_MAX,
    "characters of an address": limits.ADDRESS_CHARACTERS_MAX,
    "authors of an entry": limits.AUTHORS_MAX,
    "categories of an entry": limits.CATEGORIES_MAX,
    "pictures and attachments of an entry": limits.MEDIA_MAX,
    "elements of one name in an entry": limits.ENTRY_PARTS_MAX,
    "characters of the markup of an entry; above it the markup is left out":
        limits.MARKUP_CHARACTERS_MAX,
    "bytes of an article with its markup; above it the markup is left out":
        limits.ARTICLE_BYTES_MAX,
    "tags in the texts of a feed": limits.MARKUP_TAGS_MAX,
}  # fmt: skip


@pytest.mark.parametrize(("what", "limit"), LIMITS.items())
def test_every_limit_of_feeds_is_in_the_operators_manual(what: str, limit: int) -> None:
    assert f"| {what} | {limit:,} |" in OPERATIONS


# --- headlines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        ("<p>The pass is closed.</p><p>Wait.</p>", "The pass is closed."),
        ("a" * 120, "a" * 120),
        ("a" * 121, "a" * 119 + "…"),
        ("word " * 23 + "wor. And more", "word " * 23 + "wor…"),
        ("word " * 22 + "lengthy words at the end", "word " * 22 + "lengthy…"),
        ("word, " * 30, "word, " * 19 + "word…"),
    ],
)
def test_an_entry_without_a_title_is_headed_by_its_first_words(html: str, headline: str) -> None:
    entry = description(html)

    assert entry.headline == headline
    assert len(entry.headline) <= 120


def test_an_entry_with_nothing_to_read_or_follow_is_no_article() -> None:
    parsed = read(rss("<item><title> &amp;nbsp; </title><guid>1</guid></item>"))

    assert parsed.articles == ()
    assert reasons(parsed) == [("article-without-text", "line 1")]
    assert parsed.problems[0].detail == (
        "expected a title, a text, a link or media, came “1” with none of them"
    )


def test_a_title_alone_is_an_article() -> None:
    assert item("<title>Snow</title>").paragraphs == ()


def test_a_dateline_is_read_as_on_a_page() -> None:
    assert description("<p>OSH, Kyrgyzstan – The pass is closed.</p>").dateline == "OSH, Kyrgyzstan"


# --- ids ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"id": "1", "url": "https://c.example/a"}, "id:1"),
        ({"url": "https://c.example/a?utm_source=x#top"}, "url://c.example/a"),
        ({"url": "javascript:alert(1)"}, None),
        ({}, None),
    ],
)
def test_an_entry_is_named_by_its_id_else_by_its_address(
    said: dict[str, object], key: str | None
) -> None:
    assert own_key(json_item(**said)) == key


def test_an_id_with_several_links_names_nothing() -> None:
    one = {"id": "0", "title": "A", "url": "https://c.example/a"}
    two = {"id": "0", "title": "B", "url": "https://c.example/b"}
    parsed = read(json_feed(one, two))

    assert [own_key(entry) for entry in parsed.articles] == [
        "url://c.example/a",
        "url://c.example/b",
    ]
    assert reasons(parsed) == [("id-repeated", "items[0]"), ("id-repeated", "items[1]")]


def test_an_id_with_one_original_address_names_an_entry_whatever_the_detour() -> None:
    original = (
        '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        "https://courier.example/snow</feedburner:origLink>"
    )
    items = "".join(
        f"<item><title>Snow</title><guid isPermaLink='false'>7</guid>"
        f"<link>https://detour.example/{number}</link>{original}</item>"
        for number in (1, 2)
    )
    (entry,) = read(rss(items)).articles

    assert (entry.source_item_id, entry.canonical_url) == ("7", "https://courier.example/snow")


def test_of_two_entries_of_one_id_that_say_a_day_alone_the_later_is_taken() -> None:
    items = "".join(
        f"<item><title>Snow on day {day}</title><guid isPermaLink='false'>7</guid>"
        f"<pubDate>2026-01-0{day}</pubDate></item>"
        for day in (1, 2)
    )

    assert [entry.headline for entry in read(rss(items)).articles] == ["Snow on day 2"]


def test_an_id_without_links_is_one_entry() -> None:
    parsed = read(json_feed({"id": "0", "title": "A"}, {"id": "0", "title": "B"}))

    assert [entry.headline for entry in parsed.articles] == ["A"]
    assert reasons(parsed) == [("id-repeated", "items[1]")]


def test_the_same_entry_twice_is_one_without_a_problem() -> None:
    entry = "<item><title>Snow</title><guid>1</guid></item>"
    parsed = read(rss(entry + "\n" + entry))

    assert (len(parsed.articles), parsed.problems) == (1, ())


def test_entries_without_ids_are_all_taken() -> None:
    assert len(read(json_feed({"title": "A"}, {"title": "A"})).articles) == 2


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("soon", "date-unreadable"),
        ("Wed, 04 Mar 2026 00:00:00 GMT", "date-in-future"),
        ("2026-03-04", "date-in-future"),
    ],
)
def test_a_date_that_cannot_be_believed_is_dropped_and_the_entry_taken(
    said: str, reason: str
) -> None:
    parsed = read(rss(f"<item><title>Snow</title><pubDate>{said}</pubDate></item>"))

    assert (parsed.articles[0].published_at, parsed.articles[0].published_on) == (None, None)
    assert reasons(parsed) == [(reason, "line 1")]
    assert said in parsed.problems[0].detail


def test_tomorrow_is_believed() -> None:
    entry = item("<pubDate>Tue, 03 Mar 2026 23:59:59 GMT</pubDate>")

    assert str(entry.published_at) == "2026-03-03 23:59:59+00:00"


def test_a_day_alone_does_not_tell_which_change_is_the_later() -> None:
    parsed = read(atom("<entry><title>Snow</title><updated>2026-03-01</updated></entry>"))

    assert parsed.articles[0].updated_at is None
    assert reasons(parsed) == [("date-unreadable", "line 1")]


# --- what cannot be taken as it is --------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<link>javascript:alert(1)</link>", "the link"),
        ("<enclosure url='data:text/html,x'/>", "an attachment"),
        ("<media:content url='file:///etc/passwd'/>", "an attachment"),
    ],
)
def test_an_address_that_is_not_taken_is_told(inside: str, what: str) -> None:
    parsed = read(rss(f"<item><title>Snow</title>{inside}</item>"))

    assert (parsed.articles[0].url, parsed.articles[0].media) == (None, ())
    assert reasons(parsed) == [("url-unusable", "line 1")]
    assert parsed.problems[0].detail.startswith(f"expected an http or https address in {what}, ")


@pytest.mark.parametrize(
    "inside",
    [
        f"<title>{'x' * 2_001}</title>",
        f"<category>{'x' * 2_001}</category>",
        f"<dc:creator>{'x' * 2_001}</dc:creator>",
        f"<guid>{'x' * 2_001}</guid>",
        f"<dc:rights>{'x ' * 20_000}</dc:rights>",
        f"<description>{'x ' * 20_000}</description><content:encoded>y</content:encoded>",
    ],
)
def test_what_is_too_long_for_the_log_is_cut_and_told(inside: str) -> None:
    title = "" if "<title>" in inside else "<title>Snow</title>"
    parsed = read(rss(f"<item>{title}{inside}</item>"))

    (entry,) = parsed.articles
    lines = (entry.headline, *entry.categories, *entry.authors, entry.source_item_id or "")
    assert reasons(parsed) == [("text-too-long", "line 1")]
    assert max(map(len, lines)) <= 2_000
    assert len((entry.rights or "") + (entry.summary or "")) <= 20_000


def test_a_long_id_is_left_out_since_its_beginning_is_another_ones() -> None:
    parsed = read(json_feed({"title": "Snow", "id": "x" * 2_001, "url": "https://c.example/a"}))

    assert own_key(parsed.articles[0]) == "url://c.example/a"
    assert reasons(parsed) == [("text-too-long", "items[0]")]


def test_more_parts_than_the_log_keeps_are_left_out_and_told() -> None:
    parsed = read(
        json_feed(
            {
                "title": "Snow",
                "authors": [{"name": str(n)} for n in range(201)],
                "tags": [str(n) for n in range(501)],
                "attachments": [{"url": f"https://c.example/{n}"} for n in range(201)],
            }
        )
    )

    (entry,) = parsed.articles
    assert (len(entry.authors), len(entry.categories), len(entry.media)) == (200, 500, 200)
    assert len(entry.declared_tags) == 500
    assert reasons(parsed) == [("too-many-entries", "items[0]")] * 4


@pytest.mark.parametrize(
    "text",
    ["word " * 40_001, "<p>" + "word " * 40_001, "x\n\n" * 10_001, "<p>x</p>" * 10_001],
)
def test_an_article_longer_than_a_book_is_dropped_and_told(text: str) -> None:
    kept = {"title": "Short", "content_text": "x"}
    parsed = read(json_feed({"title": "Long", "content_html": text}, kept))

    assert [entry.headline for entry in parsed.articles] == ["Short"]
    assert reasons(parsed) == [("text-too-long", "items[0]")]


def test_markup_that_would_not_fit_into_an_event_is_left_out() -> None:
    link = f"<a href=https://c.example/{'x' * 3_900}>x</a> "
    parsed = read(json_feed({"title": "Snow", "content_html": link * 150}))

    (entry,) = parsed.articles
    assert (entry.body_html, len(entry.paragraphs[0])) == (None, 299)
    assert reasons(parsed) == [("text-too-long", "items[0]")]
