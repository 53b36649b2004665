"""How rates and days look in print, and which quotation of a pair the ticker shows."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.api import typeset
from services.api.rates import queries, ticker
from services.api.rates.latest import LatestRate, of_pairs


@pytest.mark.parametrize(
    ("number", "printed", "direction"),
    [
        ("-0", "−0%", "flat"),
        ("0", "0%", "flat"),
        ("0.00", "0.00%", "flat"),
        ("-0.00", "−0.00%", "flat"),
        ("0.19", "+0.19%", "up"),
        ("-0.30", "−0.30%", "down"),
    ],
)
def test_a_change_is_signed_and_a_zero_keeps_its_sign(
    number: str, printed: str, direction: str
) -> None:
    assert typeset.change(number, "percent") == printed
    assert typeset.direction(number) == direction


def test_an_absolute_change_is_no_percentage() -> None:
    assert typeset.change("1.5", "absolute") == "+1.5"


def test_a_day_is_written_out_and_an_instant_says_utc() -> None:
    assert typeset.day("2025-12-13").text == "13 December 2025"
    at = typeset.instant("2026-03-02T04:30:00+05:00")
    assert (at.text, at.iso) == ("1 March 2026, 23:30 UTC", "2026-03-01T23:30:00Z")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"published_at": "2026-03-02T04:30:00Z"}, "2 March 2026, 04:30 UTC"),
        ({"published_on": "2026-03-01"}, "1 March 2026"),
        ({"listed_on": "2025-12-13"}, "13 December 2025"),
        ({}, "4 March 2026, 06:00 UTC"),
    ],
)
def test_an_article_is_dated_by_the_best_that_its_source_says(
    said: dict[str, str], text: str
) -> None:
    document = {"observed_at": "2026-03-04T06:00:00Z", **said}

    assert typeset.dated(document).text == text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "/etc", "", None, "http://[x", "//x.example"]
)
def test_only_a_web_address_may_be_followed(url: str | None) -> None:
    assert typeset.web_address(url) is None
    assert typeset.web_address("https://bulletin.example/a") == "https://bulletin.example/a"


def rate(**said: Any) -> LatestRate:
    document = {
        "source": "a", "kind": "ticker", "base": "KGS", "quote": "USD", "value": "1",
        "nominal": 1, "as_of": "2026-03-02", "change": None, "change_unit": "percent",
        "movement": None, "credit": None, "status": "quoted", **said,
    }  # fmt: skip
    pair = f"{document['base']}-{document['quote']}"
    one = queries.series(f"{document['source']}:{document['kind']}:{pair}")
    text = orjson.dumps(document).decode()
    return LatestRate(one, text, stands=True, doubted=None, days=str(document["as_of"]))


def shown(rates: list[LatestRate], count_max: int) -> list[str]:
    """The pairs that have a place."""
    groups = ticker.pairs_shown([rate.one for rate in rates], count_max)
    return [group[0].pair for group in groups]


def moved(before: str, absolute: str, percent: str) -> dict[str, str]:
    """A movement since the first of March."""
    return {
        "previous_value": before,
        "previous_as_of": "2026-03-01",
        "absolute": absolute,
        "percent": percent,
    }


def test_a_pair_is_shown_once_with_its_latest_quotation() -> None:
    (found,) = of_pairs(
        [
            rate(source="b", value="2", as_of="2026-03-03"),
            rate(source="a", value="1", as_of="2026-03-02"),
            rate(source="c", value="3", as_of="2026-03-03"),
        ]
    )
    quote = ticker.quote(found)

    assert (quote.pair, quote.value, quote.credit) == ("KGS/USD", "2", "b")


def test_of_a_pair_what_a_bank_set_goes_before_what_a_paper_quotes() -> None:
    """As in a conversion; but not once the bank's is older than a rate is carried."""
    paper = rate(source="a", value="2", as_of="2026-03-03")
    bank = rate(source="z", value="1", as_of="2026-03-02", kind="official")
    old = rate(source="z", value="1", as_of="2026-01-02", kind="official")
    dealer = rate(source="b", value="9", as_of="2026-03-04", kind="buy")

    assert of_pairs([paper, bank, dealer]) == [bank]
    assert of_pairs([paper, old, dealer]) == [paper]
    assert of_pairs([dealer]) == [dealer]


def test_of_more_pairs_than_have_room_a_bank_s_lesser_ones_are_left_out() -> None:
    bank = [rate(kind="official", base=base, quote="KGS") for base in ("AMD", "RUB", "EUR", "USD")]
    paper = [rate(base="TJS", quote="USD"), rate(kind="market", base="RUB", quote="KZT")]

    assert shown([*bank, *paper], 5) == ["EUR-KGS", "RUB-KGS", "RUB-KZT", "TJS-USD", "USD-KGS"]
    assert shown([*bank, *paper], 2) == ["RUB-KZT", "TJS-USD"]


def test_the_front_page_has_twelve_pairs_and_the_page_of_a_source_a_hundred() -> None:
    """A bank sets the rates of some seventy currencies; beyond a hundred there is no page."""
    codes = [f"{one}{two}X" for one in "ABCDEFGHIJK" for two in "ABCDEFGHIJK"]
    rates = [rate(kind="official", base=code, quote="KGS") for code in codes]

    assert len(shown(rates, ticker.QUOTES_SHOWN_MAX)) == 12
    assert len(shown(rates, ticker.QUOTES_OF_SOURCE_MAX)) == 100


def test_a_change_that_the_source_did_not_print_is_the_movement_with_its_beginning() -> None:
    quote = ticker.quote(rate(value="0.80", movement=moved("0.88", "-0.08", "-9.1")))

    assert (quote.change, quote.since and quote.since.text) == ("−9%", "1 March 2026")


@pytest.mark.parametrize(
    ("value", "percent", "printed"),
    [
        ("500.00", "0.00", "0.00%"),  # five digits: hundredths of a percent
        ("0.01144", "0.0", "0.0%"),  # four: tenths
        ("0.00008", "0", None),  # one: six percent could hide behind it
    ],
)
def test_no_movement_is_shown_with_the_decimals_that_the_digits_of_the_value_support(
    value: str, percent: str, printed: str | None
) -> None:
    quote = ticker.quote(rate(value=value, movement=moved(value, "0", percent)))

    assert (quote.value, quote.change, quote.direction) == (value, printed, "flat")


def test_a_zero_that_a_source_printed_is_shown_as_it_printed_it() -> None:
    movement = moved("0.28571", "0.00000", "0.00")

    quote = ticker.quote(rate(value="0.28571", change="-0", movement=movement))

    assert (quote.change, quote.since) == ("−0%", None)


def test_a_first_quotation_has_no_change() -> None:
    quote = ticker.quote(rate(nominal=100))

    assert (quote.pair, quote.change) == ("100 KGS/USD", None)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Nine chars", "Nine chars"),
        ("The depot reopened", "The depot…"),
        ("The depot, reopened", "The depot…"),
        ("Unbrokenword", "Unbrokenw…"),
        ("A verylongword", "A verylon…"),
        ("", ""),
    ],
)
def test_a_text_that_is_too_long_is_cut_behind_a_word(text: str, printed: str) -> None:
    assert typeset.shortened(text, 10) == printed
