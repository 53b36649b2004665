"""What is answered without FastAPI's machinery is answered as FastAPI answers it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query
from starlette.testclient import TestClient

from services.api import directly
from services.api.articles.parameters import ArticlesQuery
from tests.view_files import KZ, ViewFile, article_id, client

QUERIES = (
    "",
    "limit=3",
    "tag=iso3166:KZ&tag=geonames:1526384",
    "source=steppe-courier&language=en&language=ru",
    "from=2026-03-02&to=2026-03-03",
    "sort=updated&fields=headline%2Curl&copies=shown",
    "q=%D0%BF%D0%BE%D0%BB%D0%B5&sort=newest",
    "text=full&status=usable&facets=source",
    "place=KZ&person=a&organisation=b&topic=04000000",
    "at=2026-03-02&limit=003",
)
REFUSED = (
    "limit=0",
    "limit=1.0",
    "limit=3&limit=4",
    "lmit=3",
    "from_=2026-03-02",
    "tag=",
    "tag=nothing",
    "source",
    "fields=headlin",
    "cursor=forged",
    "at=yesterday",
    "at=2026-03-02&facets=source",
    "tag=%FF%FE",
    "limit=%00",
    "a;b=c&%",
)


def _by_fastapi() -> TestClient:
    app = FastAPI()

    @app.get("/")
    async def said(query: Annotated[ArticlesQuery, Query()]) -> dict[str, Any]:
        return {"query": repr(query), "given": sorted(query.model_fields_set)}

    return TestClient(app)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_read_as_fastapi_reads_it(query: str) -> None:
    read = directly.Query(ArticlesQuery).read(query.encode())

    said = _by_fastapi().get(f"/?{query}").json()
    assert said == {"query": repr(read), "given": sorted(read.model_fields_set if read else ())}


@pytest.mark.parametrize("query", REFUSED)
@pytest.mark.parametrize("path", ["/v1/articles", f"/v1/articles/{article_id(1)}"])
def test_what_is_refused_is_refused_in_the_same_words(
    tmp_path: Path, path: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ViewFile(tmp_path)
    file.article(1, KZ)
    file.publish()
    api = client(tmp_path)
    ours = api.get(f"{path}?{query}")
    monkeypatch.setattr(directly.Directly, "_accepted", lambda *_: None)

    theirs = api.get(f"{path}?{query}")

    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert ours.status_code in {400, 422}


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Encoding": ""},
        {"Accept-Encoding": "gzip, br"},
        {"Accept-Encoding": "gzip;q=1, br;q=0.1"},
        {"If-None-Match": "*"},
        {"Cookie": "x" * 33_000},
        {"Origin": "https://elsewhere.example"},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/v1/articles",
        "/v1/articles?limit=1&tag=iso3166:KZ",
        "/v1/articles?limit=1&tag=iso3166%3AKZ&sort=oldest",
        "/v1/articles?limit=1&fields=all",
        "/v1/articles?q=paragraph",
        f"/v1/articles/{article_id(1)}",
        f"/v1/articles/{article_id(3)}",
        "/v1/articles/unknown",
        "/v1/articles/",
        "/v1/articles/a%2Fb",
    ],
)
def test_an_answer_is_the_same_with_its_headers(
    tmp_path: Path, path: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ViewFile(tmp_path)
    file.article(1, KZ, body=["A long paragraph. " * 100])
    file.article(2, KZ)
    file.notice(3, "canceled")
    file.publish()
    api = client(tmp_path)
    ours = api.get(path, headers=headers)
    monkeypatch.setattr(directly.Directly, "_accepted", lambda *_: None)

    theirs = api.get(path, headers=headers)

    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert {**ours.headers} == {**theirs.headers}


@pytest.mark.parametrize("path", ["/v1/articles", f"/v1/articles/{article_id(1)}"])
def test_what_is_answered_directly_is_counted_under_its_route(tmp_path: Path, path: str) -> None:
    file = ViewFile(tmp_path)
    file.article(1)
    file.publish()
    api = client(tmp_path)

    api.get(path)

    routes = {"/v1/articles", "/v1/articles/{article_id}"}
    app: Any = api.app
    counted = {name for name, _ in app.state.measures.answers}
    assert len(counted & routes) == 1
    assert not counted - routes


def test_a_commit_and_a_swap_of_the_file_show_in_the_next_answer(tmp_path: Path) -> None:
    file = ViewFile(tmp_path)
    file.article(1, headline="First")
    file.publish()
    api = client(tmp_path)
    path = f"/v1/articles/{article_id(1)}"
    assert api.get(path).json()["headline"] == "First"

    file.article(1, headline="Second")
    assert api.get(path).json()["headline"] == "Second"

    other = ViewFile(tmp_path, "views-2.sqlite")
    other.article(1, headline="Of another file")
    other.publish()
    assert api.get(path).json()["headline"] == "Of another file"
