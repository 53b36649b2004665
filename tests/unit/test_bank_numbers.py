"""How the numbers and days of banks are read: every digit, or not at all."""

from datetime import date

import pytest

from services.ingest.parse.rates.days import read_day
from services.ingest.parse.rates.numbers import read_change, read_count, read_decimal

NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"


@pytest.mark.parametrize(
    ("printed", "comma", "point"),
    [
        ("87,4500", "87.4500", "87.4500"),
        ("87.4500", "87.4500", "87.4500"),
        ("3", "3", "3"),
        ("0,0007", "0.0007", "0.0007"),
        ("007.50", "007.50", "007.50"),
        (",5", "0.5", "0.5"),
        (".0754", "0.0754", "0.0754"),
        (" 3.5\n", "3.5", "3.5"),
        (f"{NBSP}3.5{NBSP}", "3.5", "3.5"),
        # Thousands: blanks, or the mark that is not the last one.
        ("1 234,56", "1234.56", "1234.56"),
        (f"1{NBSP}234,56", "1234.56", "1234.56"),
        (f"12{THIN}080{NARROW}500.25", "12080500.25", "12080500.25"),
        ("12 080", "12080", "12080"),
        ("1.234,56", "1234.56", "1234.56"),
        ("1,234.56", "1234.56", "1234.56"),
        ("1,234,567", "1234567", "1234567"),
        ("1.234.567,8", "1234567.8", "1234567.8"),
        # One mark before three digits: the bank's own is the decimal mark, another may be either.
        ("101,507", "101.507", None),
        ("101.507", None, "101.507"),
        ("0,507", "0.507", "0.507"),
        ("1234,567", "1234.567", "1234.567"),
    ],
)
def test_a_number_keeps_every_digit(printed: str, comma: str | None, point: str | None) -> None:
    assert read_decimal(printed, ",") == comma
    assert read_decimal(printed, ".") == point


@pytest.mark.parametrize(
    "printed",
    [
        *("", " ", "-", "—", "n/a", "NaN", "nan", "Infinity", "inf", "1e5", "1.5E-3", "5,8123E-05"),
        *("87,45,00", "1.2.3", "1 2", "12 34,5", "1 2345", "1 234 5", "8 7,45", "87,", "87.", ","),
        *(
            "+3.5",
            "-3.5",
            "−3.5",
            "3.5%",
            "$3.5",
            "3,5 сом",
            "0x10",
            "1_000",
            "8\ufffd7",
            "1,23.456",
        ),
        *("٣٫٥", "３.５", "²", "1\u200b2", "87 / 88", "1'234.5", "1,2345.6", "1234,567.8"),
    ],
)
def test_what_is_no_plain_number_is_not_read(printed: str) -> None:
    assert read_decimal(printed, ",") is None
    assert read_decimal(printed, ".") is None


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("+1.15", "1.15"),
        ("-0.04", "-0.04"),
        ("−0.04", "-0.04"),
        ("- 0.04", "-0.04"),
        ("0", "0"),
        ("-0.00", "-0.00"),
        ("-.5", "-0.5"),
        ("--1", None),
        ("DOWN", None),
        ("", None),
        ("+", None),
    ],
)
def test_a_change_keeps_its_sign(printed: str, read: str | None) -> None:
    assert read_change(printed, ".") == read


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("1", 1),
        ("10", 10),
        ("100", 100),
        (" 1000 ", 1000),
        ("1 000", 1000),
        ("10 000", 10000),
        ("1.000.000", 1000000),
        ("100.00", 100),
        ("0100", 100),
        ("0", None),
        ("-1", None),
        ("1000001", None),
        ("1.5", None),
        ("ten", None),
        ("1e3", None),
        ("1.000", None),  # one or a thousand
        ("1.0000", 1),
        ("", None),
    ],
)
def test_a_nominal_is_a_whole_number(printed: str, read: int | None) -> None:
    assert read_count(printed) == read


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("24.05.2026", date(2026, 5, 24)),
        ("2026-05-24", date(2026, 5, 24)),
        ("02/03/2001", date(2001, 3, 2)),
        ("2.3.2026", date(2026, 3, 2)),
        (" 2026-05-24\n", date(2026, 5, 24)),
        ("2026-05-24T00:00:00", date(2026, 5, 24)),
        ("24.05.2026 00:00:00", date(2026, 5, 24)),
        ("2026-05-24T09:30:00", None),
        ("31.02.2026", None),
        ("05.24.2026", None),
        ("24.05.26", None),
        ("24.05-2026", None),
        ("0000-01-01", None),
        ("2026-02", None),
        ("", None),
    ],
)
def test_a_day_has_its_day_first_and_four_digits_of_year(printed: str, read: date | None) -> None:
    assert read_day(printed) == read
