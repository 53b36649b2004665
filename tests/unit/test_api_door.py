"""What every answer of the api has, and what goes wrong in one way everywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from shared.version import VERSION
from tests.openapi_cases import API_PATHS
from tests.view_files import KZ, ViewFile, article_id, client, story_id

LISTS = ("/", "/v1/articles", "/v1/changes", "/v1/rates/latest", "/v1/rates", "/v1/stories")
PAGES = (
    *LISTS,
    f"/v1/articles/{article_id(1)}",
    f"/v1/stories/{story_id(1)}",
    f"/articles/{article_id(1)}",
    f"/stories/{story_id(1)}",
)


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    view.article(1, KZ)
    view.story(1, 1)
    view.rate("KGS/USD", "0.01143")
    view.publish()
    return view


@pytest.fixture
def api(view: ViewFile) -> TestClient:
    return client(view.folder)


@pytest.mark.parametrize("path", [*PAGES, "/docs", "/livez", "/nothing", "/static/newswire.css"])
def test_every_answer_has_the_security_headers(api: TestClient, path: str) -> None:
    headers = api.get(path).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PAGES, "/docs", "/livez", "/static/newswire.css"])
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
    view.article(1, KZ, headline="Other")
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


def test_another_target_has_another_etag_and_the_host_is_no_part_of_it(api: TestClient) -> None:
    tags = [api.get(f"/v1/articles?limit={limit}").headers["etag"] for limit in (1, 2, 3)]
    elsewhere = api.get("/v1/articles?limit=1", headers={"Host": "x/v1/articles?limit=2#"})

    assert len(set(tags)) == 3
    assert elsewhere.headers["etag"] == tags[0]


def test_a_condition_may_stand_in_several_lines(api: TestClient) -> None:
    tag = api.get("/v1/articles").headers["etag"]
    lines = [("If-None-Match", '"other"'), ("If-None-Match", tag)]

    assert api.get("/v1/articles", headers=lines).status_code == 304


@pytest.mark.parametrize("given", ["", ",,,", 'W/"', "W/W/", "\xff", '"*"', "*, *"])
def test_a_condition_that_is_none_holds_for_nothing(api: TestClient, given: str) -> None:
    assert api.get("/", headers={"If-None-Match": given.encode("latin-1")}).status_code == 200


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


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html;q=0, application/json", "application/problem+json"),
        ("text/html; q=0.000", "application/problem+json"),
        ("*/*", "application/problem+json"),
        (";;q=,\xff", "application/problem+json"),
        ("image/png, TEXT/HTML ; q=0.1", "text/html; charset=utf-8"),
    ],
)
def test_a_page_is_for_who_names_it(api: TestClient, accept: str, media_type: str) -> None:
    answer = api.get("/nothing", headers={"Accept": accept.encode("latin-1")})

    assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize(
    "path",
    ["/v1/articles/", "/v1/rates/latest/", "/livez/", "/articles/x/", "/static/newswire.css/",
     "/openapi.json/", "/articles/%2e%2e%2f"],
)  # fmt: skip
def test_a_slash_too_many_leads_nowhere_and_least_of_all_to_the_host_that_was_sent(
    api: TestClient, path: str
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}

    answer = api.get(path, headers=headers, follow_redirects=False)

    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil" not in answer.text
    assert "Leave out the slash at its end." in answer.text


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/nothing/" + "a" * 30_000, "/nothing/" + "a" * 110 + "…"),
        ("/" + "%E2%80%AE" * 3_000, "/" + "%E2%80%AE" * 13 + "%…"),
        ("/a%00%0A%1B[31m%7F", "/a%00%0A%1B[31m%7F"),
        ("/%D0%BD%D0%B5%D1%82", "/нет"),
    ],
)
def test_an_unknown_path_is_repeated_short_and_visible(
    api: TestClient, path: str, named: str
) -> None:
    detail = api.get(path).json()["detail"]

    assert len(named) <= 120
    assert detail == (
        f"Nothing is at {named}. The front page is at /, the API is described at /openapi.json."
    )


@pytest.mark.parametrize("path", [*PAGES, "/livez", "/openapi.json", "/static/newswire.css"])
@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "TRACE", "BREW", "\x1b[31m"])
def test_a_method_that_is_not_answered_is_refused_with_those_that_are(
    api: TestClient, path: str, method: str
) -> None:
    answer = api.request(method, path, headers={"Accept": "application/json"})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "Use GET or HEAD." in answer.text
    assert "\x1b" not in answer.text


def test_a_query_that_is_too_long_is_refused(api: TestClient) -> None:
    answer = api.get("/v1/articles?tag=" + "x" * 4_000)

    assert answer.status_code == 414
    assert answer.json()["type"] == "urn:newswire:problem:query-too-long"


@pytest.mark.parametrize(
    "headers",
    [[("Cookie", "x" * 32_000)], [(f"X-{number}", "x") for number in range(6_000)]],
    ids=["one", "many"],
)
def test_header_fields_that_are_too_large_are_refused(
    api: TestClient, headers: list[tuple[str, str]]
) -> None:
    answer = api.get("/v1/articles", headers=headers)

    assert answer.status_code == 431
    assert answer.json()["type"] == "urn:newswire:problem:head-too-large"
    assert api.get("/v1/articles", headers={"Cookie": "x" * 31_000}).status_code == 200


def test_a_bug_shows_no_trace_and_an_id_that_the_log_has(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("services.api.articles.inbrief.seqs", fail)
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


@pytest.mark.parametrize(
    ("given", "encoding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0.9", "gzip"),
        ("br, gzip; q=0.0", "br"),
        ("gzip;q=0.1, br;q=0", "gzip"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/articles", "/static/newswire.css", "/"])
def test_answers_are_compressed_as_the_client_would_have_it(
    view: ViewFile, api: TestClient, path: str, given: str, encoding: str
) -> None:
    view.article(3, body=["long " * 500])
    view.publish()

    answer = api.get(path, headers={"Accept-Encoding": given})

    assert answer.headers["content-encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.content == api.get(path, headers={"Accept-Encoding": "identity"}).content


@pytest.mark.parametrize("given", ["gzip;q=0", "br;q=0, gzip; q=0.0", "x-gzip;q=0", ";;gzip", "*"])
def test_nothing_is_compressed_for_who_refuses_it_or_does_not_ask(
    view: ViewFile, api: TestClient, given: str
) -> None:
    view.article(3, body=["long " * 500])
    view.publish()

    answer = api.get("/v1/articles", headers={"Accept-Encoding": given})

    assert "content-encoding" not in answer.headers


def test_the_openapi_document_declares_bodies_and_problems(api: TestClient) -> None:
    document = api.get("/openapi.json").json()

    assert document["info"]["title"] == "Newswire"
    assert document["info"]["version"] == VERSION
    assert set(document["paths"]) == set(API_PATHS)
    one = document["paths"]["/v1/articles/{article_id}"]["get"]["responses"]
    assert set(one["410"]["content"]) == {"application/problem+json"}
    assert one["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/ArticleItem")


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/livez", []),
        ("/readyz", [503]),
        ("/v1/articles", [304, 400, 410, 422, 503]),
        ("/v1/articles/{article_id}", [304, 404, 410, 422, 503]),
        ("/v1/changes", [304, 400, 410, 422, 503]),
        ("/v1/rates", [304, 400, 410, 422, 503]),
        ("/v1/events", [400, 410, 422, 503]),
        ("/v1/rates/latest", [304, 410, 422, 503]),
        ("/v1/stream", [400, 422, 503]),
    ],
)
def test_the_openapi_document_declares_every_status_of_every_operation(
    api: TestClient, path: str, own: list[int]
) -> None:
    responses = api.get("/openapi.json").json()["paths"][path]["get"]["responses"]

    assert sorted(map(int, responses)) == sorted([200, 405, 414, 431, 500, *own])
    assert all(("content" in said) == (status != "304") for status, said in responses.items())


def test_no_page_loads_scripts_from_elsewhere(api: TestClient) -> None:
    assert api.get("/redoc").status_code == 404
    assert re.findall(r'<script(?! type="module" src="/static/)', api.get("/docs").text) == []
