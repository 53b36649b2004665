"""What the api says where it has no rate to give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.api.rates.points import CARRIED_DAYS_MAX
from services.api.rates.queries import POINTS_MAX
from shared.web import Problem


def unknown_pair(pair: str, source: str | None, near: Sequence[str]) -> Problem:
    """No series quotes it, or none of this source."""
    by = f" of the source {source}" if source else ""
    meant = f"Near it are {', '.join(near)}." if near else "There are no rates at all yet."
    return Problem(
        "pair-unknown",
        404,
        "No such pair",
        f"No series{by} quotes {pair}. {meant} /v1/currencies lists every currency.",
        {"pair": pair, "nearest": list(near)},
    )


def no_rate(pair: str, day: date, before: date | None) -> Problem:
    """The pair is known, and nothing holds for the day; ``before`` None: there is nothing older."""
    older = (
        f"The last one before it is of {before}: ask for on={before}."
        if before
        else "Nothing older is known either: /v1/rates/latest shows what there is."
    )
    return Problem(
        "rate-unknown",
        404,
        "No rate for this day",
        f"Nothing holds for {day}: a rate is carried for at most {CARRIED_DAYS_MAX} days. {older}",
        {"pair": pair, "on": day.isoformat()},
    )


def no_versions(pair: str, day: date, before: date | None) -> Problem:
    """The pair is known, and nobody said anything for the day; ``before`` None: nor for another."""
    older = (
        f"The last day before it that has a value is {before}: ask for on={before}."
        if before
        else "Nor for a day before it: leave `on` out to see the last."
    )
    return Problem(
        "rate-unknown",
        404,
        "No rate for this day",
        f"No source said anything for {day} itself. {older}",
        {"pair": pair, "on": day.isoformat()},
    )


def too_many() -> Problem:
    """One step of the answer alone holds more than an answer may."""
    return _invalid(
        f"One day or step holds more than {POINTS_MAX:,} values. Name a `source` and a `kind`, or "
        "take a shorter `step`"
    )


def reversed_range(first: date, last: date) -> Problem:
    """The first day is behind the last."""
    return _invalid(f"Expected `from` before `to`, came {first} and {last}. Exchange the two")


def _invalid(detail: str) -> Problem:
    errors = [{"path": "query/from", "detail": detail}]
    return Problem(
        "parameters-invalid", 422, "The request is not valid", f"{detail}.", {"errors": errors}
    )
