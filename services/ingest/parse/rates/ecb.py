"""European Central Bank, ``eurofxref-daily.xml``, ``-hist-90d.xml`` and ``-hist.xml``.

1 EUR = X foreign: the euro is the base. The days stand in ``Cube time``, latest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.elements import Element
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("ecb", "EUR", side="base")


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank."""
    return root.name == "Envelope" and bool(root.every("Cube"))


def rows(root: Element) -> Iterator[Row]:
    """Its rates as printed."""
    for outer in root.every("Cube"):
        # A day without the Cube around all days is read too.
        for day in (outer, *outer.every("Cube")):
            for one in day.every("Cube"):
                if "currency" in one.attributes:
                    yield Row(
                        where=one.where,
                        line=one.line,
                        code=one.attribute("currency"),
                        value=one.attribute("rate"),
                        nominal="1",
                        day=day.attribute("time"),
                    )
