"""Feeds of every list: all filters, and how a feed says which list it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from lxml import etree
from starlette.testclient import TestClient

from services.api.articles.parameters import ArticlesFilter
from tests.feed_rules import faults
from tests.view_files import ALMATY, KZ, UZ, ViewFile, article_id, client, story_id

FORMATS: Final = ("atom", "rss", "json")
ALL: Final = (*FORMATS, "ninjs", "newsml")
AKORDA: Final = ("person", "q1", "A person", "person")
BANK: Final = ("organisation", "nbk", "A bank", "organisation")
ECONOMY: Final = ("medtop", "04000000", "Economy", "topic")


@pytest.fixture
def api(tmp_path: Path) -> TestClient:
    view = ViewFile(tmp_path)
    view.article(1, KZ, ALMATY, listed_on="2026-03-01")
    view.article(2, KZ, AKORDA, listed_on="2026-03-02", source="silk-road-bulletin")
    view.article(3, UZ, BANK, listed_on="2026-03-03", source="fergana-wire", language="ru")
    view.article(4, UZ, ECONOMY, listed_on="2026-03-04", language="uz", body=[])
    view.article(5, KZ, listed_on="2026-03-05", copy_of=1)
    view.story(7, 2, 3)
    view.publish()
    return client(tmp_path)


def numbers(api: TestClient, query: str) -> list[int]:
    answer = api.get(f"/feeds/articles.json?{query}")
    assert answer.status_code == 200
    return [int(item["id"][-12:]) for item in answer.json()["items"]]


LISTS: Final = [
    ("source=silk-road-bulletin&source=fergana-wire", [3, 2]),
    ("language=ru&language=uz", [4, 3]),
    ("place=KZ", [2, 1]),
    ("place=1526384", [1]),
    ("person=q1", [2]),
    ("organisation=nbk", [3]),
    ("topic=04000000", [4]),
    (f"story={story_id(7)}", [3, 2]),
    ("text=none", [4]),
    ("text=full&place=UZ", [3]),
    ("from=2026-03-02&to=2026-03-03", [3, 2]),
    ("to=2026-03-02T12:00:00Z", [2, 1]),
    ("copies=shown&place=KZ", [5, 2, 1]),
]


@pytest.mark.parametrize(("query", "found"), LISTS)
def test_a_feed_takes_every_filter_of_the_list(
    api: TestClient, query: str, found: list[int]
) -> None:
    assert numbers(api, query) == found
    listed = api.get(f"/v1/articles?{query}").json()["items"]
    assert [one["article_id"] for one in listed] == [article_id(number) for number in found]
    for form in ALL:
        answer = api.get(f"/feeds/articles.{form}?{query}")
        assert answer.status_code == 200
        assert [number for number in range(1, 6) if article_id(number) in answer.text] == sorted(
            {*found, *([1] if 5 in found else [])}
        )


def test_a_filter_that_lists_are_given_is_one_that_feeds_have() -> None:
    """A filter that is added to the list has to be named in the address of a feed."""
    assert set(ArticlesFilter.model_fields) == {
        "tag", "place", "person", "organisation", "topic", "source", "language", "story", "text",
        "from_", "to", "copies", "q",
    }  # fmt: skip


def test_a_feed_of_any_list_is_as_its_specification_says(api: TestClient) -> None:
    for query, _ in LISTS:
        for form in FORMATS:
            assert faults(form, api.get(f"/feeds/articles.{form}?{query}").content) == []


def told(api: TestClient, query: str) -> tuple[str, str, str, str]:
    """Id, title, the feed's own address and its page."""
    feed = etree.fromstring(api.get(f"/feeds/articles.atom?{query}").content)
    links = {one.get("rel"): one.get("href", "") for one in feed.findall("{*}link")}
    return (
        feed.findtext("{*}id") or "", feed.findtext("{*}title") or "",
        links["self"].removeprefix("https://news.example"),
        links["alternate"].removeprefix("https://news.example"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "place=KZ",
            ("tag=iso3166:KZ", "Kazakhstan", "?tag=iso3166%3AKZ", "/?tag=iso3166%3AKZ"),
        ),
        (
            "source=silk-road-bulletin&source=fergana-wire",
            (
                "source=fergana-wire;source=silk-road-bulletin", "Steppe Courier – Steppe Courier",
                "?source=fergana-wire&source=silk-road-bulletin", "/",
            ),
        ),
        (
            "language=ru&text=full&copies=shown",
            (
                "language=ru;text=full;copies=shown", "Русский – with a text – with copies",
                "?language=ru&text=full&copies=shown", "/?language=ru",
            ),
        ),
        (
            "to=2026-03-03&from=2026-03-02T05:30:00%2B05:00",
            (
                "from=2026-03-02T00:30:00Z;to=2026-03-03",
                "from 2026-03-02T00:30:00Z – until 2026-03-03",
                "?from=2026-03-02T00%3A30%3A00Z&to=2026-03-03", "/",
            ),
        ),
        (
            f"story={story_id(7)}",
            (
                f"story={story_id(7)}", "Story: Headline 2",
                f"?story={story_id(7)}", f"/stories/{story_id(7)}",
            ),
        ),
    ],
)  # fmt: skip
def test_a_feed_says_which_list_it_is(
    api: TestClient, query: str, said: tuple[str, str, str, str]
) -> None:
    name, title, own, page = said
    assert told(api, query) == (
        f"urn:newswire:feed:trial:articles:{name}", f"{title} – Newswire",
        f"/feeds/articles.atom{own}", page,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("place=KZ", "tag=iso3166:KZ"),
        ("place=KZ-ALA", "tag=iso3166-2:KZ-ALA"),
        ("topic=04000000&person=q1", "tag=person:q1&tag=medtop:04000000"),
        ("from=2026-03-02", "from=2026-03-02T00:00:00Z"),
        ("from=2026-03-02T05:00:00%2B05:00", "from=2026-03-02"),
        ("to=2026-03-02", "to=2026-03-02T23:59:59.999999Z"),
        ("source=a&source=b&source=a", "source=b&source=a"),
        ("copies=hidden", ""),
    ],
)
def test_one_list_is_one_feed_however_it_is_asked_for(
    api: TestClient, one: str, other: str
) -> None:
    assert told(api, one) == told(api, other)


@pytest.mark.parametrize(("query", "found"), LISTS)
def test_the_address_that_a_feed_gives_of_itself_is_the_same_list(
    api: TestClient, query: str, found: list[int]
) -> None:
    own = api.get(f"/feeds/articles.json?{query}").json()["feed_url"]
    assert numbers(api, urlsplit(own).query) == found


@pytest.mark.parametrize(
    "query",
    [
        "at=2026-03-02", "cursor=x", "sort=oldest", "status=canceled", "fields=headline",
        "facets=tag", "wait=5", "plase=KZ", "place=kz", "place=KZ%00", "person=%27--", "topic=",
        "text=some", "story=x", "story=' OR 1=1", "from=2026-13-01", "from=x",
        "to=2026-03-02T09:30",
        "from=2026-03-03&to=2026-03-02", "copies=yes", "text=full&text=none",
        "&".join(f"source=s{number}" for number in range(21)),
        "&".join(f"language=a{letter}" for letter in "abcdefghijklmnopqrstu"),
    ],
)  # fmt: skip
def test_what_is_no_filter_of_feeds_is_refused(api: TestClient, query: str) -> None:
    for form in ALL:
        answer = api.get(f"/feeds/articles.{form}?{query}")
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:newswire:problem:parameters-invalid"


def test_an_unknown_parameter_is_told_with_the_nearest(api: TestClient) -> None:
    assert "place" in api.get("/feeds/articles.rss?plase=KZ").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=headline", [4, 3, 2, 1]),
        ("q=headline&copies=shown", [4, 3, 2, 1, 5]),
        ("q=headline&limit=2", [4, 3]),
        ("q=headline&source=fergana-wire&place=UZ", [3]),
        ("q=%22headline+2%22", [2]),
        ("q=nothing", []),
    ],
)
def test_a_feed_of_a_search_has_the_newest_that_it_finds(
    api: TestClient, query: str, found: list[int]
) -> None:
    assert numbers(api, query) == found
    for form in ALL:
        answer = api.get(f"/feeds/articles.{form}?{query}")
        assert answer.status_code == 200
        assert all(article_id(number) in answer.text for number in found)
        if form in FORMATS:
            assert faults(form, answer.content) == []


def test_a_feed_of_a_search_says_what_was_searched_for(api: TestClient) -> None:
    assert told(api, "q=%20headline%20%222%22%20&place=KZ") == (
        "urn:newswire:feed:trial:articles:q=headline%20%222%22;tag=iso3166:KZ",
        'Search: headline "2" – Kazakhstan – Newswire',
        "/feeds/articles.atom?q=headline+%222%22&tag=iso3166%3AKZ",
        "/search?q=headline+%222%22&tag=iso3166%3AKZ",
    )


@pytest.mark.parametrize(
    "typed",
    ["", "%20", "%22", "a)", "%00", "(", "headline:", "' OR 1=1 --", "*", "-a", "%F0%9F%90%8E%0B"],
)
def test_a_feed_of_what_is_no_search_is_refused(api: TestClient, typed: str) -> None:
    for form in ALL:
        answer = api.get(f"/feeds/articles.{form}?q={typed}")
        listed = api.get(f"/v1/articles?q={typed}")
        assert answer.status_code == listed.status_code
        assert answer.status_code in {200, 422}
        if answer.status_code == 422:
            assert answer.json() == listed.json()


def test_what_was_taken_back_is_found_in_no_feed_of_a_search(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1, headline="Heron 1")
    view.publish()
    made = client(tmp_path)
    assert numbers(made, "q=heron") == [1]

    view.notice(1, "canceled")
    view.publish()

    for form in ALL:
        answer = made.get(f"/feeds/articles.{form}?q=heron")
        assert article_id(1) not in answer.text


def test_the_page_of_a_search_names_its_feeds(api: TestClient) -> None:
    page = etree.fromstring(
        api.get("/search?q=headline&tag=iso3166:KZ").content, etree.HTMLParser()
    )
    links = page.findall(".//link[@rel='alternate'][@title]")

    assert [link.get("href") for link in links] == [
        f"/feeds/articles.{form}?q=headline&tag=iso3166%3AKZ" for form in FORMATS
    ]
    assert "/feeds/" not in api.get("/search").text
    assert "/feeds/" not in api.get("/search?q=(").text


def test_the_page_of_an_article_names_the_feeds_of_its_source(api: TestClient) -> None:
    answer = api.get(f"/articles/{article_id(2)}")
    page = etree.fromstring(answer.content, etree.HTMLParser())
    found = [
        (link.get("type"), link.get("title"), link.get("href"))
        for link in page.findall(".//link[@rel='alternate'][@title]")
    ]

    assert found == [
        (
            "application/atom+xml", "Steppe Courier – Newswire (Atom)",
            "/feeds/articles.atom?source=silk-road-bulletin",
        ),
        (
            "application/rss+xml", "Steppe Courier – Newswire (RSS)",
            "/feeds/articles.rss?source=silk-road-bulletin",
        ),
        (
            "application/feed+json", "Steppe Courier – Newswire (JSON Feed)",
            "/feeds/articles.json?source=silk-road-bulletin",
        ),
    ]  # fmt: skip
