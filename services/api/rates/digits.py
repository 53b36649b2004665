"""What printed digits carry, in exact fractions. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

EXACT_DIGITS_MAX: Final = 60
"""More than an amount, a value and a nominal can have together; only a quotient goes on."""


def significant(value: str) -> int:
    """Digits that a printed value says something with: 4 of ``0.01143``, 6 of ``87.4500``."""
    return max(1, len(value.replace(".", "").lstrip("0")))


def half_step(value: str, nominal: int) -> Fraction:
    """Half a unit of the last printed digit, for one unit of the base: what rounding hides."""
    return Fraction(1, 2 * nominal * 10 ** len(value.partition(".")[2]))


def rounded(number: Fraction, digits: int) -> str:
    """A number with this many significant digits, half to even, without exponent."""
    found = _divided(number, digits)
    if not found:
        return "0"
    last = Decimal(1).scaleb(found.adjusted() - digits + 1)
    return format(found.quantize(last, context=_context(digits)), "f")


def whole(number: Fraction) -> str:
    """A number with all its digits, up to 60 significant ones; no exponent, no zeros behind."""
    text = format(_divided(number, EXACT_DIGITS_MAX), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimals(number: Fraction, places: int) -> str:
    """A number with this many decimals, half to even; of a zero without its sign."""
    scaled = round(number * 10**places)
    return format(Decimal(scaled).scaleb(-places), "f")


def _divided(number: Fraction, digits: int) -> Decimal:
    return _context(digits).divide(Decimal(number.numerator), Decimal(number.denominator))


def _context(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_EVEN)
