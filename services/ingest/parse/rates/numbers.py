"""Numbers as banks print them, to decimal text with the same digits. Nothing goes through a float.

One rule for all banks. Blanks between groups of three digits are left out, and so is a mark that
stands between such groups. The last mark is the decimal mark and becomes a point. A single mark
that is not the bank's own and stands before exactly three digits may be either: it is not read.
"""

from __future__ import annotations

import re
from typing import Final

from services.ingest.parse.limits import NOMINAL_MAX, RATE_DIGITS_MAX
from services.ingest.parse.rates.sheet import Mark

_BLANKS: Final = " \t\r\n\u00a0\u2007\u2009\u202f"
_BLANK: Final = re.compile(rf"[{_BLANKS}]")
_GROUPED_BY_BLANKS: Final = re.compile(rf"[0-9]{{1,3}}(?:[{_BLANKS}][0-9]{{3}})+(?:[.,][0-9]+)?")
_PLAIN: Final = re.compile(r"(?P<units>[0-9]*)(?:(?P<mark>[.,])(?P<decimals>[0-9]+))?")
_GROUPS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GROUPS_ONLY: Final = re.compile(r"[0-9]{1,3}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})+")
_SWAPPED: Final = str.maketrans(".,", ",.")
_SIGNED: Final = re.compile(rf"(?P<sign>[-+−]?)[{_BLANKS}]?(?P<number>[0-9.,].*)", re.DOTALL)


def read_decimal(printed: str, mark: Mark) -> str | None:
    """A number without a sign as decimal text: its digits, a point; None: it cannot be read.

    ``87,4500`` is ``87.4500``, ``1 234,56`` is ``1234.56``, ``.5`` is ``0.5``. Signs, exponents,
    ``NaN`` and digits of other scripts are not read.
    """
    text = _without_groups(printed.strip(_BLANKS))
    found = _PLAIN.fullmatch(text)
    if found is None or not (found["units"] or found["decimals"]):
        return None
    units, decimals = found["units"] or "0", found["decimals"]
    if decimals is None:
        return units
    may_group = len(decimals) == 3 and 1 <= len(units) <= 3 and not units.startswith("0")
    return None if may_group and found["mark"] != mark else f"{units}.{decimals}"


def read_change(printed: str, mark: Mark) -> str | None:
    """A number with or without its sign; a plus is left out, the sign of a zero is kept."""
    found = _SIGNED.fullmatch(printed.strip(_BLANKS))
    number = read_decimal(found["number"], mark) if found else None
    if found is None or number is None:
        return None
    return f"-{number}" if found["sign"] in {"-", "−"} else number


def has_sign(printed: str) -> bool:
    """Whether a plus or minus was printed."""
    return printed.strip(_BLANKS).startswith(("-", "+", "−"))


def read_count(printed: str) -> int | None:
    """A whole number from 1 to NOMINAL_MAX, as ``1 000`` or ``100.00``; None: it is none.

    ``1.000`` may be one or a thousand: it is not read.
    """
    text = _without_groups(printed.strip(_BLANKS))
    found = re.fullmatch(r"0*(?P<digits>[0-9]{1,7})(?:[.,](?!000$)0{1,20})?", text)
    number = int(found["digits"]) if found else 0
    return number if 1 <= number <= NOMINAL_MAX else None


def is_zero(decimal: str) -> bool:
    """Whether decimal text is nought, with any sign and number of digits."""
    return not decimal.strip("-0.")


def is_too_wide(decimal: str) -> bool:
    """Whether it has more digits on one side of the point than are kept."""
    return any(len(side) > RATE_DIGITS_MAX for side in decimal.removeprefix("-").split("."))


def _without_groups(text: str) -> str:
    """The number with nothing between its groups of three digits."""
    if _GROUPED_BY_BLANKS.fullmatch(text):
        text = _BLANK.sub("", text)
    if found := _GROUPS_ONLY.fullmatch(text):
        return text.replace(found["mark"], "")
    swapped = text.translate(_SWAPPED)
    if "." in text and _GROUPS.fullmatch(text):
        return text.replace(",", "")
    if "." in swapped and _GROUPS.fullmatch(swapped):
        return text.replace(".", "")
    return text
