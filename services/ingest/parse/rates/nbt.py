"""National Bank of Tajikistan: ``export_xml.php`` of a day, ``export_xml_dynamic.php`` of many.

N foreign = X TJS, decimal point. The number in ``ID`` is not to be trusted where there is a
``CharCode``: roubles have the 810 of before 1998. A day out of its range gives today's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.codes import code_of_number
from services.ingest.parse.rates.elements import Element
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("nbt", "TJS")

_YEAR_FIRST: Final = re.compile(r"[0-9]{4}-")
_OF_RUSSIA: Final = re.compile(r"R[0-9]{5}")


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank.

    Other banks write ``ValCurs`` too: Russia with ids of its own, Moldova with a ``NumCode`` and
    the day before the year.
    """
    quoted = [*root.every("Valute"), *root.every("Record")] if root.name == "ValCurs" else []
    if any(_OF_RUSSIA.match(_id(one) or root.attribute("ID")) for one in quoted):
        return False
    has_own_days = _YEAR_FIRST.match(root.attribute("Date")) is not None
    return bool(quoted) and (has_own_days or not any(one.every("NumCode") for one in quoted))


def rows(root: Element) -> Iterator[Row]:
    """Its rates as printed, of one day or of one currency on many days."""
    for one in (*root.every("Valute"), *root.every("Record")):
        yield Row(
            where=one.where,
            line=one.line,
            code=one.text_at("CharCode") or code_of_number(_id(one)),
            value=one.text_at("Value"),
            nominal=one.text_at("Nominal"),
            day=one.attribute("Date") or root.attribute("Date"),
        )


def _id(quoted: Element) -> str:
    return quoted.attribute("ID") or quoted.attribute("Id")
