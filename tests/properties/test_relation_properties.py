"""Whatever comes, changes, goes or is parted: stars stay stars, and a memory is a fold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.enrichment.relations import window
from services.enrichment.relations.memory import RelationMemory
from services.enrichment.relations.relating import relate
from services.enrichment.relations.shingles import SHORT_WORDS, Shingled, shingled
from services.enrichment.relations.window import Window
from shared.events import CarriedEvent, RelationChanged
from shared.news import ArticleId, copy_of
from shared.story_events import StoryWireEvent
from tests.scoring.near_duplicates import newcomer
from tests.wire_builders import (
    Decisions,
    article,
    at,
    received,
    released,
    revised,
    revoked,
    withdrawn,
    withheld,
)

NAMES = [f"a{number}" for number in range(7)]


def _sentence(seed: int) -> str:
    dice = random.Random(seed)
    return " ".join("".join(dice.choices("abcdefghij", k=5)) for _ in range(SHORT_WORDS // 2))


SENTENCES = [_sentence(seed) for seed in range(8)]
# Ranges of one row: excerpts, wholes and halves of each other; and texts that share nothing.
BODIES = [
    " ".join(SENTENCES[begin:end])
    for begin, end in ((0, 4), (0, 3), (1, 4), (0, 8), (2, 6), (4, 8), (6, 8))
]
TEXTS = st.sampled_from(BODIES)
IDS = st.sampled_from(NAMES)
HOURS = st.integers(0, 5)


class Wire(RuleBasedStateMachine):
    """A history over a few articles, and what follows from all the wire has said of it."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Decisions()
        self.revision: dict[str, int] = {}
        self.taken_in = 0
        self.copies: dict[str, str | None] = {}
        self.gone: set[str] = set()
        self.parted: set[frozenset[str]] = set()

    @rule(name=IDS, body=TEXTS, hour=HOURS)
    def offer(self, name: str, body: str, hour: int) -> None:
        revision = self.revision[name] = self.revision.get(name, 0) + 1
        said = {"body": (body,), "published_at": at(hour), "headline": "Head"}
        if revision == 1:
            self.desk.hear(received(name, **said))
        else:
            self.desk.hear(revised(name, revision, **said))

    @rule(name=IDS)
    def withdraw(self, name: str) -> None:
        self.desk.hear(withdrawn(name))

    @rule(name=IDS)
    def hold(self, name: str) -> None:
        self.desk.hear(withheld(name))

    @rule(name=IDS)
    def release(self, name: str) -> None:
        self.desk.hear(released(name))

    @rule(name=IDS, other=IDS)
    def part(self, name: str, other: str) -> None:
        if name != other:
            self.parted.add(frozenset({name, other}))
            self.desk.hear(revoked(name, other))

    @rule()
    def restart(self) -> None:
        self.desk.restart()

    @invariant()
    def no_copy_stands_for_another_article(self) -> None:
        self._take_in()
        for name, canonical in self.copies.items():
            if canonical is not None:
                assert self.copies.get(canonical) is None, f"{name} → {canonical} → …"
                assert canonical not in self.gone

    @invariant()
    def no_relation_joins_what_was_parted(self) -> None:
        self._take_in()
        for name, canonical in self.copies.items():
            assert frozenset({name, str(canonical)}) not in self.parted

    @invariant()
    def the_memory_agrees_with_the_wire(self) -> None:
        self._take_in()
        said = {name: to for name, to in self.copies.items() if to is not None}
        assert self.desk.memory.relations.canonical == said

    def _take_in(self) -> None:
        for event in self.desk.wire[self.taken_in :]:
            if isinstance(event, CarriedEvent):
                self.copies[event.article.article_id] = copy_of(event.relations)
                self.gone.discard(event.article.article_id)
            elif isinstance(event, RelationChanged):
                self.copies[event.article_id] = copy_of(event.relations)
            elif not isinstance(event, StoryWireEvent):
                self.copies[event.article_id] = None
                self.gone.add(event.article_id)
        self.taken_in = len(self.desk.wire)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(4)), st.sampled_from(BODIES))
def test_the_order_of_exact_copies_does_not_change_what_is_joined(
    order: list[int], body: str
) -> None:
    desk = Decisions()
    for number in order:
        said = {"headline": "Head", "body": (body,), "published_at": at(number)}
        desk.hear(received(f"a{number}", **said))

    memory = desk.memory.relations
    assert memory.canonical == {f"a{number}": "a0" for number in (1, 2, 3)}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(TEXTS, HOURS, st.booleans()), max_size=20), TEXTS)
def test_the_layout_of_the_window_never_changes_an_answer(
    said: list[tuple[str, int, bool]], body: str
) -> None:
    asked = shingled(article(body=(body,))).sketch
    answers = []
    for articles, of_segment in ((2, 1 << 16), (16, 3), (256, 1 << 16)):
        with (
            patch.object(window, "TABLE_MAX", articles),
            patch.object(window, "SEGMENT_MAX", of_segment),
        ):
            found = _filled(said)
            answers.append((found.candidates(asked), list(found.bearers(b"text")), set(found)))

    assert answers[0] == answers[1] == answers[2]


def _filled(said: Sequence[tuple[str, int, bool]]) -> Window:
    found = Window()
    for number, (body, days, is_removed) in enumerate(said):
        article_id = ArticleId(f"a{number}")
        day = (at(0) + timedelta(days=days)).date()
        found.advance(day)
        place = found.add(article_id, day, shingled(article(body=(body,))).sketch, b"text")
        if is_removed and place is not None:
            found.remove(place)
    return found


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(IDS, TEXTS, HOURS), max_size=15), TEXTS)
def test_a_memory_folded_from_the_wire_decides_as_the_live_one(
    said: list[tuple[str, str, int]], body: str
) -> None:
    live, revision = Decisions(), dict.fromkeys(NAMES, 0)
    for name, text, hour in said:
        revision[name] += 1
        given_ = {"headline": "Head", "body": (text,), "published_at": at(hour)}
        event = received(name, **given_) if revision[name] == 1 else None
        live.hear(event or revised(name, revision[name], **given_))
    folded = RelationMemory()
    for event_ in live.wire:
        if isinstance(event_, CarriedEvent):
            folded.carried(event_.article, event_.relations)
        elif isinstance(event_, RelationChanged):
            folded.related(event_.article_id, event_.relations)
    following = article("next", headline="Head", body=(body,), published_at=at(3))
    text, memory = shingled(following), live.memory.relations
    bodies = {one.event.article.article_id: one.event.article for one in live.inputs}  # type: ignore[union-attr]

    wanted = memory.wanted(following.article_id, following.text_hash, text)
    assert folded.wanted(following.article_id, following.text_hash, text) == wanted
    new = newcomer(following, text)
    texts: dict[ArticleId, Shingled] = {one: shingled(bodies[one]) for one in wanted}
    assert relate(new, folded, texts) == relate(new, memory, texts)


def test_an_article_that_stands_for_another_never_becomes_a_copy_of_itself() -> None:
    """Its new text holds the whole of what took its place."""
    desk = Decisions()
    part, tail, whole = BODIES[2], BODIES[4], BODIES[3]
    desk.hear(received("a", headline="Head", body=(tail,), published_at=at(5)))
    desk.hear(received("b", headline="Head", body=(part,), published_at=at(0)))
    desk.hear(revised("a", 2, headline="Head", body=(whole,), published_at=at(2)))

    assert desk.memory.relations.canonical == {"b": "a"}


def test_what_was_parted_is_not_joined_when_another_article_takes_the_place() -> None:
    desk = Decisions()
    for name, hour in (("star", 4), ("copy", 5)):
        desk.hear(received(name, headline="Head", body=(BODIES[0],), published_at=at(hour)))
    desk.hear(revoked("copy", "first"))
    desk.hear(received("first", headline="Head", body=(BODIES[0],), published_at=at(1)))

    assert desk.memory.relations.canonical == {"star": "first"}


def test_what_was_parted_is_not_joined_when_its_star_is_withdrawn() -> None:
    desk = Decisions()
    for name, hour in (("star", 1), ("one", 2), ("other", 3)):
        desk.hear(received(name, headline="Head", body=(BODIES[0],), published_at=at(hour)))
    desk.hear(revoked("one", "other"), withdrawn("star"))

    assert desk.memory.relations.canonical == {}


Wire.TestCase.settings = settings(deadline=None, max_examples=80, stateful_step_count=25)
TestWire = Wire.TestCase
