"""Searches over HTTP, on pages and in JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from shared import clock
from tests.view_files import ALMATY, KZ, ViewFile, article_id, client

FLOOD = {"headline": "Flood in Osh", "body": ["A river broke its bank on Monday."]}


def filled(folder: Path, *articles: dict[str, Any]) -> TestClient:
    """A client of views with these articles, the last one the newest."""
    views = ViewFile(folder)
    for number, said in enumerate(articles, start=1):
        day = f"2026-03-{number:02}T08:00:00.000000Z"
        views.article(number, **{"published_at": day, "language": "en", **said})
    views.publish()
    return client(folder)


def found(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["article_id"] for item in answer.json()["items"]]


def asked(api: TestClient, q: str, **others: Any) -> list[str]:
    return found(api.get("/v1/articles", params={"q": q, **others}))


def test_a_search_finds_inflected_forms_and_marks_them(tmp_path: Path) -> None:
    api = filled(tmp_path, FLOOD, {"headline": "Nothing else", "body": []})

    answer = api.get("/v1/articles", params={"q": "floods rivers"})

    assert found(answer) == [article_id(1)]
    item = answer.json()["items"][0]
    assert item["headline_parts"] == [
        {"text": "Flood", "is_hit": True},
        {"text": " in Osh", "is_hit": False},
    ]
    assert item["snippets"] == [
        [
            {"text": "A ", "is_hit": False},
            {"text": "river", "is_hit": True},
            {"text": " broke its bank on Monday.", "is_hit": False},
        ]
    ]
    assert answer.json()["total"] == {"count": 1, "is_exact": True}


def test_filters_hold_of_a_search(tmp_path: Path) -> None:
    views = ViewFile(tmp_path)
    views.article(1, KZ, **FLOOD, language="en")
    views.article(2, **FLOOD, language="en", source="other")
    views.publish()
    api = client(tmp_path)

    assert asked(api, "flood", tag="iso3166:KZ") == [article_id(1)]
    assert asked(api, "flood", source="other") == [article_id(2)]
    assert asked(api, "flood", language="ru") == []


def test_what_a_search_found_is_counted_on_all_its_pages_together(tmp_path: Path) -> None:
    views = ViewFile(tmp_path)
    views.article(1, KZ, **FLOOD, language="en")
    views.article(2, KZ, **FLOOD, language="en", source="other", credit="The Other")
    views.article(3, KZ, headline="Drought", body=[], language="en")
    views.publish()
    api = client(tmp_path)

    first = api.get("/v1/articles", params={"q": "flood", "limit": 1, "facets": "source,tag"})
    plain = api.get("/v1/articles", params={"q": "flood", "limit": 1})
    second = api.get(
        "/v1/articles",
        params={"q": "flood", "limit": 1, "facets": "tag", "cursor": plain.json()["next"]},
    )

    assert first.json()["facets"] == {
        "articles": 2,
        "exact": True,
        "counts": {
            "source": [
                {"value": "other", "name": "The Other", "count": 1},
                {"value": "steppe-courier", "name": "Steppe Courier", "count": 1},
            ],
            "tag": [{"value": "iso3166:KZ", "name": "Kazakhstan", "count": 2}],
        },
    }
    assert "facets" not in plain.json()
    assert second.json()["facets"]["counts"] == {
        "tag": [{"value": "iso3166:KZ", "name": "Kazakhstan", "count": 2}]
    }


def test_counts_of_a_search_say_when_there_is_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.search.finding.RANKED_MAX", 2)
    api = filled(tmp_path, FLOOD, FLOOD, FLOOD)

    counted = api.get("/v1/articles", params={"q": "flood", "facets": "language"}).json()["facets"]

    assert (counted["articles"], counted["exact"]) == (2, False)
    assert counted["counts"]["language"] == [{"value": "en", "name": "English", "count": 2}]


def test_the_page_offers_by_what_it_can_be_narrowed(tmp_path: Path) -> None:
    views = ViewFile(tmp_path)
    views.article(1, KZ, **FLOOD, language="en")
    views.article(2, KZ, ALMATY, **FLOOD, language="en", source="other", credit="The <Other>")
    views.publish()
    api = client(tmp_path)

    page = api.get("/search?q=flood").text
    narrowed = api.get("/ru/search?q=flood&source=other&tag=iso3166:KZ").text

    for address, name in (
        ("/search?q=flood&amp;source=steppe-courier", "Steppe Courier"),
        ("/search?q=flood&amp;source=other", "The &lt;Other&gt;"),
        ("/search?q=flood&amp;tag=geonames%3A1526384", "Almaty"),
    ):
        assert f'<a href="{address}">{name}</a> <span class="relevance">1</span>' in page
    assert "tag=iso3166%3AKZ" not in page  # all of them bear it
    assert 'class="narrower"' not in narrowed  # one article is left
    assert "Казахстан<span" in narrowed
    assert "The &lt;Other&gt;<span" in narrowed


def test_the_headline_weighs_more_than_the_text(tmp_path: Path) -> None:
    passing = {"headline": "Ministers meet", "body": ["They spoke of the flood, and of much else."]}
    api = filled(tmp_path, FLOOD, passing)

    assert asked(api, "flood") == [article_id(1), article_id(2)]


def test_of_two_articles_alike_the_newer_one_comes_first(tmp_path: Path) -> None:
    api = filled(tmp_path, FLOOD, FLOOD)

    assert asked(api, "flood") == [article_id(2), article_id(1)]


def test_newest_first_is_by_time_alone(tmp_path: Path) -> None:
    passing = {"headline": "Ministers meet", "body": ["They spoke of the flood."]}
    api = filled(tmp_path, FLOOD, passing)

    assert asked(api, "flood", sort="newest") == [article_id(2), article_id(1)]


def test_a_copy_is_left_out_where_its_canonical_article_is_found(tmp_path: Path) -> None:
    views = ViewFile(tmp_path)
    views.article(1, **FLOOD, language="en")
    views.article(2, **FLOOD, language="en", copy_of=1)
    views.publish()

    assert asked(client(tmp_path), "flood") == [article_id(1)]


def test_pages_of_a_search_go_together_whatever_comes_meanwhile(tmp_path: Path) -> None:
    views = ViewFile(tmp_path)
    for number in (1, 2, 3):
        views.article(number, **FLOOD, language="en")
    views.publish()
    api = client(tmp_path)
    first = api.get("/v1/articles", params={"q": "flood", "limit": 2})
    views.article(4, **FLOOD, language="en")
    views.publish()

    second = api.get(
        "/v1/articles", params={"q": "flood", "limit": 2, "cursor": first.json()["next"]}
    )

    assert found(first) == [article_id(3), article_id(2)]
    assert found(second) == [article_id(1)]
    assert second.json()["next"] is None
    assert second.json()["cursor"] == first.json()["cursor"]


def test_a_cursor_of_another_search_is_refused(tmp_path: Path) -> None:
    api = filled(tmp_path, FLOOD, FLOOD)
    cursor = api.get("/v1/articles", params={"q": "flood", "limit": 1}).json()["next"]

    other = api.get("/v1/articles", params={"q": "river", "cursor": cursor})

    assert other.status_code == 400
    assert other.json()["type"] == "urn:newswire:problem:cursor-invalid"


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_what_is_taken_back_is_not_found(tmp_path: Path, status: str) -> None:
    views = ViewFile(tmp_path)
    views.article(1, **FLOOD, language="en")
    views.notice(1, status)
    views.publish()
    api = client(tmp_path)

    assert asked(api, "flood") == []
    assert "river" not in api.get("/search", params={"q": "flood"}).text


def test_of_an_article_that_was_changed_the_old_words_are_not_found(tmp_path: Path) -> None:
    views = ViewFile(tmp_path)
    views.article(1, **FLOOD, language="en")
    views.article(1, headline="Mudflow in Osh", body=[], language="en")
    views.publish()
    api = client(tmp_path)

    assert asked(api, "flood") == []
    assert asked(api, "mudflows") == [article_id(1)]


@pytest.mark.parametrize(("q", "position"), [('Osh "flood', 5), ("flood OR", 9), ("fl*", 1)])
def test_what_is_no_search_is_told_with_its_place(tmp_path: Path, q: str, position: int) -> None:
    api = filled(tmp_path, FLOOD)

    told = api.get("/v1/articles", params={"q": q})
    page = api.get("/search", params={"q": q})

    assert told.status_code == page.status_code == 422
    assert told.json()["type"] == "urn:newswire:problem:search-invalid"
    assert told.json()["position"] == position
    assert f"\n{' ' * (position - 1)}^" in page.text


HOSTILE = [
    "'; DROP TABLE article; --", '" OR 1=1', "body:flood", "{headline body}:flood",
    "flood NEAR/2 Osh", "NEAR(flood Osh)", "^flood", "flood + Osh", "\x00flood", "flood%00", "ʻ",
    "ⅷ ½ ﷺ", "-" * 300, "(" * 300, '"' * 299, "*" * 300, "a" * 1_000, "flood*" * 40,
    "\N{RIGHT-TO-LEFT OVERRIDE}flood", "<script>alert(1)</script> flood",
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_hostile_searches_are_answered_or_refused(tmp_path: Path, q: str) -> None:
    api = filled(tmp_path, FLOOD)

    answers = [api.get(path, params={"q": q}) for path in ("/v1/articles", "/search")]

    assert {answer.status_code for answer in answers} <= {200, 422}
    assert "<script>alert" not in answers[1].text
    assert asked(api, "flood") == [article_id(1)]


def test_a_search_does_not_go_with_the_past(tmp_path: Path) -> None:
    api = filled(tmp_path, FLOOD)

    answer = api.get("/v1/articles", params={"q": "flood", "at": "1"})

    assert answer.status_code == 422
    assert "Leave it out with `q`" in answer.text


def test_a_source_that_allows_a_headline_alone_is_found_without_its_text(tmp_path: Path) -> None:
    api = filled(tmp_path, {**FLOOD, "display": "headline"})

    answer = api.get("/v1/articles", params={"q": "river"})

    assert found(answer) == [article_id(1)]
    assert answer.json()["items"][0]["snippets"] == []
    assert "broke" not in api.get("/search", params={"q": "river"}).text


def test_markup_in_a_headline_stays_text(tmp_path: Path) -> None:
    api = filled(tmp_path, {"headline": "<b>Flood</b> & <i>mud</i>", "body": []})

    page = api.get("/search", params={"q": "flood"}).text

    assert "&lt;b&gt;<mark>Flood</mark>&lt;/b&gt; &amp; &lt;i&gt;mud" in page


def test_the_page_works_without_a_search(tmp_path: Path) -> None:
    page = filled(tmp_path, FLOOD).get("/search")

    assert page.status_code == 200
    assert '<form class="search large" role="search" action="/search" method="get">' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_the_page_keeps_filters(tmp_path: Path) -> None:
    page = filled(tmp_path, FLOOD).get("/search", params={"q": "flood", "language": "en"})

    assert '<input type="hidden" name="language" value="en">' in page.text
    assert "<mark>Flood</mark> in Osh" in page.text


def test_a_search_that_was_answered_travels_once(tmp_path: Path) -> None:
    api = filled(tmp_path, FLOOD)
    tag = api.get("/v1/articles", params={"q": "flood"}).headers["etag"]

    again = api.get("/v1/articles", params={"q": "flood"}, headers={"If-None-Match": tag})

    assert again.status_code == 304


def test_there_are_no_views_yet(tmp_path: Path) -> None:
    assert client(tmp_path).get("/v1/articles", params={"q": "flood"}).status_code == 503


@pytest.mark.parametrize("path", ["/v1/articles", "/search"])
def test_a_page_of_texts_that_cost_much_to_show_is_ended(tmp_path: Path, path: str) -> None:
    dull = {"headline": "Dull", "body": ["a b " * 5_000]}
    api = filled(tmp_path, *[dull] * 20)
    begun_s = clock.monotonic_s()

    answer = api.get(path, params={"q": '"a b" "b a" "a b a" "b a b" "a b a b"', "limit": "200"})

    assert answer.status_code in {200, 422}
    assert clock.monotonic_s() - begun_s < 5  # 15 s where each text is read to its end
