"""Filters, orders, members and counts of the list of articles, as they are asked over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from services.api.articles import bounds
from services.api.search.searcher import WAITING_MAX
from shared import briefs
from shared.events import ArticleCanceled, ArticlePublished, ArticleTakenBack, ArticleUpdated
from shared.news import Tag
from tests.unit.test_api_history_of_articles import wire
from tests.view_files import ALMATY, KZ, ViewFile, article_document, article_id, client, story_id
from tests.wire_builders import almaty, carried, notice

PERSON: Final[Tag] = almaty().model_copy(
    update={
        "scheme": "person",
        "code": "Q1",
        "kind": "person",
        "country": None,
        "name": "A. Person",
    }
)
TOPIC: Final[Tag] = PERSON.model_copy(
    update={"scheme": "medtop", "code": "04000000", "name": "economy"}
)
BODY: Final[Tag] = PERSON.model_copy(
    update={"scheme": "organisation", "code": "Q9", "name": "A Bank"}
)
REGION: Final[Tag] = almaty().model_copy(
    update={
        "scheme": "iso3166-2",
        "code": "UZ-TK",
        "kind": "region",
        "country": "UZ",
        "name": "Tashkent",
    }
)
EVENTS: Final = (
    carried(article_id="a", listed_on="2026-03-01", tags=(almaty(), PERSON)),
    carried(article_id="b", listed_on="2026-03-02", tags=(TOPIC, BODY), source="silk-road"),
    carried(article_id="c", listed_on="2026-02-28", tags=(REGION,), body=()),
    carried(ArticlePublished, "d"),
    notice(ArticleCanceled, "d"),
    carried(ArticlePublished, "e"),
    notice(ArticleTakenBack, "e"),
    carried(ArticleUpdated, "a", listed_on="2026-03-01", tags=(almaty(), PERSON), revision=2),
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return wire(tmp_path_factory.mktemp("views"), *EVENTS)


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["article_id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "bac"),
        ("tag=iso3166:KZ", "a"),
        ("place=KZ", "a"),
        ("place=1526384", "a"),
        ("place=UZ-TK", "c"),
        ("place=UZ", "c"),
        ("place=KZ&place=UZ", ""),
        ("person=Q1", "a"),
        ("person=Q1&place=KZ&tag=geonames:1526384", "a"),
        ("organisation=Q9", "b"),
        ("topic=04000000", "b"),
        ("source=silk-road&source=steppe-courier", "bac"),
        ("source=silk-road", "b"),
        ("language=ru&language=en", "bac"),
        ("language=ru", ""),
        ("text=full", "ba"),
        ("text=none", "c"),
        ("from=2026-03-01", "ba"),
        ("to=2026-03-01", "ac"),
        ("from=2026-03-01&to=2026-03-01", "a"),
        ("from=2026-03-01T00:00:00Z&to=2026-03-01T05:00:00%2B05:00", "a"),
        ("from=2026-03-01T00:00:00.000001Z", "b"),
        ("sort=oldest", "cab"),
        ("sort=updated", "acb"),
        ("status=canceled", "d"),
        ("status=withheld", "e"),
        ("status=withheld&source=silk-road", ""),
        ("place=KZ&at=1", "a"),
        ("sort=updated&at=3", "cba"),
        ("text=none&from=2026-02-28&at=3", "c"),
    ],
)
def test_a_list_has_what_meets_every_condition(api: TestClient, query: str, found: str) -> None:
    assert ids(api.get(f"/v1/articles?{query}")) == list(found)


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated"])
def test_pages_of_every_order_are_the_list(api: TestClient, sort: str) -> None:
    whole = ids(api.get(f"/v1/articles?sort={sort}"))
    answer = api.get(f"/v1/articles?sort={sort}&limit=1")
    seen = ids(answer)
    while following := answer.json()["next"]:
        answer = api.get(f"/v1/articles?sort={sort}&limit=1&cursor={following}")
        seen += ids(answer)

    assert seen == whole


def test_a_page_of_another_order_is_told(api: TestClient) -> None:
    following = api.get("/v1/articles?limit=1&sort=updated").json()["next"]

    answer = api.get(f"/v1/articles?limit=1&cursor={following}")

    assert answer.status_code == 400
    assert "another list" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "path", "says"),
    [
        ("from=2026-03-02&to=2026-03-01", "query/to", "not be before `from`, which is 2026-03-02"),
        ("from=yesterday", "query/from", "a day, 2026-03-02, or a time with its offset"),
        ("from=2026-03-02T09:30:00", "query/from", "with its offset"),
        ("from=2026-03-02T09:30:00+05:00", "query/from", "a plus in an offset is written %2B"),
        ("from=2026-02-30", "query/from", "a day"),
        ("to=0001-01-01T00:00:00%2B14:00", "query/to", "a day"),
        ("to=2026-03-02T25:00Z", "query/to", "a time"),
        ("place=kz", "query/place/0", "match pattern"),
        ("place=0", "query/place/0", "match pattern"),
        ("person=a'b", "query/person/0", "match pattern"),
        ("story=x", "query/story", "match pattern"),
        ("text=some", "query/text", "'full' or 'none'"),
        ("sort=best", "query/sort", "'newest', 'oldest' or 'updated'"),
        ("copies=maybe", "query/copies", "'hidden' or 'shown'"),
        ("status=gone", "query/status", "'usable', 'withheld' or 'canceled'"),
        ("status=canceled&tag=iso3166:KZ", "query/tag", "Leave it out with `status=canceled`"),
        ("status=canceled&at=1", "query/status", "Leave it out with `at`"),
        (f"story={story_id(1)}&at=1", "query/story", "Leave it out with `at`"),
        ("facets=source&at=1", "query/facets", "Leave it out with `at`"),
        ("fields=headlines", "query/fields", "did you mean headline?"),
        ("fields=", "query/fields", "Unknown name"),
        ("fields=headline,,url", "query/fields", "Unknown name"),
        ("fields=" + "x" * 2_000, "query/fields", "at most 1000 characters"),
        ("facets=sources", "query/facets", "did you mean source?"),
        ("facets=source%20,tag", "query/facets", "did you mean source?"),
        ("fields=headline&fields=url", "query/fields", "one value, came 2"),
        ("&".join(f"source=s{number}" for number in range(21)), "query/source", "at most 20"),
    ],
)
def test_what_cannot_be_meant_is_named(api: TestClient, query: str, path: str, says: str) -> None:
    answer = api.get(f"/v1/articles?{query}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["path"] == path
    assert says in error["detail"]


def test_counts_are_not_given_with_what_changed(api: TestClient) -> None:
    cursor = api.get("/v1/articles").json()["cursor"]

    answer = api.get(f"/v1/articles?cursor={cursor}&facets=source")

    assert answer.status_code == 422
    assert "when asking what changed" in answer.json()["detail"]


def test_members_that_are_named_come_and_no_others(api: TestClient) -> None:
    (item,) = api.get("/v1/articles?place=KZ&fields=headline,body").json()["items"]
    assert set(item) == {"article_id", "status", "headline", "body"}

    (item,) = api.get("/v1/articles?place=KZ&fields=brief,body").json()["items"]
    assert item["body"] == ["Text of a."]
    assert item["lead"] == "Text of a."
    assert item["tags"][0] == {
        "scheme": "geonames", "code": "1526384", "name": "Almaty", "kind": "place",
        "relevance": 60,
    }  # fmt: skip

    (item,) = api.get("/v1/articles?place=KZ&fields=tags,story_id,copy_of,lead").json()["items"]
    assert item["tags"][0]["creator"] == "words/1"
    assert (item["story_id"], item["copy_of"], item["lead"]) == (None, None, "Text of a.")


def test_a_notice_is_whole_whatever_members_are_named(api: TestClient) -> None:
    (item,) = api.get("/v1/articles?status=canceled&fields=headline").json()["items"]

    assert item["reason"]
    assert item["observed_at"]


def named(value: str, name: str | None, count: int = 1) -> dict[str, Any]:
    return {"value": value, "name": name, "count": count}


def test_counts_are_of_the_list_as_filters_take_them(api: TestClient) -> None:
    names = "source,language,tag,place,person,organisation,topic"
    answer = api.get(f"/v1/articles?facets={names}&limit=1").json()

    assert answer["facets"] == {
        "articles": 3,
        "exact": True,
        "counts": {
            "source": [
                named("steppe-courier", "steppe-courier", 2), named("silk-road", "silk-road"),
            ],
            "language": [named("en", "English", 3)],
            "tag": [
                named("geonames:1526384", "Almaty"), named("iso3166-2:UZ-TK", "Tashkent"),
                named("iso3166:KZ", "Kazakhstan"), named("iso3166:UZ", "Uzbekistan"),
                named("medtop:04000000", "economy"), named("organisation:Q9", "A Bank"),
                named("person:Q1", "A. Person"),
            ],
            "place": [
                named("1526384", "Almaty"), named("UZ-TK", "Tashkent"), named("KZ", "Kazakhstan"),
                named("UZ", "Uzbekistan"),
            ],
            "person": [named("Q1", "A. Person")],
            "organisation": [named("Q9", "A Bank")],
            "topic": [named("04000000", "economy")],
        },
    }  # fmt: skip
    assert api.get("/v1/articles?facets=tag&text=none").json()["facets"]["articles"] == 1


def test_of_too_many_articles_the_newest_are_counted(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.articles.facets.COUNTED_MAX", 2)

    found = api.get("/v1/articles?facets=source").json()["facets"]

    assert (found["articles"], found["exact"]) == (2, False)
    assert [one["value"] for one in found["counts"]["source"]] == ["silk-road", "steppe-courier"]


def test_a_list_by_story_follows_where_it_was_merged(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    for number in range(1, 6):
        view.article(number, position=number)
    view.story(1, 1, 2)
    view.story(2, 3, 4)
    view.merge(1, 2, 3, 4)
    view.publish()
    asked = client(tmp_path)

    for number in (1, 2):
        found = asked.get(f"/v1/articles?story={story_id(number)}").json()["items"]
        assert [item["article_id"] for item in found] == [article_id(one) for one in (1, 2, 3, 4)]
    assert ids(asked.get(f"/v1/articles?story={story_id(9)}")) == []


def test_a_copy_is_shown_where_what_it_copies_is_not_in_the_list(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1, KZ, listed_on="2026-03-01")
    view.article(2, ALMATY, copy_of=1, source="silk-road", listed_on="2026-03-02")
    view.publish()
    asked = client(tmp_path)

    for query, numbers in {
        "": [1], "copies=shown": [2, 1], "source=silk-road": [2], "from=2026-03-02": [2],
        "tag=geonames:1526384": [2], "source=silk-road&source=steppe-courier": [1],
    }.items():  # fmt: skip
        found = ids(asked.get(f"/v1/articles?{query}"))
        assert found == [article_id(one) for one in numbers], query


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-02", "2026-03-02T00:00:00.000000Z", "2026-03-02T23:59:59.999999Z"),
        ("2026-03-02T09:30Z", "2026-03-02T09:30:00.000000Z", "2026-03-02T09:30:00.000000Z"),
        ("2026-03-02T01:30:00.5+05:00", *["2026-03-01T20:30:00.500000Z"] * 2),
    ],
)  # fmt: skip
def test_a_day_is_from_its_beginning_and_to_its_end(text: str, first: str, last: str) -> None:
    assert (bounds.first(text), bounds.last(text)) == (first, last)


@pytest.mark.parametrize(
    ("said", "lead"),
    [
        ({"summary": None, "body": []}, None),
        ({"summary": "In short.", "body": ["At length."]}, "In short."),
        ({"summary": None, "body": ["At length."]}, "At length."),
        ({"summary": None, "body": ["word " * 100]}, "word " * 58 + "word…"),
        ({"summary": "x" * 301}, "x" * 299 + "…"),
        ({"summary": "In short.", "display": "headline"}, None),
    ],
)
def test_a_lead_is_short_and_what_its_rights_allow(said: dict[str, Any], lead: str | None) -> None:
    assert briefs.lead(article_document(1, **said)) == lead


@pytest.mark.parametrize("query", ["facets=source", "at=3", "tag=iso3166:KZ&tag=iso3166:UZ"])
def test_a_list_that_may_cost_much_waits_where_searches_do(api: TestClient, query: str) -> None:
    state: Any = api.app
    state.state.searcher._waiting = WAITING_MAX

    answer = api.get(f"/v1/articles?{query}")

    assert (answer.status_code, answer.json()["type"]) == (
        503,
        "urn:newswire:problem:searches-busy",
    )
    assert answer.headers["Retry-After"]
    assert api.get("/v1/articles").status_code == 200
