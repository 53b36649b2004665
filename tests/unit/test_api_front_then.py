"""The front page, an article and a story as they were, and the slider that leads there."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import orjson
import pytest
from starlette.testclient import TestClient

from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
)
from tests.unit.test_api_history_of_articles import wire
from tests.wire_builders import almaty, carried, notice, opened, quoted

STORY = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b51"
EVENTS = (
    carried(ArticlePublished, "a", headline="First", tags=(almaty(),)),
    carried(ArticlePublished, "b", headline="Other"),
    opened(STORY, "a", "b"),
    carried(ArticleCorrected, "a", headline="Second"),
    quoted(value="525"),
)


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    return wire(tmp_path, *EVENTS)


def headlines(body: str) -> list[str]:
    found = re.findall(r'class="headline"[^>]*><a href="[^"]*">([^<]*)</a>', body)
    return sorted(unescape(one) for one in found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("at=0", []),
        ("at=1", ["First"]),
        ("at=3", ["First", "Other"]),
        ("at=4", ["Other", "Second"]),
        ("at=3&tag=geonames:1526384", ["First"]),
        ("at=4&tag=geonames:1526384", []),
        ("at=3&language=ru", []),
        ("at=1969-12-31T23:59:59Z", []),
        ("utm_source=x", ["Other", "Second"]),
    ],
)
def test_the_front_page_is_as_it_was(api: TestClient, query: str, found: list[str]) -> None:
    answer = api.get(f"/?{query}")

    assert answer.status_code == 200
    assert headlines(answer.text) == found


def test_a_page_of_then_says_so_and_leads_back_and_is_not_live(api: TestClient) -> None:
    then, now = api.get("/?at=3&language=en").text, api.get("/").text

    assert "at event 3 of 5" in then
    assert '<a class="now" href="/?language=en">' in then
    assert "data-stream" not in then
    assert "data-stream" in now
    assert "at event" not in now
    assert "/feeds/" not in then


def test_before_the_first_event_the_page_says_so(api: TestClient) -> None:
    for at in ("0", "1969-12-31"):
        body = api.get(f"/?at={at}").text
        assert "Before the first event" in body
        assert "At that instant the wire had carried nothing" in body
        assert "newswire replay" not in body


def test_links_of_a_page_of_then_keep_to_it(api: TestClient) -> None:
    front = api.get("/?at=3").text
    article = api.get("/articles/a?at=3").text
    assert '<a href="/articles/a/history">What has changed since then</a>' in article
    story = api.get(f"/stories/{STORY}?at=3").text

    assert 'href="/articles/a?at=3"' in front
    assert f'href="/stories/{STORY}?at=3"' in front
    assert 'href="/articles/b?at=3"' in story
    assert "First" in article
    assert "Second" not in article
    assert "at event 3 of 5" in article
    assert "at event 3 of 5" in story
    assert '<a href="/differences?from=3">What has changed since then</a>' in story
    assert 'href="/articles/a"' in api.get("/").text


def test_rates_of_a_page_are_those_of_then(api: TestClient) -> None:
    assert 'class="ticker"' not in api.get("/?at=4").text
    assert 'class="ticker"' in api.get("/?at=5").text


@pytest.mark.parametrize("path", ["/", "/articles/a", f"/stories/{STORY}"])
@pytest.mark.parametrize(
    "at",
    ["", "6", "9" * 17, "2999-01-01", "9999-12-31T23:59:59-14:00", "yesterday", "1' OR 1",
     "%00", "%FF", "1&at=2", "2026-03-02T09:30:00", "<script>"],
)  # fmt: skip
def test_an_instant_that_cannot_be_shown_is_a_page_with_a_next_step(
    api: TestClient, path: str, at: str
) -> None:
    answer = api.get(f"{path}?at={at}")

    assert answer.status_code == 422
    assert "at" in answer.text
    assert "<script>" not in answer.text
    assert '<a href="/">' in answer.text


def test_what_was_taken_back_since_is_on_no_page_of_then(tmp_path: Path) -> None:
    api = wire(
        tmp_path,
        carried(ArticlePublished, "a", headline="Secret"),
        carried(ArticlePublished, "b", headline="Killed"),
        opened(STORY, "a", "b"),
        notice(ArticleTakenBack, "a"),
        notice(ArticleCanceled, "b"),
        carried(ArticleReinstated, "a", headline="Cleared"),
    )

    for at in range(7):
        for path in ("/", "/articles/a", f"/stories/{STORY}"):
            body = api.get(f"{path}?at={at}").text
            assert "Secret" not in body
            assert "Killed" not in body
    assert api.get("/articles/b?at=2").status_code == 410
    assert api.get("/articles/a?at=2").status_code == 404


def test_the_slider_is_a_form_that_keeps_the_filter(api: TestClient) -> None:
    body = api.get("/?tag=geonames:1526384&at=2").text
    form = body[(begin := body.index('<form action="/"')) : body.index("</form>", begin)]

    assert '<input type="hidden" name="tag" value="geonames:1526384">' in form
    assert re.search(
        r'<input type="range" id="at" name="at" min="1" max="5" step="1" value="2"', form
    )
    assert "<button" in form
    found = re.search(r'data-samples="([^"]*)"', form)
    assert found
    samples = orjson.loads(unescape(found[1]))
    assert [seq for seq, _ in samples] == [1, 2, 3, 4, 5]
    assert [at for _, at in samples] == sorted(at for _, at in samples)


def test_a_wire_of_one_event_has_no_slider(tmp_path: Path) -> None:
    assert 'type="range"' not in wire(tmp_path, EVENTS[0]).get("/").text
