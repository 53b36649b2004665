"""From a pushed rate to a rate of its source. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal

from services.ingest.parse.currencies import CURRENCIES
from services.ingest.push.items import NotTaken, Seen, invalid, read
from services.ingest.push.schemas import DAY, INSTANT, PushedRate
from shared.faults import Fault, came
from shared.instants import AHEAD_MAX, EARLIEST, rfc3339
from shared.news import Rate

DATE_AHEAD_DAYS_MAX: Final = 1
"""A rate may be set for tomorrow, in whatever time zone that is."""

AsOf = tuple[str, Literal["date", "time"]]


def rate(seen: Seen) -> Rate | NotTaken:
    """The rate that an item is, or why it is none."""
    found = read(PushedRate, seen)
    if isinstance(found, NotTaken):
        return found
    pushed, source = found
    as_of = _as_of(pushed.as_of, seen.observed_at)
    faults = _faults(pushed)
    if isinstance(as_of, Fault):
        return invalid(*faults, as_of)
    if faults:
        return invalid(*faults)
    return Rate(
        source=source,
        credit=pushed.credit or None,
        kind=pushed.kind,
        base=pushed.base,
        quote=pushed.quote,
        value=pushed.value,
        nominal=pushed.nominal,
        as_of=as_of[0],
        as_of_precision=as_of[1],
        change=pushed.change,
        change_unit=pushed.change_unit,
        observed_at=seen.observed_at,
        document=seen.document,
    )


def _faults(pushed: PushedRate) -> list[Fault]:
    found = [
        Fault(name, f"expected a currency of ISO 4217, came {came(code)}")
        for name, code in (("base", pushed.base), ("quote", pushed.quote))
        if code not in CURRENCIES
    ]
    if pushed.base == pushed.quote:
        found.append(
            Fault("quote", f"expected another currency than the base, came {pushed.quote}")
        )
    if (pushed.change is None) != (pushed.change_unit is None):
        missing = "change" if pushed.change is None else "change_unit"
        found.append(Fault(missing, "expected change and change_unit together, came one of them"))
    return found


def _as_of(said: str, now: datetime) -> AsOf | Fault:
    """The one form that an ``as_of`` has on the log: it sorts as text."""
    try:
        if DAY.fullmatch(said):
            return _day(date.fromisoformat(said), now)
        if INSTANT.fullmatch(said):
            return _instant(datetime.fromisoformat(said.upper()), now)
    except ValueError:
        pass  # the form of one, and no day of the calendar
    expected = "expected a day, as in 2026-03-03, or an instant with its offset"
    return Fault("as_of", f"{expected}, came {came(said)}")


def _day(found: date, now: datetime) -> AsOf | Fault:
    latest = now.date() + timedelta(days=DATE_AHEAD_DAYS_MAX)
    if found > latest:
        return Fault("as_of", f"expected at most {latest.isoformat()}, came {found.isoformat()}")
    return found.isoformat(), "date"


def _instant(found: datetime, now: datetime) -> AsOf | Fault:
    if not EARLIEST <= found <= now + AHEAD_MAX:
        expected = f"expected an instant up to {rfc3339(now + AHEAD_MAX)}"
        return Fault("as_of", f"{expected}, came {found.isoformat()}")
    return rfc3339(found), "time"
