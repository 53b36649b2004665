from datetime import date

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed, RateEntry

OBSERVED_ON = date(2026, 1, 14)


def read(*lines: str) -> Parsed:
    return parse("\n".join((*lines, "2026-01-14")).encode(), Arrival(OBSERVED_ON))


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    found = [(problem.reason, problem.where) for problem in parsed.problems]
    return [item for item in found if item[0] != "no-headline"]


@pytest.mark.parametrize(
    "bullet", ["", "• ", "  \u2022\xa0", "* ", "- ", "▪", "➤ ", "1. ", "2) ", "o ", "\u200b• "]
)
def test_any_bullet_may_stand_before_a_ticker(bullet: str) -> None:
    parsed = read(f"{bullet}KGS/USD = 0.01150 -0%")

    assert parsed.rates == (RateEntry("KGS", "USD", "0.01150", 1, "-0", 1, 1),)
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("printed", "change"),
    [("-0%", "-0"), ("0%", "0"), ("+0.19%", "0.19"), ("−0.19 %", "-0.19"), ("", None)],
)
def test_a_change_keeps_its_text_without_plus_and_percent(printed: str, change: str | None) -> None:
    parsed = read(f"KGS/USD = 0.10820 {printed}")

    assert [(rate.value, rate.change) for rate in parsed.rates] == [("0.10820", change)]
    assert parsed.problems == ()


def test_repeated_prints_are_folded_in_the_order_of_the_first() -> None:
    parsed = read(
        "KZT/USD = 0.00195 0%",
        "KGS/USD = 0.0115 1%",
        "",
        "KGS/USD=0.01150 +1%",
        "KZT / USD = 0.00195 0%",
    )

    assert parsed.rates == (
        RateEntry("KZT", "USD", "0.00195", 1, "0", 2, 1),
        RateEntry("KGS", "USD", "0.0115", 1, "1", 2, 2),
    )
    assert parsed.problems == ()


@pytest.mark.parametrize("other", ["0.0116 1%", "0.0115 1.0%", "0.0115"])
def test_prints_that_disagree_are_one_problem_and_no_rate(other: str) -> None:
    parsed = read("KGS/USD = 0.0115 1%", *[f"KGS/USD = {other}"] * 3, "KZT/USD = 0.00195")

    assert [rate.base for rate in parsed.rates] == ["KZT"]
    assert problems(parsed) == [("ticker-disagrees", "line 2")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("KGS/USD = abc 1%", "ticker-unreadable"),
        ("KGS/USD = 1e999", "ticker-unreadable"),
        ("KGS/USD = NaN", "ticker-unreadable"),
        ("KGS/USD = inf", "ticker-unreadable"),
        ("KGS/USD = 0,0114", "ticker-unreadable"),
        ("KGS/USD = 0.0114 1", "ticker-unreadable"),
        ("KGS/USD = 0.0114 1% up", "ticker-unreadable"),
        ("KGS/USD = ٣", "ticker-unreadable"),
        ("KGS/USD =", "ticker-unreadable"),
        ("KGS/USD", "ticker-unreadable"),
        ("KGS/USD 0.0114 1%", "ticker-unreadable"),
        ("KGS/USD: 0.0114", "ticker-unreadable"),
        ("USD/USD = 1", "ticker-unreadable"),
        ("kgs/usd = 0.0114", "ticker-unreadable"),
        ("СОМ/USD = 0.0114", "ticker-unreadable"),
        ("XXX/USD = 1", "currency-unknown"),
        ("USD/ZZZ = 1", "currency-unknown"),
        ("USDT/KGS = 87", "currency-unknown"),
        ("KGS/USD = 0", "rate-not-positive"),
        ("KGS/USD = 0.000", "rate-not-positive"),
        ("KGS/USD = -1", "rate-not-positive"),
        ("KGS/USD = −1", "rate-not-positive"),
        ("KGS/USD = 123456789012345678901", "rate-out-of-range"),
        ("KGS/USD = 0.123456789012345678901", "rate-out-of-range"),
        ("KGS/USD = 1 123456789012345678901%", "rate-out-of-range"),
    ],
)
def test_a_ticker_that_gives_no_rate_is_a_problem_and_the_prelude_goes_on(
    line: str, reason: str
) -> None:
    parsed = read(line, "KZT/USD = 0.00195 0%")

    assert [rate.base for rate in parsed.rates] == ["KZT"]
    assert problems(parsed) == [(reason, "line 1")]


def test_twenty_digits_on_each_side_of_the_point_are_read() -> None:
    parsed = read("KGS/USD = 12345678901234567890.12345678901234567890")

    assert parsed.rates[0].value == "12345678901234567890.12345678901234567890"


def test_a_pair_in_a_headline_is_no_ticker() -> None:
    parsed = parse(b"USD/KGS Rate Hits a Record\n\nThe som fell.", Arrival(OBSERVED_ON))

    assert parsed.articles[0].headline == "USD/KGS Rate Hits a Record"


def test_a_ticker_below_the_first_headline_is_text() -> None:
    parsed = read("Som Falls Against the Dollar", "", "KGS/USD = 0.01150 -0%")

    assert parsed.rates == ()
