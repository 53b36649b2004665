"""Pushes that were recorded: the lines of a partner, read as the push door reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import orjson

from services.ingest.domain import Recordable
from services.ingest.parse.document import Problem
from services.ingest.parse.problems import Problems
from services.ingest.push.articles import observation
from services.ingest.push.items import NotTaken, Seen
from services.ingest.push.rates import rate
from services.ingest.recording import LINE_BYTES_MAX
from shared.faults import came

_OF_A_RATE: Final = "base"
"""What every pushed rate has, and no article."""
_TICK: Final = timedelta(microseconds=1)


def read_pushed(
    data: bytes, source: str, observed_at: datetime
) -> tuple[list[Recordable], list[Problem]]:
    """The articles and rates of a file of pushes in order, and what was wrong with single lines.

    A line was seen a microsecond after the one before it, so that the later one decides.
    """
    taken: list[Recordable] = []
    problems = Problems()
    for number, line in _lines(data):
        if len(line) > LINE_BYTES_MAX:
            detail = f"expected at most {LINE_BYTES_MAX} bytes, came {len(line)}"
            problems.add_at(number, "event-invalid", detail)
            continue
        seen_at = observed_at + (number - 1) * _TICK
        read = _read(Seen(line, (source,), seen_at))
        if isinstance(read, NotTaken):
            problems.add_at(number, "event-invalid", _said(read))
        else:
            taken.append(read)
    return taken, list(problems.listed())


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _read(seen: Seen) -> Recordable | NotTaken:
    try:
        said = orjson.loads(seen.data)
    except orjson.JSONDecodeError as error:
        return NotTaken("invalid", f"expected a JSON object: {error}")
    if not isinstance(said, dict):
        return NotTaken("invalid", f"expected a JSON object, came {came(said)}")
    return rate(seen) if _OF_A_RATE in said else observation(seen)


def _said(rejected: NotTaken) -> str:
    faults = "; ".join(f"{one.path}: {one.message}" for one in rejected.faults[:3])
    return faults or rejected.detail
