"""How a rate moved: exact decimals, and no digit that the published ones do not carry."""

from __future__ import annotations

import pytest

from services.enrichment.movement import movement, per_unit
from shared.news import Rate
from shared.testing import builders


def rate(value: str, nominal: int = 1) -> Rate:
    return builders.rate(value=value, nominal=nominal)


@pytest.mark.parametrize(
    ("before", "after", "absolute", "percent"),
    [
        ("0.00008", "0.00009", "0.00001", "12"),  # 12.5 ± 12.5: one digit cannot say more
        ("0.00009", "0.00008", "-0.00001", "-11"),
        ("100", "101", "1", "1"),  # ± 1
        ("498.50", "500.00", "1.50", "0.30"),  # ± 0.002
        ("12700.00", "12650.00", "-50.00", "-0.3937"),  # ± 0.00008, four decimals at most
        ("0.1082", "0.1083", "0.0001", "0.1"),  # ± 0.09
        ("500.00", "500.00", "0.00", "0.00"),
        ("100000", "99999", "-1", "0.00"),  # -0.001 ± 0.001
        ("8", "16", "8", "100"),
    ],
)
def test_a_movement_is_exact_and_its_percentage_shows_what_the_digits_support(
    before: str, after: str, absolute: str, percent: str
) -> None:
    found = movement(rate(before), rate(after))

    assert (found.absolute, found.percent) == (absolute, percent)
    assert (found.previous_value, found.previous_as_of) == (before, "2026-03-02")


@pytest.mark.parametrize(
    ("before", "after"), [("100", "100.0"), ("1000.4", "1000.3"), ("0.5", "0.50"), ("3", "3")]
)
def test_a_zero_has_no_sign(before: str, after: str) -> None:
    percent = movement(rate(before), rate(after)).percent

    assert float(percent) != 0 or "-" not in percent


def test_a_fall_too_small_to_show_is_zero_without_sign() -> None:
    found = movement(rate("1000.0", 10), rate("999.9", 10))  # -0.01 ± 0.01
    small = movement(rate("300"), rate("299"))  # -0.33 ± 0.33

    assert (found.absolute, found.percent) == ("-0.01", "0.0")
    assert (small.absolute, small.percent) == ("-1", "0")


def test_values_are_compared_for_one_unit() -> None:
    found = movement(rate("50.00", 10), rate("5.50", 1))

    assert (found.absolute, found.percent) == ("0.50", "10")
    assert per_unit(rate("5.500", 100)) == per_unit(rate("0.055"))


def test_no_value_is_written_with_an_exponent() -> None:
    found = movement(rate("0.00000000000000000001"), rate("0.00000000000000000003"))

    assert (found.absolute, found.percent) == ("0.00000000000000000002", "200")


def test_the_largest_move_that_can_be_published_has_a_percentage() -> None:
    found = movement(rate("0.00000000000000000001"), rate("99999999999999999999"))

    assert found.percent == "99999999999999999998" + "9" * 20 + "00"
