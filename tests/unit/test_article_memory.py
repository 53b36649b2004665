"""The memory of the articles desk: two folds, of the input and of the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.enrichment.memory import ArticleMemory
from services.enrichment.records import Input, OnWire, Records
from services.enrichment.snapshot import packed, unpacked
from services.enrichment.stories.memory import StoryMemory
from shared.events import ArticleCanceled, ArticleTakenBack
from tests.wire_builders import (
    Decisions,
    at,
    blocked,
    received,
    released,
    revised,
    unblocked,
    withdrawn,
    withheld,
)


def remembered(*events: object) -> ArticleMemory:
    desk = Decisions()
    desk.hear(*events)  # type: ignore[arg-type]
    return desk.memory


def test_the_last_content_of_an_article_is_remembered_by_its_place() -> None:
    memory = remembered(received("a"), received("b"), revised("a", 2))

    assert memory.inputs == {
        "a": Input("steppe-courier", "3-0", 2, "update", "usable", is_held=False),
        "b": Input("steppe-courier", "2-0", 1, None, "usable", is_held=False),
    }


def test_a_decision_leaves_the_content_where_it_is() -> None:
    held = remembered(received("a"), withheld("a")).inputs["a"]
    let_go = remembered(received("a"), withheld("a"), released("a")).inputs["a"]
    killed = remembered(received("a"), withdrawn("a")).inputs["a"]

    assert (held.content_at, held.is_held, held.pubstatus) == ("1-0", True, "usable")
    assert (let_go.content_at, let_go.is_held, let_go.pubstatus) == ("1-0", False, "usable")
    assert (killed.content_at, killed.is_held, killed.pubstatus) == ("1-0", False, "canceled")


def test_a_decision_about_an_unknown_article_is_not_remembered() -> None:
    assert remembered(withheld("a"), withdrawn("b"), released("c")) == ArticleMemory()


def test_a_hold_stays_when_the_text_changes() -> None:
    assert remembered(received("a"), withheld("a"), revised("a", 2)).inputs["a"].is_held


def test_the_wire_is_remembered_by_version_status_revision_and_text() -> None:
    text = received("a").article.text_hash
    memory = remembered(received("a"))

    assert memory.wire == {"a": OnWire(1, "usable", 1, "steppe-courier", None)}
    assert list(memory.relations.bearers(text)) == ["a"]
    assert memory.next_version("a") == 2
    assert memory.next_version("b") == 1


def test_a_notice_takes_the_text_out_of_the_memory() -> None:
    canceled = remembered(received("a"), withdrawn("a"))
    taken_back = remembered(received("a"), withheld("a"))

    assert canceled.wire == {"a": OnWire(2, "canceled", 1, "steppe-courier", None)}
    assert taken_back.wire == {"a": OnWire(2, "withheld", 1, "steppe-courier", None)}
    assert canceled.relations.members == taken_back.relations.members == {}


def test_a_notice_can_be_the_first_event_of_an_article() -> None:
    memory = ArticleMemory()
    said = {"article_id": "a", "source": "s", "reason": "r", "by": "source", "observed_at": at(1)}
    memory.fold_wire(ArticleCanceled(**said))
    memory.fold_wire(ArticleTakenBack(**{**said, "article_id": "b"}))

    assert memory.wire == {
        "a": OnWire(1, "canceled", 0, "s", None),
        "b": OnWire(1, "withheld", 0, "s", None),
    }


def test_an_article_that_gets_another_text_leaves_its_place_among_the_copies() -> None:
    text = {"headline": "Same", "body": ("Same.",)}
    desk = Decisions()
    desk.hear(received("a", **text), received("b", **text))
    first = received("a", **text).article.text_hash

    assert list(desk.memory.relations.bearers(first)) == ["a", "b"]
    desk.hear(revised("a", 2))
    assert list(desk.memory.relations.bearers(first)) == ["b"]
    desk.hear(revised("a", 3, **text))
    assert list(desk.memory.relations.bearers(first)) == ["b", "a"]


def test_an_embargo_is_remembered_until_the_source_lifts_it() -> None:
    desk = Decisions()
    desk.hear(received("a", embargoed_until=at(13)))
    assert desk.memory.embargoed == {"a": at(13)}
    desk.hear(revised("a", 2))
    assert desk.memory.embargoed == {}


def test_what_the_wire_does_not_carry_as_it_stands_is_unsaid_whoever_folds_first() -> None:
    held = remembered(received("a"), withheld("a"))
    behind = remembered(received("a"), blocked(), revised("a", 2))
    said = remembered(blocked(), received("b"), unblocked(), revised("b", 2))
    gone = remembered(blocked(), received("c"), withdrawn("c"))

    assert (held.unsaid, behind.unsaid, said.unsaid, gone.unsaid) == ({"a"}, {"a"}, set(), set())
    assert (behind.blocked, said.blocked) == ({"steppe-courier"}, set())


def test_what_waits_is_named_by_its_place_hours_first() -> None:
    memory = remembered(
        blocked(),
        received("z"),
        received("late", embargoed_until=at(9)),
        received("a"),
        received("early", embargoed_until=at(8)),
        received("held"),
        withheld("held"),
        unblocked(),
    )

    assert memory.waiting(at(12)) == ["5-0", "3-0", "2-0", "4-0"]
    assert memory.waiting(at(7)) == ["2-0", "4-0"]


def test_two_streams_that_name_an_article_differently_are_both_remembered() -> None:
    records = Records()
    records.put_on_wire("a", OnWire(3, "withheld", 2, "other", "b", "story"))
    records.put_input("a", Input("steppe-courier", "7-1", 4, "refile", "canceled", is_held=True))

    assert records.input("a") == Input(
        "steppe-courier", "7-1", 4, "refile", "canceled", is_held=True
    )
    assert records.on_wire("a") == OnWire(3, "withheld", 2, "other", "b", "story")


def test_what_only_one_stream_named_is_nothing_by_the_other() -> None:
    records = Records()
    records.put_on_wire("a", OnWire(1, "usable", 1, "s", None))
    records.put_input("b", Input("s", "1-0", 1, None, "usable", is_held=False))

    assert (records.input("a"), records.on_wire("b")) == (None, None)
    assert (records.input("c"), records.on_wire("c")) == (None, None)


def test_a_memory_that_was_packed_is_the_same_and_has_every_id_once() -> None:
    text = {"headline": "Same", "body": ("Same.",)}
    memory = remembered(received("a", **text), received("b", **text), received("c"))
    memory.relations.window.advance(at(12).date() + timedelta(days=1))  # the day is one array
    found = unpacked(packed(replace(memory, stories=StoryMemory())), ArticleMemory)
    found.share_ids()

    (key, *_) = found.records.packed
    assert found == replace(memory, stories=StoryMemory())
    assert next(iter(found.relations)) is key
    assert next(iter(found.relations.window)) is key
    assert list(found.relations.bearers(received("a", **text).article.text_hash)) == ["a", "b"]
