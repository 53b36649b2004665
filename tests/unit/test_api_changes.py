"""Everything that changed, on one cursor: order, kinds, filters, notices, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from services.api import cursors
from services.api.cursors import After, AfterStory, Since
from services.api.following import changed
from services.api.following.schemas import ChangeList, RateChangeList
from tests.view_files import KZ, UZ, ViewFile, article_id, client, story_id

RATE = "steppe-courier:ticker:KGS-USD"


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    """Two articles, one of them twice, a story of both, and two rates."""
    made = ViewFile(tmp_path)
    made.article(1, KZ)
    made.article(2, UZ, source="silk-road-bulletin")
    made.rate("KGS/USD", "0.01143")
    made.story(1, 1, 2)
    made.article(1, KZ, headline="Corrected")
    made.rate("KGS/USD", "0.01144", as_of="2025-12-14")
    return made


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def told(answer: Any) -> list[tuple[str, int]]:
    assert answer.status_code == 200, answer.text
    return [(item["kind"], item["seq"]) for item in answer.json()["items"]]


ALL = [("article", 2), ("rate", 3), ("story", 4), ("article", 5), ("rate", 6)]


def test_changes_of_all_kinds_come_in_the_order_of_the_wire_each_subject_once(
    view: ViewFile,
) -> None:
    answer = api(view).get("/v1/changes")

    assert told(answer) == ALL
    said = answer.json()
    ChangeList.model_validate(said)
    assert [item["id"] for item in said["items"]] == [
        article_id(2), f"{RATE}/2025-12-13", story_id(1), article_id(1), f"{RATE}/2025-12-14",
    ]  # fmt: skip
    assert said["items"][3]["item"]["headline"] == "Corrected"
    assert said["items"][3]["item"]["story_id"] == story_id(1)
    assert said["items"][4]["item"]["value"] == "0.01144"
    assert said["next"] is None
    assert cursors.read(said["cursor"]) == cursors.event(6, "event-6")


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_of_changes_lose_nothing_and_repeat_nothing(view: ViewFile, limit: int) -> None:
    asked = api(view)
    seen, following = [], ""
    while following is not None:
        page = asked.get(f"/v1/changes?limit={limit}&cursor={following}".removesuffix("&cursor="))
        seen += told(page)
        following = page.json()["next"]

    assert seen == ALL


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=rate", [("rate", 3), ("rate", 6)]),
        ("kind=story&kind=rate", [("rate", 3), ("story", 4), ("rate", 6)]),
        ("source=steppe-courier", [("rate", 3), ("article", 5), ("rate", 6)]),
        ("tag=iso3166:UZ", [("article", 2)]),
        ("kind=story&tag=iso3166:UZ", []),
    ],
)
def test_every_filter_must_hold(view: ViewFile, query: str, found: list[tuple[str, int]]) -> None:
    assert told(api(view).get(f"/v1/changes?{query}")) == found


@pytest.mark.parametrize("query", ["", "tag=iso3166:UZ", "source=steppe-courier", "kind=article"])
def test_what_was_taken_back_is_a_notice_and_none_of_its_words_is_there(
    view: ViewFile, query: str
) -> None:
    view.notice(1, "canceled")
    answer = api(view).get(f"/v1/changes?{query}")

    assert "Corrected" not in answer.text
    assert answer.json()["items"][-1]["item"]["status"] == "canceled"


def test_two_stories_that_became_one_changed_at_once_and_are_not_parted(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    for number in (1, 2, 3, 4):
        view.article(number)
    view.story(1, 1, 2)
    view.story(2, 3, 4)
    view.merge(1, 2, 3, 4)
    asked = api(view)
    since = cursors.text(cursors.event(4, "event-4"))

    page = asked.get(f"/v1/changes?limit=1&cursor={since}")

    assert told(page) == [("story", 7), ("story", 7)]
    assert page.json()["next"] is None


def test_a_filter_that_leaves_little_ends_a_page_early_and_loses_nothing(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "LOOKED_AT_MAX", 1)
    asked = api(view)

    first = asked.get("/v1/changes?tag=iso3166:KZ").json()
    second = asked.get(f"/v1/changes?tag=iso3166:KZ&cursor={first['next']}").json()
    third = asked.get(f"/v1/articles?tag=iso3166:KZ&cursor={second['next']}").json()

    assert [len(page["items"]) for page in (first, second, third)] == [0, 1, 0]
    assert first["next"] == first["cursor"]
    assert third["next"] is None


def test_changes_of_rates_are_their_documents(view: ViewFile) -> None:
    view.rate("KGS/USD", "0.9", "2025-12-14", 2, status="disputed", disputes=[],
              standing_as_of="2025-12-14")  # fmt: skip
    asked = api(view)

    answer = asked.get("/v1/rates")
    latest = asked.get("/v1/rates/latest").json()["cursor"]

    RateChangeList.model_validate(answer.json())
    assert [item["value"] for item in answer.json()["items"]] == ["0.01143", "0.9"]
    assert asked.get("/v1/rates?source=steppe").json()["items"] == []
    assert asked.get(f"/v1/rates?cursor={latest}").json()["items"] == []


def test_a_cursor_of_any_list_goes_on_at_every_other(view: ViewFile) -> None:
    asked = api(view)
    lists = ("/v1/articles", "/v1/stories", "/v1/rates/latest", "/v1/changes", "/v1/rates")
    given = {asked.get(path).json()["cursor"] for path in lists}
    (cursor,) = given
    view.article(3)
    view.publish()

    found = {path: len(asked.get(f"{path}?cursor={cursor}").json()["items"]) for path in
             ("/v1/articles", "/v1/stories", "/v1/changes", "/v1/rates")}  # fmt: skip

    assert found == {"/v1/articles": 1, "/v1/stories": 0, "/v1/changes": 1, "/v1/rates": 0}


HOSTILE = {
    "cursor=x": 400,
    f"cursor={cursors.text(After('x', 1, 'y', Since(0), 'a'))}": 400,
    f"cursor={cursors.text(AfterStory(1, 'y', Since(0), 'a'))}": 400,
    f"cursor={'A' * 8_000}": 414,
    f"cursor={'A' * 401}": 422,
    "cursor=%00%1b%0a": 400,
    "cursor=%ff%fe": 400,
    "cursor='%20OR%201=1%20--": 400,
    "wait=31": 422,
    "wait=-1": 422,
    "wait=1.0": 422,
    "wait=1&wait=2": 422,
    "limit=0": 422,
    "limit=201": 422,
    "kind=articles": 422,
    "tag=" + quote("a:b') UNION SELECT * FROM late --"): 422,
    "source=%00": 422,
    "sauce=x": 422,
}


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/rates"])
@pytest.mark.parametrize("query", HOSTILE)
def test_what_cannot_be_asked_is_a_problem_with_a_next_step(
    view: ViewFile, path: str, query: str
) -> None:
    answer = api(view).get(f"{path}?{query}")

    unknown = path == "/v1/rates" and query.startswith(("kind", "tag"))
    assert answer.status_code == (422 if unknown else HOSTILE[query])
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) > 20
    assert len(answer.content) < 2_000
