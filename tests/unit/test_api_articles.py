"""Lists of articles: order, filters, pages, changes; single articles and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.api import cursors
from services.api.articles.items import ArticleBrief, ArticleItem, ArticleNotice
from services.api.articles.parameters import ArticlesQuery
from services.api.cursors import After, Since
from shared.testing.memory_log import MemoryLog
from tests.drafts import draft
from tests.view_files import ALMATY, KZ, UZ, ViewFile, article_id, client

Fill = Callable[[ViewFile], object]
CHOSEN = cursors.chosen("articles", ArticlesQuery())


def filled(folder: Path, fill: Fill) -> TestClient:
    view = ViewFile(folder)
    fill(view)
    view.publish()
    return client(folder)


def numbers(answer: Any) -> list[int]:
    return [int(item["article_id"][-12:]) for item in answer.json()["items"]]


def a_wire(view: ViewFile) -> None:
    view.article(1, KZ, listed_on="2026-03-02", position=2)
    view.article(2, KZ, ALMATY, listed_on="2026-03-02", position=1, source="silk-road-bulletin")
    view.article(3, UZ, KZ, published_at="2026-03-02T04:30:00.000000Z", language="ru")
    view.article(4, UZ, listed_on="2026-03-01", position=1)


def test_a_list_is_newest_first_and_then_by_place(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get("/v1/articles")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert numbers(answer) == [3, 2, 1, 4]
    assert answer.json()["next"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag=iso3166:KZ", [3, 2, 1]),
        ("tag=iso3166:KZ&tag=iso3166:UZ", [3]),
        ("tag=geonames:1526384&source=silk-road-bulletin", [2]),
        ("language=ru", [3]),
        ("source=nobody", []),
        ("tag=iso3166:KZ&language=en&limit=1", [2]),
    ],
)
def test_every_condition_of_a_filter_must_hold(
    tmp_path: Path, query: str, found: list[int]
) -> None:
    api = filled(tmp_path, a_wire)

    assert numbers(api.get(f"/v1/articles?{query}")) == found


def test_a_frequent_tag_is_filtered_like_a_rare_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = filled(tmp_path, a_wire)
    monkeypatch.setattr("services.api.articles.listing.RARE_MAX", 2)

    assert numbers(api.get("/v1/articles?tag=iso3166:KZ&tag=iso3166:UZ")) == [3]
    assert numbers(api.get("/v1/articles?tag=iso3166:KZ")) == [3, 2, 1]


def test_pages_give_every_article_once_while_news_comes_in(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    for number in range(1, 8):
        view.article(number, KZ, position=number % 3)
    view.publish()
    api = client(tmp_path)
    first = api.get("/v1/articles?limit=3&tag=iso3166:KZ")
    view.article(99, KZ, listed_on="2026-12-31")
    view.publish()

    seen, answer = numbers(first), first
    while following := answer.json()["next"]:
        answer = api.get(f"/v1/articles?limit=3&tag=iso3166:KZ&cursor={following}")
        seen += numbers(answer)

    assert seen == [3, 6, 1, 4, 7, 2, 5]
    assert answer.json()["cursor"] == first.json()["cursor"]


def test_a_list_shows_copies_on_demand_and_what_they_are_copies_of(tmp_path: Path) -> None:
    def fill(view: ViewFile) -> None:
        view.article(1)
        view.article(2, copy_of=1)

    api = filled(tmp_path, fill)
    assert numbers(api.get("/v1/articles")) == [1]
    items = api.get("/v1/articles?copies=shown").json()["items"]

    assert [item["copy_of"] for item in items] == [None, article_id(1)]


def test_documents_are_what_the_openapi_document_says(tmp_path: Path) -> None:
    def fill(view: ViewFile) -> None:
        view.article(1, KZ, ALMATY)
        view.notice(2, "canceled")

    cursor = cursors.text(Since(0))
    api = filled(tmp_path, fill)
    whole, gone = api.get(f"/v1/articles?fields=all&cursor={cursor}").json()["items"]
    brief, gone_too = api.get(f"/v1/articles?cursor={cursor}").json()["items"]

    ArticleItem.model_validate(whole)
    ArticleBrief.model_validate(brief)
    ArticleNotice.model_validate(gone)
    assert set(whole) == set(ArticleItem.model_fields)
    assert set(brief) == set(ArticleBrief.model_fields)
    assert set(gone) == set(ArticleNotice.model_fields)
    assert gone == gone_too
    assert whole["tags"][0]["spans"][0]["start"] == 0
    assert "spans" not in brief["tags"][0]


def test_polling_gives_what_changed_oldest_first_with_notices(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    a_wire(view)
    view.publish()
    api = client(tmp_path)
    cursor = api.get("/v1/articles").json()["cursor"]

    view.article(5, KZ)
    view.notice(1, "canceled")
    view.article(2, KZ, headline="A correction")
    view.notice(4, "withheld")
    view.publish()
    answer = api.get(f"/v1/articles?cursor={cursor}")
    again = api.get(f"/v1/articles?cursor={answer.json()['cursor']}")

    assert numbers(answer) == [5, 1, 2, 4]
    statuses = [item["status"] for item in answer.json()["items"]]
    assert statuses == ["usable", "canceled", "usable", "withheld"]
    assert again.json() == {"items": [], "next": None, "cursor": answer.json()["cursor"]}


def test_polling_in_small_bites_loses_nothing(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)
    cursor, seen = cursors.text(Since(0)), []

    for _ in range(3):
        answer = api.get(f"/v1/articles?limit=2&cursor={cursor}").json()
        seen += [int(item["article_id"][-12:]) for item in answer["items"]]
        cursor = answer["cursor"]

    assert seen == [1, 2, 3, 4]
    assert answer["items"] == []


def test_a_notice_passes_filters_that_it_cannot_meet_any_more(tmp_path: Path) -> None:
    def fill(view: ViewFile) -> None:
        view.article(1, UZ)
        view.notice(2, "canceled")
        view.notice(3, "canceled", source="silk-road-bulletin")

    api = filled(tmp_path, fill)
    cursor = cursors.text(Since(0))

    assert numbers(api.get(f"/v1/articles?tag=iso3166:KZ&cursor={cursor}")) == [2, 3]
    assert numbers(api.get(f"/v1/articles?source=steppe-courier&cursor={cursor}")) == [1, 2]


@pytest.mark.parametrize("page", [False, True])
def test_a_cursor_from_an_api_further_ahead_is_asked_to_come_again(
    tmp_path: Path, *, page: bool
) -> None:
    """The log knows the event, the views of this api do not yet; or the log does not answer."""
    view = ViewFile(tmp_path)
    a_wire(view)
    view.publish()
    ahead = cursors.event(5, "s5/one")
    begin = After("2026-03-02T00:00:00.000000Z", 1, article_id(1), ahead, CHOSEN) if page else ahead

    for log in (a_log(5), None):
        answer = client(tmp_path, log=log).get(f"/v1/articles?cursor={cursors.text(begin)}")

        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["type"] == "urn:newswire:problem:views-behind"
        assert "stands at event 5, the views at 4" in answer.json()["detail"]


def test_a_page_of_one_list_does_not_go_on_with_another(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    a_wire(view)
    view.publish()
    api = client(tmp_path)
    following = api.get("/v1/articles?limit=1&language=en").json()["next"]

    same = api.get(f"/v1/articles?limit=2&language=en&cursor={following}")
    others = [
        api.get(f"/v1/articles?{query}&cursor={following}")
        for query in ("", "language=ru", "language=en&source=steppe-courier", "language=en&at=4")
    ]

    assert same.status_code == 200
    assert {answer.status_code for answer in others} == {400}
    assert "This cursor goes on with another list" in others[0].json()["detail"]
    assert api.get(f"/?language=en&cursor={following}").status_code == 400


@pytest.mark.parametrize("foreign", [cursors.event(3, "another"), cursors.event(6, "s6/one")])
def test_a_cursor_of_another_log_is_gone_and_says_how_to_go_on(
    tmp_path: Path, foreign: Since
) -> None:
    """Another event has its number, or the log has had no such number."""
    view = ViewFile(tmp_path)
    a_wire(view)
    view.publish()
    pages = cursors.text(After("2026-03-02T00:00:00.000000Z", 1, article_id(1), foreign, CHOSEN))
    api = client(tmp_path, log=a_log(5))

    answers = [api.get(f"/v1/articles?cursor={one}") for one in (cursors.text(foreign), pages)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert answers[0].json()["type"] == "urn:newswire:problem:cursor-foreign"
    assert "Read the list afresh, without a cursor" in answers[0].json()["detail"]


def a_log(count: int) -> MemoryLog:
    """A log whose wire has had events with the ids ``s1/one``, ``s2/one`` and so on."""
    log = MemoryLog()
    asyncio.run(log.append("wire", [draft(f"s{n}") for n in range(1, count + 1)]))
    return log


def test_a_forged_cursor_is_a_problem_that_says_what_to_do(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get("/v1/articles?cursor=eyJzZXEiOjF9")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:newswire:problem:cursor-invalid"
    assert "Leave the cursor out" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "path", "says"),
    [
        ("tga=iso3166:KZ", "query/tga", "did you mean tag?"),
        ("limits=3", "query/limits", "did you mean limit?"),
        ("limit=0", "query/limit", "greater than or equal to 1"),
        ("limit=201", "query/limit", "less than or equal to 200"),
        ("limit=ten", "query/limit", "valid integer"),
        ("limit=1.0", "query/limit", "in plain digits"),
        ("limit=%2B1", "query/limit", "in plain digits"),
        ("limit=1_0", "query/limit", "in plain digits"),
        ("limit=%201", "query/limit", "in plain digits"),
        ("limit=%D9%A1", "query/limit", "in plain digits"),
        ("limit=", "query/limit", "in plain digits"),
        ("limit=" + "9" * 3_900, "query/limit", "less than or equal to 200"),
        ("limit=1&limit=1", "query/limit", "one value, came 2. Send the one"),
        ("sort=oldest&sort=newest", "query/sort", "one value, came 2. Send the one"),
        ("cursor=a&cursor=b", "query/cursor", "one value, came 2. Send the one"),
        ("tag=Kazakhstan", "query/tag/0", "match pattern"),
        ("source=No Such", "query/source/0", "match pattern"),
        ("&".join(["tag=iso3166:KZ"] * 11), "query/tag", "at most 10 items"),
    ],
)
def test_a_parameter_out_of_bounds_is_named(
    tmp_path: Path, query: str, path: str, says: str
) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get(f"/v1/articles?{query}")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:newswire:problem:parameters-invalid"
    (error,) = answer.json()["errors"]
    assert error["path"] == path
    assert says in error["detail"]


def test_of_many_wrong_parameters_ten_are_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get("/v1/articles?" + "&".join(f"a{number}=1" for number in range(500)))

    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [
        f"query/a{number}" for number in range(10)
    ]
    assert answer.json()["detail"].endswith(" 490 more are not listed.")
    assert len(answer.content) < 4_000


def test_a_wrong_parameter_is_repeated_short_and_visible(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get("/v1/articles?%E2%80%AE%00" + "a" * 3_000 + "=1")

    (error,) = answer.json()["errors"]
    assert error["path"] == "query/%E2%80%AE%00" + "a" * 101 + "…"


def test_one_article_is_its_document(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get(f"/v1/articles/{article_id(2)}")

    assert answer.status_code == 200
    assert answer.json()["headline"] == "Headline 2"
    assert answer.json()["copy_of"] is None


def test_a_canceled_article_is_gone_and_says_why(tmp_path: Path) -> None:
    api = filled(tmp_path, lambda view: view.notice(1, "canceled"))

    answer = api.get(f"/v1/articles/{article_id(1)}")

    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "urn:newswire:problem:article-canceled"
    assert body["article_id"] == article_id(1)
    assert (body["reason"], body["by"]) == ("The source took it back.", "source")
    assert body["observed_at"] == "2026-03-03T09:30:00Z"


def test_a_withheld_article_looks_like_an_unknown_one(tmp_path: Path) -> None:
    api = filled(tmp_path, lambda view: view.notice(1, "withheld"))

    withheld = api.get(f"/v1/articles/{article_id(1)}")
    unknown = api.get(f"/v1/articles/{article_id(2)}")

    assert withheld.status_code == unknown.status_code == 404
    assert {**withheld.json(), "article_id": ""} == {**unknown.json(), "article_id": ""}
    assert api.get("/v1/articles/no-uuid-at-all").status_code == 404


def test_only_usable_articles_are_listed(tmp_path: Path) -> None:
    def fill(view: ViewFile) -> None:
        view.article(1)
        view.notice(2, "canceled")
        view.notice(3, "withheld")

    assert numbers(filled(tmp_path, fill).get("/v1/articles")) == [1]
