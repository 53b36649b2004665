"""Rates as they were known at an event are those of a fold of the log up to there."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.rates import latest, queries, ticker
from services.api.rates.queries import FIRST_DAY, LAST_DAY
from shared import views
from shared.events import RateDisputed, RateQuoted, RateReconfirmed, RateRestated, WireEvent
from shared.testing import builders
from tests.folds import folded, on_log
from tests.properties.test_projection_properties import in_memory

FIRST = date(2026, 2, 27)
PAIRS = [("nbkr", "official", "USD", "KGS"), ("nbkr", "official", "EUR", "KGS"),
         ("courier", "ticker", "USD", "KGS")]  # fmt: skip


@st.composite
def said(draw: st.DrawFn) -> WireEvent:
    """An event of a series for one of a few days: half of them for a day that had a value."""
    source, kind, base, quote = draw(st.sampled_from(PAIRS))
    rate = builders.rate(
        source=source, kind=kind, base=base, quote=quote,
        value=draw(st.sampled_from(["87.45", "87.55", "874.5"])),
        nominal=draw(st.sampled_from([1, 100])),
        as_of=(FIRST + timedelta(days=draw(st.integers(0, 4)))).isoformat(),
    )  # fmt: skip
    series = f"{source}:{kind}:{base}-{quote}"
    event = draw(st.sampled_from([RateQuoted, RateReconfirmed, RateRestated, RateDisputed]))
    more: dict[str, Any] = {}
    if event is RateRestated:
        more = {"replaced_value": "1", "replaced_nominal": 1}
    if event is RateDisputed:
        evidence = {"value": "874.5", "expected": "87.45", "ratio": "10"}
        more = {"disputes": ({"rule": "nominal", "evidence": evidence},), "standing_as_of": None}
    return event.model_validate(
        {"rate": rate.model_dump(), "series": series, "movement": None, "methods": {}, **more}
    )


def told(connection: views.Connection, then: int | None) -> dict[str, Any]:
    """Everything that an answer about rates is made of."""
    known = queries.known(connection, then)
    return {
        "known": known,
        "points": queries.points(connection, known, FIRST_DAY, LAST_DAY, then),
        "doubted": queries.doubted(connection, known, FIRST_DAY, LAST_DAY, then),
        "days": {one.name: queries.days(connection, one.name, then) for one in known},
        "held": queries.on_or_before(connection, known, FIRST + timedelta(days=2), then),
        "latest": latest.latest(connection, known, then),
        "ticker": ticker.quotes(connection, None, 12, then),
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(said(), min_size=1, max_size=25), st.data())
def test_what_was_known_at_an_event_is_what_a_fold_up_to_there_knows(
    events: list[WireEvent], data: st.DataObject
) -> None:
    async def run() -> None:
        found = await on_log(events)
        seq = data.draw(st.integers(0, len(found)))
        with (
            in_memory() as name,
            closing(await folded(Path(name), "now", found)) as now,
            closing(await folded(Path(name), "then", found[:seq])) as then,
        ):
            assert told(now, seq) == told(then, None)

    asyncio.run(run())


@settings(max_examples=30, deadline=None)
@given(st.lists(said(), min_size=1, max_size=25))
def test_what_is_known_by_now_is_what_was_known_at_the_last_event(events: list[WireEvent]) -> None:
    async def run() -> None:
        found = await on_log(events)
        with in_memory() as name, closing(await folded(Path(name), "now", found)) as now:
            assert told(now, len(found)) == told(now, None)

    asyncio.run(run())
