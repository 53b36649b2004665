"""Clocks: the offsets and zones that stand behind a time, and the instant that they make of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from services.ingest.parse.feeds.months import FILLERS, WEEKDAY_BY_NAME, month_of

_SIGNS: Final = {"+": 1, "-": -1, "−": -1, "–": -1}
_PIECE: Final = re.compile(
    r"[ ,;]*(?:"
    r"(?P<place>[a-z_]+(?:/[a-z_]+(?:[+-][a-z0-9_]+)*)+(?:[+-]?[0-9]{1,2}(?![0-9:]))?)"
    r"|(?P<sign>[+\-−–])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2})(?::[0-9]{2})?)?(?![0-9:])"
    r"|(?P<name>[^\W\d_]+)\.?(?![/])"
    r")"
)
_EAST_MIN_MAX: Final = 14 * 60
"""Line Islands; no clock was further ahead of UTC since there are time zones."""
_WEST_MIN_MAX: Final = 12 * 60

_HOURS: Final[dict[str, float]] = {
    "z": 0, "zulu": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3,
    "bst": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3,
    "trt": 3, "sast": 2, "eat": 3, "cat": 2, "wat": 1, "get": 4, "azt": 4, "uzt": 5, "tjt": 5,
    "tmt": 5, "pkt": 5, "wib": 7, "wita": 8, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
"""Hours ahead of UTC of names that mean one clock. Source: RFC 822 5.1 for the American ones.

IST (India, Ireland, Israel), AST (Atlantic, Arabia), GST and AMT have several.
"""
_PLACES: Final = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "msk": "Europe/Moscow", "мск": "Europe/Moscow",
    "samt": "Europe/Samara", "yekt": "Asia/Yekaterinburg", "omst": "Asia/Omsk",
    "novt": "Asia/Novosibirsk", "krat": "Asia/Krasnoyarsk", "irkt": "Asia/Irkutsk",
    "yakt": "Asia/Yakutsk", "vlat": "Asia/Vladivostok", "almt": "Asia/Almaty",
    "qyzt": "Asia/Qyzylorda", "aqtt": "Asia/Aqtobe", "orat": "Asia/Oral", "kgt": "Asia/Bishkek",
}  # fmt: skip
"""Names whose offset depends on the day: ALMT is +06:00 up to February 2024, then +05:00."""
_OF_UTC: Final = frozenset({"ut", "utc", "gmt"})
"""Names that an offset may follow which counts from them: ``GMT+06:00``; not so ``Z``."""
_RELATIVE: Final = re.compile(r" ?(?=[+\-−–][0-9])")
_LETTERS: Final = frozenset("abcdefgiklmnopqrstuvwxy")
"""Of RFC 822 5.1, but for H, which stands for hours."""


class Clock(NamedTuple):
    """By which clock a time was written, as far as a text says."""

    zones: tuple[tzinfo, ...] = ()
    """All that were named; they should tell the same."""
    unclear: tuple[str, ...] = ()
    """Words that name no clock, or one of several; ``impossible`` offsets among them."""
    is_where: bool = True
    """False: it is known to be UTC, but not where it was written. Source: RFC 2822 3.3, -0000."""

    def __bool__(self) -> bool:
        return bool(self.zones or self.unclear)

    def __add__(self, other: object) -> Clock:
        if not isinstance(other, Clock):
            return NotImplemented
        is_where = self.is_where and other.is_where
        return Clock(self.zones + other.zones, self.unclear + other.unclear, is_where)


NOT_SAID: Final = Clock()


@lru_cache(maxsize=1024)
def clock_at(text: str) -> tuple[Clock, str]:
    """The clock that a text begins with, as ``months.plain`` gives it, and the rest of the text."""
    clock, place = NOT_SAID, 0
    while piece := _PIECE.match(text, place):
        name = piece["name"] or ""
        if name in WEEKDAY_BY_NAME or month_of(name):
            break
        place = piece.end()
        relative = _RELATIVE.match(text, place) if name in _OF_UTC else None
        if relative:
            place = relative.end()  # “GMT-07:00” is an offset; GMT says nothing besides
        elif name not in FILLERS or name in _LETTERS:
            clock += _of(piece)
    return clock, text[place:]


def named_clock(word: str) -> Clock:
    """The clock that a word of several letters names; none where it names none."""
    zone = _named(word)
    return Clock((zone,)) if zone and len(word) > 1 else NOT_SAID


def _of(piece: re.Match[str]) -> Clock:
    if sign := piece["sign"]:
        east_min = _SIGNS[sign] * (int(piece["hours"]) * 60 + int(piece["minutes"] or 0))
        is_clock = int(piece["minutes"] or 0) < 60 and -_WEST_MIN_MAX <= east_min <= _EAST_MIN_MAX
        if not is_clock:
            return Clock(unclear=("impossible",))
        is_where = bool(east_min) or sign == "+"
        return Clock((timezone(timedelta(minutes=east_min)),), is_where=is_where)
    if said := piece["place"]:
        zone = zone_of(said)
        return Clock((zone,)) if zone else Clock(unclear=(said,))
    name = piece["name"]
    if found := _named(name):
        return Clock((found,))
    # RFC 2822 4.3: the letters of the military were specified with a wrong sign
    return Clock((UTC,), is_where=False) if name in _LETTERS else Clock(unclear=(name,))


def _named(word: str) -> tzinfo | None:
    if word in _HOURS:
        return timezone(timedelta(hours=_HOURS[word]))
    return zone_of(_PLACES[word]) if word in _PLACES else None


def zone_of(name: str) -> tzinfo | None:
    """The zone of an IANA name in any case, from the release that is installed; None: no zone.

    Not from the machine's own files: the same bytes give the same value on any machine.
    """
    key = _keys().get(name.lower().replace(" ", "_"))
    return None if key is None else _zone(key)


def load() -> None:
    """Read all zones: behind the fence no file can be opened any more."""
    for key in _keys().values():
        _zone(key)


@cache  # of the zones that there are, some six hundred; never of the names that a source writes
def _zone(key: str) -> tzinfo:
    with files("tzdata").joinpath("zoneinfo", *key.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key)


@lru_cache(maxsize=1)
def _keys() -> dict[str, str]:
    return {key.lower(): key for key in files("tzdata").joinpath("zones").read_text().split()}


def at_clock(
    local: datetime, clock: Clock, home: tzinfo | None
) -> tuple[datetime, int | None] | None:
    """The instant of a time without an offset, with the minutes that its clock is east of UTC.

    ``home`` is the clock of a source that says none. None: it cannot be told, because nothing is
    said, because two clocks contradict each other, or because the time comes twice or never there.
    """
    zones = clock.zones
    if not zones and home and all(_is_called(home, local, word) for word in clock.unclear):
        zones = (home,)
    offsets = {_offset(local, zone) for zone in zones}
    if "impossible" in clock.unclear or len(offsets) != 1:
        return None
    offset = offsets.pop()
    if offset is None:
        return None
    at = (local - offset).replace(tzinfo=UTC)
    return at, int(offset.total_seconds()) // 60 if clock.is_where else None


def _is_called(zone: tzinfo, local: datetime, word: str) -> bool:
    """``IST`` in a source of Kolkata is the name of its own clock."""
    return (local.replace(tzinfo=zone).tzname() or "").lower() == word


def _offset(local: datetime, zone: tzinfo) -> timedelta | None:
    """None: the clock was changed, and showed this time twice or not at all."""
    if isinstance(zone, timezone):
        return zone.utcoffset(None)
    early, late = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return early if early == late else None
