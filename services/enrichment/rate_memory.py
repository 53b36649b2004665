"""What decisions about rates depend on: two folds that do not depend on each other's order.

One is of the input (what waits, what is blocked, what operators accept), one of the wire (what was
said, and which of it stands). Rebuilt from the log, it is the memory of a worker that never
stopped.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, assert_never

from services.enrichment.movement import per_unit
from shared.envelope import Recorded
from shared.events import (
    QuoteEvent,
    RateAccepted,
    RateDisputed,
    RateEvent,
    RateObserved,
    SourceBlocked,
    SourceUnblocked,
)
from shared.news import Dispute, Rate
from shared.streams import Position, rate_subject, series_name

ACCEPTED: Final = "accepted"
"""Names in ``methods`` who or what settled a doubt; absent: there was none."""


@dataclass(slots=True)
class Series:
    """The rates of one source, kind and pair."""

    as_ofs: list[str] = field(default_factory=list)
    """Sorted: ISO 8601 sorts as text."""
    rate_by_as_of: dict[str, Rate] = field(default_factory=dict)
    """What the wire last said of each, doubted or not."""
    good_as_ofs: list[str] = field(default_factory=list)
    """Sorted; those of ``good_by_as_of``."""
    good_by_as_of: dict[str, Rate] = field(default_factory=dict)
    """What stands: the last value that is not doubted."""
    disputes_by_as_of: dict[str, tuple[Dispute, ...]] = field(default_factory=dict)
    """Where the last word is doubted, and why."""
    settled: set[str] = field(default_factory=set)
    """Where a doubt was settled: it is not raised again by other rates."""

    def standing_before(self, as_of: str) -> Rate | None:
        """The good rate with the latest earlier ``as_of``; None: there is none."""
        index = bisect_left(self.good_as_ofs, as_of)
        return self.good_by_as_of[self.good_as_ofs[index - 1]] if index else None

    def good_before(self, as_of: str, count: int) -> list[Rate]:
        """The last good rates before an ``as_of``, oldest first, at most so many."""
        index = bisect_left(self.good_as_ofs, as_of)
        return [self.good_by_as_of[one] for one in self.good_as_ofs[max(0, index - count) : index]]

    def fold(self, event: QuoteEvent) -> None:
        """Remember what the wire has said."""
        rate, as_of = event.rate, event.rate.as_of
        if as_of not in self.rate_by_as_of:
            insort(self.as_ofs, as_of)
        self.rate_by_as_of[as_of] = rate
        self.settled.discard(as_of)
        if isinstance(event, RateDisputed):
            self.disputes_by_as_of[as_of] = event.disputes
            self._forget_good(rate)
            return
        self.disputes_by_as_of.pop(as_of, None)
        if as_of not in self.good_by_as_of:
            insort(self.good_as_ofs, as_of)
        self.good_by_as_of[as_of] = rate
        if ACCEPTED in event.methods:
            self.settled.add(as_of)

    def _forget_good(self, doubted: Rate) -> None:
        """What is doubted does not stand; another value for its ``as_of`` goes on standing."""
        good = self.good_by_as_of.get(doubted.as_of)
        if good is not None and per_unit(good) == per_unit(doubted):
            del self.good_by_as_of[doubted.as_of]
            self.good_as_ofs.remove(doubted.as_of)


@dataclass(slots=True)
class Quotes:
    """What one source quotes for one ``as_of``, in one kind: a net of currencies."""

    rate_by_pair: dict[tuple[str, str], Rate] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)
    """Currencies that a currency is quoted against, in either direction."""

    def put(self, rate: Rate) -> None:
        """Take in a rate, in the place of the one before it."""
        self.rate_by_pair[rate.base, rate.quote] = rate
        self.near.setdefault(rate.base, set()).add(rate.quote)
        self.near.setdefault(rate.quote, set()).add(rate.base)

    def between(self, one: str, other: str) -> Iterator[Rate]:
        """The rates of a pair of currencies: in this direction, then in the other one."""
        for pair in ((one, other), (other, one)):
            if (rate := self.rate_by_pair.get(pair)) is not None:
                yield rate


Moment = dict[str, Quotes]
"""What every source quotes for one ``as_of``, in one kind."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rate that the wire does not carry yet, and where it stands."""

    position: Position
    rate: Rate


@dataclass(slots=True)
class RateMemory:
    """All that decisions about rates depend on."""

    series: dict[str, Series] = field(default_factory=dict)
    moments: dict[tuple[str, str], Moment] = field(default_factory=dict)
    """What was quoted, by kind and ``as_of``."""
    version_by_subject: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    """Sources of which nothing enters the wire."""
    accepted: dict[str, Decimal] = field(default_factory=dict)
    """The value that an operator last accepted, by the subject of its rate."""
    unsaid: dict[str, Waiting] = field(default_factory=dict)
    """Rates that the wire does not carry as they were last quoted, by subject.

    Follows from the last quotation and the wire alone: what was set aside and is taken in late
    waits like the rest.
    """

    def fold_input(self, recorded: Recorded[RateEvent]) -> None:
        """Remember what an operator said, and what sources quoted."""
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
            case RateAccepted():
                self.accept(event)
            case _:
                assert_never(event)

    def accept(self, event: RateAccepted) -> None:
        """Remember that an operator takes a value for right."""
        name = series_name(event.source, event.kind, event.base, event.quote)
        self.accepted[rate_subject(name, event.as_of)] = Decimal(event.value)

    def fold_wire(self, subject: str, event: QuoteEvent) -> None:
        """Remember what the wire has said."""
        rate = event.rate
        self.series.setdefault(event.series, Series()).fold(event)
        moment = self.moments.setdefault((rate.kind, rate.as_of), {})
        moment.setdefault(rate.source, Quotes()).put(rate)
        self.version_by_subject[subject] = self.next_version(subject)
        if subject in self.unsaid and self.unsaid[subject].rate == rate:
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

    def is_accepted(self, rate: Rate) -> bool:
        """Whether an operator takes this very value for right."""
        return self.accepted.get(subject_of(rate)) == Decimal(rate.value)

    def series_of(self, rate: Rate) -> Series:
        """The series of a rate; an empty one where nothing was said of it."""
        return self.series.get(name_of(rate), Series())

    def standing_before(self, rate: Rate) -> Rate | None:
        """The good rate before a rate in its series; None: there is none."""
        return self.series_of(rate).standing_before(rate.as_of)

    def moment_of(self, rate: Rate) -> Moment:
        """What is quoted for the same ``as_of``, in the same kind."""
        return self.moments.get((rate.kind, rate.as_of), {})

    def next_version(self, subject: str) -> int:
        """The version of a rate's next event on the wire."""
        return self.version_by_subject.get(subject, 0) + 1

    def _is_said(self, rate: Rate) -> bool:
        return self.series_of(rate).rate_by_as_of.get(rate.as_of) == rate


def name_of(rate: Rate) -> str:
    """The series of a rate."""
    return series_name(rate.source, rate.kind, rate.base, rate.quote)


def subject_of(rate: Rate) -> str:
    """What the events of a rate are about."""
    return rate_subject(name_of(rate), rate.as_of)
