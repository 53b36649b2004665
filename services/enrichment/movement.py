"""How a rate moved, with exact decimals and no digit that the published ones do not carry. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from shared.events import Movement
from shared.news import Rate

EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""More digits than two published values and their nominals can have together."""
PERCENT_DECIMALS_MAX: Final = 4


def per_unit(rate: Rate) -> Decimal:
    """Units of the quote for one unit of the base."""
    return EXACT.divide(Decimal(rate.value), Decimal(rate.nominal))


def movement(previous: Rate, rate: Rate) -> Movement:
    """From one rate of a series to a later one, in the published direction, for one unit.

    ``percent`` is rounded to the last decimal that both values' printed digits support: UZS/USD
    ``0.00008`` has one digit, so it cannot show a move of less than some ten percent.
    """
    before, after = per_unit(previous), per_unit(rate)
    difference = EXACT.subtract(after, before)
    percent = EXACT.divide(EXACT.multiply(difference, Decimal(100)), before)
    unit = Decimal(1).scaleb(-_percent_decimals(previous, rate))
    return Movement(
        previous_value=previous.value,
        previous_nominal=other_nominal(previous, rate),
        previous_as_of=previous.as_of,
        absolute=plain(difference),
        percent=plain(EXACT.quantize(percent, unit)),
    )


def other_nominal(previous: Rate, rate: Rate) -> int | None:
    """The nominal of a rate before; None: it is that of the later one."""
    return previous.nominal if previous.nominal != rate.nominal else None


def _percent_decimals(previous: Rate, rate: Rate) -> int:
    """Decimals of a percentage that half a unit in each last printed digit leaves standing."""
    doubt = EXACT.add(half_unit(previous), half_unit(rate))
    doubt_percent = EXACT.divide(EXACT.multiply(doubt, Decimal(100)), per_unit(previous))
    return max(0, min(PERCENT_DECIMALS_MAX, -doubt_percent.adjusted() - 1))


def half_unit(rate: Rate) -> Decimal:
    """Half a unit of the last published digit, for one unit of the base: what rounding hides."""
    exponent = Decimal(rate.value).as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    return EXACT.divide(Decimal(5).scaleb(places - 1), Decimal(rate.nominal))


def plain(value: Decimal) -> str:
    """Decimal text without exponent and without the sign of a zero."""
    text = format(value, "f")
    return text if value else text.removeprefix("-")
