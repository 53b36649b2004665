"""``python -m tests.scoring.dates FILE``: dates as feeds print them, read by us and by others.

FILE is a JSON list of texts; what is right for each stands in ``tests/unit/test_feed_dates.py``,
written by hand. An instant or a day that is right counts 1, a wrong instant -1, so that guessing
does not pay: an instant where none can be known is a wrong one. Anything else counts 0.
"""

from __future__ import annotations

import json
import sys
import warnings
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from services.ingest.parse.feeds.dates import When, read_when
from tests.unit.test_feed_dates import WILD

Told = datetime | date | None
"""An instant in UTC, a day where the clock is not known, or nothing."""

Reader = Callable[[str], Told]
_RIGHT: Final = dict(WILD)


def main(arguments: list[str]) -> int:
    """Print a line for each text and the sums; the exit code is 1 below 46 of 48 for ours."""
    if len(arguments) != 1:
        sys.stderr.write(f"expected one file with a JSON list of texts, came {arguments}\n")
        return 2
    texts: list[str] = json.loads(Path(arguments[0]).read_text("utf-8"))
    readers = _readers()
    sums = dict.fromkeys(readers, 0)
    sys.stdout.write(f"{'':72}" + "".join(f"{name:>13}" for name in readers) + "\n")
    for text in texts:
        right = _RIGHT.get(text)
        scores = {name: _score(read, text, right) for name, read in readers.items()}
        for name, score in scores.items():
            sums[name] += score
        shown = "".join(f"{score:>13}" for score in scores.values())
        sys.stdout.write(f"{text!r:72}{shown if right else '  nothing is written down for it'}\n")
    total = "".join(f"{score:>13}" for score in sums.values())
    sys.stdout.write(f"{f'of {len(texts)}':72}{total}\n")
    return 0 if sums["ours"] * 48 >= len(texts) * 46 else 1


def _score(read: Reader, text: str, right: When | None) -> int:
    if right is None:
        return 0
    told = read(text)
    expected = right.at or right.day
    if isinstance(told, datetime):
        return 1 if told == expected else -1
    return 1 if told is not None and told == expected else 0


def _readers() -> dict[str, Reader]:
    """Ours, and those of the others that are installed."""
    readers: dict[str, Reader] = {"ours": _ours, "email.utils": _standard_library}
    for name, make in (("dateutil", _dateutil), ("feedparser", _feedparser)):
        try:
            readers[name] = make()
        except ImportError:
            sys.stderr.write(f"{name} is not installed\n")
    return readers


def _ours(text: str) -> Told:
    when = read_when(text)
    return (when.at or when.day) if when else None


def _standard_library(text: str) -> Told:
    try:
        return _told(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError):
        return None


def _dateutil() -> Reader:
    parse = import_module("dateutil.parser").parse

    def read(text: str) -> Told:
        try:
            with warnings.catch_warnings(action="ignore"):
                return _told(parse(text))
        except (ValueError, OverflowError):
            return None

    return read


def _feedparser() -> Reader:
    parse = import_module("feedparser.datetimes")._parse_date

    def read(text: str) -> Told:
        found = parse(text)
        return datetime.fromtimestamp(timegm(found), UTC) if found else None

    return read


def _told(found: datetime) -> Told:
    """A time without an offset is no instant: its day is what it tells."""
    return found.astimezone(UTC) if found.tzinfo else found.date()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
