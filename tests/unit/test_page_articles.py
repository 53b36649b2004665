"""Article pages of several styles: what is taken of them, and what is left where it stands."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from services.ingest.parse.document import Arrival, ArticleEntry, Parsed
from services.ingest.parse.kinds import Kind, read

PAGES: Final = Path(__file__).parents[1] / "golden" / "pages"
TEXTS: Final[dict[str, list[str]]] = json.loads((PAGES / "texts.json").read_text("utf-8"))
SEEN: Final = date(2026, 11, 1)
URL: Final = "https://ledger.example/news/story"


def page(name: str, url: str | None = URL, kind: Kind = "page") -> Parsed:
    return read(kind, (PAGES / f"{name}.html").read_bytes(), Arrival(SEEN, url))


def article(name: str, url: str | None = URL) -> ArticleEntry:
    (entry,) = page(name, url).articles
    return entry


def made(head: str, url: str = URL) -> ArticleEntry:
    text = "<p>The road to the pass is open again, and buses run every hour until the evening.</p>"
    html = f"<html><head>{head}</head><body><article><h1>Road open</h1>{text * 2}</article></body>"
    (entry,) = read("page", html.encode(), Arrival(SEEN, url)).articles
    return entry


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_text_is_whole_and_has_nothing_of_what_stands_around_it(name: str) -> None:
    entry = article(name)

    assert list(entry.paragraphs) == TEXTS[name]
    assert entry.body_html
    assert entry.body_html.startswith("<p>")


@pytest.mark.parametrize(
    ("name", "headline", "language", "site"),
    [
        (
            "en_jsonld",
            "Sheep prices fall at Sary-Arka as sellers hurry",
            "en-GB",
            "Steppe Ledger",
        ),
        ("en_time", "Avalanche closes Kamchik pass for a night", None, "Valley Post"),
        ("kk_microdata", "Қызылордада жаңа кітапхана ашылды", "kk", "Сыр хабары"),
        ("ru_cp1251", "В Оше открыли новый троллейбусный маршрут", "ru", "Вести Оша"),
        ("ru_plain", "Паром вернулся в Актау", None, "Каспийский листок"),
        ("uz_cyrl_table", "Тошкентда ҳаво совиди", "uz-Cyrl", "Пойтахт"),
        ("uz_og", "Samarqandda hunarmandlar bozori ochildi", "uz", ""),
    ],
)
def test_a_headline_is_without_the_name_of_its_site(
    name: str, headline: str, language: str | None, site: str
) -> None:
    parsed = page(name)

    assert parsed.format == "article-page"
    assert parsed.articles[0].headline == headline
    assert parsed.articles[0].declared_language == language
    assert parsed.about
    assert parsed.about.title == site


def test_what_json_ld_says_of_an_article_is_taken() -> None:
    entry = article("en_jsonld")

    assert entry.authors == ("Aigerim Seitova",)
    assert entry.categories == ("Economy", "livestock", "prices")
    assert [one.url for one in entry.media] == ["https://ledger.example/i/market.jpg"]
    assert entry.published_at == datetime(2026, 9, 17, 9, 5, 30, tzinfo=UTC)
    assert entry.published_precision == "second"
    assert entry.published_offset_min == 300
    assert entry.published_confidence is None
    assert entry.updated_at == datetime(2026, 9, 17, 11, 40, tzinfo=UTC)
    assert entry.url == URL
    assert entry.canonical_url == "https://ledger.example/economy/sheep-prices-fall-at-sary-arka"
    assert entry.rights is None


@pytest.mark.parametrize(
    ("name", "at", "on", "percent"),
    [
        ("ru_cp1251", datetime(2026, 5, 16, 3, 30, tzinfo=UTC), None, None),
        ("kk_microdata", None, date(2026, 3, 4), None),
        ("uz_cyrl_table", None, date(2026, 10, 21), 90),
        ("en_time", datetime(2026, 1, 13, 3, 15, tzinfo=UTC), None, 75),
        ("ru_plain", None, None, None),
    ],
)
def test_a_date_that_is_found_and_not_declared_is_less_sure(
    name: str, at: datetime | None, on: date | None, percent: int | None
) -> None:
    entry = article(name)

    assert (entry.published_at, entry.published_on) == (at, on)
    assert entry.published_confidence == percent


def test_a_day_in_the_address_is_the_last_that_is_asked() -> None:
    entry = article("uz_og", "https://xabar.example/2026/04/11/hunarmandlar-bozori/?from=x")

    assert entry.published_on == date(2026, 4, 11)
    assert entry.published_confidence == 60
    assert entry.canonical_url == "https://xabar.example/2026/04/11/hunarmandlar-bozori/"


def test_two_days_that_a_page_declares_make_both_unsure() -> None:
    entry = made(
        '<meta property="article:published_time" content="2026-05-01T10:00:00Z">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Road open",'
        '"datePublished": "2026-05-20T10:00:00Z"}</script>'
    )

    assert entry.published_at == datetime(2026, 5, 20, 10, tzinfo=UTC)
    assert entry.published_confidence == 60


def test_a_date_after_tomorrow_is_none() -> None:
    assert made('<meta name="date" content="2027-01-01">').published_on is None


@pytest.mark.parametrize(
    ("declared", "taken"),
    [
        ("https://www.ledger.example/news/a-story", "https://www.ledger.example/news/a-story"),
        ("/news/a-story", "https://ledger.example/news/a-story"),
        ("https://thief.example/news/a-story", None),
        ("https://notledger.example/news/a-story", None),
        ("javascript:alert(1)", None),
        ("https://ledger.example/", None),
    ],
)
def test_a_canonical_address_is_of_the_same_site_and_no_front_page(
    declared: str, taken: str | None
) -> None:
    assert made(f'<link rel="canonical" href="{declared}">').canonical_url == taken


def test_a_page_that_is_not_free_says_so_and_is_taken() -> None:
    parsed = page("en_paywall")

    assert [one.reason for one in parsed.problems] == ["text-incomplete"]
    assert len(parsed.articles) == 1


def test_an_encoding_that_is_declared_wrongly_is_found_and_said() -> None:
    parsed = page("ru_misdeclared")

    assert parsed.encoding == "cp1251"
    assert [one.reason for one in parsed.problems] == ["encoding-uncertain"]


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("shift_jis", "峠の道が開いた。バスは夕方まで毎時走る。"),
        ("gb2312", "山口的路通了，班车每小时一趟。"),
        ("euc-kr", "고갯길이 다시 열렸다. 버스는 매시간 다닌다."),
        ("windows-1254", "Geçit yolu yeniden açıldı; otobüsler akşama dek çalışıyor."),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(charset: str, text: str) -> None:
    html = f'<html><head><meta charset="{charset}"><title>{text}</title></head><p>{text}</p></html>'
    parsed = read("list", html.encode(charset), Arrival(SEEN))

    assert parsed.about is not None
    assert parsed.about.title == text
    assert [one.reason for one in parsed.problems] == ["empty"]  # it leads to no article


def test_what_a_page_says_of_its_site_is_no_longer_than_a_line() -> None:
    node = '{"@type": "WebSite", "name": "' + "Ledger " * 10_000 + '"}'
    hubs = "".join(f'<link rel="hub" href="https://hub.example/{n}">' for n in range(20))
    html = (
        f'<html lang="{"en" * 1_000}"><script type="application/ld+json">{node}</script>{hubs}'
        "<p>Nothing.</p></html>"
    )
    about = read("list", html.encode(), Arrival(SEEN)).about

    assert about is not None
    assert (len(about.title) <= 2_000, about.language, len(about.hubs)) == (True, None, 10)


def test_what_says_that_it_is_an_article_is_read_as_one() -> None:
    assert page("en_jsonld", kind="any").format == "article-page"
    assert page("en_time", kind="any").format == "link-page"


def test_several_articles_in_json_ld_are_no_article_of_the_page() -> None:
    nodes = '[{"@type": "NewsArticle", "headline": "One"}, {"@type": "Article", "headline": "Two"}]'
    head = f'<script type="application/ld+json">{nodes}</script><title>Road open</title>'

    assert made(head).headline == "Road open"


def test_a_page_without_a_text_is_no_article() -> None:
    parsed = read("page", b"<html><head><title>Shop</title></head><body></body>", Arrival(SEEN))

    assert parsed.articles == ()
    assert [one.reason for one in parsed.problems] == ["article-without-text"]
