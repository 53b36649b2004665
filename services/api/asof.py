"""The instant that a question is about, as it stands in a request. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_SEQ: Final = re.compile(r"[0-9]{1,16}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read(at: str) -> int | datetime:
    """What a question is about: the number of an event, or an instant; of a day its end.

    Raises:
        ValueError: it is neither.
    """
    if _SEQ.fullmatch(at):
        return int(at)
    if _DAY.fullmatch(at):
        return datetime.combine(datetime.fromisoformat(at), time.max, UTC)
    instant = datetime.fromisoformat(at)
    if instant.tzinfo is None:
        raise ValueError(f"expected an offset, as in 2026-03-02T09:30:00Z, came {at}")
    return instant


def checked(at: str) -> str:
    """The text as it came, when it names an event or an instant.

    Raises:
        PydanticCustomError: it does not.
    """
    try:
        read(at)
    except (ValueError, OverflowError) as error:
        said = "Input should be the number of an event, a day or a time with its offset"
        raise PydanticCustomError("at", said) from error
    return at


AtText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40),
    AfterValidator(checked),
    Field(
        examples=["2026-03-02T09:30:00Z", "2026-03-02", "1204"],
        description="As it was then: a time (RFC 3339), a day, at its end (UTC), or the seq of an "
        "event of the wire. What was taken back since is not given.",
    ),
]
