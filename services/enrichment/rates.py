"""What the wire says of a rate: ``say(event, memory) → events``. Pure; reads no article.

The memory is as it was before the event, and takes in each event as it is said: what a rate makes
of others is decided with the rate known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from services.enrichment.crosses import compared_with, doubts_of_moment
from services.enrichment.movement import movement, other_nominal, per_unit
from services.enrichment.plausibility import PLAUSIBILITY, REPEATS, agree, doubts_of_history
from services.enrichment.rate_memory import (
    ACCEPTED,
    RateMemory,
    name_of,
    subject_of,
)
from shared.events import (
    QuoteEvent,
    RateAccepted,
    RateDisputed,
    RateEvent,
    RateObserved,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
    SourceBlocked,
    SourceUnblocked,
)
from shared.news import Dispute, Rate

QUOTES: Final = "quotes/1"
"""Method that compares a rate with the ones before it."""
BY_OPERATOR: Final = "operator"
BY_REPETITION: Final = f"repeated/{REPEATS}"
BY_STANDING: Final = "standing"
"""It agrees with the good rate before it, which does not fit the others any better."""
RECONSIDERED_MAX: Final = 200
"""Rates that are looked at again because of one: eight banks have fewer that share a currency."""


def say(event: RateEvent, memory: RateMemory) -> list[QuoteEvent]:
    """What the wire says because of an event, each of another subject; the memory takes it in."""
    match event:
        case RateObserved(rate=rate):
            return [] if rate.source in memory.blocked else _said_of(rate, memory)
        case RateAccepted():
            memory.accept(event)
            return _accepted(event, memory)
        case SourceBlocked() | SourceUnblocked():
            return []
        case _:
            assert_never(event)


def quote(rate: Rate, memory: RateMemory) -> QuoteEvent:
    """The event that an observed rate is on the wire; ``memory`` is as it was before it."""
    disputes = _doubts(rate, memory)
    if not disputes:
        return _good(rate, memory, None)
    accepted = _settled_by(rate, disputes, memory)
    return _good(rate, memory, accepted) if accepted else _doubted(rate, memory, disputes)


def _said_of(rate: Rate, memory: RateMemory) -> list[QuoteEvent]:
    said = [_taken(quote(rate, memory), memory)]
    if said[0].methods.get(ACCEPTED) in {BY_OPERATOR, BY_REPETITION}:
        said += _released(rate, memory, said[0].methods[ACCEPTED])
    return [*said, *_reconsidered(rate, memory)]


def _accepted(event: RateAccepted, memory: RateMemory) -> list[QuoteEvent]:
    """What follows from an operator's word: the rate is good, and so are others of its level."""
    name = f"{event.source}:{event.kind}:{event.base}-{event.quote}"
    series = memory.series.get(name)
    rate = series.rate_by_as_of.get(event.as_of) if series else None
    if series is None or rate is None or event.as_of not in series.disputes_by_as_of:
        return []
    if not memory.is_accepted(rate):
        return []
    said = [_taken(_good(rate, memory, BY_OPERATOR), memory)]
    return said + _released(rate, memory, BY_OPERATOR)


def _taken(event: QuoteEvent, memory: RateMemory) -> QuoteEvent:
    memory.fold_wire(subject_of(event.rate), event)
    return event


# --- is it doubted ------------------------------------------------------------------------------


def _doubts(rate: Rate, memory: RateMemory) -> tuple[Dispute, ...]:
    """Every reason to doubt a rate, the history's first; one for each rule."""
    of_history = doubts_of_history(rate, memory.series_of(rate))
    return _joined(of_history, _doubts_of_moment(rate, memory))


def _doubts_of_moment(rate: Rate, memory: RateMemory) -> tuple[Dispute, ...]:
    return doubts_of_moment(rate, memory.moment_of(rate), memory.standing_before)


def _joined(*found: Iterable[Dispute]) -> tuple[Dispute, ...]:
    by_rule: dict[str, Dispute] = {}
    for dispute in (one for some in found for one in some):
        by_rule.setdefault(dispute.rule, dispute)
    return tuple(by_rule.values())


def _settled_by(rate: Rate, disputes: tuple[Dispute, ...], memory: RateMemory) -> str | None:
    """Who or what settles the doubt; None: it stands."""
    if memory.is_accepted(rate):
        return BY_OPERATOR
    before = memory.standing_before(rate)
    follows = before is not None and not any(map(_is_of_history, disputes))
    if before is not None and follows and _doubts_of_moment(before, memory):
        return BY_STANDING
    return BY_REPETITION if len(list(_of_its_level(rate, memory))) >= REPEATS else None


def _is_of_history(dispute: Dispute) -> bool:
    return "before_as_of" in dispute.evidence


def _of_its_level(rate: Rate, memory: RateMemory) -> Iterator[Rate]:
    """The doubted rates of a series that agree with a rate, since the good one before it."""
    series, before = memory.series_of(rate), memory.standing_before(rate)
    since = before.as_of if before else ""
    for as_of in sorted(series.disputes_by_as_of):
        other = series.rate_by_as_of[as_of]
        if as_of > since and as_of != rate.as_of and agree(rate, other):
            yield other


# --- what it makes of others --------------------------------------------------------------------


def _released(rate: Rate, memory: RateMemory, accepted: str) -> list[QuoteEvent]:
    """The doubted rates of the level that is taken for real, oldest first."""
    return [
        _taken(_good(other, memory, accepted), memory)
        for other in list(_of_its_level(rate, memory))
    ]


def _reconsidered(rate: Rate, memory: RateMemory) -> list[QuoteEvent]:
    """What is quoted beside a rate and is another thing now: doubted, or doubted no more."""
    said = []
    found = compared_with(rate, memory.moment_of(rate))
    for other in [one for one, _ in zip(found, range(RECONSIDERED_MAX), strict=False)]:
        event = _again(other, memory)
        if event is not None:
            said.append(_taken(event, memory))
    return said


def _again(rate: Rate, memory: RateMemory) -> QuoteEvent | None:
    """What the wire says of a rate that it has, with what is known now; None: nothing new.

    What its history says of it was said when it came; only what stands beside it is asked again.
    """
    series = memory.series_of(rate)
    if rate.as_of in series.settled:
        return None
    known = series.disputes_by_as_of.get(rate.as_of, ())
    of_history = tuple(filter(_is_of_history, known))
    disputes = _joined(of_history, _doubts_of_moment(rate, memory))
    if {one.rule for one in disputes} == {one.rule for one in known}:
        return None
    if not disputes:
        return _good(rate, memory, None)
    if not known and _settled_by(rate, disputes, memory):
        return None
    return _doubted(rate, memory, disputes)


# --- events -------------------------------------------------------------------------------------


def _doubted(rate: Rate, memory: RateMemory, disputes: tuple[Dispute, ...]) -> RateDisputed:
    series, before = memory.series_of(rate), memory.standing_before(rate)
    good = series.good_by_as_of.get(rate.as_of)
    standing = good if good is not None and per_unit(good) != per_unit(rate) else before
    return RateDisputed.model_validate(
        {
            **_quoted(rate, memory, None),
            "disputes": disputes,
            "standing_as_of": standing.as_of if standing else None,
        }
    )


def _good(rate: Rate, memory: RateMemory, accepted: str | None) -> QuoteEvent:
    series, before = memory.series_of(rate), memory.standing_before(rate)
    said = _quoted(rate, memory, accepted)
    known = series.rate_by_as_of.get(rate.as_of)
    was_doubted = rate.as_of in series.disputes_by_as_of
    if known is not None and per_unit(known) == per_unit(rate):
        if not was_doubted:
            return RateReconfirmed.model_validate(said)
        known = series.good_by_as_of.get(rate.as_of)  # what stood while it was doubted
    if known is not None and per_unit(known) != per_unit(rate):
        replaced = {
            "replaced_value": known.value,
            "replaced_nominal": other_nominal(known, rate),
        }
        return RateRestated.model_validate({**said, **replaced})
    if before is not None and per_unit(before) == per_unit(rate):
        return RateReconfirmed.model_validate(said)
    return RateQuoted.model_validate(said)


def _quoted(rate: Rate, memory: RateMemory, accepted: str | None) -> dict[str, object]:
    before = memory.standing_before(rate)
    settled = {ACCEPTED: accepted} if accepted else {}
    return {
        "rate": rate,
        "series": name_of(rate),
        "movement": movement(before, rate) if before else None,
        "methods": {"quotes": QUOTES, "plausibility": PLAUSIBILITY, **settled},
    }
