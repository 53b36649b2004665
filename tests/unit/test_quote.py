"""What the wire says of a rate."""

from __future__ import annotations

import pytest

from services.enrichment.rate_memory import RateMemory
from services.enrichment.rates import quote
from shared.envelope import decode
from shared.events import (
    Movement,
    QuoteEvent,
    RateObserved,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
    SourceBlocked,
    SourceUnblocked,
)
from shared.streams import Position
from shared.testing.builders import rate
from tests.wire_builders import blocked, entry_of, observed, subject_of, unblocked

DAYS = ["2026-03-01", "2026-03-02", "2026-03-03"]


class RateDecisions:
    """What enrichment says of rates: decide, then remember."""

    def __init__(self) -> None:
        self.memory = RateMemory()

    def hear(self, *events: RateObserved) -> QuoteEvent:
        for event in events:
            said = quote(event.rate, self.memory)
            self.memory.fold_wire(subject_of(event), said)
        return said


@pytest.fixture
def desk() -> RateDecisions:
    return RateDecisions()


def test_the_first_rate_of_a_series_is_quoted_without_movement(desk: RateDecisions) -> None:
    event = desk.hear(observed("0.00198"))

    assert isinstance(event, RateQuoted)
    assert event.rate.value == "0.00198"
    assert event.series == "steppe-courier:ticker:KZT-USD"
    assert event.movement is None
    assert event.methods == {"quotes": "quotes/1", "plausibility": "plausibility/1"}


def test_another_value_is_quoted_with_its_exact_movement(desk: RateDecisions) -> None:
    event = desk.hear(observed("498.50", DAYS[0]), observed("500.00", DAYS[1]))

    assert isinstance(event, RateQuoted)
    assert event.movement == Movement(
        previous_value="498.50", previous_as_of="2026-03-01", absolute="1.50", percent="0.30"
    )


@pytest.mark.parametrize("value", ["0.1082", "0.10820"])
def test_the_same_value_at_a_later_day_is_reconfirmed(desk: RateDecisions, value: str) -> None:
    event = desk.hear(observed("0.1082", DAYS[0]), observed(value, DAYS[1]))

    assert isinstance(event, RateReconfirmed)
    assert event.rate.value == value
    assert event.movement is not None
    assert float(event.movement.absolute) == 0
    assert "-" not in event.movement.absolute + event.movement.percent


def test_the_same_rate_for_ten_is_reconfirmed(desk: RateDecisions) -> None:
    event = desk.hear(
        observed("0.0198", DAYS[0], nominal=10), observed("0.00198", DAYS[1], nominal=1)
    )

    assert isinstance(event, RateReconfirmed)


def test_another_value_for_the_same_day_is_a_restatement(desk: RateDecisions) -> None:
    desk.hear(observed("500.00", DAYS[0]))
    event = desk.hear(observed("501.00", DAYS[1]), observed("502.00", DAYS[1]))

    assert isinstance(event, RateRestated)
    assert event.replaced_value == "501.00"
    assert event.movement is not None
    assert (event.movement.previous_value, event.movement.absolute) == ("500.00", "2.00")


def test_a_restatement_is_what_the_next_day_is_compared_with(desk: RateDecisions) -> None:
    event = desk.hear(
        observed("501.00", DAYS[0]), observed("502.00", DAYS[0]), observed("502.00", DAYS[1])
    )

    assert isinstance(event, RateReconfirmed)


def test_a_late_day_is_compared_with_the_day_before_it(desk: RateDecisions) -> None:
    late = desk.hear(
        observed("500.00", DAYS[0]), observed("520.00", DAYS[2]), observed("510.00", DAYS[1])
    )
    first = desk.hear(observed("490.00", "2026-02-01"))

    assert isinstance(late, RateQuoted)
    assert late.movement is not None
    assert (late.movement.previous_as_of, late.movement.absolute) == ("2026-03-01", "10.00")
    assert isinstance(first, RateQuoted)
    assert first.movement is None


def test_a_late_day_says_nothing_of_later_ones(desk: RateDecisions) -> None:
    desk.hear(observed("500.00", DAYS[0]), observed("520.00", DAYS[2]))
    before = desk.memory.series["steppe-courier:ticker:KZT-USD"].rate_by_as_of[DAYS[2]]
    desk.hear(observed("510.00", DAYS[1]))
    series = desk.memory.series["steppe-courier:ticker:KZT-USD"]

    assert series.rate_by_as_of[DAYS[2]] == before
    assert series.as_ofs == DAYS


@pytest.mark.parametrize(
    "other", [{"kind": "official"}, {"base": "UZS"}, {"quote": "EUR"}, {"source": "bank"}]
)
def test_another_series_is_not_compared(desk: RateDecisions, other: dict[str, str]) -> None:
    event = desk.hear(observed("500.00", DAYS[0]), observed("500.00", DAYS[1], **other))

    assert isinstance(event, RateQuoted)
    assert event.movement is None


def test_versions_count_the_events_of_one_day(desk: RateDecisions) -> None:
    subject = subject_of(observed("1", DAYS[0]))

    assert desk.memory.next_version(subject) == 1
    desk.hear(observed("1", DAYS[0]), observed("2", DAYS[0]))
    assert desk.memory.next_version(subject) == 3
    assert desk.memory.next_version(subject_of(observed("1", DAYS[1]))) == 1


# --- blocked sources ----------------------------------------------------------------------------


def folded(*events: RateObserved | SourceBlocked | SourceUnblocked) -> RateMemory:
    """A memory of the input alone: nothing of it is on the wire."""
    memory = RateMemory()
    for seq, event in enumerate(events, 1):
        memory.fold_input(decode("rates", entry_of("rates", event, seq)))
    return memory


def test_what_a_blocked_source_quotes_waits_until_it_is_let_in_again() -> None:
    quotations = (observed("1", DAYS[0]), observed("2", DAYS[1]), observed("3", DAYS[0]))

    assert folded(blocked(), *quotations).waiting() == []
    assert folded(blocked(), *quotations, unblocked()).waiting() == ["3-0", "4-0"]
    assert folded(blocked(), *quotations, unblocked(), blocked()).waiting() == []


def test_only_the_last_quotation_of_a_day_waits() -> None:
    memory = folded(observed("1", DAYS[0]), observed("2", DAYS[0]))
    subject = subject_of(observed("1", DAYS[0]))

    assert memory.is_due(subject, Position("2-0"))
    assert not memory.is_due(subject, Position("1-0"))
    assert not memory.is_due("another", Position("2-0"))


@pytest.mark.parametrize("is_input_first", [True, False])
def test_what_the_wire_has_said_does_not_wait(is_input_first: bool) -> None:  # noqa: FBT001
    rate = observed("1", DAYS[0])
    memory = RateMemory()
    said = quote(rate.rate, memory)
    if is_input_first:
        memory.fold_input(decode("rates", entry_of("rates", rate)))
    memory.fold_wire(subject_of(rate), said)
    if not is_input_first:
        memory.fold_input(decode("rates", entry_of("rates", rate)))

    assert memory.unsaid == {}


def test_a_value_for_another_nominal_is_told_with_it() -> None:
    """57.00 for 100 and 570.1 for 1,000 are all but the same, and have to look so."""
    memory = RateMemory()
    first = rate(base="IRR", quote="KGS", value="57.00", nominal=100, as_of="2026-03-02")
    name = f"{first.source}:{first.kind}:IRR-KGS"
    memory.fold_wire("s", quote(first, memory))
    again = quote(first.model_copy(update={"value": "570.1", "nominal": 1_000}), memory)
    later = quote(
        first.model_copy(update={"value": "570.0", "nominal": 1_000, "as_of": "2026-03-03"}), memory
    )

    assert isinstance(again, RateRestated)
    assert (again.series, again.replaced_value, again.replaced_nominal) == (name, "57.00", 100)
    assert isinstance(later, RateReconfirmed)
    assert later.movement is not None
    assert (later.movement.previous_nominal, later.movement.absolute) == (100, "0.00")
