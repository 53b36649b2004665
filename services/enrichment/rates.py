"""What the wire says of a rate: ``quote(event, memory) → event``. Pure; reads no article."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Final, assert_never

from services.enrichment.movement import movement, other_nominal, per_unit
from shared.envelope import Recorded
from shared.events import (
    QuoteEvent,
    RateEvent,
    RateObserved,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
    SourceBlocked,
    SourceUnblocked,
)
from shared.news import Rate
from shared.streams import Position, series_name

QUOTES: Final = "quotes/1"
"""Method that compares a rate with the ones before it."""


@dataclass(slots=True)
class Series:
    """The rates of one source, kind and pair."""

    as_ofs: list[str] = field(default_factory=list)
    """Sorted: ISO 8601 sorts as text."""
    rate_by_as_of: dict[str, Rate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rate that the wire does not carry yet, and where it stands."""

    position: Position
    rate: Rate


@dataclass(slots=True)
class RateMemory:
    """All that decisions about rates depend on: two folds, of the wire and of the input."""

    series: dict[str, Series] = field(default_factory=dict)
    version_by_subject: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    """Sources of which nothing enters the wire."""
    unsaid: dict[str, Waiting] = field(default_factory=dict)
    """Rates that the wire does not carry as they were last quoted, by subject.

    Follows from the last quotation and the wire alone: what was set aside and is taken in late
    waits like the rest.
    """

    def fold_input(self, recorded: Recorded[RateEvent]) -> None:
        """Remember what an operator said of a source, and what it quoted meanwhile."""
        event = recorded.event
        match event:
            case SourceBlocked():
                self.blocked.add(event.source)
            case SourceUnblocked():
                self.blocked.discard(event.source)
            case RateObserved(rate=rate):
                self.unsaid.pop(recorded.subject, None)
                if not self._is_said(rate):
                    self.unsaid[recorded.subject] = Waiting(recorded.position, rate)
            case _:
                assert_never(event)

    def fold_wire(self, subject: str, event: QuoteEvent) -> None:
        """Remember what the wire has said."""
        series = self.series.setdefault(event.series, Series())
        as_of = event.rate.as_of
        if as_of not in series.rate_by_as_of:
            insort(series.as_ofs, as_of)
        series.rate_by_as_of[as_of] = event.rate
        self.version_by_subject[subject] = self.next_version(subject)
        if subject in self.unsaid and self.unsaid[subject].rate == event.rate:
            del self.unsaid[subject]

    def waiting(self) -> list[Position]:
        """Where rates stand that may be said and that the wire does not carry, as they came."""
        free = [one for one in self.unsaid.values() if one.rate.source not in self.blocked]
        return [one.position for one in free]

    def is_due(self, subject: str, position: Position) -> bool:
        """Whether what stands there is the last of its subject, may be said and was not."""
        waiting = self.unsaid.get(subject)
        if waiting is None or waiting.position != position:
            return False
        return waiting.rate.source not in self.blocked

    def _is_said(self, rate: Rate) -> bool:
        name = series_name(rate.source, rate.kind, rate.base, rate.quote)
        series = self.series.get(name, Series())
        return series.rate_by_as_of.get(rate.as_of) == rate

    def next_version(self, subject: str) -> int:
        """The version of a rate's next event on the wire."""
        return self.version_by_subject.get(subject, 0) + 1


def quote(rate: Rate, memory: RateMemory) -> QuoteEvent:
    """The event that an observed rate is on the wire; ``memory`` is as it was before it."""
    name = series_name(rate.source, rate.kind, rate.base, rate.quote)
    series = memory.series.get(name, Series())
    before = _before(series, rate.as_of)
    said = {
        "rate": rate,
        "series": name,
        "movement": movement(before, rate) if before else None,
        "methods": {"quotes": QUOTES},
    }
    replaced = series.rate_by_as_of.get(rate.as_of)
    if replaced is not None and per_unit(replaced) == per_unit(rate):
        return RateReconfirmed(**said)
    if replaced is not None:
        return RateRestated(
            **said,
            replaced_value=replaced.value,
            replaced_nominal=other_nominal(replaced, rate),
        )
    if before is not None and per_unit(before) == per_unit(rate):
        return RateReconfirmed(**said)
    return RateQuoted(**said)


def _before(series: Series, as_of: str) -> Rate | None:
    index = bisect_left(series.as_ofs, as_of)
    return series.rate_by_as_of[series.as_ofs[index - 1]] if index else None
