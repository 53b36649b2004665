"""Lines of a file as the events that ingest would have appended of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.enrichment.lines import Intake, Offered
from services.ingest.domain import Observation
from services.ingest.identity import article_id, slug_key
from services.ingest.push.articles import observation
from services.ingest.push.items import Seen
from shared.cloudevents import json_line
from shared.envelope import decode
from shared.errors import Rejected
from shared.events import ArticleReceived, ArticleRevised
from tests.wire_builders import entry_of, withdrawn

PUSHED = {
    "source": "irtysh-telegraph",
    "id": "irt-882",
    "headline": "Pavlodar Boatyard to Build Ferries for the Upper Irtysh",
    "summary": "140 welders keep their work.",
    "body": ["A boatyard in Pavlodar has been given the order.", "It keeps 140 welders at work."],
    "language": "en",
    "authors": ["A. Writer"],
    "categories": ["ships"],
    "published_at": "2026-03-03T09:00:00+03:00",
    "declared_tags": [{"kind": "subject", "name": "ships"}],
    "urgency": 3,
}


def taken(intake: Intake, **said: Any) -> Offered:
    offered = intake.take(json.dumps(said).encode())
    assert offered is not None
    return offered


def test_what_is_pushed_gets_the_ids_and_hashes_that_the_push_door_gives() -> None:
    at = datetime(2026, 3, 3, 7, tzinfo=UTC)
    line = json.dumps(PUSHED).encode()

    pushed = observation(Seen(line, ("irtysh-telegraph",), at))
    found = Intake().take(line)

    assert isinstance(pushed, Observation)
    assert found is not None
    assert found.article is not None
    names = {"article_id", "content_hash", "text_hash", "headline", "body", "declared_language"}
    assert found.article.model_dump(include=names) == pushed.article.model_dump(include=names)


def test_a_line_needs_no_more_than_a_headline_or_a_text() -> None:
    intake = Intake()

    headed, untitled = taken(intake, title="Grain"), taken(intake, text="A.\n \nB  c.")

    assert headed.article is not None
    assert untitled.article is not None
    assert (headed.article.headline, headed.article.body) == ("Grain", ())
    assert (untitled.article.headline, untitled.article.body) == ("A.", ("A.", "B c."))
    assert headed.article.source == "unnamed"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"id": "7", "url": "https://Ex.example/a"}, "id:7"),
        ({"url": "https://Ex.example/a"}, "url://ex.example/a"),
        ({}, slug_key("Grain: 14% more", 1)),
    ],
)
def test_an_article_is_known_by_its_id_its_address_or_its_headline(
    said: dict[str, str], key: str
) -> None:
    found = taken(Intake(), source="desk", headline="Grain: 14% more", **said)

    assert found.article is not None
    assert found.article.article_id == article_id("desk", key)


def test_a_line_without_a_time_was_observed_a_second_after_the_one_before() -> None:
    intake = Intake()
    said = [
        {},
        {},
        {"published_at": "2026-03-02T06:00:00Z"},
        {},
        {"published_at": "2026-03-02T06:00:00Z", "observed_at": "2026-03-02T09:00:00+03:00"},
    ]

    found = [taken(intake, headline=str(n), **one) for n, one in enumerate(said)]

    assert [one.observed_at for one in found] == [
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2000, 1, 1, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 6, tzinfo=UTC),
        datetime(2026, 3, 2, 6, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 6, tzinfo=UTC),
    ]


def test_another_text_of_an_article_is_a_revision_and_the_same_is_nothing() -> None:
    intake = Intake()
    first = taken(intake, id="1", headline="Grain")
    again = intake.take(b'{"id": "1", "headline": "Grain"}')
    other = taken(intake, id="1", headline="Grain, corrected", change="correction")

    assert again is None
    received, revised = (decode("articles", one.entry) for one in (first, other))
    assert isinstance(received.event, ArticleReceived)
    assert isinstance(revised.event, ArticleRevised)
    assert (revised.event.change, revised.event.declared) == ("correction", True)
    assert (revised.version, revised.event.article.revision, revised.seq) == (2, 2, 2)


def test_an_event_is_taken_as_it_is() -> None:
    event = entry_of("articles", withdrawn("a"), seq=9, version=3)

    found = Intake().take(json_line(event).encode())

    assert found is not None
    assert found.article is None
    assert found.entry.event_id == event.event_id
    assert decode("articles", found.entry).version == 3
    assert json.loads(found.entry.fields[b"data"]) == json.loads(event.fields[b"data"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"[]", "expected a JSON object, came a list"),
        (b"{}", "expected a headline or a text, came neither"),
        (b'{"headline": ["a"]}', "headline: expected text, came a list"),
        (b'{"headline": "a", "body": [1]}', "body: expected text or a list of paragraphs"),
        (b'{"headline": "a", "source": "Two Words"}', "source: String should match pattern"),
        (b'{"headline": "a", "published_at": "soon"}', "published_at: Input should be a valid"),
        (
            b'{"headline": "a", "published_at": "2026-03-02T06:00"}',
            "published_at: Input should have timezone",
        ),
        (b'{"specversion": "1.0", "type": 7, "data": {}}', "type: expected text, came 7"),
        (b'{"specversion": "1.0", "id": "a"}', "expected an event with id and data"),
        (
            b'{"specversion": "1.0", "id": "a", "type": "newswire.rate.quoted", "data": {}}',
            "newswire.rate.quoted is not a type of the stream articles",
        ),
    ],
)
def test_a_line_that_is_no_article_is_refused_with_a_sentence(line: bytes, why: str) -> None:
    with pytest.raises(Rejected) as refused:
        Intake().take(line)

    assert str(refused.value).startswith(why)


def test_what_parse_prints_besides_articles_is_passed_over() -> None:
    assert Intake().take(b'{"type": "rate", "value": "500"}') is None
