"""Sources over HTTP: told by what of them may be shown, and never by how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.api import source_queries
from services.api.exports.source_schemas import SourceItem, SourceList
from tests.view_files import ViewFile, article_id, client


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def listed(view: ViewFile, query: str = "") -> dict[str, Any]:
    view.publish()
    answer = client(view.folder).get(f"/v1/sources{query}")
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    known = {name for model in (SourceList, SourceItem) for name in model.model_fields}
    assert {*said, *(name for one in said["items"] for name in one)} <= known
    assert SourceList.model_validate(said)
    return said


def ids(said: dict[str, Any]) -> list[str]:
    return [one["source"] for one in said["items"]]


def test_a_source_is_told_by_its_newest_article(view: ViewFile) -> None:
    view.article(1, published_at="2026-03-01T04:30:00.000000Z", credit="An older name")
    view.article(
        2,
        published_at="2026-03-02T04:30:00.000000Z",
        url="https://courier.example/news/1?x=1",
        rights="© Courier",
        display="excerpt",
    )
    view.rate("KGS/USD", "0.01143")
    view.rate("KGS/USD", "0.01144", as_of="2025-12-14")
    view.rate("KZT/USD", "0.0019")

    (item,) = listed(view)["items"]

    assert item == {
        "source": "steppe-courier",
        "name": "Steppe Courier",
        "homepage": "https://courier.example/",
        "rights": "© Courier",
        "display": "excerpt",
        "articles": 2,
        "articles_are_all": True,
        "newest_at": "2026-03-02T04:30:00.000000Z",
        "newest_article_id": article_id(2),
        "series": 2,
    }


def test_a_bank_that_gives_rates_alone_is_a_source(view: ViewFile) -> None:
    view.rate("USD/KGS", "87.45", source="nbkr", credit="National Bank")

    (item,) = listed(view)["items"]

    assert (item["source"], item["name"], item["articles"], item["series"]) == (
        "nbkr", "National Bank", 0, 1,
    )  # fmt: skip
    assert item["newest_at"] is item["homepage"] is item["newest_article_id"] is None


def test_sources_are_listed_by_id_page_by_page(view: ViewFile) -> None:
    for number, source in enumerate(["b", "a-x", "a", "a0", "c-1"]):
        view.article(number, source=source)
    view.rate("USD/KGS", "87.45", source="a-y")
    view.rate("USD/KGS", "87.45", source="a")
    view.rate("USD/KZT", "500", source="a")
    view.rate("USD/KGS", "87.45", source="a1")

    assert ids(listed(view)) == ["a", "a-x", "a-y", "a0", "a1", "b", "c-1"]
    first = listed(view, "?limit=3")
    assert (ids(first), first["next"]) == (["a", "a-x", "a-y"], "a-y")
    last = listed(view, "?limit=4&after=a-y")
    assert (ids(last), last["next"]) == (["a0", "a1", "b", "c-1"], None)


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_a_source_whose_last_article_was_taken_back_is_gone(view: ViewFile, status: str) -> None:
    view.article(1)
    view.article(2, source="silk-road-bulletin")
    view.notice(1, status)

    assert ids(listed(view)) == ["silk-road-bulletin"]
    answer = client(view.folder).get("/v1/sources/steppe-courier")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:newswire:problem:source-unknown"


def test_a_count_has_an_end_and_says_so(view: ViewFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_queries, "SERIES_MAX", 1)
    monkeypatch.setattr(source_queries, "COUNTED_MAX", 2)
    monkeypatch.setattr("services.api.exports.sources.COUNTED_MAX", 2)
    for number in range(3):
        view.article(number)
    view.rate("USD/KGS", "87.45")
    view.rate("USD/KZT", "500")

    (item,) = listed(view)["items"]

    assert (item["articles"], item["articles_are_all"], item["series"]) == (2, False, 1)


def test_one_source_is_as_the_list_has_it(view: ViewFile) -> None:
    view.article(1)
    view.article(2, source="silk-road-bulletin", credit="Silk Road \u202eBulletin")
    items = listed(view)["items"]
    api = client(view.folder)

    found = [api.get(f"/v1/sources/{one['source']}").json() for one in items]

    assert found == items
    assert found[0]["name"] == "Silk Road Bulletin"
    assert SourceItem.model_validate(found[0])


@pytest.mark.parametrize(
    "url", ["https://me:secret@courier.example/feed?key=1", "javascript:alert(1)", None]
)
def test_a_homepage_holds_no_login_and_no_script(view: ViewFile, url: str | None) -> None:
    view.article(1, url=url)

    found = listed(view)["items"][0]["homepage"]

    assert found == ("https://courier.example/" if url and url.startswith("https") else None)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "after=A'--", "after=%00", "aftr=a", "limit=1&limit=2", "after="],
)
def test_a_parameter_that_is_none_is_refused(view: ViewFile, query: str) -> None:
    view.publish()

    answer = client(view.folder).get(f"/v1/sources?{query}")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:newswire:problem:parameters-invalid"


@pytest.mark.parametrize("source", ["nobody", "'; DROP TABLE article--", "%00", "%ff", "a" * 3000])
def test_a_source_that_is_none_is_unknown(view: ViewFile, source: str) -> None:
    view.article(1)
    view.publish()

    answer = client(view.folder).get(f"/v1/sources/{source}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_has_the_list_is_told_that_nothing_changed(view: ViewFile) -> None:
    view.article(1)
    view.publish()
    api = client(view.folder)

    for path in ("/v1/sources", "/v1/sources/steppe-courier"):
        tag = api.get(path).headers["etag"]
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert api.head(path).content == b""
