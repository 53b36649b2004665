"""Where an article comes from: its events without a word of it, and what it stands to."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.api.provenance.schemas import EVENTS_MAX, ArticleRelations, Provenance
from services.projection.fold import Fold
from shared import views
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    RelationChanged,
    WireEvent,
)
from shared.log import Log
from shared.news import Relation, RelationKind
from shared.testing.memory_log import MemoryLog
from tests.view_files import client, story_id
from tests.wire_builders import (
    Clock,
    Newsroom,
    article_desk,
    at,
    carried,
    drive,
    entries,
    notice,
    opened,
    parted,
    quiet,
    received,
)

STORY = story_id(1)


def relation(kind: RelationKind, other: str) -> Relation:
    return Relation(
        kind=kind, article_id=other, source="steppe-courier", evidence={"in_other": "0.97"},
        method="relations/1",
    )  # fmt: skip


def changed(article_id: str, *relations: Relation) -> RelationChanged:
    return RelationChanged(
        article_id=article_id, source="steppe-courier", relations=relations,
        reason="Another article came.", by="enrichment", observed_at=at(8),
    )  # fmt: skip


async def fold(folder: Path, log: Log) -> None:
    file = folder / "views-1.sqlite"
    connection = views.create(file)
    await Fold(connection, "1.0", quiet()).take(await entries(log, "wire"))
    connection.close()
    views.publish(folder, file)


def wire(folder: Path, *events: WireEvent) -> TestClient:
    """An api over the views of these events."""

    async def told() -> None:
        log = MemoryLog()
        await Newsroom(log).broadcast(*events)
        await fold(folder, log)

    asyncio.run(told())
    return client(folder)


def items(api: TestClient, article_id: str = "a", query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"/v1/articles/{article_id}/provenance{query}")
    assert answer.status_code == 200, answer.text
    Provenance.model_validate(answer.json())
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def related(api: TestClient, article_id: str = "a") -> list[tuple[str, str, str, str, str | None]]:
    answer = api.get(f"/v1/articles/{article_id}/relations")
    assert answer.status_code == 200, answer.text
    ArticleRelations.model_validate(answer.json())
    return [
        (one["direction"], one["kind"], one["article"]["article_id"], one["article"]["status"],
         one["article"]["headline"])
        for one in answer.json()["relations"]
    ]  # fmt: skip


def test_the_events_of_an_article_are_told_the_earliest_first(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a"),
        carried(ArticlePublished, "b"),
        carried(ArticleCorrected, "a", revision=2),
        changed("a", relation("exact", "b")),
    )

    found = items(api)
    assert [(one["seq"], one["version"], one["type"], one["revision"]) for one in found] == [
        (1, 1, "newswire.article.published", 1),
        (3, 2, "newswire.article.corrected", 2),
        (4, 3, "newswire.relation.changed", None),
    ]
    assert [(one["by"], one["reason"]) for one in found] == [
        (None, None), (None, None), ("enrichment", "Another article came."),
    ]  # fmt: skip
    assert found[0]["document"] == {
        "sha256": found[0]["document"]["sha256"], "media_type": "text/plain",
        "parser": "front-page", "parser_version": 1,
    }  # fmt: skip
    assert found[2]["document"] is None
    assert found[0]["said_at"] == "2026-03-02T06:00:00Z"
    assert found[0]["correlation_id"] == "urn:newswire:article:a"
    assert found[1]["href"] == "/v1/events?from=3&limit=1"


def test_an_event_names_the_one_that_caused_it(tmp_path: Path) -> None:
    async def told() -> str:
        log = MemoryLog()
        await Newsroom(log).say(received("a"))
        await drive(article_desk(log, Clock()), log)
        await fold(tmp_path, log)
        return (await entries(log, "articles"))[0].event_id

    cause = asyncio.run(told())
    assert [one["causation_id"] for one in items(client(tmp_path))] == [cause]


def test_a_story_that_took_an_article_in_or_let_it_go_is_told(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a"),
        carried(ArticlePublished, "b"),
        opened(STORY, "a", "b"),
        parted(STORY, "a", "b"),
    )

    found = [(one["type"], one["version"], one["story_id"], one["by"]) for one in items(api, "b")]
    assert found == [
        ("newswire.article.published", 1, None, None),
        ("newswire.story.opened", None, STORY, None),
        ("newswire.story.split", None, STORY, "operator"),
    ]
    assert [one["type"] for one in items(api)][1:] == ["newswire.story.opened"]


def test_events_are_told_in_parts(tmp_path: Path) -> None:
    api = wire(tmp_path, *(carried(ArticlePublished, "a") for _ in range(3)))

    first = api.get("/v1/articles/a/provenance?limit=2").json()
    assert ([one["seq"] for one in first["items"]], first["has_more"]) == ([1, 2], True)
    rest = api.get("/v1/articles/a/provenance?limit=2&after=2").json()
    assert ([one["seq"] for one in rest["items"]], rest["has_more"]) == ([3], False)


def test_what_took_an_article_back_is_told_and_no_word_of_it(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="The secret", body=("A secret body.",)),
        carried(ArticlePublished, "b"),
        opened(STORY, "a", "b"),
        notice(ArticleTakenBack, "a"),
        carried(ArticleReinstated, "a", headline="Cleared"),
    )

    answer = api.get("/v1/articles/a/provenance")
    assert [one["type"] for one in answer.json()["items"]] == [
        "newswire.article.published", "newswire.story.opened", "newswire.article.withheld",
        "newswire.article.released",
    ]  # fmt: skip
    assert answer.json()["items"][2]["reason"] == "Because."
    page = api.get("/articles/a").text
    assert "Back on the wire" in page
    for text in (answer.text, api.get("/v1/articles/a/relations").text, page):
        assert "secret" not in text


@pytest.mark.parametrize("door", ["provenance", "relations"])
@pytest.mark.parametrize(
    ("kind", "status"), [(ArticleCanceled, 410), (ArticleTakenBack, 404)], ids=["410", "404"]
)
def test_an_article_that_is_gone_answers_as_everywhere(
    tmp_path: Path, kind: type[ArticleCanceled | ArticleTakenBack], status: int, door: str
) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a", headline="Secret"), notice(kind, "a"))

    answer = api.get(f"/v1/articles/a/{door}")
    assert answer.status_code == status
    assert "Secret" not in answer.text
    if status == 410:
        assert (answer.json()["reason"], answer.json()["by"]) == ("Because.", "source")


def test_relations_are_told_both_ways_with_their_evidence(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", url="https://courier.example/a"),
        carried(ArticlePublished, "b", relations=(relation("exact", "a"),)),
        carried(ArticlePublished, "c", relations=(relation("derived", "a"),)),
    )

    assert related(api) == [
        ("in", "exact", "b", "usable", "Headline of b"),
        ("in", "derived", "c", "usable", "Headline of c"),
    ]
    assert related(api, "b") == [("out", "exact", "a", "usable", "Headline of a")]
    (one,) = api.get("/v1/articles/b/relations").json()["relations"]
    assert (one["method"], one["evidence"]) == ("relations/1", {"in_other": "0.97"})
    assert one["article"]["url"] == "https://courier.example/a"


def test_relations_are_those_of_the_last_event(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a"),
        carried(ArticlePublished, "b", relations=(relation("exact", "a"),)),
        changed("b", relation("derived", "a")),
        carried(ArticlePublished, "c", relations=(relation("exact", "a"),)),
        notice(ArticleTakenBack, "c"),
    )

    assert related(api) == [("in", "derived", "b", "usable", "Headline of b")]
    assert related(api, "b") == [("out", "derived", "a", "usable", "Headline of a")]


@pytest.mark.parametrize(
    ("kind", "status"), [(ArticleCanceled, "canceled"), (ArticleTakenBack, "withheld")]
)
def test_of_another_article_that_was_taken_back_no_word_is_told(
    tmp_path: Path, kind: type[ArticleCanceled | ArticleTakenBack], status: str
) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="Secret", url="https://courier.example/secret"),
        carried(
            ArticlePublished, "b", relations=(relation("exact", "a"), relation("derived", "x"))
        ),
        notice(kind, "a"),
    )

    assert related(api, "b") == [
        ("out", "exact", "a", status, None),
        ("out", "derived", "x", "withheld", None),  # it is in no view
    ]
    assert "ecret" not in api.get("/v1/articles/b/relations").text


def test_relations_are_bounded(tmp_path: Path) -> None:
    copies = (carried(ArticlePublished, f"b{n}", relations=(relation("exact", "a"),))
              for n in range(3))  # fmt: skip
    api = wire(tmp_path, carried(ArticlePublished, "a"), *copies)

    answer = api.get("/v1/articles/a/relations?limit=2").json()
    assert (len(answer["relations"]), answer["has_more"]) == (2, True)


@pytest.mark.parametrize(
    "path",
    [
        "provenance?limit=0", f"provenance?limit={EVENTS_MAX + 1}", "provenance?limit=1.0",
        "provenance?after=-1", "provenance?after=9007199254740992", "provenance?before=1",
        "provenance?limit=1&limit=2", "relations?limit=201", "relations?kind=exact",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(tmp_path: Path, path: str) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a"))

    answer = api.get(f"/v1/articles/a/{path}")
    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize("door", ["provenance", "relations"])
@pytest.mark.parametrize(
    "given",
    [
        "no-such-id", "%00", "%ff%fe", "a'%20OR%20'1'='1", "%22%3B--", "x" * 7_000, "%E2%80%AE",
        "a%0d%0a",
    ],
)  # fmt: skip
def test_an_article_that_nobody_knows_is_not_found(tmp_path: Path, given: str, door: str) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a"))

    answer = api.get(f"/v1/articles/{given}/{door}")
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_the_page_says_where_an_article_comes_from(tmp_path: Path) -> None:
    api = wire(tmp_path, carried(ArticlePublished, "a"), carried(ArticleCorrected, "a", revision=2))

    page = api.get("/articles/a").text
    assert "Where this comes from" in page
    assert "text/plain, read by front-page/1" in page
    assert '<a href="/v1/events?from=2&amp;limit=1">event 2</a>' in page
    assert 'href="/v1/articles/a/provenance"' in page
    assert "Откуда это" in api.get("/ru/articles/a").text
