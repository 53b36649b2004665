"""Central Bank of Turkmenistan: ``/kurs/2026/23052026.xml``.

``multiplier`` foreign = ``rate_tmt`` TMT, decimal point; ``rate_usd`` is the other way round and is
not read. The day is ``22.05.2026``, in the files of 2020 to 2023 ``2020-05-22``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.elements import Element
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("cbt", "TMT")


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank."""
    return root.name == "cbt_currency_rate"


def rows(root: Element) -> Iterator[Row]:
    """Its rates as printed."""
    day = root.text_at("date") or root.attribute("date")
    for one in root.every("rate"):
        yield Row(
            where=one.where,
            line=one.line,
            code=one.attribute("code"),
            value=one.text_at("rate_tmt"),
            nominal=one.text_at("multiplier"),
            day=day,
        )
