from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.ingest import report
from services.ingest.observe import Sighting, Source
from services.ingest.parse.document import ArticleEntry, Problem, RateEntry
from shared.log import Appended, Stale, Unchanged
from shared.streams import Position
from tests.builders import at, entry, page

POSITION = Position("1-0")
PROBLEM = Problem("ticker-unreadable", "line 3", "expected “BASE/QUOTE = value change%”, came “x”")


def sighting() -> Sighting:
    """A page with a day, two rates, two articles and a problem."""
    seen = page(
        at(2),
        replace(
            entry("Tenge Firms", ("ALMATY, Kazakhstan – It rose.",)), dateline="ALMATY", line=9
        ),
        ArticleEntry("Снег в Оше", ("Выпал снег.", "Растаял."), 2, line=13),
        rates=[
            RateEntry("KGS", "USD", "0.01144", 1, "-0", 8, 1),
            RateEntry("KZT", "USD", "0.19", 100, None, 1, 2),
        ],
        listed_on=date(2026, 3, 1),
    )
    return Sighting(
        replace(seen.parsed, problems=(PROBLEM,)),
        Source("steppe-courier", "Steppe Courier", "Free."),
        at(2),
    )


def test_the_first_line_is_the_document() -> None:
    first = next(report.lines(sighting()))

    assert first == {
        "type": "document",
        "source": "steppe-courier",
        "sha256": "5f2b1c0d" * 8,
        "format": "front-page",
        "parser_version": 1,
        "media_type": "text/plain",
        "encoding": "utf-8",
        "listed_on": "2026-03-01",
        "articles": 2,
        "rates": 2,
        "listed": 0,
        "problems": 1,
    }


def test_articles_rates_and_problems_follow_in_their_order() -> None:
    lines = list(report.lines(sighting()))

    assert [line["type"] for line in lines] == [
        "document", "article", "article", "rate", "rate", "problem",
    ]  # fmt: skip
    assert lines[5] == {
        "type": "problem",
        "reason": "ticker-unreadable",
        "where": "line 3",
        "detail": "expected “BASE/QUOTE = value change%”, came “x”",
    }


def test_an_article_line_carries_the_article_with_its_paragraphs_and_its_line() -> None:
    found = list(report.lines(sighting()))[1]

    # uuid5 of article + steppe-courier + slug:tenge-firms under the namespace of the newswire
    assert found["article_id"] == "e5e656f1-70bf-518b-9737-566d581f5646"
    assert "body" not in found
    shown = ("headline", "paragraphs", "dateline", "position", "line", "listed_on", "observed_at",
             "credit", "rights", "revision", "published_at")  # fmt: skip
    assert {name: found[name] for name in shown} == {
        "headline": "Tenge Firms",
        "paragraphs": ["ALMATY, Kazakhstan – It rose."],
        "dateline": "ALMATY",
        "position": 1,
        "line": 9,
        "listed_on": "2026-03-01",
        "observed_at": "2026-03-02T06:00:00Z",
        "credit": "Steppe Courier",
        "rights": "Free.",
        "revision": 1,
        "published_at": None,
    }


def test_a_rate_line_carries_the_quotation_as_of_the_day_of_the_page() -> None:
    first, second = list(report.lines(sighting()))[3:5]

    shown = ("base", "quote", "value", "nominal", "change", "change_unit", "occurrences",
             "as_of", "as_of_precision", "kind", "line")  # fmt: skip
    assert [first[name] for name in shown] == [
        "KGS", "USD", "0.01144", 1, "-0", "percent", 8, "2026-03-01", "date", "ticker", 1,
    ]  # fmt: skip
    assert [second[name] for name in shown] == [
        "KZT", "USD", "0.19", 100, None, None, 1, "2026-03-01", "date", "ticker", 2,
    ]  # fmt: skip


def test_a_page_without_a_day_is_as_of_the_day_it_was_seen() -> None:
    seen = sighting()
    undated = replace(seen, parsed=replace(seen.parsed, listed_on=None))
    lines = list(report.lines(undated))

    assert (lines[0]["listed_on"], lines[3]["as_of"]) == (None, "2026-03-02")


def test_the_text_tells_a_person_the_same() -> None:
    assert list(report.text(sighting())) == [
        "steppe-courier: front-page, 2026-03-01, sha256 5f2b1c0d5f2b",
        "  KGS/USD 0.01144  -0%  (8 times)",
        "  KZT/USD 0.19 for 100  (1 time)",
        "  1. Tenge Firms  [ALMATY]",
        "     1 paragraph",
        "  2. Снег в Оше",
        "     2 paragraphs",
        "  ticker-unreadable at line 3: expected “BASE/QUOTE = value change%”, came “x”",
    ]


def test_the_text_of_a_page_without_a_day_says_so() -> None:
    assert next(report.text(page(at(2)))) == (
        "steppe-courier: front-page, no day, sha256 5f2b1c0d5f2b"
    )


def test_outcomes_are_counted_in_a_fixed_order() -> None:
    stale = Stale(2, 4, POSITION, "not later")
    appended, unchanged = Appended(1, 1, POSITION), Unchanged(1, 2, POSITION)

    assert report.outcomes([stale, unchanged, appended, unchanged]) == (
        "1 appended, 2 unchanged, 1 stale"
    )
    assert report.outcomes([stale]) == "1 stale"
    assert report.outcomes([]) == "nothing"
