"""Stories for feed readers, and the sources as a list of subscriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from services.ingest.sources import opml
from tests.feed_rules import faults, opml_faults
from tests.view_files import KZ, UZ, ViewFile, article_id, client, story_id

FORMATS = ("atom", "rss", "json")
every_format = pytest.mark.parametrize("form", FORMATS)
HOSTILE = "]]><b>&amp;\x00\x0b\u202e\ufffe مرحبا 🐎 Қазақ\u2028\r\n\t"


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def items(view: ViewFile, path: str) -> list[dict[str, Any]]:
    """The items of a feed, which is valid in every format."""
    asked = api(view)
    where, _, query = path.partition("?")
    for form in FORMATS:
        answer = asked.get(f"{where}.{form}?{query}")
        assert answer.status_code == 200
        assert faults(form, answer.content) == []
    found: list[dict[str, Any]] = asked.get(f"{where}.json?{query}").json()["items"]
    return found


def numbers(found: list[dict[str, Any]]) -> list[int]:
    return [int(one["id"][-12:]) for one in found]


def two_stories(view: ViewFile) -> None:
    view.article(1, KZ, listed_on="2026-03-01", headline="First")
    view.article(2, UZ, listed_on="2026-03-02", headline="Second", source="b", credit="The B")
    view.article(3, listed_on="2026-03-03", headline="Third")
    view.article(4, listed_on="2026-03-04", headline="Fourth")
    view.article(5, listed_on="2026-03-05", headline="Copy", copy_of=4)
    view.story(1, 1, 2)
    view.story(2, 3, 4, 5)


def test_a_story_stands_under_the_headline_of_an_article_with_the_others_below(
    view: ViewFile,
) -> None:
    two_stories(view)

    found = items(view, "/feeds/stories")

    assert numbers(found) == [2, 1]
    assert found[1]["title"] == "First"
    assert found[1]["id"] == f"urn:newswire:story:{story_id(1)}"
    assert found[1]["url"] == f"https://news.example/stories/{story_id(1)}"
    assert found[1]["content_html"] == "<p>Second – The B</p><p>Steppe Courier</p>"
    assert found[1]["date_modified"] == "2026-03-02T06:00:00Z"
    assert found[1]["tags"] == ["Kazakhstan"]
    assert numbers(items(view, "/feeds/stories?limit=1")) == [2]


def test_the_feed_of_a_story_has_its_articles_the_latest_first(view: ViewFile) -> None:
    two_stories(view)

    assert numbers(items(view, f"/feeds/stories/{story_id(2)}")) == [4, 3]
    assert numbers(items(view, f"/feeds/stories/{story_id(2)}?limit=1")) == [4]


def test_a_story_that_went_on_in_another_is_fed_by_that_one(view: ViewFile) -> None:
    two_stories(view)
    view.merge(1, 2, 3, 4)

    assert numbers(items(view, "/feeds/stories")) == [1]
    both = [items(view, f"/feeds/stories/{story_id(number)}") for number in (1, 2)]
    assert numbers(both[0]) == [4, 3, 2, 1]
    assert both[0] == both[1]


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_what_is_taken_back_is_in_no_feed_of_a_story(view: ViewFile, status: str) -> None:
    two_stories(view)
    view.notice(1, status)
    view.notice(3, status)
    view.notice(4, status)
    view.notice(5, status)

    found = items(view, "/feeds/stories")

    assert [one["title"] for one in found] == ["Second"]
    assert "First" not in str(found)
    assert items(view, f"/feeds/stories/{story_id(2)}") == []


def test_the_words_of_a_storys_event_are_in_no_feed(view: ViewFile) -> None:
    view.article(1)
    view.article(2)
    view.story(1, 1, 2, headline="canary")

    for form in FORMATS:
        for path in ("/feeds/stories", f"/feeds/stories/{story_id(1)}"):
            assert "canary" not in api(view).get(f"{path}.{form}").text


def test_hostile_texts_are_valid_in_every_format(view: ViewFile) -> None:
    view.article(1, headline=HOSTILE, credit=HOSTILE, body=[HOSTILE * 3_000])
    view.article(2, headline=HOSTILE, credit=HOSTILE)
    view.story(1, 1, 2)

    (found,) = items(view, "/feeds/stories")

    assert "مرحبا 🐎 Қазақ" in found["title"]
    assert items(view, f"/feeds/stories/{story_id(1)}")


@every_format
@pytest.mark.parametrize("story", ["nobody", "'; DROP TABLE story--", "%00", "a" * 3_000])
def test_a_story_that_is_none_is_unknown(view: ViewFile, form: str, story: str) -> None:
    answer = api(view).get(f"/feeds/stories/{story}.{form}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:newswire:problem:story-unknown"


@every_format
@pytest.mark.parametrize("query", ["limit=0", "limit=21", "limit=1&limit=2", "tag=iso3166:KZ"])
def test_a_parameter_that_is_none_is_refused(view: ViewFile, form: str, query: str) -> None:
    assert api(view).get(f"/feeds/stories.{form}?{query}").status_code == 422


@pytest.mark.parametrize("path", [*(f"/feeds/stories.{form}" for form in FORMATS), "/sources.opml"])
def test_who_has_a_list_is_told_that_nothing_changed(view: ViewFile, path: str) -> None:
    two_stories(view)
    asked = api(view)

    tag = asked.get(path).headers["etag"]

    assert asked.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert asked.head(path).content == b""


@pytest.mark.parametrize(
    "path", ["/feeds/stories.atom", f"/feeds/stories/{story_id(1)}.rss", "/sources.opml"]
)
def test_a_desk_that_does_not_know_its_address_says_what_to_set(view: ViewFile, path: str) -> None:
    two_stories(view)
    asked = api(view)
    state: Any = asked.app
    state.state.site = None

    answer = asked.get(path)

    assert (answer.status_code, answer.json()["type"]) == (
        503, "urn:newswire:problem:address-unknown",
    )  # fmt: skip


def test_the_page_of_a_story_names_its_feeds(view: ViewFile) -> None:
    two_stories(view)
    page = etree.fromstring(
        api(view).get(f"/stories/{story_id(1)}").content, etree.HTMLParser(encoding="utf-8")
    )

    named = {
        (link.get("type"), link.get("href")) for link in page.findall(".//link[@rel='alternate']")
    }

    where = f"/feeds/stories/{story_id(1)}"
    assert {
        ("application/atom+xml", f"{where}.atom"),
        ("application/rss+xml", f"{where}.rss"),
        ("application/feed+json", f"{where}.json"),
    } <= named


def test_the_sources_are_subscriptions_to_our_feeds_of_them(view: ViewFile) -> None:
    view.article(1, url="https://me:secret@courier.example/news/1", credit=f"Courier {HOSTILE}")
    view.article(2, source="silk-road-bulletin", credit="Silk Road Bulletin")
    view.article(3, source="gone")
    view.notice(3, "withheld", source="gone")
    view.rate("USD/KGS", "87.45", source="nbkr")

    answer = api(view).get("/sources.opml")

    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    assert opml_faults(answer.content) == []
    assert "secret" not in answer.text
    outlines = etree.fromstring(answer.content).findall("body/outline")
    assert [one.get("xmlUrl") for one in outlines] == [
        "https://news.example/feeds/articles.rss?source=silk-road-bulletin",
        "https://news.example/feeds/articles.rss?source=steppe-courier",
    ]
    assert [one.get("htmlUrl") for one in outlines] == [None, "https://courier.example/"]
    read, problems = opml.read(answer.content, [])
    assert [one.url for one in read] == [one.get("xmlUrl") for one in outlines]
    assert problems == []


def test_every_subscription_is_a_feed(view: ViewFile) -> None:
    view.article(1)
    asked = api(view)

    (outline,) = etree.fromstring(asked.get("/sources.opml").content).findall("body/outline")
    answer = asked.get(str(outline.get("xmlUrl")).removeprefix("https://news.example"))

    assert article_id(1) in answer.text
    assert faults("rss", answer.content) == []


def test_a_desk_without_sources_has_an_empty_list(view: ViewFile) -> None:
    assert opml_faults(api(view).get("/sources.opml").content) == ["a body has an outline"]
