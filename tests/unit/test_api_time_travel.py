"""Articles as they were: `?at=` an event, a time, a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.api import asof
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
)
from tests.unit.test_api_history_of_articles import wire
from tests.wire_builders import almaty, carried, notice

EVENTS = (
    carried(ArticlePublished, "a", headline="First", tags=(almaty(),)),
    carried(ArticlePublished, "b", headline="Other"),
    carried(ArticleCorrected, "a", headline="Second"),
)
TAKEN_BACK = (
    carried(ArticlePublished, "a", headline="Secret"),
    carried(ArticlePublished, "b", headline="Killed"),
    notice(ArticleTakenBack, "a"),
    notice(ArticleCanceled, "b"),
    carried(ArticleReinstated, "a", headline="Cleared"),
)
"""One article comes again, changed; one does not."""


def headlines(answer: object) -> list[str]:
    return [item["headline"] for item in answer.json()["items"]]  # type: ignore[attr-defined]  # an httpx answer


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("1", ["First"]),
        ("2", ["First", "Other"]),
        ("3", ["Second", "Other"]),
        ("2&tag=geonames:1526384", ["First"]),
        ("3&tag=geonames:1526384", []),
        ("2&source=nobody", []),
        ("2999-01-01", ["Second", "Other"]),
    ],
)
def test_a_list_is_as_it_was(tmp_path: Path, at: str, found: list[str]) -> None:
    answer = wire(tmp_path, *EVENTS).get(f"/v1/articles?at={at}")

    assert answer.status_code == 200
    assert headlines(answer) == found


@pytest.mark.parametrize("at", ["0", "1969-12-31T23:59:59Z"])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/articles/a"])
def test_before_the_first_event_nothing_is_known_and_where_to_go_on_is_said(
    tmp_path: Path, path: str, at: str
) -> None:
    api = wire(tmp_path, *EVENTS)

    gone = api.get(f"{path}?at={at}")

    assert gone.status_code == 410
    assert gone.json()["type"] == "urn:newswire:problem:history-truncated"
    assert gone.json()["resume"] == f"{path}?at=1"
    assert api.get(gone.json()["resume"]).status_code == 200


def test_an_article_is_as_it_was(tmp_path: Path) -> None:
    api = wire(tmp_path, *EVENTS)

    assert api.get("/v1/articles/a?at=2").json()["headline"] == "First"
    assert api.get("/v1/articles/a?at=3").json()["headline"] == "Second"
    assert api.get("/v1/articles/b?at=1").status_code == 404


def test_pages_of_a_list_as_it_was_follow_each_other(tmp_path: Path) -> None:
    api = wire(tmp_path, *EVENTS)

    first = api.get("/v1/articles?at=2&limit=1")
    second = api.get(f"/v1/articles?at=2&limit=1&cursor={first.json()['next']}")
    assert headlines(first) + headlines(second) == ["First", "Other"]
    assert second.json()["next"] is None


def test_what_was_taken_back_since_is_shown_at_no_instant(tmp_path: Path) -> None:
    api = wire(tmp_path, *TAKEN_BACK)

    for seq in range(6):
        listed = api.get(f"/v1/articles?at={seq}").text
        assert "Secret" not in listed
        assert "Killed" not in listed
        assert "Secret" not in api.get(f"/v1/articles/a?at={seq}").text
    assert api.get("/v1/articles/a?at=2").status_code == 404
    assert api.get("/v1/articles/b?at=2").status_code == 410
    assert api.get("/v1/articles/a?at=5").json()["headline"] == "Cleared"


@pytest.mark.parametrize(
    "at",
    ["", "4", "yesterday", "2026-03-02T09:30:00", "2026-13-02", "-1", "1e3", "9" * 17, "1' OR 1",
     "%00", "2026-03-02T09:30:00Z" * 9],
)  # fmt: skip
def test_an_instant_that_cannot_be_read_is_refused(tmp_path: Path, at: str) -> None:
    api = wire(tmp_path, *EVENTS)

    for path in ("/v1/articles", "/v1/articles/a"):
        answer = api.get(f"{path}?at={at}")
        assert answer.status_code == 422
        assert "at" in answer.json()["detail"]


def test_what_changed_is_not_asked_of_the_past(tmp_path: Path) -> None:
    api = wire(tmp_path, *EVENTS)
    cursor = api.get("/v1/articles").json()["cursor"]

    answer = api.get(f"/v1/articles?at=1&cursor={cursor}")
    assert answer.status_code == 400
    assert "Leave one of them out" in answer.json()["detail"]


def test_a_day_stands_for_its_end() -> None:
    assert asof.read("2026-03-02") == datetime(2026, 3, 2, 23, 59, 59, 999999, UTC)
    assert asof.read("2026-03-02T09:30:00+06:00") == datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    assert asof.read("1204") == 1204
