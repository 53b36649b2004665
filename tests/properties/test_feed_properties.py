"""What holds for any bytes that may be a feed."""

import re
from datetime import UTC
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.parse.feeds.dates import read_when
from services.ingest.parse.feeds.markup import _CLEANER, prose_of
from services.ingest.parse.feeds.urls import absolute, address_key
from tests.any_bytes import fits_the_log, is_read_alike_twice, mutated, names_each_article_once
from tests.feeds import atom, json_feed, rss

BASE = "https://courier.example/news/"
PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<br>", "<ul>", "<li>", "</li>", "</ul>"),
        *("<table>", "<tr>", "<td>", "</td>", "</table>", "<pre>", "</pre>", "<h2>", "</h3>"),
        *("<blockquote>", "</blockquote>", "<div>", "</div>", "<a href=x>", "</a>", "<caption>"),
        *("<a href='javascript:x'>", "<img src=a.jpg alt=x>", "<script>", "</script>", "<svg>"),
        *("</svg>", "<!--", "-->", "<", ">", '"', "'", "=", "&", "&lt;", "&#xD800;", "&nbsp;"),
        *(" ", "\n", "snow", "Снег", "\x00", "\x92", "\ud83d", "]]>", "<![CDATA[", "<td colspan=3"),
    ]
)
HTML = st.lists(PIECES, max_size=40).map("".join)
SAID = st.one_of(HTML, st.text(max_size=40), st.none(), st.integers(), st.just("2026-03-01"))
NAMES = "id url title content_html content_text summary date_published date_modified image tags"
ITEMS = st.dictionaries(st.sampled_from(NAMES.split()), SAID, max_size=6)
WHOLE = (
    rss(
        "<item><title>Snow &amp;amp; ice</title><link>/1</link><guid>1</guid><author>A</author>"
        "<description><![CDATA[<p>The <b>pass</b> is closed.]]></description>"
        "<pubDate>Mon, 02 Mar 2026 06:10:00 GMT</pubDate><enclosure url='/a.mp3'/></item>"
    ).encode(),
    atom(
        "<entry><id>1</id><title type='html'>Snow</title><link href='/1'/><updated>2026-03-01"
        "</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>The pass"
        "</p></div></content></entry>"
    ).encode(),
    json_feed({"id": 1, "title": "Snow", "content_html": "<p>The pass"}),
)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


DOCUMENTS = st.one_of(
    mutated(WHOLE, PIECES.map(_encoded), changes_max=5, cut_bytes_max=20),
    st.lists(ITEMS, max_size=3).map(lambda items: json_feed(*items)),
    st.binary().map(lambda data: b"<rss>" + data),
    st.text().map(
        lambda text: rss(f"<item><title>{text}</title></item>").encode("utf-8", "replace")
    ),
)


@given(DOCUMENTS)
def test_no_bytes_raise_and_the_same_bytes_give_the_same_articles(data: bytes) -> None:
    is_read_alike_twice(data)


@given(DOCUMENTS)
def test_entries_are_within_what_the_log_takes(data: bytes) -> None:
    fits_the_log(data)


@given(DOCUMENTS)
def test_no_two_entries_of_a_feed_are_one_article(data: bytes) -> None:
    names_each_article_once(data)


@given(HTML)
def test_no_markup_is_left_but_what_is_allowed(html: str) -> None:
    kept = prose_of(html, BASE, 1_000).html or ""

    for tag in re.findall(r"<[^>]*>", kept):
        assert re.fullmatch(
            r"</?(?:a|b|i|p|br|ul|ol|li|blockquote|h[234]|pre|table|caption|tbody|tr|td|th)>"
            r'|<a href="https://courier\.example/news/x" rel="noopener nofollow">'
            r'|<t[dh] colspan="3">',
            tag,
        ), tag


@given(HTML)
def test_paragraphs_and_markup_are_the_same_words(html: str) -> None:
    prose = prose_of(html, BASE, 1_000)

    if prose.html is not None:
        marked = unescape(re.sub(r"<[^>]*>", "", prose.html))
        assert sorted("".join(marked.split())) == sorted("".join("".join(prose.paragraphs).split()))


@given(HTML)
def test_what_was_judged_once_is_not_changed_by_another_judgement(html: str) -> None:
    kept = prose_of(html, BASE, 1_000).html or ""

    assert _CLEANER.clean(kept) == kept


@given(st.text(), st.one_of(st.none(), st.just(BASE)))
def test_an_address_is_absolute_or_none_and_stays_what_it_is(text: str, base: str | None) -> None:
    address = absolute(text, base)

    if address is not None:
        assert re.fullmatch(r"https?://[^\s\"'<>]+", address)
        assert absolute(address, None) == address
        assert address_key(address).startswith("//")


@given(st.one_of(st.text(), st.text("0123456789-:/.TZ+ JanMonGMT", max_size=40)))
def test_a_date_is_in_utc_or_a_day_or_none(text: str) -> None:
    when = read_when(text)

    if when is not None:
        assert (when.at is None) != (when.day is None)
        assert when.at is None or when.at.tzinfo is UTC
