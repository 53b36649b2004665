from datetime import date

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed

OBSERVED_ON = date(2025, 12, 13)


def read(*lines: str) -> Parsed:
    text = "\n".join((*lines, "", "Herds Come Down Early", "", "They came."))
    return parse(text.encode(), Arrival(OBSERVED_ON))


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.reason, problem.where) for problem in parsed.problems]


@pytest.mark.parametrize(
    "line",
    [
        "13 December 2025",
        "  13 december 2025\xa0",
        "13 Dec 2025",
        "13th December, 2025",
        "December 13, 2025",
        "Dec. 13 2025",
        "Saturday, December 13, 2025",
        "Sat, 13 December 2025",
        "2025-12-13",
        "13.12.2025",
        "13.12.2025 г.",
        "13 декабря 2025",
        "13 декабря 2025 г.",
        "13 декабря 2025 года",
        "13 Декабря 2025г.",
        "суббота, 13 декабря 2025 года",
        "Сб. 13.12.2025",
    ],
)
def test_a_date_line_gives_the_day_of_the_page(line: str) -> None:
    parsed = read(line)

    assert parsed.listed_on == date(2025, 12, 13)
    assert parsed.problems == ()


def test_every_month_is_known_in_two_languages() -> None:
    english = "January February March April May June July August September October November"
    russian = "января февраля марта апреля мая июня июля августа сентября октября ноября"

    for names in (english.split(), russian.split()):
        days = [read(f"1 {name} 2025").listed_on for name in names]
        assert days == [date(2025, month, 1) for month in range(1, 12)]


@pytest.mark.parametrize("line", ["31 February 2025", "2025-13-01", "32.01.2025", "13/12/2025"])
def test_an_impossible_date_is_a_problem(line: str) -> None:
    parsed = read(line)

    assert parsed.listed_on is None
    assert parsed.articles[0].headline == "Herds Come Down Early"
    assert problems(parsed) == [("date-unreadable", "line 1")]


def test_tomorrow_is_believed() -> None:
    assert read("14 December 2025").listed_on == date(2025, 12, 14)


def test_the_day_after_tomorrow_is_not_believed() -> None:
    parsed = read("15 December 2025")

    assert parsed.listed_on is None
    assert problems(parsed) == [("date-in-future", "line 1")]


def test_the_first_of_two_dates_stands() -> None:
    parsed = read("12 December 2025", "2025-12-12", "13 December 2025")

    assert parsed.listed_on == date(2025, 12, 12)
    assert problems(parsed) == [("date-unreadable", "line 3")]


def test_a_date_follows_the_ticker_without_a_blank_line() -> None:
    parsed = read("KGS/USD = 0.0115 0%", "13 December 2025")

    assert parsed.listed_on == date(2025, 12, 13)
    assert parsed.problems == ()


def test_rates_without_a_date_are_noted() -> None:
    parsed = read("", "KGS/USD = 0.0115 0%")

    assert len(parsed.rates) == 1
    assert problems(parsed) == [("date-missing", "line 2")]


def test_articles_without_a_date_are_not_noted() -> None:
    parsed = read()

    assert parsed.listed_on is None
    assert parsed.problems == ()


@pytest.mark.parametrize("line", ["13 December 2025 Was a Cold Day", "13 " + "December " * 9])
def test_a_line_with_more_than_a_date_is_a_headline(line: str) -> None:
    assert read(line).listed_on is None
    assert read(line, "", "They came.").articles[0].headline == line.strip()
