"""Whatever is quoted, in whatever order and however it is written: one ticker, one memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrichment.rate_memory import RateMemory, name_of
from shared.envelope import decode
from shared.events import QuoteEvent, RateAccepted, RateDisputed, RateObserved
from shared.testing.memory_log import MemoryLog
from tests.rate_room import RateRoom, accepted, day, quoted
from tests.wire_builders import Clock, Newsroom, drive, entries, ids, rate_desk, wire

TRUE = {
    "USD/KGS": "87.4500", "EUR/KGS": "101.5076", "TMT/KGS": "24.9857", "EUR/USD": "1.1608",
    "KGS/USD": "0.011435", "USD/TMT": "3.5000",
}  # fmt: skip
"""Rates of one day that fit each other."""
FACTORS = st.sampled_from(["1", "1", "1", "1.01", "1.2", "10", "0.001"])


def times(value: str, factor: str) -> str:
    """A value that is off by a factor, with at most ten decimals."""
    return f"{(Decimal(value) * Decimal(factor)).quantize(Decimal('1e-10')).normalize():f}"


QUOTATIONS = st.builds(
    lambda source, pair, factor: quoted(source, pair, times(TRUE[pair], factor), day(3)),
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(sorted(TRUE)),
    FACTORS,
)
A_DAY = st.lists(QUOTATIONS, max_size=12, unique_by=lambda one: name_of(one.rate))
BEFORE = st.lists(
    st.builds(
        lambda source, pair, number: quoted(source, pair, TRUE[pair], day(number)),
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from(sorted(TRUE)),
        st.integers(0, 2),
    ),
    max_size=8,
)


def ticker(memory: RateMemory) -> dict[str, tuple[object, ...]]:
    """What is shown of every series: what stands, and what is doubted by which rules."""
    shown: dict[str, tuple[object, ...]] = {}
    for name, series in memory.series.items():
        stands = series.good_by_as_of[series.good_as_ofs[-1]] if series.good_as_ofs else None
        doubts = {
            (as_of, Decimal(series.rate_by_as_of[as_of].value)): {one.rule for one in found}
            for as_of, found in series.disputes_by_as_of.items()
        }
        standing = (Decimal(stands.value), stands.as_of) if stands else None
        shown[name] = standing, tuple(sorted((*key, *sorted(of)) for key, of in doubts.items()))
    return shown


def heard(*events: Sequence[RateObserved]) -> RateMemory:
    room = RateRoom()
    for some in events:
        room.hear(*some)
    return room.memory


@settings(deadline=None, max_examples=300)
@given(BEFORE, A_DAY, st.randoms(use_true_random=False))
def test_the_order_in_which_a_day_comes_does_not_show(
    before: list[RateObserved], today: list[RateObserved], dice: Any
) -> None:
    other = list(today)
    dice.shuffle(other)

    assert ticker(heard(before, today)) == ticker(heard(before, other))


@settings(deadline=None, max_examples=150)
@given(BEFORE, A_DAY)
def test_a_day_that_comes_twice_is_shown_once(
    before: list[RateObserved], today: list[RateObserved]
) -> None:
    doubled = [each for each in today for _ in range(2)]

    assert ticker(heard(before, today)) == ticker(heard(before, doubled, today))


@settings(deadline=None, max_examples=150)
@given(BEFORE, A_DAY)
def test_the_same_value_for_another_nominal_is_judged_alike(
    before: list[RateObserved], today: list[RateObserved]
) -> None:
    """As many digits, for a hundred units: the same price, known as exactly."""

    def for_hundred(one: RateObserved) -> RateObserved:
        if len(one.rate.value.partition(".")[2]) < 2:
            return one  # a number without decimals cannot say that it ends in noughts
        value = f"{Decimal(one.rate.value).scaleb(2):f}"
        return RateObserved(rate=one.rate.model_copy(update={"value": value, "nominal": 100}))

    def rules(memory: RateMemory) -> dict[str, list[set[str]]]:
        return {
            name: [{one.rule for one in found} for found in series.disputes_by_as_of.values()]
            for name, series in memory.series.items()
        }

    assert rules(heard(before, today)) == rules(heard(before, [for_hundred(one) for one in today]))


ACTS = st.lists(
    st.one_of(
        st.builds(
            lambda pair, factor, number: quoted("a", pair, times(TRUE[pair], factor), day(number)),
            st.sampled_from(sorted(TRUE)),
            FACTORS,
            st.integers(0, 9),
        ),
        QUOTATIONS,
        st.builds(accepted, QUOTATIONS),
        st.sampled_from(["block", "unblock", "tick", "restart"]),
    ),
    max_size=25,
)


async def lived(
    acts: list[RateObserved | RateAccepted | str], count: int, *, restarts: bool
) -> tuple[MemoryLog, RateMemory]:
    """A worker that takes in all of it, perhaps with restarts."""
    log = MemoryLog()
    room, worker = Newsroom(log), rate_desk(log, Clock())
    for number, act in enumerate([*acts, "unblock", "tick"]):
        match act:
            case "block":
                await room.block("a")
            case "unblock":
                await room.unblock("a")
            case "tick":
                await drive(worker, log, count)
                await worker.tick()
            case "restart" if restarts:
                worker = rate_desk(log, Clock())
                await worker.resume()
            case RateObserved(rate=rate):
                seen = rate.observed_at.replace(microsecond=number)
                await room.say(RateObserved(rate=rate.model_copy(update={"observed_at": seen})))
            case RateAccepted():
                await room.say(act.model_copy(update={"reason": str(number)}))
    return log, worker.desk.memory  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=150)
@given(ACTS, st.integers(1, 5))
def test_restarts_and_batches_do_not_show_and_a_memory_folded_afresh_is_the_same(
    acts: list[RateObserved | RateAccepted | str], count: int
) -> None:
    async def run() -> None:
        log, memory = await lived(acts, count, restarts=True)
        other, _ = await lived(acts, 200, restarts=False)
        fresh = rate_desk(log, Clock())
        await fresh.resume()

        assert await ids(log) == await ids(other)
        assert fresh.desk.memory == memory  # type: ignore[attr-defined]

    asyncio.run(run())


@settings(deadline=None, max_examples=100)
@given(ACTS, st.data())
def test_a_memory_does_not_depend_on_how_input_and_wire_interleave(
    acts: list[RateObserved | RateAccepted | str], data: st.DataObject
) -> None:
    async def run() -> None:
        log, memory = await lived(acts, 200, restarts=False)
        inputs = [decode("rates", one) for one in await entries(log, "rates")]
        said = await wire(log)
        folded = RateMemory()
        while inputs or said:
            if inputs and (not said or data.draw(st.booleans())):
                folded.fold_input(inputs.pop(0))
            else:
                one = said.pop(0)
                assert isinstance(one.event, QuoteEvent)
                folded.fold_wire(one.subject, one.event)
        assert folded == memory

    asyncio.run(run())


@settings(deadline=None, max_examples=150)
@given(ACTS)
def test_versions_are_dense_and_no_doubted_value_stands(
    acts: list[RateObserved | RateAccepted | str],
) -> None:
    async def run() -> None:
        log, memory = await lived(acts, 3, restarts=False)
        found = await wire(log)
        for subject in {one.subject for one in found}:
            versions = [one.version for one in found if one.subject == subject]
            assert versions == list(range(1, len(versions) + 1))
        for one in found:
            if isinstance(one.event, RateDisputed):
                assert one.event.standing_as_of is None or (
                    one.event.standing_as_of <= one.event.rate.as_of
                )
        for series in memory.series.values():
            assert series.good_as_ofs == sorted(series.good_by_as_of)
            for as_of in series.disputes_by_as_of:
                good = series.good_by_as_of.get(as_of)
                assert good is None or good.value != series.rate_by_as_of[as_of].value

    asyncio.run(run())
