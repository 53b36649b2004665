"""Which feeds name the hub, and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree
from starlette.testclient import TestClient

from services.api.syndication.links import Site
from tests.feed_rules import faults
from tests.view_files import KZ, ViewFile, client, story_id

HUB: Final = "https://hub.example/?a=1&b=2"
every_format = pytest.mark.parametrize("form", ["atom", "rss", "json"])


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    view = ViewFile(tmp_path)
    view.article(1, KZ)
    view.story(7, 1)
    view.publish()
    made = client(tmp_path)
    app: Any = made.app
    app.state.site = Site("https://news.example", "trial", HUB)
    return made


def hubs(form: str, data: bytes) -> list[str | None]:
    if form == "json":
        return [one["url"] for one in json.loads(data).get("hubs", [])]
    links = etree.fromstring(data).iter("{http://www.w3.org/2005/Atom}link")
    return [link.get("href") for link in links if link.get("rel") == "hub"]


@every_format
@pytest.mark.parametrize(
    ("query", "own"), [("", ""), ("?source=steppe-courier&limit=50", "?source=steppe-courier")]
)
def test_a_feed_that_the_hub_is_told_of_names_it(
    api: TestClient, form: str, query: str, own: str
) -> None:
    answer = api.get(f"/feeds/articles.{form}{query}")

    assert hubs(form, answer.content) == [HUB]
    assert faults(form, answer.content) == []
    topic = f"https://news.example/feeds/articles.{form}{own}"
    assert answer.headers["link"] == f'<{HUB}>; rel="hub", <{topic}>; rel="self"'


@every_format
@pytest.mark.parametrize(
    "path",
    [
        "articles.{}?tag=iso3166:KZ", "articles.{}?limit=7", "articles.{}?source=a&source=b",
        "articles.{}?source=steppe-courier&limit=7", "articles.{}?copies=shown",
        "articles.{}?source=steppe-courier&language=en", "stories.{}",
        f"stories/{story_id(7)}.{{}}",
    ],
)  # fmt: skip
def test_a_feed_that_the_hub_is_not_told_of_names_none(
    api: TestClient, form: str, path: str
) -> None:
    answer = api.get("/feeds/" + path.format(form))

    assert answer.status_code == 200
    assert hubs(form, answer.content) == []
    assert "hub.example" not in answer.headers.get("link", "")


@every_format
def test_without_a_hub_no_feed_names_one(tmp_path: Path, form: str) -> None:
    ViewFile(tmp_path).publish()
    answer = client(tmp_path).get(f"/feeds/articles.{form}")

    assert hubs(form, answer.content) == []
    assert "link" not in answer.headers


def test_another_hub_is_another_answer(api: TestClient) -> None:
    app: Any = api.app
    before = api.get("/feeds/articles.atom").headers["etag"]
    app.state.site = Site("https://news.example", "trial")

    assert api.get("/feeds/articles.atom").headers["etag"] != before
