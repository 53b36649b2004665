"""Whether a rate fits what is quoted beside it; figures were worked out by hand."""

from __future__ import annotations

import pytest

from shared.events import RateDisputed, RateObserved
from tests.rate_room import RateRoom, quoted

BEFORE, TODAY = "2026-03-01", "2026-03-02"


def rules_of(room: RateRoom, *quotations: RateObserved) -> list[list[str]]:
    return [room.rules(one.rate) for one in quotations]


# --- the peg ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pair", "value", "kind", "expected"),
    [
        ("USD/TMT", "3.5", "official", []),
        ("USD/TMT", "3.5000", "official", []),
        ("USD/TMT", "3.51", "official", ["peg"]),  # rounding carries 0.14 %, and it is 0.29 %
        ("USD/TMT", "3.501", "official", ["peg"]),  # 0.014 % and 0.029 %
        ("USD/TMT", "3.51", "ticker", []),  # within 0.5 %
        ("USD/TMT", "3.53", "ticker", ["peg"]),  # 0.86 %; 0.5 % and 0.14 %
        ("TMT/USD", "0.28575", "ticker", []),  # 0.28571 is the peg: 0.0125 %
        ("TMT/USD", "0.28571", "official", []),
        ("TMT/USD", "0.28575", "official", ["peg"]),
        ("TMT/USD", "3.5", "ticker", ["peg", "inverted"]),
        ("USD/TMT", "0.2857", "official", ["peg", "inverted"]),
        ("USD/TMT", "35.0", "official", ["peg", "nominal"]),
        ("USD/TMT", "19.5", "sell", []),  # what dealers ask for is no official price
        ("EUR/TMT", "4.10", "official", []),
    ],
)
def test_the_manat_is_held_at_three_and_a_half_for_the_dollar(
    pair: str, value: str, kind: str, expected: list[str]
) -> None:
    room, rate = RateRoom(), quoted("a", pair, value, kind=kind)
    room.hear(rate)

    assert room.rules(rate.rate) == expected


def test_before_the_peg_there_is_none() -> None:
    room, rate = RateRoom(), quoted("a", "USD/TMT", "2.85", "2014-12-31")
    room.hear(rate)

    assert room.rules(rate.rate) == []


def test_a_bank_prices_the_manat_by_its_own_dollar() -> None:
    """9.3450 / 3.5 = 2.6700; a step of the last digit is 0.004 %, and its half is carried."""
    room = RateRoom()
    dollar, good = quoted("nbt", "USD/TJS", "9.3450"), quoted("nbt", "TMT/TJS", "2.6700")
    room.hear(dollar, good)
    assert rules_of(room, dollar, good) == [[], []]

    room.hear(quoted("nbt", "TMT/TJS", "2.6720"))

    assert rules_of(room, dollar, good) == [[], ["peg"]]


def test_a_broken_peg_shows_its_arithmetic() -> None:
    room = RateRoom()
    room.hear(quoted("cbu", "USD/UZS", "12194.21"))
    (said,) = room.hear(quoted("cbu", "TMT/UZS", "4037.68"))

    assert isinstance(said, RateDisputed)
    (dispute,) = said.disputes
    assert dispute.rule == "peg"
    assert dispute.evidence == {
        "value": "4037.68",
        "expected": "3484.06",  # 12194.21 / 3.5
        "ratio": "1.1589",
        "tolerance_factor": "1",
        "against": "peg TMT/USD 0.285714 × USD/UZS 12194.21",
    }
    assert said.standing_as_of is None


def test_of_a_broken_peg_the_rate_that_has_moved_is_doubted() -> None:
    """The dollar fell by a tenth in the bank's file, and its manat did not."""
    room = RateRoom()
    room.hear(
        quoted("nbt", "USD/TJS", "9.3450", BEFORE), quoted("nbt", "TMT/TJS", "2.6700", BEFORE)
    )
    manat, dollar = quoted("nbt", "TMT/TJS", "2.6700"), quoted("nbt", "USD/TJS", "8.9345")
    room.hear(manat, dollar)

    assert rules_of(room, manat, dollar) == [[], ["peg"]]


# --- triangles of one source --------------------------------------------------------------------


def test_a_triangle_of_one_bank_closes_as_far_as_its_digits_go() -> None:
    """EUR/USD 1.1608 × USD/KGS 87.4500 = 101.512; printed is 101.5076, 0.0043 % less."""
    room = RateRoom()
    legs = [quoted("a", "EUR/USD", "1.1608"), quoted("a", "USD/KGS", "87.4500")]
    room.hear(*legs, closing := quoted("a", "EUR/KGS", "101.5076"))

    assert rules_of(room, *legs, closing) == [[], [], []]


def test_a_triangle_that_does_not_close_blames_the_side_that_moved() -> None:
    room = RateRoom()
    for pair, value in (("EUR/USD", "1.1600"), ("USD/KGS", "87.4500"), ("EUR/KGS", "101.4420")):
        room.hear(quoted("a", pair, value, BEFORE))
    moved = quoted("a", "USD/KGS", "88.4500")
    others = [quoted("a", "EUR/USD", "1.1600"), quoted("a", "EUR/KGS", "101.4420")]
    room.hear(moved, *others)

    assert rules_of(room, moved, *others) == [["triangle"], [], []]


def test_where_no_side_has_a_history_all_are_doubted() -> None:
    room = RateRoom()
    sides = [
        quoted("a", "EUR/USD", "1.1600"),
        quoted("a", "USD/KGS", "87.4500"),
        quoted("a", "EUR/KGS", "111.4420"),
    ]
    said = room.hear(*sides)

    assert rules_of(room, *sides) == [["triangle"]] * 3
    assert [one.series for one in said] == [
        "a:official:EUR-KGS", "a:official:EUR-USD", "a:official:USD-KGS",
    ]  # fmt: skip


def test_a_pair_in_both_directions_must_agree() -> None:
    room = RateRoom()
    room.hear(quoted("a", "USD/KGS", "87.4500", BEFORE), quoted("a", "KGS/USD", "0.011435", BEFORE))
    same, other = quoted("a", "USD/KGS", "87.4500"), quoted("a", "KGS/USD", "0.011535")
    room.hear(same, other)

    assert rules_of(room, same, other) == [[], ["triangle"]]


def test_the_repaired_side_ends_the_doubt_about_the_others() -> None:
    room = RateRoom()
    sides = [
        quoted("a", "EUR/USD", "1.1600"),
        quoted("a", "USD/KGS", "87.4500"),
        quoted("a", "EUR/KGS", "111.4420"),
    ]
    room.hear(*sides)
    said = room.hear(quoted("a", "EUR/KGS", "101.4420"))

    assert [type(one).__name__ for one in said] == ["RateRestated", "RateQuoted", "RateQuoted"]
    assert rules_of(room, *sides) == [[], [], []]


# --- across sources -----------------------------------------------------------------------------

BANKS = (
    quoted("nbk", "USD/KZT", "470.00"), quoted("nbk", "KGS/KZT", "5.38"),
    quoted("nbt", "USD/TJS", "9.3450"), quoted("nbt", "KGS/TJS", "0.1069"),
)  # fmt: skip
"""470.00 / 5.38 = 87.3606 and 9.3450 / 0.1069 = 87.4181 soms for a dollar."""


def test_two_banks_outvote_a_first_rate_that_is_inverted() -> None:
    room, rate = RateRoom(), quoted("nbkr", "USD/KGS", "0.011435")
    room.hear(*BANKS)
    (said,) = room.hear(rate)

    assert isinstance(said, RateDisputed)
    assert [one.rule for one in said.disputes] == ["triangle", "inverted"]
    assert said.disputes[0].evidence == {
        "value": "0.011435",
        "expected": "87.4181",
        "ratio": "0.000130808",
        "tolerance_factor": "1.05054",  # 1.05 × (1 + 0.000044 + 0.000005 + 0.000468)
        "against": (
            "nbk USD/KZT 470.00 × 1/(KGS/KZT 5.38); nbt USD/TJS 9.3450 × 1/(KGS/TJS 0.1069)"
        ),
        "sources_against": "2",
        "sources_agreeing": "0",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("87.4500", []),
        ("90.9000", []),
        ("92.5000", ["triangle"]),
        ("874.50", ["triangle", "nominal"]),
    ],
)
def test_banks_may_differ_by_a_twentieth(value: str, expected: list[str]) -> None:
    room, rate = RateRoom(), quoted("nbkr", "USD/KGS", value)
    room.hear(rate, *BANKS)

    assert room.rules(rate.rate) == expected


def test_one_other_bank_is_not_enough() -> None:
    room, rate = RateRoom(), quoted("nbkr", "USD/KGS", "874.50")
    room.hear(rate, *BANKS[:2])

    assert rules_of(room, rate, *BANKS[:2]) == [[], [], []]


def test_two_against_two_are_no_majority() -> None:
    room, rate = RateRoom(), quoted("nbkr", "USD/KGS", "97.4500")
    room.hear(rate, quoted("cbu", "USD/KGS", "97.4000"), *BANKS)

    assert room.rules(rate.rate) == []


def test_banks_that_contradict_each_other_prove_nothing() -> None:
    room, rate = RateRoom(), quoted("nbkr", "USD/KGS", "97.4500")
    room.hear(rate, *BANKS[:2], quoted("cbu", "USD/KGS", "70.0000"))

    assert room.rules(rate.rate) == []


@pytest.mark.parametrize(
    ("more", "as_of"), [({"kind": "ticker"}, TODAY), ({}, BEFORE)], ids=["kind", "day"]
)
def test_another_kind_or_day_is_not_compared(more: dict[str, str], as_of: str) -> None:
    room, rate = RateRoom(), quoted("nbkr", "USD/KGS", "874.50", as_of, **more)
    room.hear(*BANKS, rate)

    assert room.rules(rate.rate) == []


def test_tickers_of_the_same_moment_may_differ_by_half_a_percent() -> None:
    """1.141 and 1.142 against 1.150: 0.75 %, and the rounding of four digits is 0.09 %."""
    room, rate = RateRoom(), quoted("c", "KGS/USD", "1.150", kind="ticker")
    others = [
        quoted(source, "KGS/USD", value, kind="ticker")
        for source, value in (("a", "1.141"), ("b", "1.142"))
    ]
    room.hear(*others, rate)
    assert rules_of(room, *others, rate) == [[], [], ["triangle"]]

    room.hear(quoted("c", "KGS/USD", "1.146", kind="ticker"))
    assert rules_of(room, *others, rate) == [[], [], []]


def test_the_page_of_the_sample_is_not_doubted() -> None:
    """One digit of the sum, four steps off the peg of the manat."""
    room = RateRoom()
    page = [
        quoted("page", f"{code}/USD", value, "2025-12-13", kind="ticker")
        for code, value in (
            ("KGS", "0.01143"), ("KZT", "0.00192"), ("TJS", "0.10820"), ("UZS", "0.00008"),
            ("TMT", "0.28575"),
        )
    ]  # fmt: skip
    room.hear(*page)

    assert rules_of(room, *page) == [[]] * 5
