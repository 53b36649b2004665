"""Which currency a bank means by its code or number."""

from __future__ import annotations

from typing import Final

from services.ingest.parse.currencies import CURRENCIES

_WITHDRAWN: Final = """
    ADP AFA ANG ATS AZM BEF BGL BYB BYR CSD CSK CUC CYP DEM ECS EEK ESP FIM FRF GHC GRD HRD HRK IEP
    ITL LTL LTT LUF LVL LVR MGF MRO MTL MXP MZM NLG PLZ PTE ROL RUR SDD SIT SKK SLL SRG STD TJR TMM
    TRL UAK VEB VEF XEU YUD YUM ZAL ZMK ZRN ZWD ZWL ZWN ZWR
"""

KNOWN: Final[frozenset[str]] = CURRENCIES | frozenset(_WITHDRAWN.split())
"""Codes that a rate of a bank may have: also withdrawn ones, which histories are full of, and of
which one (BYR) is printed to this day. Metals are quoted as ISO 4217 has them: XAU is one troy
ounce. Source: ISO 4217 lists one and three."""

_NUMBERS: Final = """
    036 AUD 944 AZN 012 DZD 826 GBP 051 AMD 048 BHD 933 BYN 975 BGN 068 BOB 986 BRL 348 HUF 704 VND
    344 HKD 981 GEL 208 DKK 784 AED 840 USD 978 EUR 818 EGP 356 INR 360 IDR 364 IRR 398 KZT 124 CAD
    634 QAR 417 KGS 156 CNY 192 CUP 498 MDL 496 MNT 566 NGN 554 NZD 578 NOK 512 OMR 985 PLN 682 SAR
    946 RON 960 XDR 702 SGD 972 TJS 764 THB 050 BDT 949 TRY 934 TMT 860 UZS 980 UAH 203 CZK 752 SEK
    756 CHF 230 ETB 941 RSD 710 ZAR 410 KRW 392 JPY 104 MMK 643 RUB 810 RUB 971 AFN 586 PKR 352 ISK
    414 KWD 458 MYR 484 MXN 608 PHP 376 ILS 400 JOD 422 LBP 434 LYD 504 MAD 788 TND 032 ARS 116 KHR
    418 LAK 368 IQD 760 SYP 886 YER 858 UYU 096 BND 938 SDG 144 LKR 524 NPR 901 TWD 404 KES 932 ZWL
"""

_BY_NUMBER: Final = dict(zip(*[iter(_NUMBERS.split())] * 2, strict=True))
"""Alphabetic code by numeric one. 810 was the rouble's until 1998, and NBT prints it still."""


def code_of_number(number: str) -> str:
    """The alphabetic code of an ISO 4217 number, with or without its zeros; empty: not known."""
    digits = number.strip()
    return _BY_NUMBER.get(digits.zfill(3), "") if digits.isascii() and digits.isdigit() else ""
