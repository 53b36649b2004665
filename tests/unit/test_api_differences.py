"""What differs between two instants, and no word of what was taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.api.times.schemas import DifferenceList
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    RateReconfirmed,
    RateRestated,
)
from tests.unit.test_api_history_of_articles import wire
from tests.wire_builders import carried, closed, merged, notice, opened, quoted

ONE = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b51"
TWO = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b52"
EVENTS = (
    carried(ArticlePublished, "a", headline="Lorries wait"),
    carried(ArticlePublished, "b", headline="A border is shut"),
    quoted(value="520"),
    opened(ONE, "a", "b"),
    carried(ArticleCorrected, "a", headline="Lorries go on"),
    quoted(value="525", kind=RateRestated),
    quoted(value="525", kind=RateReconfirmed),
    notice(ArticleCanceled, "b"),
    carried(ArticlePublished, "c", headline="Queues"),
    carried(ArticlePublished, "d", headline="A queue"),
    opened(TWO, "c", "d"),
    merged(ONE, TWO, "c", "d"),
    closed(ONE, "a"),
)


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    return wire(tmp_path, *EVENTS)


def told(api: TestClient, query: str) -> list[dict[str, Any]]:
    answer = api.get(f"/v1/differences?{query}")
    assert answer.status_code == 200, answer.text
    DifferenceList.model_validate_json(answer.content)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def short(items: list[dict[str, Any]]) -> list[tuple[int, str, str, str]]:
    return [
        (one["seq"], one["kind"], one["change"], one.get("id", one.get("as_of"))) for one in items
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=0&to=0", []),
        ("from=13", []),
        ("from=0&to=2", [(1, "article", "came", "a")]),  # b was canceled since
        ("from=2&to=5", [
            (3, "rate", "came", "2026-03-02"), (4, "story", "opened", ONE),
            (5, "article", "changed", "a"),
        ]),
        ("from=3&to=6", [
            (4, "story", "opened", ONE), (5, "article", "changed", "a"),
            (6, "rate", "changed", "2026-03-02"),
        ]),
        ("from=6&to=7", []),  # the same value again
        ("from=7&to=8", [(8, "article", "left", "b")]),
        ("from=1&to=8", [
            (4, "story", "opened", ONE), (5, "article", "changed", "a"),
            (7, "rate", "came", "2026-03-02"),
        ]),  # b came and went
        ("from=11", [(12, "story", "merged", TWO), (13, "story", "closed", ONE)]),
        ("from=11&to=12", [(12, "story", "changed", ONE), (12, "story", "merged", TWO)]),
    ],
)  # fmt: skip
def test_what_differs_is_told_by_its_last_event(
    api: TestClient, query: str, found: list[tuple[int, str, str, str]]
) -> None:
    assert short(told(api, query)) == found


def test_a_changed_headline_is_told_word_by_word(api: TestClient) -> None:
    (one,) = told(api, "from=4&to=5")

    assert one["headline"] == "Lorries go on"
    assert one["fields"] == ["headline"]
    assert [(piece["operation"], piece["text"]) for piece in one["pieces"]] == [
        ("equal", "Lorries "), ("delete", "wait"), ("insert", "go on"),
    ]  # fmt: skip


def test_a_restated_rate_has_both_values(api: TestClient) -> None:
    (one,) = told(api, "from=5&to=6")

    assert (one["before"]["value"], one["after"]["value"]) == ("520", "525")


def test_an_article_that_left_is_told_without_a_word_of_it(api: TestClient) -> None:
    (one,) = told(api, "from=7&to=8")

    assert one["notice"]["status"] == "canceled"
    for begin in range(14):
        for end in range(begin, 14):
            assert "border" not in api.get(f"/v1/differences?from={begin}&to={end}").text


def test_text_that_was_taken_back_since_is_no_difference_of_then(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="Secret"),
        carried(ArticleCorrected, "a", headline="Secret too"),
        notice(ArticleTakenBack, "a"),
        carried(ArticleReinstated, "a", headline="Cleared"),
    )

    assert told(api, "from=0&to=1") == []
    assert told(api, "from=1&to=2") == []
    assert short(told(api, "from=1&to=3")) == [(3, "article", "left", "a")]
    assert short(told(api, "from=1&to=4")) == [(4, "article", "came", "a")]
    assert "Secret" not in api.get("/v1/differences?from=0").text


def test_pages_of_differences_are_the_whole(api: TestClient) -> None:
    whole, found, after = told(api, "from=0"), list[dict[str, Any]](), ""
    for _ in range(20):
        body = api.get(f"/v1/differences?from=0&limit=1{after}").json()
        found += body["items"]
        if body["next"] is None:
            break
        after = f"&after={body['next']}"

    assert found == whole
    assert body["next"] is None


@pytest.mark.parametrize(
    "query",
    ["", "from=", "from=14", "from=1&to=14", "from=5&to=4", "from=x", "from=1&to=2026-03-02T09:30",
     "from=1&limit=0", "from=1&limit=201", "from=1&after=-1", "from=1&after=1e3", "from=1&from=2",
     "from=1&until=3", "from=%00", "from=1' OR 1", "from=" + "9" * 3_000,
     "from=1&after=" + "9" * 30],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(api: TestClient, query: str) -> None:
    answer = api.get(f"/v1/differences?{query}")

    assert answer.status_code == 422
    assert answer.json()["detail"]
