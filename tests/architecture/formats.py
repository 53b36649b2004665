"""The formats of our schemas as they are checked: RFC 3339 instants and days."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from jsonschema import FormatChecker

CHECKED: Final = FormatChecker(formats=("date", "uuid"))
"""Checks ``date`` and ``date-time``; jsonschema checks the latter only with a package more."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@CHECKED.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """Whether a text is RFC 3339 with its offset; what is no text has no format."""
    if not isinstance(value, str):
        return True
    return bool(_INSTANT.fullmatch(value) and datetime.fromisoformat(value))
