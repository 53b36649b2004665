"""When a source says that something was: RFC 822 as it is written in the wild, ISO 8601, words.

An instant needs its offset from UTC. Of a time without one only the day is believed, and so it is
where a text contradicts itself: two clocks that differ, an offset that no clock on earth has. The
weekday alone is no contradiction: it repeats the date, and is often that of another day.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final, Literal, NamedTuple

from services.ingest.parse.feeds.iso import read_epoch, read_internet, read_iso
from services.ingest.parse.feeds.months import plain
from services.ingest.parse.feeds.said import Said
from services.ingest.parse.feeds.worded import read_mail, read_words
from services.ingest.parse.feeds.zones import at_clock, zone_of
from services.ingest.parse.limits import DATE_CHARACTERS_MAX

_YEARS: Final = range(1900, 2200)  # 0001 is what some systems print for no date at all
_STRAY: Final = re.compile(r"\\[nrt]|[\"“”«»\u200e\u200f]|&nbsp;")
_NOON: Final = time(12)


class When(NamedTuple):
    """What is known of a time: an instant, or a day alone."""

    at: datetime | None
    """UTC; None: no time was given, or the clock that it was read from is not known."""
    day: date | None
    """By the source's own calendar; None where ``at`` is known.

    The first day of the month or year where ``precision`` says that no more is known.
    """
    precision: Literal["second", "minute", "day", "month", "year"]
    """How exactly it is known; an hour alone is a minute."""
    offset_min: int | None
    """Minutes east of UTC of the clock that it was written by; None: not known."""


def read_when(text: str, zone: str | None = None) -> When | None:
    """What a text says of a time; None: it cannot be told.

    ``zone`` is the IANA name of the clock of a source that writes times without an offset.
    Source: RFC 822 5.1, RFC 2822 3.3 and 4.3, RFC 3339 5.6, ISO 8601-1 5.
    """
    line = " ".join(text.split())
    if len(line) > DATE_CHARACTERS_MAX:
        return None
    try:
        read = (
            read_mail(line)
            or read_internet(line)
            or _read(plain(_STRAY.sub(" ", line)).strip(" ,;:."))
        )
        return _when(read, zone) if read and read.day.year in _YEARS else None
    except (ValueError, OverflowError):
        return None  # no day of the calendar, no time of a day


def _read(said: str) -> Said | None:
    return read_epoch(said) or read_iso(said) or read_words(said)


def _when(said: Said, zone: str | None) -> When:
    """What is known of what was said.

    Raises:
        ValueError: it is no time of a day.
        OverflowError: likewise, at the end of the calendar.
    """
    if said.time:
        known = at_clock(said.time.on(said.day), said.clock, zone_of(zone) if zone else None)
        if known:
            return When(known[0], None, said.time.precision, known[1])
    noon = at_clock(datetime.combine(said.day, _NOON), said.clock, None)
    return When(None, said.day, said.to, noon[1] if noon and said.to == "day" else None)
