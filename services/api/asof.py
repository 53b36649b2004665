"""The instant that a question is about, as it stands in a request. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Final

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
