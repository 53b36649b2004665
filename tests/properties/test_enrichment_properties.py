"""Whatever sources and operators say, in whatever batches: one memory, one wire."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrichment.memory import ArticleMemory
from services.enrichment.movement import movement
from shared.events import ArticleEvent, CarriedEvent
from shared.testing import builders
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import (
    Clock,
    Decisions,
    Newsroom,
    article_desk,
    at,
    drive,
    ids,
    received,
    released,
    revised,
    wire,
    withdrawn,
    withheld,
)

Kind = Literal["usable", "withheld", "canceled", "hold", "release", "withdraw", "hour"]


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
        ["usable"] * 4 + ["withheld", "canceled", "hold", "release", "withdraw", "hour"]
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

    def event(self, act: Act) -> ArticleEvent:
        match act.kind:
            case "hold":
                return withheld(act.article_id)
            case "release":
                return released(act.article_id)
            case "withdraw":
                return withdrawn(act.article_id)
        revision = self._revision.get(act.article_id, 0) + 1
        self._revision[act.article_id] = revision
        content = {
            "headline": "H",
            "body": (f"Text {act.text}.",),
            "pubstatus": act.kind,
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
