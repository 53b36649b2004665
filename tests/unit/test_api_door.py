"""What every answer of the api has, and what goes wrong in one way everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from shared.version import VERSION
from tests.view_files import KZ, ViewFile, article_id, client

PAGES = ("/", "/v1/articles", "/v1/rates/latest", f"/articles/{article_id(1)}")


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    view.article(1, KZ)
    view.rate("KGS/USD", "0.01143")
    view.publish()
    return view


@pytest.fixture
def api(view: ViewFile) -> TestClient:
    return client(view.folder)


@pytest.mark.parametrize("path", [*PAGES, "/livez", "/nothing", "/static/newswire.css"])
def test_every_answer_has_the_security_headers(api: TestClient, path: str) -> None:
    headers = api.get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PAGES, "/livez", "/static/newswire.css"])
def test_head_is_get_without_a_body(api: TestClient, path: str) -> None:
    got, head = api.get(path), api.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize("path", PAGES)
def test_what_a_client_has_is_not_sent_again_until_something_changes(
    view: ViewFile, api: TestClient, path: str
) -> None:
    first = api.get(path)
    condition = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    again = api.get(path, headers=condition)
    view.article(2)
    view.publish()

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert api.get(path, headers=condition).status_code == 200


def test_an_event_applied_late_changes_the_etag_though_the_checkpoint_stands(
    view: ViewFile, api: TestClient
) -> None:
    view.connection.execute(
        "INSERT INTO parked VALUES (2, '1-2', 'e', 't', 's', 'failed', 'x', 3, '1')"
    )
    before = api.get("/v1/articles").headers["etag"]
    view.connection.execute("DELETE FROM parked")

    assert api.get("/v1/articles").headers["etag"] != before


def test_another_target_has_another_etag(api: TestClient) -> None:
    tags = {api.get(f"/v1/articles?limit={limit}").headers["etag"] for limit in (1, 2, 3)}

    assert len(tags) == 3


def test_a_killed_article_is_gone_for_those_who_have_it_too(
    view: ViewFile, api: TestClient
) -> None:
    path = f"/v1/articles/{article_id(1)}"
    tag = api.get(path).headers["etag"]
    view.notice(1, "canceled")
    view.publish()

    assert api.get(path, headers={"If-None-Match": tag}).status_code == 410
    assert api.get(path, headers={"If-None-Match": "*"}).status_code == 410


def test_an_unknown_path_is_a_problem_for_programs_and_a_page_for_people(api: TestClient) -> None:
    program = api.get("/nothing")
    person = api.get("/nothing", headers={"Accept": "text/html,*/*"})

    assert program.status_code == person.status_code == 404
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["type"] == "urn:newswire:problem:not-found"
    assert "<h1>No such" not in person.text
    assert "There is nothing here" in person.text


def test_a_method_that_writes_is_refused(api: TestClient) -> None:
    answer = api.post("/v1/articles")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["type"] == "urn:newswire:problem:method-not-allowed"


def test_a_query_that_is_too_long_is_refused(api: TestClient) -> None:
    answer = api.get("/v1/articles?tag=" + "x" * 4_000)

    assert answer.status_code == 414
    assert answer.json()["type"] == "urn:newswire:problem:query-too-long"


def test_a_bug_shows_no_trace_and_an_id_that_the_log_has(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("services.api.queries.articles", fail)
    answer = api.get("/v1/articles")
    printed = capsys.readouterr()

    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:newswire:problem:internal"
    assert "secret" not in answer.text
    fault_id = answer.json()["instance"].removeprefix("urn:newswire:fault:")
    assert re.fullmatch(r"[0-9a-f]{16}", fault_id)
    assert fault_id in printed.out + printed.err
    assert api.get("/v1/rates/latest").status_code == 200


def test_assets_are_kept_for_ever_under_their_own_version_only(api: TestClient) -> None:
    href = re.search(r'href="(/static/newswire\.css\?v=[0-9a-f]+)"', api.get("/").text)

    assert href
    assert "immutable" in api.get(href[1]).headers["cache-control"]
    assert api.get("/static/newswire.css?v=other").headers["cache-control"] == "no-cache"
    assert len(api.get(href[1]).content) < 20_000
    assert api.get("/static/../app.py").status_code == 404


def test_lists_are_compressed_for_those_who_can_read_that(view: ViewFile, api: TestClient) -> None:
    view.article(3, body=["long " * 500])
    view.publish()

    assert api.get("/v1/articles").headers["content-encoding"] == "gzip"


def test_the_openapi_document_declares_bodies_and_problems(api: TestClient) -> None:
    document = api.get("/openapi.json").json()

    assert document["info"]["title"] == "Newswire"
    assert document["info"]["version"] == VERSION
    assert set(document["paths"]) == {
        "/livez",
        "/readyz",
        "/v1/articles",
        "/v1/articles/{article_id}",
        "/v1/rates/latest",
    }
    one = document["paths"]["/v1/articles/{article_id}"]["get"]["responses"]
    assert set(one) == {"200", "404", "410", "422", "503"}
    assert set(one["410"]["content"]) == {"application/problem+json"}
    assert one["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/ArticleItem")


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_loads_scripts_from_elsewhere(api: TestClient, path: str) -> None:
    assert api.get(path).status_code == 404
