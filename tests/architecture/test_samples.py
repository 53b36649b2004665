"""The samples of the api's description: of every operation, as the code answers today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from services.api.reference import samples
from shared import web
from tests.architecture.samples import COMMAND, FOLDER, made
from tests.openapi_cases import API_PATHS
from tests.view_files import client


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = client(tmp_path_factory.mktemp("none")).get("/openapi.json").json()
    return found


def test_the_samples_are_what_the_api_answers() -> None:
    kept = {file.name: file.read_bytes() for file in FOLDER.iterdir()}

    now = made()

    assert sorted(kept) == sorted(now)
    differing = [name for name, body in now.items() if kept[name] != body]
    assert differing == [], f"to write them anew: {COMMAND}"


@pytest.mark.parametrize("path", API_PATHS)
def test_an_operation_has_a_sample_of_the_form_it_declares(
    path: str, document: dict[str, Any]
) -> None:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    examples = [one for one in content.values() if "example" in one]
    assert len(examples) == 1
    schema = {**examples[0].get("schema", {}), "components": document["components"]}

    faults = Draft202012Validator(schema).iter_errors(examples[0]["example"])

    assert [fault.message for fault in faults] == []


@pytest.mark.parametrize("path", API_PATHS)
def test_a_problem_has_a_sample_of_its_status(path: str, document: dict[str, Any]) -> None:
    for status, response in document["paths"][path]["get"]["responses"].items():
        content = response.get("content", {})
        # What was killed is told in the words of agencies too.
        if web.MEDIA_TYPE in content or (int(status) >= 400 and status != "410"):
            assert str(content[web.MEDIA_TYPE]["example"]["status"]) == status


def test_a_path_has_a_file_of_its_own() -> None:
    assert samples.file_name("/v1/articles/{article_id}") == "v1.articles.article_id.json"
    assert len({samples.file_name(path) for path in API_PATHS}) == len(API_PATHS)


def test_the_page_shows_every_operation_with_its_request(tmp_path: Path) -> None:
    api = client(tmp_path)

    page = api.get("/docs")

    assert page.status_code == 200
    for path in API_PATHS:
        assert f"<code>GET {path}</code>" in page.text
    request = orjson.loads((FOLDER / "v1.rates.pair.convert.json").read_bytes())["request"]
    assert f"{request}".replace("&", "&amp;") in page.text
    assert page.text.count("<script") == page.text.count('<script type="module" src="/static/')
    assert api.get("/docs", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
