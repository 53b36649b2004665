"""Whether a rate follows the history of its series; figures were worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.enrichment.plausibility import agree, doubts_of_history, figure, rounding_of
from services.enrichment.rate_memory import Series
from shared.events import RateQuoted
from shared.news import Dispute
from shared.testing.builders import rate
from tests.rate_room import day


def series(*values: str, kind: str = "ticker", base: str = "KGS") -> Series:
    """Good rates of the days from 1 January 2026 on."""
    made = Series()
    for number, value in enumerate(values):
        one = rate(value=value, as_of=day(number), kind=kind, base=base)
        made.fold(RateQuoted(rate=one, series="s", movement=None, methods={}))
    return made


def doubts(
    known: Series, value: str, as_of: str, kind: str = "ticker", **more: object
) -> tuple[Dispute, ...]:
    return doubts_of_history(
        rate(value=value, as_of=as_of, kind=kind, **{"base": "KGS", **more}), known
    )


def rules(found: tuple[Dispute, ...]) -> list[str]:
    return [one.rule for one in found]


QUIET = ("87.40", "87.41", "87.42", "87.41", "87.40", "87.42", "87.44", "87.45", "87.45", "87.45")
"""Nine changes, none beyond 0.03 %."""


def test_a_rate_that_follows_nothing_is_not_doubted() -> None:
    assert doubts(Series(), "87.45", "2026-03-02") == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("87.90", []),
        ("91.90", []),  # ln(91.90 / 87.45) = 0.0496
        ("92.00", ["jump"]),  # 0.0507, and the floor is 0.05; rounding adds 0.0001
        ("83.20", []),  # -0.0498
        ("83.00", ["jump"]),  # -0.0522
        ("874.5", ["nominal"]),
        ("8745", ["nominal"]),
        ("87450", ["nominal"]),
        ("8.745", ["nominal"]),
        ("0.8745", ["nominal"]),
        ("0.08745", ["nominal"]),
        ("840", ["nominal"]),  # ln(840 / 874.5) = -0.040
        ("0.01143", ["inverted"]),  # 1 / 87.45 = 0.011435
        ("0.0110", ["inverted"]),  # -0.039, within 0.05 and the rounding of three digits
        ("200", ["jump"]),
        ("0.5", ["jump"]),
    ],
)
def test_beyond_the_floor_a_quiet_series_jumps_slips_or_is_inverted(
    value: str, expected: list[str]
) -> None:
    assert rules(doubts(series(*QUIET), value, day(10))) == expected


def test_a_slip_shows_its_arithmetic() -> None:
    (found,) = doubts(series(*QUIET), "8745", day(10))

    assert found.evidence == {
        "value": "8745",
        "expected": "87.45",
        "ratio": "100",
        "before": "87.45",
        "before_as_of": "2026-01-10",
        "change": "4.60517",  # ln 100
        "tolerance": "0.0501144",  # 0.05, and 0.5/8745 + 0.005/87.45 of rounding
        "changes_known": "9",
        "days": "1",
        "power_of_ten": "2",
    }


def test_a_series_that_moves_much_may_go_on_so() -> None:
    """Changes of 0.0392 up and down: ten of them are 0.392."""
    lively = series(*["100.00", "104.00"] * 6)

    assert doubts(lively, "130.00", day(12)) == ()  # ln 1.25 = 0.223
    assert rules(doubts(lively, "170.00", day(12))) == ["jump"]  # 0.491


@pytest.mark.parametrize(("value", "expected"), [("94.00", []), ("98.00", ["jump"])])
def test_with_fewer_than_eight_changes_a_tenth_is_allowed(value: str, expected: list[str]) -> None:
    """ln(94 / 87.45) = 0.072 and ln(98 / 87.45) = 0.114; after nine changes both would jump."""
    few = series(*QUIET[:8], kind="official")

    assert rules(doubts(few, value, day(8), kind="official")) == expected
    assert rules(doubts(series(*QUIET), value, day(10))) == ["jump"]


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2026-01-11", ["jump"]), ("2026-01-19", []), ("2026-04-01", [])]
)
def test_a_longer_gap_allows_more(as_of: str, expected: list[str]) -> None:
    """ln(100 / 87.45) = 0.134 in a day, or in nine: 0.05 × 3 = 0.15."""
    assert rules(doubts(series(*QUIET), "100.00", as_of)) == expected


def test_no_gap_allows_the_double() -> None:
    few = series("87.45")

    assert doubts(few, "150.00", "2027-01-01") == ()  # 0.540; 0.1 × √30 = 0.548
    assert rules(doubts(few, "180.00", "2027-01-01")) == ["jump"]  # 0.722


def test_what_the_digits_cannot_carry_is_no_jump() -> None:
    """0.00008 may be anything from 0.000075 to 0.000085."""
    one_digit = series(*["0.00008"] * 12)

    assert doubts(one_digit, "0.00009", day(12)) == ()
    assert rules(doubts(one_digit, "0.00012", day(12))) == ["jump"]
    assert rules(doubts(one_digit, "0.0008", day(12))) == ["nominal"]


def test_a_value_for_another_nominal_is_compared_for_one_unit() -> None:
    assert doubts(series(*QUIET), "874.6", day(10), nominal=10) == ()
    (found,) = doubts(series(*QUIET), "87.46", day(10), nominal=10)

    assert found.rule == "nominal"
    assert (found.evidence["value"], found.evidence["power_of_ten"]) == ("87.46 for 10", "-1")


def test_metals_move_more_than_currencies() -> None:
    silver = series("4112.11", "4100.00", kind="official", base="XAG")

    assert doubts(silver, "3619.37", day(2), kind="official", base="XAG") == ()  # -0.125
    assert rules(doubts(silver, "2900.00", day(2), kind="official", base="XAG")) == ["jump"]


def test_a_near_one_rate_is_inverted_where_that_is_beyond_the_usual() -> None:
    """1 / 1.25 = 0.8: from 1.25 a fall of 0.446 in a day."""
    assert rules(doubts(series(*["1.2500"] * 10), "0.8000", day(10))) == ["inverted"]


def test_a_hundred_fold_inverse_may_be_either_slip() -> None:
    assert rules(doubts(series(*["0.1000"] * 10), "10.00", day(10))) == ["nominal", "inverted"]


def test_a_day_that_no_calendar_has_is_compared_as_the_next() -> None:
    assert doubts(series(*QUIET), "87.46", "2026-02-31") == ()


def test_rates_are_of_one_level_within_a_tenth() -> None:
    def one(value: str) -> bool:
        return agree(rate(value="100.00"), rate(value=value))

    assert [one(value) for value in ("100.00", "110.00", "91.00", "111.00", "90.00")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_rounding_is_what_half_a_unit_of_each_last_digit_may_hide() -> None:
    """0.00008 ± 6.25 %: at most 1 / (1 - 0.0625) = 1.06667; for 100 units the same."""
    assert figure(rounding_of([rate(value="0.00008")])) == "1.06667"
    assert figure(rounding_of([rate(value="0.008", nominal=100)])) == "1.06667"
    assert figure(rounding_of([rate(value="0.5"), rate(value="0.5")])) == "1.23457"  # 1/0.9²


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("100", "100"), ("0.0501144000", "0.0501144"), ("1E+7", "10000000"), ("0.00000012", None)],
)
def test_a_figure_has_six_digits_and_no_exponent(printed: str, expected: str | None) -> None:
    assert figure(Decimal(printed)) == (expected or "0.00000012")
