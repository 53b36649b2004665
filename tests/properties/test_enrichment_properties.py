"""Whatever sources and operators say, in whatever batches: one memory, one wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.enrichment.memory import ArticleMemory
from services.enrichment.movement import movement
from shared.events import ArticleEvent, CarriedEvent, RateObserved
from shared.testing import builders
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import (
    Clock,
    Decisions,
    Newsroom,
    article_desk,
    at,
    blocked,
    drive,
    dropped,
    ids,
    observed,
    rate_desk,
    received,
    released,
    retried,
    revised,
    revoked,
    unblocked,
    wire,
    withdrawn,
    withheld,
)

Kind = Literal[
    "usable", "withheld", "canceled", "hold", "release", "withdraw", "hour", "block", "unblock",
    "revoke", "poison", "mend", "break", "retry", "drop",
]  # fmt: skip


@dataclass(frozen=True)
class Act:
    """Something that a source, an operator or the clock does."""

    kind: Kind
    article_id: str
    text: int
    """Which of a few texts: equal ones make copies."""
    embargo: int | None
    """Hour of the day."""


ACTS = st.builds(
    Act,
    st.sampled_from(
        ["usable"] * 4
        + ["withheld", "canceled", "hold", "release", "withdraw", "hour"]
        + ["block", "unblock", "revoke"]
    ),
    st.sampled_from(["a", "b", "c"]),
    st.integers(0, 2),
    st.sampled_from([None, None, 8, 12, 16]),
)
HISTORIES = st.lists(ACTS, max_size=25)


class Story:
    """Acts as events: the first text of an article is received, others revise it."""

    def __init__(self) -> None:
        self._revision: dict[str, int] = {}

    def knows(self, article_id: str) -> bool:
        """Whether the article has been offered."""
        return article_id in self._revision

    def event(self, act: Act) -> ArticleEvent:
        decided: dict[str, Callable[[], ArticleEvent]] = {
            "hold": lambda: withheld(act.article_id),
            "release": lambda: released(act.article_id),
            "withdraw": lambda: withdrawn(act.article_id),
            "block": blocked,
            "unblock": unblocked,
            "revoke": lambda: revoked(act.article_id, "abc"["bca".index(act.article_id)]),
        }
        if act.kind in decided:
            return decided[act.kind]()
        revision = self._revision.get(act.article_id, 0) + 1
        self._revision[act.article_id] = revision
        content = {
            "headline": "poison" if act.kind == "poison" else "H",
            "body": (f"Text {act.text}.",),
            "pubstatus": "usable" if act.kind == "poison" else act.kind,
            "embargoed_until": at(act.embargo) if act.embargo else None,
        }
        if revision == 1:
            return received(act.article_id, **content)
        return revised(act.article_id, revision, **content)


async def lived(acts: list[Act], count: int) -> tuple[MemoryLog, ArticleMemory]:
    """A worker that takes in all of it, from hour to hour, and never stops."""
    log, clock, story = MemoryLog(), Clock(at(6)), Story()
    room, worker = Newsroom(log), article_desk(log, clock)
    for act in acts:
        if act.kind == "hour":
            await drive(worker, log, count)
            clock.instant = at(min(23, clock.instant.hour + 3))
            await worker.tick()
        else:
            await room.say(story.event(act))
    await drive(worker, log, count)
    return log, worker.desk.memory  # type: ignore[attr-defined]


@settings(deadline=None)
@given(HISTORIES, st.integers(1, 5))
def test_a_memory_folded_afresh_is_that_of_a_worker_that_never_stopped(
    acts: list[Act], count: int
) -> None:
    async def run() -> None:
        log, memory = await lived(acts, count)
        fresh = article_desk(log, Clock())
        await fresh.resume()
        assert fresh.desk.memory == memory  # type: ignore[attr-defined]

    asyncio.run(run())


@settings(deadline=None)
@given(HISTORIES, st.data())
def test_a_memory_does_not_depend_on_how_input_and_wire_interleave(
    acts: list[Act], data: st.DataObject
) -> None:
    desk, story = Decisions(), Story()
    for act in acts:
        if act.kind == "hour":
            desk.due(at(16))
        else:
            desk.hear(story.event(act), now=at(10))
    memory, inputs, said = ArticleMemory(), list(desk.inputs), list(desk.wire)
    while inputs or said:
        if inputs and (not said or data.draw(st.booleans())):
            memory.fold_input(inputs.pop(0))
        else:
            memory.fold_wire(said.pop(0))

    assert memory == desk.memory


@settings(deadline=None)
@given(HISTORIES, st.integers(1, 5))
def test_batches_do_not_show_on_the_wire(acts: list[Act], count: int) -> None:
    async def run() -> None:
        assert await ids((await lived(acts, count))[0]) == await ids((await lived(acts, 200))[0])

    asyncio.run(run())


@settings(deadline=None)
@given(HISTORIES)
def test_no_text_enters_the_wire_before_its_hour_or_unless_it_may_be_shown(
    acts: list[Act],
) -> None:
    async def run() -> None:
        log, _ = await lived(acts, 3)
        for one in await wire(log):
            if isinstance(one.event, CarriedEvent):
                said = one.event.article
                assert said.pubstatus == "usable"
                assert said.embargoed_until is None or said.embargoed_until <= one.recorded_at

    asyncio.run(run())


async def restarted(acts: list[Act], every: int) -> MemoryLog:
    """As ``lived``, with a worker that has just started after every so many acts."""
    log, clock, story = MemoryLog(), Clock(at(6)), Story()
    room, worker = Newsroom(log), article_desk(log, clock)
    for number, act in enumerate(acts):
        if number % every == 0:
            worker = article_desk(log, clock)
            await worker.resume()
        if act.kind == "hour":
            await drive(worker, log)
            clock.instant = at(min(23, clock.instant.hour + 3))
            await worker.tick()
        else:
            await room.say(story.event(act))
    await drive(worker, log)
    return log


EMBARGOED_REVISION = [
    Act("usable", "b", 1, None),
    Act("usable", "b", 0, 12),
    Act("hour", "a", 0, None),
    Act("usable", "a", 1, None),
]
"""A copy comes of a text that the wire still carries, while its revision waits for its hour."""


@settings(deadline=None)
@given(HISTORIES, st.integers(1, 5))
@example(EMBARGOED_REVISION, 1)
def test_restarts_do_not_show_on_the_wire(acts: list[Act], every: int) -> None:
    async def run() -> None:
        assert await ids(await restarted(acts, every)) == await ids((await lived(acts, 200))[0])

    asyncio.run(run())


@settings(deadline=None)
@given(HISTORIES)
def test_in_the_end_the_wire_has_each_article_that_may_be_shown_as_it_stands(
    acts: list[Act],
) -> None:
    """Whatever was blocked, embargoed or held before; and nothing is said a second time."""

    async def run() -> None:
        every = [*acts, Act("unblock", "a", 0, None), Act("hour", "a", 0, None)]
        log, clock, story = MemoryLog(), Clock(at(6)), Story()
        room, worker = Newsroom(log), article_desk(log, clock)
        shown: dict[str, int] = {}
        held: set[str] = set()
        for act in every:
            if act.kind == "hour":
                continue
            event = story.event(act)
            await room.say(event)
            match act.kind:
                case "usable":
                    shown[act.article_id] = event.article.revision  # type: ignore[union-attr]
                case "withheld" | "canceled" | "withdraw":
                    shown.pop(act.article_id, None)
                case "hold" if story.knows(act.article_id):
                    held.add(act.article_id)
                case "release":
                    held.discard(act.article_id)
        await drive(worker, log, 3)
        clock.instant = at(23)
        for _ in range(2):
            await worker.tick()
        said = await ids(log)
        fresh = article_desk(log, clock)
        await fresh.resume()
        await fresh.tick()

        found = {one: known for one, known in fresh.desk.memory.wire.items()}  # type: ignore[attr-defined]  # noqa: C416
        carried = {one: known.revision for one, known in found.items() if known.status == "usable"}
        assert carried == {one: last for one, last in shown.items() if one not in held}
        assert await ids(log) == said

    asyncio.run(run())


DAYS = ["2026-03-01", "2026-03-02"]
RATE_ACTS = st.lists(
    st.one_of(
        st.builds(observed, st.sampled_from(["1", "2"]), st.sampled_from(DAYS)),
        st.sampled_from(["block", "unblock", "tick", "restart"]),
    ),
    max_size=25,
)  # fmt: skip


@settings(deadline=None)
@given(RATE_ACTS, st.integers(1, 5))
def test_rates_of_a_source_that_was_blocked_are_said_as_they_stand_and_once(
    acts: list[RateObserved | str], count: int
) -> None:
    async def run() -> None:
        log, last = MemoryLog(), dict[str, int]()
        room, worker = Newsroom(log), rate_desk(log, Clock())
        seq = 0
        for act in [*acts, "unblock", "tick"]:
            match act:
                case "block":
                    await room.block()
                    seq += 1
                case "unblock":
                    await room.unblock()
                    seq += 1
                case "tick":
                    await drive(worker, log, count)
                    await worker.tick()
                case "restart":
                    worker = rate_desk(log, Clock())
                    await worker.resume()
                case RateObserved(rate=rate):
                    seq += 1
                    at_ = rate.observed_at.replace(microsecond=seq)
                    await room.say(RateObserved(rate=rate.model_copy(update={"observed_at": at_})))
                    last[rate.as_of] = seq
        said = await wire(log)
        fresh = rate_desk(log, Clock())
        await fresh.resume()

        shown = {one.event.rate.as_of: one.event.rate.observed_at.microsecond for one in said}
        assert shown == last
        assert len({one.causation_id for one in said}) == len(said)
        assert fresh.desk.memory == worker.desk.memory  # type: ignore[attr-defined]

    asyncio.run(run())


@settings(deadline=None)
@given(HISTORIES)
def test_versions_are_dense_and_no_notice_is_repeated(acts: list[Act]) -> None:
    async def run() -> None:
        log, _ = await lived(acts, 3)
        found = await wire(log)
        for subject in {one.subject for one in found}:
            told = [one for one in found if one.subject == subject]
            assert [one.version for one in told] == list(range(1, len(told) + 1))
            assert told[0].type == "newswire.article.published"
            notices = {"newswire.article.canceled", "newswire.article.withheld"}
            for before, after in pairwise(told):
                assert before.type != after.type or after.type not in notices

    asyncio.run(run())


TROUBLE = st.lists(
    st.one_of(
        ACTS,
        st.builds(
            Act,
            st.sampled_from(["poison", "poison", "mend", "break", "retry", "drop", "hour"]),
            st.sampled_from(["a", "b", "c"]),
            st.just(0),
            st.sampled_from([None, 12]),
        ),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=200)
@given(TROUBLE, st.integers(1, 5))
def test_retries_and_drops_leave_the_memory_of_a_restart_and_dense_versions(
    acts: list[Act], count: int
) -> None:
    """Events that fail, whole or at their hour; code that is mended and broken again."""

    async def run() -> None:
        log, clock, story = MemoryLog(), Clock(at(6)), Story()
        room, worker = Newsroom(log), article_desk(log, clock)
        for number, act in enumerate([*acts, Act("hour", "a", 0, None)]):
            subject = f"urn:newswire:article:{act.article_id}"
            match act.kind:
                case "hour":
                    await drive(worker, log, count)
                    clock.instant = at(min(23, clock.instant.hour + 3))
                    await worker.tick()
                case "mend" | "break":
                    poison = "poison" if act.kind == "break" else "nothing fails"
                    worker = article_desk(log, clock, poison)
                    await worker.resume()
                case "retry":
                    decision = retried(subject)
                    await room.decide(decision.model_copy(update={"reason": str(number)}))
                case "drop":
                    await room.decide(dropped(subject))
                case _:
                    await room.say(story.event(act))
        await drive(worker, log)
        fresh = article_desk(log, clock)
        await worker._follow_letters()
        await fresh.resume()
        assert fresh.desk.memory == worker.desk.memory  # type: ignore[attr-defined]
        assert fresh.letters == worker.letters
        for stream in ("wire", "deadletters"):
            found = await ids(log, stream)  # type: ignore[arg-type]
            for subject in {one[0] for one in found}:
                versions = [one[1] for one in found if one[0] == subject]
                assert versions == list(range(1, len(versions) + 1))

    asyncio.run(run())


VALUES = st.integers(1, 10**12).flatmap(
    lambda digits: st.integers(0, 8).map(lambda places: f"{Decimal(digits).scaleb(-places):f}")
)


@given(VALUES, VALUES, st.sampled_from([1, 10, 100]))
def test_a_movement_is_exact_and_its_zero_has_no_sign(
    before: str, after: str, nominal: int
) -> None:
    found = movement(
        builders.rate(value=before, nominal=nominal), builders.rate(value=after, nominal=nominal)
    )

    assert Decimal(found.absolute) * nominal == Decimal(after) - Decimal(before)
    assert "E" not in found.absolute + found.percent
    for text in (found.absolute, found.percent):
        assert Decimal(text) != 0 or not text.startswith("-")
