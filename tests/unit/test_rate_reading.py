"""Rates as they are read: what holds for a day, bars, changes, crosses, rhythm, digits."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from services.api.rates import digits, drawing
from services.api.rates.bars import bars, period
from services.api.rates.changes import changes, day_before
from services.api.rates.crossing import cross, price
from services.api.rates.pairs import nearest
from services.api.rates.points import rate_on
from services.api.rates.rhythm import Rhythm, rhythm
from tests.rate_points import daily, point

MONDAY = date(2026, 3, 2)


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- the rate of a day --------------------------------------------------------------------------


def test_the_value_of_a_day_is_that_of_the_day() -> None:
    held = rate_on(daily(MONDAY, "1.1", "1.2", "1.3"), day("2026-03-03"))

    assert held is not None
    assert (held.point.value, held.carried) == ("1.2", False)


def test_on_a_sunday_fridays_value_holds_and_says_so() -> None:
    held = rate_on([point("2026-03-06", "87.4500")], day("2026-03-08"))

    assert held is not None
    assert (held.point.as_of, held.carried) == ("2026-03-06", True)


def test_of_several_instants_of_a_day_the_last_holds() -> None:
    moments = [
        point("2026-03-02T16:00:00Z", "3"),
        point("2026-03-02", "1"),
        point("2026-03-02T09:00:00Z", "2"),
        point("2026-03-03T00:00:00Z", "4"),
    ]
    held = rate_on(moments, MONDAY)

    assert held is not None
    assert held.point.value == "3"


@pytest.mark.parametrize(("asked", "value"), [("2026-04-02", "1"), ("2026-04-03", None)])
def test_a_value_is_carried_for_31_days(asked: str, value: str | None) -> None:
    held = rate_on([point("2026-03-02", "1")], day(asked))

    assert (held.point.value if held else None) == value


def test_nothing_holds_before_the_first_value() -> None:
    assert rate_on([point("2026-03-02", "1")], day("2026-03-01")) is None


# --- bars ---------------------------------------------------------------------------------------


def test_a_week_has_its_open_high_low_and_close() -> None:
    (one,) = bars(daily(MONDAY, "2", "5", "1", "3"), "week")

    assert one.period.name == "2026-W10"
    assert (one.period.first, one.period.last) == (MONDAY, day("2026-03-08"))
    assert [p.value for p in (one.open, one.high, one.low, one.close)] == ["2", "5", "1", "3"]
    assert one.count == 4


@pytest.mark.parametrize(
    ("asked", "step", "name", "first", "last"),
    [
        ("2027-01-01", "week", "2026-W53", "2026-12-28", "2027-01-03"),
        ("2024-12-30", "week", "2025-W01", "2024-12-30", "2025-01-05"),
        ("2024-02-10", "month", "2024-02", "2024-02-01", "2024-02-29"),
        ("2026-07-04", "year", "2026", "2026-01-01", "2026-12-31"),
        ("2026-07-04", "day", "2026-07-04", "2026-07-04", "2026-07-04"),
    ],
)
def test_periods_are_of_the_calendar_and_weeks_of_iso_8601(
    asked: str, step: str, name: str, first: str, last: str
) -> None:
    found = period(day(asked), step)  # type: ignore[arg-type]  # written out above

    assert (found.name, found.first, found.last) == (name, day(first), day(last))


def test_a_bar_over_a_change_of_nominal_is_for_the_last_one() -> None:
    one, *_ = bars(
        [point("2026-03-02", "17.25", nominal=100), point("2026-03-03", "0.1730")], "week"
    )

    assert [one.text(p) for p in (one.open, one.high, one.low, one.close)] == [
        "0.1725",
        "0.1730",
        "0.1725",
        "0.1730",
    ]


# --- changes ------------------------------------------------------------------------------------


def test_changes_are_counted_from_the_day_that_the_value_is_for() -> None:
    found = changes(
        [point("2026-02-27", "80"), point("2026-03-05", "87.00"), point("2026-03-06", "87.87")],
        day("2026-03-08"),
    )

    assert found["day"] is not None
    assert (found["day"].percent, found["day"].since.as_of) == ("1.0", "2026-03-05")
    assert found["week"] is not None
    assert (found["week"].percent, found["week"].since.as_of) == ("10", "2026-02-27")
    assert found["month"] is None


def test_a_change_that_the_digits_cannot_carry_is_none_and_never_0_percent() -> None:
    uzs = [
        point("2026-03-02", "0.00008"),
        point("2026-03-03", "0.00008"),
        point("2026-03-04", "0.00009"),
    ]
    same, step = changes(uzs, day("2026-03-03"))["day"], changes(uzs, day("2026-03-04"))["day"]

    assert same is not None
    assert same.percent is None
    assert step is not None
    assert step.percent is None


def test_a_value_that_did_not_move_is_0_where_its_digits_say_so() -> None:
    found = changes(daily(MONDAY, "87.4500", "87.4500"), day("2026-03-03"))["day"]

    assert found is not None
    assert found.percent == "0.000"


def test_another_nominal_is_no_change() -> None:
    found = changes(
        [point("2026-03-02", "17.2500", nominal=100), point("2026-03-03", "0.172500")],
        day("2026-03-03"),
    )["day"]

    assert found is not None
    assert found.percent == "0.000"


@pytest.mark.parametrize(
    ("asked", "step", "before"),
    [
        ("2026-03-31", "month", "2026-02-28"),
        ("2024-02-29", "year", "2023-02-28"),
        ("2026-01-15", "month", "2025-12-15"),
        ("2026-03-02", "week", "2026-02-23"),
    ],
)
def test_a_step_before_a_day_is_a_day_of_the_calendar(asked: str, step: str, before: str) -> None:
    assert day_before(day(asked), step) == day(before)  # type: ignore[arg-type]  # as above


# --- crosses ------------------------------------------------------------------------------------


def test_a_cross_leads_over_the_currency_of_one_bank_with_the_digits_of_the_worst_leg() -> None:
    found = cross(
        [point("2026-03-02", "87.4500"), point("2026-03-01", "0.17", "KZT-KGS")],
        "USD", "KZT", MONDAY,
    )  # fmt: skip

    assert found is not None
    assert found.unit == Fraction("87.45") / Fraction("0.17")
    assert (found.digits, found.as_of, found.way) == (2, "2026-03-01", "cross")
    assert digits.rounded(found.unit, found.digits) == "510"
    first, second = found.legs
    assert (first.held.point.series, first.is_inverse) == ("nbkr:official:USD-KGS", False)
    assert (second.held.point.series, second.is_inverse) == ("nbkr:official:KZT-KGS", True)
    assert second.held.carried


def test_two_banks_make_no_cross_and_a_ticker_makes_none() -> None:
    others = [
        point("2026-03-02", "0.17", "KZT-KGS", source="nbk"),
        point("2026-03-02", "0.17", "KZT-KGS", kind="market"),
    ]

    assert cross([point("2026-03-02", "87.45"), *others], "USD", "KZT", MONDAY) is None


def test_the_inverse_of_a_published_rate_is_marked_as_ours() -> None:
    found = price([point("2026-03-02", "87.4500")], "KGS", "USD", MONDAY)

    assert found is not None
    assert (found.way, found.legs[0].is_inverse) == ("inverse", True)
    assert digits.rounded(found.unit, found.digits) == "0.0114351"


def test_official_goes_before_market_and_the_latest_before_the_first_by_name() -> None:
    points = [
        point("2026-03-02", "1", kind="market"),
        point("2026-03-01", "2", source="a-bank"),
        point("2026-03-02", "3", source="b-bank"),
        point("2026-03-02", "4", source="c-bank"),
        point("2026-03-02", "5", kind="buy"),
    ]
    found = price(points, "USD", "KGS", MONDAY)

    assert found is not None
    assert (found.source, found.unit) == ("b-bank", 3)


def test_what_a_dealer_asks_converts_nothing() -> None:
    assert price([point("2026-03-02", "5", kind="buy")], "USD", "KGS", MONDAY) is None


# --- rhythm -------------------------------------------------------------------------------------


def working_days(*texts: str) -> list[date]:
    return [day(f"2026-{text}") for text in texts]


WEEKS = working_days(
    "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "02-24", "02-25", "02-26", "02-27"
)


@pytest.mark.parametrize(
    ("today", "age", "is_stale"),
    [
        ("2026-02-27", 0, False),
        ("2026-03-01", 2, False),  # a Sunday
        ("2026-03-03", 4, False),  # one holiday
        ("2026-03-04", 5, True),
        ("2026-02-20", 0, False),  # a value for a day to come
    ],
)
def test_weekends_make_nothing_late(today: str, age: int, *, is_stale: bool) -> None:
    assert rhythm(WEEKS, day(today)) == Rhythm(age, 1, is_stale)


def test_a_weekly_series_is_late_after_two_weeks() -> None:
    wednesdays = [date.fromordinal(day("2025-12-03").toordinal() + 7 * n) for n in range(12)]

    assert rhythm(wednesdays, day("2026-03-04")) == Rhythm(14, 7, False)
    assert rhythm(wednesdays, day("2026-03-05")) == Rhythm(15, 7, True)


def test_a_series_on_saturdays_too_rests_on_sundays_alone() -> None:
    # Of twelve days 16 to 28 February the Sundays never come.
    six_days = [day(f"2026-02-{n}") for n in range(16, 29) if n != 22]

    assert rhythm(six_days, day("2026-03-02")) == Rhythm(2, 1, False)
    assert rhythm(six_days, day("2026-03-04")) == Rhythm(4, 1, True)


def test_of_two_values_no_rhythm_can_be_told_and_of_none_no_age() -> None:
    assert rhythm(WEEKS[:2], day("2026-03-04")) == Rhythm(15, None, None)
    assert rhythm([], day("2026-03-04")) is None


# --- digits, pairs, lines -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "count"), [("0.01143", 4), ("87.4500", 6), ("12000", 5), ("0.00008", 1), ("007.0", 2)]
)
def test_leading_zeros_say_nothing_and_trailing_ones_do(value: str, count: int) -> None:
    assert digits.significant(value) == count


@pytest.mark.parametrize(
    ("number", "count", "text"),
    [
        (Fraction("8744.5"), 4, "8744"),
        (Fraction("8745.5"), 4, "8746"),
        (Fraction("123456"), 2, "120000"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction("9.9996"), 4, "10.00"),
        (Fraction("87.45"), 6, "87.4500"),
        (Fraction(0), 3, "0"),
        (Fraction(1, 10**19), 1, "0.0000000000000000001"),
    ],
)
def test_numbers_are_rounded_to_significant_digits_without_exponent(
    number: Fraction, count: int, text: str
) -> None:
    assert digits.rounded(number, count) == text


def test_a_product_is_whole_where_it_ends() -> None:
    assert digits.whole(Fraction("1234.56") * Fraction("87.45")) == "107962.272"
    assert digits.whole(Fraction(120)) == "120"


def test_the_reversed_pair_is_the_nearest_then_what_shares_a_currency() -> None:
    known = ["EUR-KGS", "JPY-RUB", "KGS-USD", "USD-KZT"]

    assert nearest("USD-KGS", known) == ["KGS-USD", "USD-KZT", "EUR-KGS"]
    assert nearest("USD-KGS", []) == []


def test_a_line_is_placed_by_day_and_fills_its_height() -> None:
    assert drawing.line(daily(MONDAY, "1", "3", "2")) == "M0 192L500 8L1000 100"
    assert drawing.line(daily(MONDAY, "1", "1")) == "M0 100L1000 100"
    assert drawing.line(daily(MONDAY, "1")) is None


def test_a_line_is_broken_where_nothing_held() -> None:
    """For 31 days a value is carried; what stands alone behind that is a dot."""
    near = [point("2026-01-01", "1"), point("2026-02-01", "2")]
    far = [*near, point("2026-03-05", "1"), point("2026-04-11", "2")]

    assert drawing.line(near) == "M0 192L1000 8"
    assert drawing.line(far) == "M0 192L310 8M630 192h0M1000 8h0"
