"""The time of a day, as it stands in the midst of a text."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

_TIME: Final = re.compile(
    r"(?:(?<![0-9:.])|(?<=[0-9]{4}:))(?:"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,:](?P<fraction>[0-9]{1,9}))?)?(?![0-9:])"
    r"(?: ?(?P<half>[ap])\.? ?m\b\.?)?"
    r"|(?P<hour_fr>[0-9]{1,2}) ?h ?(?P<minute_fr>[0-9]{2})"
    r"(?: ?m(?:in)? ?(?P<second_fr>[0-9]{2}) ?s)?(?![0-9:])"
    r"|(?P<hour_de>[0-9]{1,2})[.:](?P<minute_de>[0-9]{2})(?= uhr)"
    r"|(?P<hour_12>[0-9]{1,2})(?:\.(?P<minute_12>[0-9]{2}))? ?(?P<half_12>[ap])\.? ?m\b\.?"
    r")"
)
_HOURS: Final = 24


class Time(NamedTuple):
    """A time of a day as a text gives it; the hour may be 24, the end of the day."""

    hour: int
    minute: int
    second: int | None
    """None: it is given to the minute."""
    micro: int = 0

    @property
    def precision(self) -> Literal["second", "minute"]:
        """How exactly it is given; an hour alone is one of minute 0."""
        return "minute" if self.second is None else "second"

    def on(self, day: date) -> datetime:
        """This time on a day, without an offset.

        Raises:
            ValueError: it is no time of a day. Source: ISO 8601-1 5.3.2 for 24:00.
            OverflowError: the next day is not in the calendar.
        """
        second = self.second or 0
        if self.hour == _HOURS and (self.minute or second or self.micro):
            raise ValueError("expected at most 24:00")
        if second > 60:
            raise ValueError("expected at most 60 seconds")
        second = min(second, 59)  # a leap second has no place in Python
        begin = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - its clock comes later
        if self.hour == _HOURS:
            return begin + timedelta(days=1)
        return begin.replace(
            hour=self.hour, minute=self.minute, second=second, microsecond=self.micro
        )


class Found(NamedTuple):
    """A time in a text, and what stands around it."""

    before: str
    time: Time | None
    """None: it contradicts itself, as ``13:00 am``."""
    behind: str


def find_time(text: str) -> Found | None:
    """The first time in a text, as ``months.plain`` gives it; None: there is none."""
    match = _TIME.search(text)
    if match is None:
        return None
    given = match.groupdict()
    hour, minute, second, half = (
        next((found for name in names if (found := given[name])), None)
        for names in (
            ("hour", "hour_fr", "hour_de", "hour_12"),
            ("minute", "minute_fr", "minute_de", "minute_12"),
            ("second", "second_fr"),
            ("half", "half_12"),
        )
    )
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    time = Time(int(hour or 0), int(minute or 0), int(second) if second else None, micro)
    return Found(text[: match.start()], _of_half(time, half), text[match.end() :])


def _of_half(time: Time, half: str | None) -> Time | None:
    """A time of the clock of twelve hours; ``16:29 pm`` says the same twice."""
    if half is None:
        return time
    if half == "a" and time.hour > 12:
        return None
    return time._replace(hour=time.hour % 12 + (12 if half == "p" else 0))
