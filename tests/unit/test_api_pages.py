"""The front page and the article page, as they are written."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.view_files import ALMATY, KZ, UZ, ViewFile, article_id, client

TAGS = re.compile(r"<[^>]+>")
OUR_SCRIPT = re.compile(
    r'<script type="module" src="/static/[a-z]+\.js\?v=|<script type="application/ld\+json">'
)


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def page(view: ViewFile, path: str = "/") -> str:
    view.publish()
    answer = client(view.folder).get(path)
    assert answer.status_code == 200
    return answer.text


def headlines(html: str) -> list[str]:
    return [
        unescape(TAGS.sub("", found))
        for found in re.findall(r'<h\d class="headline".*?</h\d>', html, re.DOTALL)
    ]


def words(html: str) -> str:
    """The page as it is read."""
    return " ".join(unescape(TAGS.sub(" ", html)).split())


def missing(text: str, *expected: str) -> list[str]:
    """Which of these a page does not have."""
    return [one for one in expected if one not in text]


def test_a_lead_as_long_as_an_article_is_cut(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1, body=["word " * 300, "The second paragraph."])
    view.publish()

    page = client(tmp_path).get("/").text

    assert f'<p class="lead" lang="en" dir="auto">{("word " * 120).rstrip()}…</p>' in page


@pytest.mark.parametrize(
    ("display", "summary", "shown"),
    [
        ("excerpt", None, "The first paragraph."),
        ("excerpt", "In short.", "In short."),
        ("headline", "In short.", None),
    ],
)
def test_no_more_of_a_text_is_shown_than_its_rights_allow(
    display: str, summary: str | None, shown: str | None, tmp_path: Path
) -> None:
    texts = ["The first paragraph.", "The second paragraph."]
    view = ViewFile(tmp_path)
    view.article(1, body=texts, summary=summary, display=display, url="https://c.example/1")
    view.publish()
    pages = [client(tmp_path).get(path).text for path in ("/", f"/articles/{article_id(1)}")]

    for html in pages:
        found = [text for text in (*texts, "In short.") if text in html]
        assert found == ([shown] if shown else [])
    assert "Read the whole text at" in pages[1]
    assert 'href="https://c.example/1"' in pages[1]


def test_articles_are_in_order_with_source_time_language_lead_and_tags(view: ViewFile) -> None:
    view.article(1, KZ, ALMATY, position=2, headline="Second", language="ru")
    view.article(2, UZ, position=1, headline="First", source="x-press", credit=None)

    html = page(view)

    assert headlines(html) == ["First", "Second"]
    shown = (
        '<a class="source" href="/sources/x-press">x-press</a>',
        '<time datetime="2025-12-13">13 December 2025</time>',
        'lang="ru" dir="auto"><a href="/articles/',
        "Русский",
        '<p class="lead" lang="ru" dir="auto">The first paragraph.</p>',
        '<a href="/tags/iso3166:KZ" rel="tag">Kazakhstan</a>',
    )
    assert missing(html, *shown) == []
    assert "The second paragraph." not in html


def test_the_ticker_has_every_pair_with_signed_change_and_day(view: ViewFile) -> None:
    view.rate("KGS/USD", "0.01143", change="-0")
    view.rate("TJS/USD", "0.10820", change="0.19")
    view.rate("UZS/USD", "0.00008", change="0")

    said = words(page(view))

    assert "KGS/USD 0.01143 −0% 13 December 2025" in said
    assert "TJS/USD 0.10820 +0.19% 13 December 2025" in said
    assert "UZS/USD 0.00008 0% 13 December 2025" in said
    assert "Rates as published by Steppe Courier" in said


def test_the_date_line_is_the_day_of_the_newest_article(view: ViewFile) -> None:
    view.article(1, listed_on="2025-12-12")
    view.article(2, listed_on="2025-12-13")

    html = page(view)

    assert '<p class="today"><time datetime="2025-12-13">13 December 2025</time></p>' in html
    assert '<h2 class="day-name"><time datetime="2025-12-12">12 December 2025</time></h2>' in html


def two_sources(view: ViewFile) -> None:
    view.article(1, listed_on="2025-12-13")
    view.article(2, listed_on="2025-12-11", source="bulletin", credit="Bulletin")
    view.rate("KGS/USD", "0.01143", change="-0")
    view.rate("KGS/USD", "0.01150", "2025-12-10", source="bulletin", credit="Bulletin")
    view.rate("UZS/USD", "0.00008", change="0")


def test_a_chosen_source_has_its_own_date_line_and_rates(view: ViewFile) -> None:
    two_sources(view)

    html = page(view, "/?source=bulletin")
    ticker = words(html.partition('<section class="ticker"')[2].partition("</section>")[0])

    assert '<p class="today"><time datetime="2025-12-11">11 December 2025</time></p>' in html
    assert "KGS/USD 0.01150 10 December 2025 Rates as published by Bulletin" in ticker
    assert "UZS/USD" not in ticker
    assert "Steppe Courier" not in ticker


def test_a_chosen_source_without_news_or_rates_has_no_date_line_and_no_ticker(
    view: ViewFile,
) -> None:
    two_sources(view)

    html = page(view, "/?source=nobody")

    assert 'class="today"' not in html
    assert 'class="ticker"' not in html
    assert 'class="ticker"' in page(view, "/?language=en")


def test_a_copy_is_named_under_its_canonical_article(view: ViewFile) -> None:
    view.article(1, headline="Canonical", position=1)
    view.article(2, headline="Copy", credit="Bulletin", source="bulletin", copy_of=1, position=2)
    view.article(3, headline="Other", position=3)

    html = page(view)

    assert headlines(html) == ["Canonical", "Other"]
    assert f'also: <a href="/articles/{article_id(2)}">Bulletin</a>' in html


def test_a_copy_stands_for_itself_when_its_canonical_article_is_not_listed(view: ViewFile) -> None:
    view.article(2, headline="Copy", source="bulletin", copy_of=1)

    view.notice(1, "canceled")
    assert headlines(page(view)) == ["Copy"]

    view.article(1, headline="Canonical")
    assert headlines(page(view)) == ["Canonical"]
    assert headlines(page(view, "/?source=bulletin")) == ["Copy"]


def test_a_filtered_page_names_its_conditions_and_ways_out(view: ViewFile) -> None:
    view.article(1, KZ, ALMATY, headline="Here")
    view.article(2, KZ, headline="There")

    html = page(view, "/?tag=geonames:1526384&language=en&utm_source=mail")

    assert headlines(html) == ["Here"]
    assert 'href="/?language=en" aria-label="Remove Almaty"' in html
    assert 'href="/?tag=geonames%3A1526384" aria-label="Remove English"' in html


def test_older_news_are_one_link_away_and_keep_the_filter(view: ViewFile) -> None:
    for number in range(1, 53):
        view.article(number, KZ, position=number)

    html = page(view, "/?tag=iso3166:KZ")
    older = re.search(r'rel="next" href="([^"]+)"', html)
    assert older
    rest = page(view, unescape(older[1]))

    assert len(headlines(html)) == 50
    assert headlines(rest) == ["Headline 51", "Headline 52"]
    assert 'rel="next"' not in rest


def test_an_empty_wire_says_how_to_begin(view: ViewFile) -> None:
    said = words(page(view))

    assert "Nothing on the wire yet" in said
    assert "newswire replay seed" in said


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=garbled", 400),
        ("tag=no-tag", 422),
        ("language=123", 422),
        ("source=a&source=b", 422),
    ],
)
def test_a_wrong_address_of_the_front_page_is_a_page(
    view: ViewFile, query: str, status: int
) -> None:
    view.publish()

    answer = client(view.folder).get(f"/?{query}")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_what_links_gather_on_their_way_is_ignored_however_often_it_stands(view: ViewFile) -> None:
    view.article(1, KZ, headline="Here")

    assert headlines(page(view, "/?utm_source=a&utm_source=b&tag=iso3166:KZ")) == ["Here"]


def test_a_cursor_for_polling_is_none_of_the_front_page(view: ViewFile) -> None:
    view.publish()
    api = client(view.folder)
    cursor = api.get("/v1/articles").json()["cursor"]

    assert api.get(f"/?cursor={cursor}").status_code == 400


def test_markup_in_an_article_stays_text(view: ViewFile) -> None:
    view.article(
        1, ("iso3166", "KZ", "<img src=x>", "country"),
        headline="<script>alert(1)</script>", body=["<b onclick=x>bold</b>"], credit="A & B",
        url="javascript:alert(1)", canonical_url="javascript:alert(2)", ednote="<i>x</i>",
    )  # fmt: skip

    for html in (page(view), page(view, f"/articles/{article_id(1)}")):
        assert "<script" not in OUR_SCRIPT.sub("", html)
        assert "<b onclick" not in html
        assert "<img" not in html
        assert "javascript:" not in html
        assert "A &amp; B" in html


def test_an_article_is_shown_whole_with_its_provenance(view: ViewFile) -> None:
    view.article(
        1, KZ, ALMATY, authors=["A. Writer", "B. Editor"], revision=3,
        published_at="2026-03-02T04:30:00Z", canonical_url="https://courier.example/a",
        relations=[{"kind": "exact", "article_id": article_id(9), "source": "bulletin",
                    "evidence": {}, "method": "exact/1"}],
    )  # fmt: skip
    view.article(2, copy_of=1, source="copycat", credit="Copy Cat")

    html = page(view, f"/articles/{article_id(1)}")
    said = (
        "The first paragraph. The second paragraph.",
        "By A. Writer, B. Editor",
        "Almaty place 89 of 100",
        "Revision 3 History JSON",
        "2 March 2026, 04:30 UTC",
        "Rights © Steppe Courier",
        "the same text from bulletin",
    )
    linked = (
        f'also: <a href="/articles/{article_id(2)}">Copy Cat</a>',
        '<link rel="canonical" href="https://courier.example/a">',
        f'href="/v1/articles/{article_id(1)}"',
    )
    assert missing(words(html), *said) == []
    assert missing(html, *linked) == []


def test_a_canceled_article_is_a_page_with_its_notice(view: ViewFile) -> None:
    view.notice(1, "canceled")
    view.publish()

    answer = client(view.folder).get(f"/articles/{article_id(1)}")

    assert answer.status_code == 410
    said = words(answer.text)
    assert "Reason The source took it back." in said
    assert "Canceled by the source Source steppe-courier" in said
    assert "3 March 2026, 09:30 UTC" in said


@pytest.mark.parametrize("name", [article_id(1), article_id(7), "no-uuid", "%00"])
def test_what_is_not_available_is_a_page(view: ViewFile, name: str) -> None:
    view.notice(1, "withheld")
    view.publish()

    answer = client(view.folder).get(f"/articles/{name}")

    assert answer.status_code == 404
    assert "No such article" in answer.text


def test_an_address_that_is_none_takes_no_page_away(view: ViewFile) -> None:
    view.article(1, url="http://[x", canonical_url="https://[::1", media=[
        {"url": "http://]", "media_type": None, "caption": "A picture"}])  # fmt: skip

    html = page(view, f"/articles/{article_id(1)}")

    assert "://[" not in html
    assert "A picture" not in html


def test_a_rate_for_a_day_that_is_in_no_calendar_takes_no_page_away(view: ViewFile) -> None:
    view.rate("KGS/USD", "0.01143", "2026-02-31")
    view.rate("UZS/USD", "0.00008", "2026-02-30T12:00:00Z")

    said = words(page(view))

    assert "KGS/USD 0.01143 2026-02-31" in said
    assert "UZS/USD 0.00008 2026-02-30T12:00:00Z" in said


def test_a_page_asks_no_third_party(view: ViewFile) -> None:
    view.article(1, KZ, media=[{"url": "https://x.example/a.jpg", "media_type": None,
                                "caption": None}])  # fmt: skip

    for html in (page(view), page(view, f"/articles/{article_id(1)}")):
        told = re.sub(r'<link rel="canonical"[^>]+>', "", html)  # followed by nobody
        fetched = re.findall(r'<(?:link|img|script|iframe)[^>]+(?:href|src)="([^"]+)"', told)
        assert fetched
        assert all(url.startswith("/") for url in fetched)
