"""The first and the last instant of a list, as they stand in a request. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)


def first(text: str) -> str:
    """The earliest instant that a bound means, as the views write it; of a day its beginning.

    Raises:
        ValueError, OverflowError: it is neither an instant nor a day.
    """
    return _written(_instant(text, time.min))


def last(text: str) -> str:
    """The latest instant that a bound means, as the views write it; of a day its end.

    Raises:
        ValueError, OverflowError: it is neither an instant nor a day.
    """
    return _written(_instant(text, time.max))


def _instant(text: str, of_day: time) -> datetime:
    if _DAY.fullmatch(text):
        return datetime.combine(datetime.fromisoformat(text), of_day, UTC)
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"expected a day or an instant with its offset, came {text}")
    return datetime.fromisoformat(text)


def _written(instant: datetime) -> str:
    """RFC 3339 of one width, so that it sorts as text."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _readable(text: str) -> str:
    """The text as it came, when it is an instant or a day."""
    try:
        first(text)
    except (ValueError, OverflowError) as error:
        said = (
            "Input should be a day, 2026-03-02, or a time with its offset, 2026-03-02T09:30:00Z; "
            "a plus in an offset is written %2B in a URL"
        )
        raise PydanticCustomError("bound", said) from error
    return text


BoundText = Annotated[str, StringConstraints(max_length=40), AfterValidator(_readable)]
"""A day, in UTC, or an instant in RFC 3339."""
