"""Central Bank of Uzbekistan: ``/arkhiv-kursov-valyut/json/``.

``Nominal`` foreign = ``Rate`` UZS, all of them strings, decimal point. ``Diff`` is the change since
the rate before, in soums.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.codes import code_of_number
from services.ingest.parse.rates.objects import Object, begins_with, text_at
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("cbu", "UZS")


def claims(data: bytes) -> bool:
    """Whether the bytes are a list of what this bank writes."""
    return begins_with(data, b"Ccy", b"Rate", b"Nominal")


def rows(objects: list[Object]) -> Iterator[Row]:
    """Its rates as printed."""
    for number, one in enumerate(objects, 1):
        yield Row(
            where=f"item {number}",
            line=1,
            code=text_at(one, "Ccy") or code_of_number(text_at(one, "Code")),
            value=text_at(one, "Rate"),
            nominal=text_at(one, "Nominal"),
            day=text_at(one, "Date"),
            change=text_at(one, "Diff"),
        )
