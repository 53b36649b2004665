"""Bank of Russia: ``XML_daily.asp`` of a day, ``XML_dynamic.asp`` of one currency on many.

N foreign = X RUB, decimal comma, windows-1251. ``VunitRate`` is for one unit, has other digits and
at times an exponent: it is not read. Its metals (``Metall``) are priced by the gram, which is no
unit of ISO 4217: they are not read either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.ingest.parse.rates.elements import Element
from services.ingest.parse.rates.sheet import Bank, Row

BANK: Final = Bank("cbr", "RUB", mark=",")

_ID: Final = re.compile(r"R[0-9]{5}[A-Z]?")
_IDS: Final = """
    R01010 AUD R01015 ATS R01020A AZN R01030 DZD R01035 GBP R01060 AMD R01080 BHD R01090 BYR
    R01090B BYN R01095 BEF R01100 BGN R01105 BOB R01115 BRL R01135 HUF R01150 VND R01200 HKD
    R01210 GEL R01215 DKK R01230 AED R01235 USD R01239 EUR R01240 EGP R01270 INR R01280 IDR
    R01300 IRR R01335 KZT R01350 CAD R01355 QAR R01370 KGS R01375 CNY R01395 CUP R01500 MDL
    R01503 MNT R01510 DEM R01520 NGN R01530 NZD R01535 NOK R01540 OMR R01565 PLN R01580 SAR
    R01585F RON R01589 XDR R01625 SGD R01670 TJS R01675 THB R01685 BDT R01700J TRY R01710A TMT
    R01717 UZS R01720 UAH R01760 CZK R01770 SEK R01775 CHF R01800 ETB R01805F RSD R01810 ZAR
    R01815 KRW R01820 JPY R02005 MMK
"""
_BY_ID: Final = dict(zip(*[iter(_IDS.split())] * 2, strict=True))
"""Currency by the bank's own id, which is all that a series of one currency has."""


def is_mine(root: Element) -> bool:
    """Whether a document is of this bank: it has ids of its own."""
    quoted = [*root.every("Valute"), *root.every("Record")] if root.name == "ValCurs" else []
    return any(_ID.fullmatch(_id(one, root)) for one in quoted)


def rows(root: Element) -> Iterator[Row]:
    """Its rates as printed, of one day or of one currency on many days."""
    for one in (*root.every("Valute"), *root.every("Record")):
        yield Row(
            where=one.where,
            line=one.line,
            code=one.text_at("CharCode") or _BY_ID.get(_id(one, root), ""),
            value=one.text_at("Value"),
            nominal=one.text_at("Nominal"),
            day=one.attribute("Date") or root.attribute("Date"),
        )


def _id(quoted: Element, root: Element) -> str:
    return quoted.attribute("ID") or quoted.attribute("Id") or root.attribute("ID")
