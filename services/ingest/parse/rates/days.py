"""Days as banks print them: ``24.05.2026``, ``2026-05-18``, ``02/03/2001``; the day comes first."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_YEAR_LAST: Final = re.compile(
    r"(?P<d>[0-9]{1,2})(?P<s>[./-])(?P<m>[0-9]{1,2})(?P=s)(?P<y>[0-9]{4})"
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<y>[0-9]{4})(?P<s>[./-])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
)
_MIDNIGHT: Final = re.compile(r"[T ]00:00(?::00(?:\.0{1,7})?)?Z?$")


def read_day(printed: str) -> date | None:
    """The day that is printed, also with the midnight that some write behind it; None: it is none.

    Years have four digits: what century ``26`` is of cannot be known.
    """
    text = _MIDNIGHT.sub("", printed.strip())
    found = _YEAR_LAST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
