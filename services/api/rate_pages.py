"""The page of a pair: what holds, how it moved, a line and a table. Whole without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.api import answers, pages, typeset
from services.api.assets import EDITION
from services.api.rates import drawing, queries, reading, refusals
from services.api.rates import pairs as likeness
from services.api.rates.asking import Room, etag_of, reader_of, today_of
from services.api.rates.bars import bars
from services.api.rates.changes import STEPS
from services.api.rates.crossing import KINDS as KINDS_CHOSEN
from services.api.rates.parameters import PairText
from services.api.rates.points import Point
from services.api.rates.queries import Series
from services.api.syndication import links
from services.api.typeset import When
from services.api.words.texts import gettext, marked, ngettext

SERIES_SHOWN_MAX: Final = 12
"""Series of one page; the API gives all."""
ROWS_MAX: Final = 60
"""Days of a table: three months of a daily series."""
DRAWN_DAYS: Final = 366

KINDS: Final = {
    "official": marked("official"),
    "market": marked("market"),
    "ticker": marked("ticker"),
    "buy": marked("buy"),
    "sell": marked("sell"),
}
"""What a rate is, by its kind."""
OVER: Final = {
    "day": marked("day"),
    "week": marked("week"),
    "month": marked("month"),
    "year": marked("year"),
}
"""Over what a rate moved."""

router: Final = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a rate is from where it stood."""

    over: str
    change: str
    direction: str
    since: When


@dataclass(frozen=True, slots=True)
class Row:
    """A value in the table."""

    as_of: When
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One series of the page."""

    source: str
    credit: str
    kind: str
    rate_kind: str
    """As the JSON has it."""
    nominal: int
    label: str
    """``100 KZT/KGS``: what the value is for."""
    value: str
    as_of: When
    age_days: int
    is_stale: bool
    moved: Sequence[Moved]
    line: str | None
    """Path of the values of its last year, the last of each day; None: there is one day only."""
    line_says: str
    rows: Sequence[Row]


@router.get("/rates/{pair}")
async def pair_page(request: Request, pair: PairText) -> Response:
    """The rates of one pair; parameters are ignored: links gather such."""
    with reader_of(request).snapshot() as snapshot:
        tag = etag_of(request, snapshot, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        now = Room(snapshot.connection, snapshot.here, None, today_of(request))
        known = queries.known(snapshot.connection)
        shown = [
            found
            for one in _ordered(one for one in known if one.pair == pair)[:SERIES_SHOWN_MAX]
            if (found := _shown(now, one))
        ]
    if not shown:
        near = likeness.nearest(pair, (one.pair for one in known))
        return pages.problem_page(refusals.unknown_pair(pair, None, near))
    base, _, quote = pair.partition("-")
    size = {"width": drawing.LARGE.width, "height": drawing.LARGE.height}
    has_lines = any(one.line for one in shown)
    body = pages.render(
        "pair.html", base=base, quote=quote, shown=shown, pair=pair, has_lines=has_lines, **size,
        feeds=links.offered_of_pair(pair) if request.app.state.site else [],
    )  # fmt: skip
    return HTMLResponse(body, headers=answers.headers(tag))


def _ordered(wanted: Iterable[Series]) -> list[Series]:
    """What banks set before what markets and papers quote, a dealer's last; then by source."""
    place = {kind: number for number, kind in enumerate(KINDS_CHOSEN)}
    return sorted(wanted, key=lambda one: (place.get(one.kind, len(KINDS_CHOSEN)), one.name))


def _shown(room: Room, one: Series) -> Shown | None:
    """A series with its last year; None: none of its values stands."""
    said = reading.about(room, one, None)
    if said["holds"] is None:
        return None
    last = date.fromisoformat(said["latest_as_of"][:10])
    points = queries.points(room.connection, [one], last - timedelta(days=DRAWN_DAYS), last)
    closes = [bar.close for bar in bars(points, "day")]
    held = said["holds"]
    return Shown(
        source=one.source,
        credit=typeset.one_line(said["credit"] or one.source),
        kind=gettext(KINDS.get(one.kind, one.kind)),
        rate_kind=one.kind,
        nominal=held["nominal"],
        label=_label(one, held["nominal"]),
        value=typeset.value(held["value"]),
        as_of=_when(held["as_of"]),
        age_days=said["age_days"],
        is_stale=bool(said["is_stale"]),
        moved=_moved(said["changes"]),
        line=drawing.line(closes),
        line_says=_in_words(closes),
        rows=[
            Row(_when(point.as_of), _value(point, held["nominal"])) for point in points[:ROWS_MAX]
        ],
    )


def _moved(found: Mapping[str, Any]) -> list[Moved]:
    """The changes that there is something to say of."""
    return [
        Moved(
            over=gettext(OVER[step]),
            change=typeset.change(one["percent"], "percent"),
            direction=typeset.direction(one["percent"]),
            since=_when(one["since_as_of"]),
        )
        for step in STEPS
        if (one := found[step]) and one["percent"] is not None
    ]


def _in_words(closes: Sequence[Point]) -> str:
    """What the line shows, in words."""
    low = min(closes, key=lambda point: point.unit)
    high = max(closes, key=lambda point: point.unit)
    return ngettext(
        "%(num)s day from %(first)s to %(last)s: lowest %(low)s on %(low_day)s, highest %(high)s "
        "on %(high_day)s",
        "%(num)s days from %(first)s to %(last)s: lowest %(low)s on %(low_day)s, highest %(high)s "
        "on %(high_day)s",
        len(closes),
        first=_when(closes[0].as_of).text,
        last=_when(closes[-1].as_of).text,
        low=typeset.value(low.value),
        low_day=_when(low.as_of).text,
        high=typeset.value(high.value),
        high_day=_when(high.as_of).text,
    )


def _label(one: Series, nominal: int) -> str:
    return f"{one.base}/{one.quote}" if nominal == 1 else f"{nominal} {one.base}/{one.quote}"


def _value(point: Point, nominal: int) -> str:
    """A value as printed, with its nominal where that is another than the series has last."""
    value = typeset.value(point.value)
    if point.nominal == nominal:
        return value
    return gettext("%(value)s for %(nominal)s", value=value, nominal=point.nominal)


def _when(as_of: str) -> When:
    return typeset.instant(as_of) if "T" in as_of else typeset.day(as_of)
