"""National Bank of the Kyrgyz Republic: ``/XML/daily.xml`` and ``/XML/weekly.xml``.

N foreign = X KGS, decimal comma, ``Date`` may be tomorrow; ``ValidFor`` days in the weekly file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.elements import Element
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("nbkr", "KGS", mark=",")


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank."""
    return root.name == "CurrencyRates"


def rows(root: Element) -> Iterator[Row]:
    """Its rates as printed."""
    for one in root.every("Currency"):
        yield Row(
            where=one.where,
            line=one.line,
            code=one.attribute("ISOCode"),
            value=one.text_at("Value"),
            nominal=one.text_at("Nominal"),
            day=root.attribute("Date"),
            valid_days=one.text_at("ValidFor"),
        )
