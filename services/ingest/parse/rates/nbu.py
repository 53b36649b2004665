"""National Bank of Ukraine: ``/NBU_Exchange/exchange_site``, ``/NBUStatService/…/exchange``, JSON.

``units`` foreign = ``rate`` UAH, a number. The second has no ``units``: it gives all for one unit.
``rate_per_unit`` follows from the others and is not read. Metals are per troy ounce.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.codes import code_of_number
from services.ingest.parse.rates.objects import Object, begins_with, text_at
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("nbu", "UAH")


def claims(data: bytes) -> bool:
    """Whether the bytes are a list of what this bank writes."""
    return begins_with(data, b"exchangedate", b"cc", b"rate")


def rows(objects: list[Object]) -> Iterator[Row]:
    """Its rates as printed."""
    for number, one in enumerate(objects, 1):
        is_per_unit = "units" not in one and "rate_per_unit" not in one
        yield Row(
            where=f"item {number}",
            line=1,
            code=text_at(one, "cc") or code_of_number(text_at(one, "r030")),
            value=text_at(one, "rate"),
            nominal="1" if is_per_unit else text_at(one, "units"),
            day=text_at(one, "exchangedate"),
        )
