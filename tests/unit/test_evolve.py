"""What an event of the wire makes of the views."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.projection.evolve import ArticleRow, RateRow, RelationsRow, Row, StoryRow, evolve
from shared.envelope import decode
from shared.events import TYPES_BY_STREAM, AnyEvent, ArticlePublished, RateQuoted
from shared.news import Article, Fingerprint, Relation
from shared.story_events import (
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StoryParted,
)
from shared.testing import builders
from tests import samples
from tests.wire_builders import almaty, article, at, entry_of

SAMPLES = {type(event): event for event in samples.EVENTS_BY_STREAM["wire"]}
STATUS = {
    "newswire.article.withheld": "withheld",
    "newswire.article.canceled": "canceled",
}


def rows(event: AnyEvent, seq: int = 9, version: int = 4) -> list[Row]:
    return evolve(decode("wire", entry_of("wire", event, seq, version)))


def published(said: Article, **changes: Any) -> ArticlePublished:
    given = {
        "language": "en",
        "language_confidence": 99,
        "tags": (),
        "relations": (),
        "fingerprint": Fingerprint(text_hash=said.text_hash, words=5),
        "methods": {},
    }
    return ArticlePublished(article=said, **{**given, **changes})


def row(said: Article, **changes: Any) -> ArticleRow:
    (found,) = rows(published(said, **changes))
    assert isinstance(found, ArticleRow)
    return found


@pytest.mark.parametrize("name", TYPES_BY_STREAM["wire"])
def test_every_type_of_the_wire_makes_one_row_with_its_place_on_the_log(name: str) -> None:
    (found,) = rows(SAMPLES[TYPES_BY_STREAM["wire"][name]])
    assert (found.version, found.seq) == (4, 9)
    if isinstance(found, StoryRow):  # it has no document of its own
        assert name.startswith("newswire.story.")
        return
    document = json.loads(found.document)
    assert (document["version"], document["seq"]) == (4, 9)
    assert document["event_type"] == name
    assert len(document["event_id"]) == 36
    kinds = {"rate": RateRow, "article": ArticleRow, "relation": RelationsRow}
    assert isinstance(found, kinds[name.split(".")[1]])


@pytest.mark.parametrize("name", [n for n in TYPES_BY_STREAM["wire"] if ".article." in n])
def test_an_article_is_usable_unless_the_wire_took_it_back(name: str) -> None:
    (found,) = rows(SAMPLES[TYPES_BY_STREAM["wire"][name]])

    assert isinstance(found, ArticleRow)
    assert found.status == STATUS.get(name, "usable") == json.loads(found.document)["status"]


@pytest.mark.parametrize("name", [n for n in TYPES_BY_STREAM["wire"] if ".article." in n])
def test_only_a_notice_takes_back_what_was_carried_before(name: str) -> None:
    (found,) = rows(SAMPLES[TYPES_BY_STREAM["wire"][name]])

    assert isinstance(found, ArticleRow)
    assert found.taken_back_seq == (9 if name in STATUS else 0)


@pytest.mark.parametrize("name", STATUS)
def test_a_notice_holds_no_text(name: str) -> None:
    (found,) = rows(SAMPLES[TYPES_BY_STREAM["wire"][name]])
    assert isinstance(found, ArticleRow)

    assert set(json.loads(found.document)) == {
        "article_id", "source", "reason", "by", "observed_at", "status",
        "version", "seq", "event_id", "event_type",
    }  # fmt: skip
    assert (found.language, found.place, found.copy_of, found.tags) == ("und", 0, None, ())
    assert found.ordered_at == "2026-03-02T05:00:00.250000Z"


@pytest.mark.parametrize(
    ("times", "ordered_at"),
    [
        ({"published_at": at(4, 30)}, "2026-03-02T04:30:00.000000Z"),
        (
            {"published_at": at(4, 30), "published_on": date(2026, 3, 1)},
            "2026-03-02T04:30:00.000000Z",
        ),
        ({"published_on": date(2026, 3, 1)}, "2026-03-01T00:00:00.000000Z"),
        ({"listed_on": date(2026, 2, 28)}, "2026-02-28T00:00:00.000000Z"),
        (
            {"published_on": date(2026, 3, 1), "listed_on": date(2026, 2, 28)},
            "2026-03-01T00:00:00.000000Z",
        ),
        ({}, "2026-03-02T06:10:00.000000Z"),
    ],
    ids=["time", "time and day", "day", "page", "day and page", "seen"],
)
def test_an_article_counts_as_of_its_publication_else_its_day_else_when_seen(
    times: dict[str, Any], ordered_at: str
) -> None:
    assert row(article(**times)).ordered_at == ordered_at


def test_a_time_of_another_zone_is_ordered_by_its_instant() -> None:
    assert (
        row(article(published_at="2026-03-02T09:30:00+05:00")).ordered_at
        == "2026-03-02T04:30:00.000000Z"
    )


def test_the_place_on_its_page_is_kept() -> None:
    assert (row(article(position=4)).place, row(article(position=None)).place) == (4, 0)


def test_a_copy_names_what_it_is_a_copy_of() -> None:
    relation = Relation(kind="exact", article_id="first", source="s", evidence={}, method="m")

    assert row(article(), relations=(relation,)).copy_of == "first"
    assert row(article()).copy_of is None


def test_a_country_is_borne_by_what_lies_in_it_once_and_not_by_its_people() -> None:
    region = {"scheme": "iso3166-2", "code": "KZ-75", "kind": "region", "relevance": 80}
    person = {"scheme": "person", "code": "Q1", "kind": "person", "country": "UZ"}
    tags = (
        almaty(relevance=60),
        almaty().model_copy(update=region),
        almaty().model_copy(update=person),
    )
    told = almaty().model_copy(update={"scheme": "iso3166", "code": "KZ", "kind": "country"})

    assert row(article(), tags=tags).tags[3:] == (("iso3166:KZ", 80),)
    assert len(row(article(), tags=(*tags, told)).tags) == 4


def test_a_headline_alone_is_no_text() -> None:
    assert row(article()).has_text
    assert not row(article(body=())).has_text


def test_tags_are_listed_by_scheme_and_code() -> None:
    found = row(article(), tags=(almaty(relevance=60),))

    assert found.tags == (("geonames:1526384", 60), ("iso3166:KZ", 60))
    assert json.loads(found.document)["tags"][0]["name"] == "Almaty"


def test_the_document_of_an_article_is_flat_and_whole() -> None:
    document = json.loads(row(article("a", body=("One.", "Two."))).document)

    assert document["article_id"] == "a"
    assert document["body"] == ["One.", "Two."]
    assert document["language"] == "en"
    assert "fingerprint" not in document
    assert "article" not in document


def test_a_rate_is_kept_by_series_and_day() -> None:
    quoted = RateQuoted(
        rate=builders.rate(value="0.00198"), series="s:t:KZT-USD", movement=None, methods={}
    )
    (found,) = rows(quoted)
    assert isinstance(found, RateRow)
    document = json.loads(found.document)

    assert (found.series, found.as_of) == ("s:t:KZT-USD", "2026-03-02")
    assert (document["value"], document["status"], document["movement"]) == (
        "0.00198",
        "quoted",
        None,
    )
    assert "rate" not in document


STORY: dict[str, Any] = {
    "story_id": "5d0c4a3e-8a0f-5b3c-9e57-2f6d1f0b7c21",
    "headline": "A siege",
    "representative": "a",
    "observed_at": datetime(2026, 3, 2, 5, tzinfo=UTC), "methods": {},
}  # fmt: skip


@pytest.mark.parametrize(
    ("event", "status", "articles"),
    [
        (
            StoryOpened(**STORY, article_ids=("a", "b"), evidence={}),
            "open",
            [("a", True), ("b", True)],
        ),
        (StoryGrew(**STORY, article_id="c", evidence={}), "open", [("c", True)]),
        (
            StoryMerged(
                **STORY, merged_story_id="91b6a7f0-3c5d-5e1a-8f42-6a7b8c9d0e1f",
                article_ids=("d",), evidence={},
            ),
            "open", [("d", True)],
        ),
        (
            StoryParted(
                **STORY, article_ids=("b",), new_story_id=None, reason="No.", by="operator"
            ),
            "open", [("b", False)],
        ),
        (StoryClosed(**STORY, articles=2), "closed", []),
    ],
)  # fmt: skip
def test_a_story_stands_as_its_event_says_with_the_articles_that_it_moves(
    event: AnyEvent, status: str, articles: list[tuple[str, bool]]
) -> None:
    (found,) = rows(event)

    assert isinstance(found, StoryRow)
    assert (found.status, found.headline, found.representative) == (status, "A siege", "a")
    assert list(found.articles) == articles
    is_merge = isinstance(event, StoryMerged)
    assert found.merged_story_id == ("91b6a7f0-3c5d-5e1a-8f42-6a7b8c9d0e1f" if is_merge else None)


def test_an_article_does_not_say_which_story_it_is_in() -> None:
    """Stories are merged and split without a word of it."""
    found = row(article(), story_id=STORY["story_id"])

    assert "story_id" not in json.loads(found.document)
    assert found.story_id == STORY["story_id"]
