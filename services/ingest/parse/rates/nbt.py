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

_NUMBER: Final = re.compile(r"[0-9]{1,4}")


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank.

    Other banks write ``ValCurs`` too: Russia with ids of its own, Moldova with a ``NumCode``.
    """
    quoted = [*root.every("Valute"), *root.every("Record")] if root.name == "ValCurs" else []
    return bool(quoted) and all(map(_is_its, quoted))


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


def _is_its(quoted: Element) -> bool:
    return not quoted.every("NumCode") and bool(_NUMBER.fullmatch(_id(quoted) or "0"))


def _id(quoted: Element) -> str:
    return quoted.attribute("ID") or quoted.attribute("Id")
