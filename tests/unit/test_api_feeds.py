"""Feeds for readers: what they hold, how far rights go, how they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from services.api.syndication import listing
from services.api.syndication.links import Site, original
from tests.feed_rules import faults
from tests.view_files import ALMATY, KZ, UZ, ViewFile, article_id, client

FORMATS = ("atom", "rss", "json")
MEDIA_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
TEXT = "The first paragraph."
every_format = pytest.mark.parametrize("form", FORMATS)


def filled(folder: Path, *fill: Callable[[ViewFile], object]) -> TestClient:
    view = ViewFile(folder)
    for one in fill:
        one(view)
    view.publish()
    return client(folder)


def items(api: TestClient, query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"/feeds/articles.json{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def numbers(api: TestClient, query: str = "") -> list[int]:
    return [int(item["id"][-12:]) for item in items(api, query)]


def moved(api: TestClient, site: Site | None) -> TestClient:
    """The same desk at another address; None: at one that nobody said."""
    state: Any = api.app
    state.state.site = site
    return api


def a_wire(view: ViewFile) -> None:
    view.article(1, KZ, listed_on="2026-03-02", position=2)
    view.article(2, KZ, ALMATY, listed_on="2026-03-02", position=1, source="silk-road-bulletin")
    view.article(3, UZ, KZ, published_at="2026-03-02T04:30:00.000000Z", language="ru")
    view.article(4, UZ, listed_on="2026-03-01", position=1)


@every_format
def test_a_feed_is_as_its_specification_says(tmp_path: Path, form: str) -> None:
    api = filled(tmp_path, a_wire)

    for query in ("", "?tag=iso3166:KZ&tag=iso3166:UZ&limit=1", "?language=ru", "?source=nobody"):
        answer = api.get(f"/feeds/articles.{form}{query}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == MEDIA_TYPES[form]
        assert answer.headers["cache-control"] == "no-cache"
        assert faults(form, answer.content) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1, 4]),
        ("?tag=iso3166:KZ", [3, 2, 1]),
        ("?tag=iso3166:KZ&tag=iso3166:UZ", [3]),
        ("?source=silk-road-bulletin", [2]),
        ("?language=ru", [3]),
        ("?limit=2", [3, 2]),
    ],
)
def test_a_feed_has_the_filters_of_the_list(tmp_path: Path, query: str, found: list[int]) -> None:
    assert numbers(filled(tmp_path, a_wire), query) == found


def test_an_entry_says_who_wrote_what_when_and_where_it_is_from(tmp_path: Path) -> None:
    said = {
        "headline": "Снег в Алматы",
        "language": "ru",
        "summary": "Утром выпал снег.",
        "authors": ["А. Серик"],
        "url": "https://courier.example/news/snow?id=1",
        "published_at": "2026-03-02T04:30:00.000000Z",
        "updated_at": "2026-03-02T05:00:00Z",
    }
    api = filled(tmp_path, lambda view: view.article(1, KZ, ALMATY, **said))

    (item,) = items(api)

    assert item == {
        "id": f"urn:newswire:article:{article_id(1)}",
        "url": f"https://news.example/articles/{article_id(1)}",
        "external_url": "https://courier.example/news/snow?id=1",
        "title": "Снег в Алматы",
        "content_html": "<p>The first paragraph.</p><p>The second paragraph.</p>"
        '<p><a href="https://courier.example/news/snow?id=1">Steppe Courier</a></p>',
        "summary": "Утром выпал снег.",
        "date_published": "2026-03-02T04:30:00Z",
        "date_modified": "2026-03-02T05:00:00Z",
        "authors": [{"name": "А. Серик"}],
        "tags": ["Kazakhstan", "Almaty"],
        "language": "ru",
        "_newswire": {
            "source": "steppe-courier",
            "credit": "Steppe Courier",
            "is_whole": True,
            "tags": ["iso3166:KZ", "geonames:1526384"],
            "rights": "© Steppe Courier",
        },
    }


@every_format
@pytest.mark.parametrize(
    ("display", "shown"), [(None, (True, True)), ("excerpt", (True, False)), ("headline", (False,))]
)
def test_a_feed_shows_as_much_as_the_rights_of_the_source_let_it(
    tmp_path: Path, form: str, display: str | None, shown: tuple[bool, ...]
) -> None:
    url = "https://courier.example/1"
    api = filled(tmp_path, lambda view: view.article(1, display=display, url=url))

    text = api.get(f"/feeds/articles.{form}").text

    found = (TEXT in text, "The second paragraph." in text)
    assert found[: len(shown)] == shown
    assert url in text
    assert "Steppe Courier" in text


def test_atom_has_content_for_a_whole_text_and_a_summary_for_an_excerpt(tmp_path: Path) -> None:
    def fill(view: ViewFile) -> None:
        view.article(1, position=1)
        view.article(2, position=2, display="excerpt")

    feed = etree.fromstring(filled(tmp_path, fill).get("/feeds/articles.atom").content)

    kinds = [
        [etree.QName(part).localname for part in entry if part.get("type") == "html"]
        for entry in feed.findall("{*}entry")
    ]
    assert kinds == [["content"], ["summary"]]


def test_a_copy_is_left_out_where_its_original_is_listed(tmp_path: Path) -> None:
    def fill(view: ViewFile) -> None:
        view.article(1, position=1)
        view.article(2, position=2, copy_of=1, source="silk-road-bulletin")

    api = filled(tmp_path, fill)

    assert numbers(api) == [1]
    assert numbers(api, "?source=silk-road-bulletin") == [2]


@every_format
@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_what_was_taken_back_is_in_no_feed(tmp_path: Path, form: str, status: str) -> None:
    view = ViewFile(tmp_path)
    view.article(1, KZ)
    view.publish()
    api = client(tmp_path)
    before = api.get(f"/feeds/articles.{form}")
    assert "Headline 1" in before.text

    view.notice(1, status)
    view.publish()

    after = api.get(f"/feeds/articles.{form}", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert article_id(1) not in after.text
    assert "Headline 1" not in after.text
    assert faults(form, after.content) == []


@pytest.mark.parametrize(
    ("said", "published", "modified"),
    [
        ({}, None, "2026-03-02T06:10:00Z"),
        ({"published_at": "2026-03-02T04:30:00Z"}, "2026-03-02T04:30:00Z", "2026-03-02T04:30:00Z"),
        (
            {"published_at": "2026-03-02T04:30:00Z", "updated_at": "2026-03-02T05:00:00Z"},
            "2026-03-02T04:30:00Z", "2026-03-02T05:00:00Z",
        ),
        # Its source corrected in silence: its time stayed as it was.
        (
            {"published_at": "2026-03-02T04:30:00Z", "revision": 2},
            "2026-03-02T04:30:00Z", "2026-03-02T06:10:00Z",
        ),
        # A clock that goes ahead: nothing changes before it is published.
        (
            {"published_at": "2026-03-02T04:30:00Z", "updated_at": "2026-03-01T05:00:00Z"},
            "2026-03-02T04:30:00Z", "2026-03-02T04:30:00Z",
        ),
        ({"published_on": "2026-03-02"}, None, "2026-03-02T06:10:00Z"),
    ],
)  # fmt: skip
def test_an_article_is_as_new_as_its_source_says_and_a_revision_as_we_saw_it(
    tmp_path: Path, said: dict[str, Any], published: str | None, modified: str
) -> None:
    (item,) = items(filled(tmp_path, lambda view: view.article(1, **said)))

    assert item.get("date_published") == published
    assert item["date_modified"] == modified


def test_a_day_without_a_time_is_no_instant(tmp_path: Path) -> None:
    api = filled(tmp_path, lambda view: view.article(1, listed_on="2026-03-02"))

    rss = api.get("/feeds/articles.rss").text

    assert "<pubDate>" not in rss
    assert "<dc:date>2026-03-02</dc:date>" in rss
    assert "<published>" not in api.get("/feeds/articles.atom").text
    assert items(api)[0]["_newswire"]["day"] == "2026-03-02"


def test_a_list_has_one_id_however_it_is_asked_for(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    def said(query: str) -> list[str | None]:
        feed = etree.fromstring(api.get(f"/feeds/articles.atom{query}").content)
        own = feed.find("{*}link[@rel='self']")
        assert own is not None
        return [feed.findtext("{*}id"), feed.findtext("{*}title"), own.get("href")]

    both = [
        "urn:newswire:feed:trial:articles:tag=iso3166:KZ;tag=iso3166:UZ;language=ru",
        "Kazakhstan – Uzbekistan – Русский – Newswire",
    ]
    tags = "tag=iso3166%3AKZ&tag=iso3166%3AUZ&language=ru"
    asked = "?language=ru&tag=iso3166:UZ&tag=iso3166:KZ&tag=iso3166:UZ"
    assert said(asked) == [*both, f"https://news.example/feeds/articles.atom?{tags}"]
    assert said(asked + "&limit=7") == [
        *both, f"https://news.example/feeds/articles.atom?{tags}&limit=7"
    ]  # fmt: skip
    assert said("")[:2] == ["urn:newswire:feed:trial:articles", "Newswire"]


def test_an_empty_feed_is_as_new_as_the_wire(tmp_path: Path) -> None:
    api = filled(tmp_path)

    feed = etree.fromstring(api.get("/feeds/articles.atom").content)

    assert feed.findtext("{*}updated") == "1970-01-01T00:00:00Z"
    assert feed.findall("{*}entry") == []


@every_format
def test_links_are_never_made_of_the_host_header(tmp_path: Path, form: str) -> None:
    api = filled(tmp_path, a_wire)

    answer = api.get(f"/feeds/articles.{form}", headers={"Host": "evil.example"})

    assert "evil.example" not in answer.text
    assert "https://news.example/" in answer.text


@every_format
def test_a_desk_that_does_not_know_its_address_says_what_to_set(tmp_path: Path, form: str) -> None:
    view = ViewFile(tmp_path)
    view.publish()
    api = moved(client(tmp_path), None)

    answer = api.get(f"/feeds/articles.{form}")

    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:newswire:problem:address-unknown"
    assert "NEWSWIRE_URL" in answer.json()["detail"]
    assert "/feeds/" not in api.get("/").text


@every_format
def test_a_feed_travels_once(tmp_path: Path, form: str) -> None:
    api = filled(tmp_path, a_wire)
    path = f"/feeds/articles.{form}"
    tag = api.get(path).headers["etag"]

    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert api.get(f"{path}?limit=3", headers={"If-None-Match": tag}).status_code == 200
    assert api.get(path, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    head = api.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


def test_another_address_is_another_feed(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.publish()
    there = moved(client(tmp_path), Site("https://moved.example", "trial"))

    tags = {api.get("/feeds/articles.rss").headers["etag"] for api in (client(tmp_path), there)}

    assert len(tags) == 2


@every_format
@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=1.0", "limit=", "limit=1&limit=2", "lmit=5", "cursor=x",
        "tag=KZ", "tag=iso3166:KZ%00", "source=A'--", "language=%ED%A0%80", "language=eng-x",
        "&".join(f"tag=iso3166:K{letter}" for letter in "ABCDEFGHIJK"),
    ],
)  # fmt: skip
def test_a_parameter_that_is_none_is_refused(tmp_path: Path, form: str, query: str) -> None:
    answer = filled(tmp_path, a_wire).get(f"/feeds/articles.{form}?{query}")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:newswire:problem:parameters-invalid"


def test_a_query_of_8_kb_is_refused_unread(tmp_path: Path) -> None:
    assert filled(tmp_path).get(f"/feeds/articles.rss?tag={'a' * 8_000}").status_code == 414


def test_a_feed_of_long_articles_ends_before_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = filled(tmp_path, a_wire)

    monkeypatch.setattr(listing, "DOCUMENTS_CHARACTERS_MAX", 5_000)
    assert 1 < len(numbers(api)) < 4
    monkeypatch.setattr(listing, "DOCUMENTS_CHARACTERS_MAX", 1)
    assert numbers(api) == [3]


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        (
            "https://courier.example/a b?q=ü&r=1#é",
            "https://courier.example/a%20b?q=%C3%BC&r=1#%C3%A9",
        ),
        ("http://courier.example:8080/100%/%41", "http://courier.example:8080/100%25/%41"),
        ("https://новости.kz/снег", "https://xn--b1amnebsh.kz/%D1%81%D0%BD%D0%B5%D0%B3"),
        ("https://me:secret@courier.example/", "https://courier.example/"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ('https://courier.example/"><script>', "https://courier.example/%22%3E%3Cscript%3E"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[x", None),
        ("https://courier.example:x/", None),
        ("https://a b.example/", None),
        ("https://-\u200d-.example/", None),
        ("/news/1", None),
        (None, None),
    ],
)
def test_a_link_to_the_original_is_a_uri_of_the_web(url: str | None, uri: str | None) -> None:
    assert original([url]) == uri


def test_the_canonical_address_goes_first_unless_it_is_none() -> None:
    both = ["https://a.example/canonical", "https://a.example/1"]

    assert original(both) == "https://a.example/canonical"
    assert original(["urn:x", *both[1:]]) == "https://a.example/1"
    assert original([]) is None


def test_the_front_page_names_the_feeds_of_its_list(tmp_path: Path) -> None:
    api = filled(tmp_path, a_wire)

    def named(query: str) -> list[tuple[str | None, ...]]:
        page = etree.fromstring(api.get(f"/{query}").content, etree.HTMLParser())
        return [
            (link.get("type"), link.get("title"), link.get("href"))
            for link in page.findall(".//link[@rel='alternate'][@type]")
        ]

    assert named("") == [
        ("application/atom+xml", "Newswire (Atom)", "/feeds/articles.atom"),
        ("application/rss+xml", "Newswire (RSS)", "/feeds/articles.rss"),
        ("application/feed+json", "Newswire (JSON Feed)", "/feeds/articles.json"),
    ]
    _, title, path = named("?tag=iso3166:KZ&language=ru&utm_source=x")[1]
    assert title == "Kazakhstan – Русский – Newswire (RSS)"
    assert path == "/feeds/articles.rss?tag=iso3166%3AKZ&language=ru"
    assert numbers(api, str(path).partition("rss")[2]) == [3]
