"""Stories as they were: `?at=` of their list, of one, and of an article's story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from shared.events import ArticlePublished, ArticleReinstated, ArticleTakenBack, ArticleUpdated
from tests.unit.test_api_history_of_articles import wire
from tests.wire_builders import carried, closed, merged, notice, opened, parted

ONE = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b51"
TWO = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b52"
EVENTS = (
    carried(ArticlePublished, "a", headline="Lorries wait"),
    carried(ArticlePublished, "b", headline="A border is shut"),
    carried(ArticlePublished, "c", headline="Queues of lorries"),
    carried(ArticlePublished, "d", headline="A queue"),
    opened(ONE, "a", "b"),
    opened(TWO, "c", "d"),
    carried(ArticleUpdated, "a", headline="Lorries go on"),
    merged(ONE, TWO, "c", "d"),
    parted(ONE, "a", "d"),
    closed(ONE, "a"),
)


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    return wire(tmp_path, *EVENTS)


def told(api: TestClient, path: str) -> Any:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("4", []),
        ("5", [(ONE, "open", "Lorries wait", 2)]),
        ("6", [(TWO, "open", "Queues of lorries", 2), (ONE, "open", "Lorries wait", 2)]),
        ("7", [(TWO, "open", "Queues of lorries", 2), (ONE, "open", "Lorries go on", 2)]),
        ("8", [(TWO, "merged", None, 0), (ONE, "open", "Queues of lorries", 4)]),
        ("9", [(ONE, "open", "Lorries go on", 3), (TWO, "merged", None, 0)]),
        ("10", [(ONE, "closed", "Lorries go on", 3), (TWO, "merged", None, 0)]),
        ("8&status=merged", [(TWO, "merged", None, 0)]),
        ("9&status=closed", []),
    ],
)
def test_a_list_of_stories_is_as_it_was(
    api: TestClient, at: str, found: list[tuple[str, str, str | None, int]]
) -> None:
    items = told(api, f"/v1/stories?at={at}")["items"]

    assert [
        (one["story_id"], one["status"], one["headline"], one["article_count"]) for one in items
    ] == found


def test_pages_of_stories_of_then_follow_each_other(api: TestClient) -> None:
    first = told(api, "/v1/stories?at=7&limit=1")
    second = told(api, f"/v1/stories?at=7&limit=1&cursor={first['next']}")

    assert [one["story_id"] for one in first["items"] + second["items"]] == [TWO, ONE]
    assert second["next"] is None


def test_a_story_is_as_it_was(api: TestClient) -> None:
    before = told(api, f"/v1/stories/{ONE}?at=6")
    after = told(api, f"/v1/stories/{ONE}?at=8")

    assert [one["headline"] for one in before["articles"]] == ["Lorries wait", "A border is shut"]
    assert [one["article_id"] for one in after["articles"]] == ["a", "b", "c", "d"]
    assert told(api, f"/v1/stories/{TWO}?at=8")["merged_into"] == ONE
    assert told(api, f"/v1/stories/{TWO}?at=7")["merged_into"] is None
    assert api.get(f"/v1/stories/{ONE}?at=4").status_code == 404


@pytest.mark.parametrize(
    ("article_id", "at", "story"),
    [("d", 5, None), ("d", 7, TWO), ("d", 8, ONE), ("d", 9, None), ("a", 6, ONE)],
)
def test_an_article_names_its_story_of_then(
    api: TestClient, article_id: str, at: int, story: str | None
) -> None:
    items = told(api, f"/v1/articles?at={at}")["items"]

    assert told(api, f"/v1/articles/{article_id}?at={at}")["story_id"] == story
    assert {one["article_id"]: one["story_id"] for one in items}[article_id] == story


def test_an_article_that_was_taken_back_since_is_in_no_story_of_then(tmp_path: Path) -> None:
    back = carried(ArticleReinstated, "a", headline="Cleared")
    api = wire(
        tmp_path,
        *EVENTS[:5],
        notice(ArticleTakenBack, "a"),
        back.model_copy(update={"story_id": ONE}),
    )

    for at in range(5, 7):
        answer = api.get(f"/v1/stories/{ONE}?at={at}")
        assert [one["article_id"] for one in answer.json()["articles"]] == ["b"]
        assert "Lorries" not in answer.text
    now = api.get(f"/v1/stories/{ONE}?at=7").json()
    assert [one["headline"] for one in now["articles"]] == ["Cleared", "A border is shut"]


@pytest.mark.parametrize(
    "at",
    ["", "11", "yesterday", "2026-03-02T09:30:00", "-1", "9" * 17, "9" * 40, "1' OR 1", "%00",
     "1)--", "%F0%9F%92%A9", "1&at=2"],
)  # fmt: skip
def test_an_instant_of_stories_that_cannot_be_read_is_refused(api: TestClient, at: str) -> None:
    for path in ("/v1/stories", f"/v1/stories/{ONE}"):
        answer = api.get(f"{path}?at={at}")
        assert answer.status_code == 422
        assert "at" in answer.json()["detail"]


def test_what_changed_of_stories_is_not_asked_of_the_past(api: TestClient) -> None:
    cursor = api.get("/v1/stories").json()["cursor"]

    assert api.get(f"/v1/stories?at=1&cursor={cursor}").status_code == 400
