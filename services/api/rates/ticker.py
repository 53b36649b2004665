"""The ticker of a page: of each pair one rate, by the rule that chooses everywhere else too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.api import front, typeset
from services.api.rates import drawing, queries
from services.api.rates.changes import percent
from services.api.rates.crossing import KINDS
from services.api.rates.latest import LatestRate, latest, of_pairs
from services.api.rates.queries import LAST_DAY, Series
from services.api.typeset import When
from services.api.words.texts import gettext, marked
from shared.views import Connection

QUOTES_SHOWN_MAX: Final = 12
"""In the ticker of the front page; a bank alone has seventy. Two rows where the page is wide."""
QUOTES_OF_SOURCE_MAX: Final = 100
"""In the ticker of one source: all that a bank sets for a day."""
LINE_POINTS_MAX: Final = 30
"""Of the small line beside a quote: six weeks of a bank's days."""
LINE: Final = drawing.Size(120, 24, 2)
_FIRST: Final = ("USD", "EUR", "RUB")

REASONS: Final = {
    "peg": marked("it breaks a peg"),
    "triangle": marked("it does not fit the rates beside it"),
    "inverted": marked("it looks inverted"),
    "nominal": marked("it looks like a slip of the nominal"),
    "jump": marked("it is a jump beyond the history of its series"),
}
"""Why a rate is doubted, by the rule."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is not plausible."""

    value: str | None
    """Later than what is shown; None: it is what is shown, for want of another."""
    as_of: When
    reasons: str
    """In a sentence: ``it looks inverted (87.45 where 0.01143 was expected)``."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One currency pair of the ticker."""

    pair: str
    path: str
    """Of the page of the pair."""
    value: str
    change: str | None
    direction: str
    since: When | None
    """Of a change that we computed: the day it is counted from. None: the source printed it."""
    as_of: When
    credit: str
    doubt: Doubt | None
    """What is not believed of it; None: nothing."""
    line: str | None
    """Path of its last values, the last of each day; None: there is one day only."""


def quotes(
    connection: Connection, source: str | None, count_max: int, then: int | None = None
) -> list[Quote]:
    """The ticker of every source, or of one, by pair.

    Of more pairs than are shown: what papers and markets quote before what banks set, and of that
    the dollar, the euro and the rouble first. The series of the others are not read.
    """
    known = [one for one in queries.known(connection, then) if source in {None, one.source}]
    near = [one for group in pairs_shown(known, count_max) for one in group]
    found = of_pairs(latest(connection, near, then))
    return [_quote(rate, _line(connection, rate, then)) for rate in found]


def pairs_shown(known: Iterable[Series], count_max: int) -> list[list[Series]]:
    """The series of each pair that has a place, by pair."""
    by_pair: dict[str, list[Series]] = {}
    for one in known:
        by_pair.setdefault(one.pair, []).append(one)
    ranked = sorted(by_pair.values(), key=_rank)[:count_max]
    return sorted(ranked, key=lambda group: group[0].pair)


def credits_of(found: Iterable[Quote]) -> list[str]:
    """Whose rates these are, each once."""
    return list(dict.fromkeys(quote.credit for quote in found))


def quote(rate: LatestRate) -> Quote:
    """A rate as the ticker prints it, without its line."""
    return _quote(rate, None)


def _quote(rate: LatestRate, line: str | None) -> Quote:
    said = rate.read()
    nominal = "" if said["nominal"] == 1 else f"{said['nominal']} "
    number, unit, since = said.get("change"), said.get("change_unit"), None
    if number is None and (moved := _moved(said)):
        number, unit = moved, "percent"
        since = typeset.as_of(said["movement"]["previous_as_of"])
    return Quote(
        pair=f"{nominal}{said['base']}/{said['quote']}",
        path=f"/rates/{said['base']}-{said['quote']}",
        value=typeset.value(said["value"]),
        change=None if number is None else typeset.change(number, unit),
        direction="flat" if number is None else typeset.direction(number),
        since=since,
        as_of=typeset.as_of(said["as_of"]),
        credit=front.credit_of(said),
        doubt=_doubt(said),
        line=line,
    )


def _moved(said: Mapping[str, Any]) -> str | None:
    """How a rate moved in percent, as ``changes`` has it; None: no digit carries it, or a doubt."""
    movement: Mapping[str, Any] | None = said.get("movement")
    if movement is None or said["status"] == "disputed":
        return None
    before = queries.read_point(
        {
            **said,
            "value": movement["previous_value"],
            "nominal": movement.get("previous_nominal") or said["nominal"],
            "as_of": movement["previous_as_of"],
        }
    )
    return percent(before, queries.read_point(said))


def _line(connection: Connection, rate: LatestRate, then: int | None) -> str | None:
    points = queries.last_points(connection, rate.one, LAST_DAY, LINE_POINTS_MAX, then)
    by_day = {point.day: point for point in reversed(points)}
    return drawing.line(list(by_day.values()), LINE)


def _doubt(said: Mapping[str, Any]) -> Doubt | None:
    doubted = said if said["status"] == "disputed" else said.get("doubted")
    if doubted is None:
        return None
    reasons = [_reason(one["rule"], one["evidence"]) for one in doubted["disputes"]]
    return Doubt(
        value=None if doubted is said else typeset.value(doubted["value"]),
        as_of=typeset.as_of(doubted["as_of"]),
        reasons="; ".join(reasons),
    )


def _reason(rule: str, evidence: Mapping[str, str]) -> str:
    words = REASONS[rule]
    return gettext(
        "%(reason)s (%(value)s where %(expected)s was expected)",
        reason=gettext(words),
        value=typeset.value(evidence["value"]),
        expected=typeset.value(evidence["expected"]),
    )


def _rank(group: Sequence[Series]) -> tuple[bool, int, str, str]:
    """The place of a pair among those that may be shown."""
    one = group[0]
    kind = next((kind for kind in KINDS if any(kind == other.kind for other in group)), one.kind)
    place = _FIRST.index(one.base) if one.base in _FIRST else len(_FIRST)
    return kind == "official", place, one.base, one.quote
