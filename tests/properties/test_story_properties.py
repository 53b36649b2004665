"""Whatever happens to stories, a memory rebuilt from the log decides as the live one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrichment.stories.grouping import place
from services.enrichment.stories.memory import SILENT_S, StoryMemory
from services.enrichment.stories.story import NewItem
from shared.news import StoryId
from shared.story_events import StoryMerged, StoryParted
from tests.story_items import Wire, item

_LABELLED: Final = Path(__file__).parents[1] / "labelled" / "stories.jsonl"
_LINES: Final = [json.loads(line) for line in _LABELLED.read_text("utf-8").splitlines()]
_KIND: Final = ("quake", "flood", "trial", "rate", "plane")
TEXTS: Final = [one for one in _LINES if one["story"].startswith(_KIND)]
"""Texts that are easily confused, so that much happens to few articles."""

CARRY: Final = st.tuples(
    st.just("carry"),
    st.integers(0, 30),
    st.integers(0, len(TEXTS) - 1),
    st.sampled_from([0, 1, 20]),
)
COPY: Final = st.tuples(st.just("copy"), st.integers(31, 40), st.integers(0, 30), st.just(1))
WAIT: Final = st.tuples(st.just("wait"), st.just(0), st.just(0), st.sampled_from([30, 100, 170]))
WITHDRAW: Final = st.tuples(st.just("withdraw"), st.integers(0, 40), st.just(0), st.just(0))
SPLIT: Final = st.tuples(st.just("split"), st.integers(0, 3), st.integers(1, 5), st.just(0))
STEPS: Final = st.lists(
    st.one_of(CARRY, CARRY, CARRY, CARRY, COPY, WAIT, WITHDRAW, SPLIT), min_size=5, max_size=60
)
Step = tuple[str, int, int, int]


def article(number: int, text: int, hours: float, story_id: StoryId | None = None) -> NewItem:
    chosen = TEXTS[text]
    return item(
        f"a{number}", chosen["text"], hours, language=chosen["lang"], headline=chosen["headline"],
        story_id=story_id, trust_rank=1 + number % 3,
    )  # fmt: skip


def take(wire: Wire, step: Step, hours: float) -> None:
    """One thing that happens, at an hour."""
    what, one, other, _ = step
    match what:
        case "carry":
            wire.carry(article(one, other, hours))
        case "copy":
            wire.carry(item(f"a{one}", "A copy.", hours, copy_of=f"a{other}"))
        case "withdraw":
            wire.withdraw(f"a{one}", hours)
        case "split":
            stories = list(wire.memory.stories.values())
            if stories:
                story = stories[one % len(stories)]
                wire.split(story.story_id, *list(story.members)[:other])


def run(steps: list[Step]) -> tuple[Wire, float]:
    wire, hours = Wire(), 0.0
    for step in steps:
        hours += step[3]
        take(wire, step, hours)
    return wire, hours


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_a_memory_rebuilt_from_the_log_is_the_live_one(steps: list[Step]) -> None:
    wire, hours = run(steps)
    rebuilt = wire.rebuilt()
    assert rebuilt == wire.memory
    assert list(rebuilt.stories) == list(wire.memory.stories)
    for text in range(0, len(TEXTS), 7):
        new = article(99, text, hours + 1)
        assert place(new, rebuilt) == place(new, wire.memory)


@settings(max_examples=50, deadline=None)
@given(STEPS, st.integers(0, 60))
def test_a_worker_that_starts_in_the_middle_says_the_same(steps: list[Step], cut: int) -> None:
    whole, _ = run(steps)
    wire, hours = Wire(), 0.0
    for number, step in enumerate(steps):
        if number == cut:
            wire = Wire(wire.rebuilt(), wire.said, wire.splits)
        hours += step[3]
        take(wire, step, hours)
    assert wire.said == whole.said


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_what_is_remembered_agrees_with_itself(steps: list[Step]) -> None:
    wire, _ = run(steps)
    holds(wire.memory)


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_an_article_is_never_put_back_where_it_was_taken_out(steps: list[Step]) -> None:
    wire, _ = run(steps)
    out: dict[str, set[str]] = {}
    for said in wire.said:
        if isinstance(said, StoryParted):
            for one in said.article_ids:
                out.setdefault(one, set()).add(said.story_id)
        elif isinstance(said, tuple):
            assert said[1] not in out.get(said[0].article_id, set())
        elif isinstance(said, StoryMerged):
            for one in said.article_ids:
                assert said.story_id not in out.get(one, set())


def holds(memory: StoryMemory) -> None:
    """Every article of a story is in it alone, sums are those of the articles, nothing is old."""
    members = [one for story in memory.stories.values() for one in story.members]
    assert sorted(members) == sorted(memory.story_by_article)
    assert set(members) <= set(memory.kept)
    assert all(story.members for story in memory.stories.values())
    assert memory.window.articles - len(memory.kept) == StoryMemory().window.articles
    for story in memory.stories.values():
        languages: dict[str, int] = {}
        for one in story.members:
            kept = memory.article(one)
            if kept.terms:
                languages[kept.language] = languages.get(kept.language, 0) + 1
        assert story.sketch.languages == languages
    for one in set(memory.kept) - set(members):
        assert memory.article(one).at_s >= memory.now_s - SILENT_S
