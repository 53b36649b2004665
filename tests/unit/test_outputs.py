"""Decisions as outputs of a commit: ids, dead letters, and where to cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.enrichment.outputs import Decided, Failure, commits, dead_letter, wire_output
from shared.errors import Rejected
from shared.events import AnyEvent, ArticlePublished, CarriedEvent
from shared.log import Entry, Output
from shared.streams import Position
from tests import samples
from tests.drafts import output
from tests.wire_builders import at

PUBLISHED = samples.EVENTS_BY_STREAM["wire"][0]
DECIDED = Decided(
    event=PUBLISHED,  # type: ignore[arg-type]
    subject="urn:newswire:article:a",
    source="urn:newswire:source:s",
    time=at(6),
    version=3,
    causation_id="cause",
    content_hash="content",
)
FAILURE = Failure("c", "articles", "urn:newswire:article:a", "failed", "ValueError: no", 3, "1.0")
ENTRY = Entry(Position("5-0"), 5, "event", {b"type": b"newswire.article.received"})


def named(out: Output) -> dict[str, str]:
    pairs = zip(out.fields[::2], out.fields[1::2], strict=True)
    return {name.decode(): value.decode() for name, value in pairs}


def test_a_decision_names_its_cause_and_its_lineage() -> None:
    out = wire_output(DECIDED, at(7))
    fields = named(out)

    assert (out.stream, out.version) == ("wire", 3)
    assert fields["type"] == "newswire.article.published"
    assert fields["subject"] == fields["correlationid"] == "urn:newswire:article:a"
    assert fields["source"] == "urn:newswire:source:s"
    assert fields["causationid"] == "cause"
    assert (fields["time"], fields["recordedtime"]) == (
        "2026-03-02T06:00:00Z",
        "2026-03-02T07:00:00Z",
    )


def test_the_id_of_a_decision_does_not_depend_on_when_it_was_made() -> None:
    early, late = wire_output(DECIDED, at(7)), wire_output(replace(DECIDED, time=at(9)), at(8))

    assert named(early)["id"] == named(late)["id"] == "bc6c6429-26cd-51ef-8e17-bf36bb1b0e16"


def with_methods(event: AnyEvent, methods: dict[str, str]) -> CarriedEvent:
    assert isinstance(event, ArticlePublished)
    return event.model_copy(update={"methods": methods})


@pytest.mark.parametrize(
    "other",
    [
        replace(DECIDED, subject="urn:newswire:article:b"),
        replace(DECIDED, version=4),
        replace(DECIDED, content_hash="other"),
        replace(DECIDED, causation_id="other"),
        replace(DECIDED, event=with_methods(PUBLISHED, {"places": "gazetteer/2"})),
    ],
    ids=["subject", "version", "content", "cause", "methods"],
)
def test_the_id_of_a_decision_depends_on(other: Decided) -> None:
    assert named(wire_output(other, at(7)))["id"] != named(wire_output(DECIDED, at(7)))["id"]


def test_a_dead_letter_is_a_subject_of_its_own_and_names_the_event() -> None:
    out = dead_letter(ENTRY, FAILURE, 1, at(7))
    fields = named(out)

    assert (out.stream, out.version) == ("deadletters", 1)
    assert fields["subject"] == "urn:newswire:deadletter:c:5"
    assert fields["correlationid"] == "urn:newswire:article:a"
    assert fields["causationid"] == "event"
    assert '"error":"ValueError: no"' in fields["data"]
    assert '"event_type":"newswire.article.received"' in fields["data"]


def test_a_dead_letter_of_an_entry_without_id_and_type_has_no_cause() -> None:
    fields = named(dead_letter(Entry(Position("5-0"), 5, "", {}), FAILURE, 1, at(7)))

    assert "causationid" not in fields
    assert '"event_type":""' in fields["data"]


def test_an_error_is_cut_to_its_limit() -> None:
    fields = named(dead_letter(ENTRY, replace(FAILURE, error="x" * 5_000), 1, at(7)))

    assert '"error":"' + "x" * 2_000 + '"' in fields["data"]


# --- where to cut -------------------------------------------------------------------------------


def test_nothing_decided_moves_the_checkpoint_at_once() -> None:
    assert list(commits([[], [], []])) == [3]
    assert list(commits([])) == []


def test_a_commit_carries_five_hundred_events() -> None:
    assert list(commits([[output("o")]] * 500)) == [500]
    assert list(commits([[output("o")]] * 501)) == [500, 501]
    assert list(commits([[output("o")]] * 1001)) == [500, 1000, 1001]


def test_a_commit_carries_two_megabytes() -> None:
    large = [output("o", size=900_000)]

    assert list(commits([large, large])) == [2]
    assert list(commits([large, large, large, [], large])) == [2, 5]


def test_what_one_input_produced_stays_together() -> None:
    assert list(commits([[output("o")] * 300, [output("o")] * 300])) == [1, 2]


def test_an_event_that_is_too_large_is_refused() -> None:
    with pytest.raises(Rejected, match="an event has at most 1000000 bytes"):
        list(commits([[output("o", size=1_000_001)]]))
