"""National Bank of Kazakhstan: ``/rss/get_rates.cfm?fdate=`` and ``/rss/rates_all.xml``.

``quant`` foreign = X KZT, decimal point. The second is RSS, with the day of each rate in its
``pubDate``; what tells it from a feed of news is that its items have a ``quant`` and a currency's
code for a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.elements import Element
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("nbk", "KZT")

_ITEM: Final = re.compile(rb"<item[\s>]")
_QUANT: Final = re.compile(rb"<quant(?:\s[^<>]*)?>")
_CODE: Final = re.compile(
    rb"<title(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?[A-Z]{3}\s*(?:\]\]>\s*)?</title>"
)


def claims_feed(data: bytes) -> bool:
    """Whether RSS is of rates: most of its items say how many units, and have a code for a title.

    From the bytes alone: one that was cut off must not be read as news.
    """
    if b"<quant" not in data:
        return False
    items = len(_ITEM.findall(data))
    return 0 < items < 2 * min(len(_QUANT.findall(data)), len(_CODE.findall(data)))


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank; an empty one says its day."""
    return bool(_items(root)) or (root.name == "rates" and bool(root.every("date")))


def rows(root: Element) -> Iterator[Row]:
    """Its rates as printed."""
    day = root.text_at("date")
    for one in _items(root):
        yield Row(
            where=one.where,
            line=one.line,
            code=one.text_at("title"),
            value=one.text_at("description"),
            nominal=one.text_at("quant"),
            day=one.text_at("pubDate") or day,
            change=one.text_at("change"),
            index=one.text_at("index").upper(),
        )


def _items(root: Element) -> list[Element]:
    """``rates/item``, ``rss/channel/item``, and ``rss/item`` as some write it."""
    if root.name not in {"rates", "rss"}:
        return []
    return [one for parent in (root, *root.every("channel")) for one in parent.every("item")]
