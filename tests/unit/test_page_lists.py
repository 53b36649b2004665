"""Pages of links, and pages that name feeds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from services.ingest.parse.document import Arrival
from services.ingest.parse.kinds import read

PAGES: Final = Path(__file__).parents[1] / "golden" / "pages"
ARRIVAL: Final = Arrival(date(2026, 11, 1), "https://ledger.example/")
FEEDS: Final = (
    "https://ledger.example/rss.xml",
    "https://ledger.example/feed.json",
    "https://ledger.example/comments.xml",
)


def test_a_list_gives_the_links_to_articles_in_order_without_menus_and_other_sites() -> None:
    parsed = read("list", (PAGES / "en_list.html").read_bytes(), ARRIVAL)

    assert parsed.format == "link-page"
    assert parsed.articles == ()
    assert parsed.problems == ()
    assert [(one.url, one.title) for one in parsed.listed] == [
        (
            "https://ledger.example/2026/09/17/sheep-prices-fall-at-sary-arka",
            "Sheep prices fall at Sary-Arka as sellers hurry",
        ),
        (
            "https://ledger.example/2026/09/17/second-weighing-station",
            "A second weighing station is to open in October",
        ),
        (
            "https://ledger.example/2026/09/16/hay-is-dearer",
            "Hay is dearer than in any autumn before",
        ),
    ]


def test_a_link_around_a_card_reads_what_its_heading_reads() -> None:
    parsed = read("list", (PAGES / "ru_list.html").read_bytes(), ARRIVAL)

    assert [one.title for one in parsed.listed] == [
        "В Оше открыли новый троллейбусный маршрут",
        "На рынке подешевели яблоки и груши",
    ]


def test_a_page_in_the_place_of_a_feed_names_its_feeds_and_says_what_to_do() -> None:
    parsed = read("feed", (PAGES / "en_list.html").read_bytes(), ARRIVAL)

    assert parsed.about
    assert parsed.about.feeds == FEEDS  # that of the comments last
    assert [one.reason for one in parsed.problems] == ["unsupported"]
    assert "take https://ledger.example/rss.xml as the source" in parsed.problems[0].detail


def test_what_is_no_html_is_read_as_what_it_is() -> None:
    feed = b'<rss version="2.0"><channel><item><title>Ferry</title></item></channel></rss>'

    assert read("feed", feed, ARRIVAL).format == "rss"
    assert read("page", feed, ARRIVAL).format == "rss"


def test_a_page_without_links_is_empty() -> None:
    parsed = read("list", b"<html><body><p>Nothing.</p></body>", ARRIVAL)

    assert [one.reason for one in parsed.problems] == ["empty"]
