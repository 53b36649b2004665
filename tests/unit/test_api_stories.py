"""Stories over HTTP: lists and changes, one story, and nothing of what was taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.api import cursors
from services.api.cursors import AfterStory, Since
from services.api.story_queries import MEMBERS_MAX
from services.api.story_schemas import StoriesQuery, StoryItem, StoryList
from tests.view_files import ViewFile, article_id, client, story_id

CHOSEN = cursors.chosen("stories", StoriesQuery())


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def shown(view: ViewFile, number: int = 1) -> dict[str, Any]:
    """A story as the api tells it."""
    answer = api(view).get(f"/v1/stories/{story_id(number)}")
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


def articles_of(said: dict[str, Any]) -> list[int]:
    return [int(one["article_id"][-12:]) for one in said["articles"]]


def homes(view: ViewFile, *numbers: int) -> list[int | None]:
    """The story of each article, by number; None: it is alone. A list and a look say the same."""
    asked = api(view)
    listed = {
        one["article_id"]: one["story_id"] for one in asked.get("/v1/articles").json()["items"]
    }
    alone = [asked.get(f"/v1/articles/{article_id(one)}").json()["story_id"] for one in numbers]
    assert alone == [listed[article_id(one)] for one in numbers]
    return [None if one is None else int(one[-12:]) for one in alone]


def order(answer: Any) -> list[int]:
    return [int(one["story_id"][-12:]) for one in answer.json()["items"]]


def test_a_story_is_told_by_its_articles_the_oldest_first(view: ViewFile) -> None:
    view.article(1, listed_on="2026-03-02", headline="Later")
    view.article(
        2, listed_on="2026-03-01", source="pamir-observer", language="ru", headline="First"
    )
    view.article(3, listed_on="2026-03-03", copy_of=1, headline="Later")
    view.story(1, 1, 2, 3)

    said = shown(view)

    StoryItem.model_validate(said)
    assert set(said) == set(StoryItem.model_fields)
    assert (said["headline"], said["language"]) == ("Later", "en")
    assert (said["representative"], said["status"]) == (article_id(1), "open")
    assert articles_of(said) == [2, 1, 3]
    assert said["article_count"] == 3
    assert said["sources"] == {"pamir-observer": 1, "steppe-courier": 2}
    assert said["languages"] == {"en": 2, "ru": 1}
    assert said["articles"][0] == {
        "article_id": article_id(2), "headline": "First", "source": "pamir-observer",
        "credit": "Steppe Courier", "language": "ru", "published_at": None, "published_on": None,
        "listed_on": "2026-03-01", "observed_at": "2026-03-02T06:10:00Z", "copy_of": None,
    }  # fmt: skip
    assert said["articles"][2]["copy_of"] == article_id(1)


def test_the_headline_is_the_one_that_the_representative_has_now(view: ViewFile) -> None:
    view.article(1, headline="Before")
    view.article(2)
    view.story(1, 1, 2, headline="Before")
    view.article(1, headline="After")

    assert shown(view)["headline"] == "After"


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_where_the_representative_is_gone_the_best_that_is_left_stands_for_the_story(
    view: ViewFile, status: str
) -> None:
    view.article(1, headline="Secret")
    view.article(2, listed_on="2026-03-01", copy_of=3, headline="A copy")
    view.article(3, listed_on="2026-03-02", headline="The best")
    view.story(1, 1, 2, 3, headline="Secret")
    view.notice(1, status)

    said = shown(view)

    assert (said["headline"], said["representative"]) == ("The best", article_id(3))
    assert articles_of(said) == [2, 3]


def test_of_a_story_without_an_article_left_no_word_is_shown(view: ViewFile) -> None:
    view.article(1, headline="Secret")
    view.article(2, headline="Secret too")
    view.story(1, 1, 2, headline="Secret")
    view.notice(1, "canceled")
    view.notice(2, "withheld")
    asked = api(view)

    said = shown(view)

    assert (said["headline"], said["representative"], said["language"]) == (None, None, None)
    assert (said["articles"], said["article_count"]) == ([], 0)
    pages = ("/v1/stories", f"/v1/stories/{story_id(1)}", f"/stories/{story_id(1)}")
    assert not any("Secret" in asked.get(path).text for path in pages)


def test_an_article_that_came_back_alone_is_in_no_story_until_one_takes_it_in(
    view: ViewFile,
) -> None:
    """It may be back with another text; enrichment places it anew."""
    view.article(1)
    view.article(2)
    view.article(3)
    view.story(1, 1, 2, 3)
    view.notice(3, "withheld")
    view.article(3, headline="Another text")
    before = articles_of(shown(view)), homes(view, 3)
    view.story(1, 3)

    assert before == ([1, 2], [None])
    assert (articles_of(shown(view)), homes(view, 3)) == ([1, 2, 3], [1])


def test_an_article_that_came_back_into_its_story_is_told_of_it_again(view: ViewFile) -> None:
    """No event of the story says so: the one that releases the article does."""
    for number in (1, 2, 3):
        view.article(number)
    view.story(1, 1, 2, 3)
    view.notice(3, "withheld")
    view.article(3, story_id=story_id(1))

    assert (articles_of(shown(view)), homes(view, 3)) == ([1, 2, 3], [1])


def test_a_story_that_was_merged_says_into_which_and_has_no_articles(view: ViewFile) -> None:
    for number in range(1, 7):
        view.article(number)
    view.story(1, 1, 2)
    view.story(2, 3, 4)
    view.story(3, 5, 6)
    view.merge(2, 3, 5)
    view.merge(1, 2, 3, 4, 5)

    first, last = shown(view, 3), shown(view, 1)

    assert (first["status"], first["merged_into"]) == ("merged", story_id(1))
    assert (first["headline"], first["articles"]) == (None, [])
    assert (last["status"], last["merged_into"]) == ("open", None)
    # The event of a merge names those that enrichment remembers; the sixth goes with its story.
    assert articles_of(last) == [1, 2, 3, 4, 5, 6]
    assert homes(view, 1, 4, 5, 6) == [1, 1, 1, 1]


def test_an_article_that_was_taken_out_of_a_story_is_alone(view: ViewFile) -> None:
    for number in (1, 2, 3):
        view.article(number)
    view.story(1, 1, 2, 3)
    view.part(1, 1, 3)
    view.article(3, headline="A revision")

    assert articles_of(shown(view)) == [1, 2]
    assert homes(view, 1, 2, 3) == [1, 1, None]


def test_of_a_long_story_the_latest_articles_are_told(view: ViewFile) -> None:
    with_one_more = range(1, MEMBERS_MAX + 2)
    for number in with_one_more:
        view.article(number)
    view.story(1, 1, 2)
    for number in with_one_more[2:]:
        view.story(1, number)

    said = shown(view)

    assert said["article_count"] == MEMBERS_MAX == 200
    assert articles_of(said)[-1] == 201


def stories(view: ViewFile, count: int) -> None:
    for number in range(1, count + 1):
        view.article(number)
        view.article(100 + number)
        view.story(number, number, 100 + number)


def test_a_list_begins_with_the_story_that_changed_last(view: ViewFile) -> None:
    stories(view, 4)
    view.close(2, 2)
    view.merge(1, 3, 3)
    asked = api(view)

    answer = asked.get("/v1/stories")

    StoryList.model_validate(answer.json())
    assert order(answer) == [3, 1, 2, 4]
    assert [one["headline"] for one in answer.json()["items"]] == [
        None, "Headline 3", "Headline 2", "Headline 4",
    ]  # fmt: skip
    assert order(asked.get("/v1/stories?status=open")) == [1, 4]
    assert order(asked.get("/v1/stories?status=closed")) == [2]
    assert order(asked.get("/v1/stories?status=merged")) == [3]


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
def test_pages_give_every_story_once(view: ViewFile, limit: int) -> None:
    stories(view, 6)
    view.merge(1, 3, 3)
    asked = api(view)

    answer = first = asked.get(f"/v1/stories?limit={limit}")
    seen = order(first)
    while following := answer.json()["next"]:
        answer = asked.get(f"/v1/stories?limit={limit}&cursor={following}")
        seen += order(answer)

    assert seen == [3, 1, 6, 5, 4, 2]
    assert answer.json()["cursor"] == first.json()["cursor"]


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_polling_gives_what_changed_and_both_of_two_that_became_one(
    view: ViewFile, limit: int
) -> None:
    stories(view, 3)
    asked = api(view)
    cursor = asked.get("/v1/stories").json()["cursor"]
    view.merge(1, 3, 3)
    view.close(2, 2)
    view.publish()

    seen = []
    while True:
        answer = asked.get(f"/v1/stories?limit={limit}&cursor={cursor}")
        seen += order(answer)
        if cursor == (cursor := answer.json()["cursor"]) or not answer.json()["next"]:
            break

    assert seen == [1, 3, 2]


def test_a_cursor_of_another_list_is_refused_with_what_to_do(view: ViewFile) -> None:
    stories(view, 2)
    view.article(50)
    asked = api(view)
    of_articles = asked.get("/v1/articles?limit=1").json()["next"]
    of_stories = asked.get("/v1/stories?limit=1").json()["next"]

    answers = [
        asked.get(f"/v1/stories?cursor={of_articles}"),
        asked.get(f"/v1/articles?cursor={of_stories}"),
        asked.get(f"/?cursor={of_stories}"),
    ]

    assert [one.status_code for one in answers] == [400, 400, 400]
    assert "Leave the cursor out to begin with the story that changed last." in answers[0].text


HOSTILE = (
    "no-such-story", "%00", "%ED%A0%80", "'--", "%27%20OR%201%3D1%3B--", "%", "..%2f", "a" * 3_000,
    "%E2%80%AEx", story_id(1)[:-1], story_id(1) + "%20", "{story_id}",
)  # fmt: skip


@pytest.mark.parametrize("asked_id", HOSTILE)
def test_an_id_that_no_story_has_is_a_problem_with_what_to_do(
    view: ViewFile, asked_id: str
) -> None:
    stories(view, 1)
    asked = api(view)

    told = asked.get(f"/v1/stories/{asked_id}")
    page = asked.get(f"/stories/{asked_id}")

    assert (told.status_code, page.status_code) == (404, 404)
    assert len(told.content) < 2_000
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422), ("limit=21", 422), ("limit=1.0", 422), ("status=ended", 422),
        ("status=open&status=closed", 422), ("statu=open", 422), ("source=x", 422),
        ("cursor=x", 400), ("cursor=" + "A" * 401, 422),
        (f"cursor={cursors.text(AfterStory(2**53 - 1, 'x' * 200, Since(0), CHOSEN))}", 200),
        (f"status=open&cursor={cursors.text(AfterStory(1, 'x', Since(0), CHOSEN))}", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(view: ViewFile, query: str, status: int) -> None:
    stories(view, 1)

    assert api(view).get(f"/v1/stories?{query}").status_code == status


def test_an_unknown_parameter_is_told_which_one_was_meant(view: ViewFile) -> None:
    answer = api(view).get("/v1/stories?statu=open")

    assert "did you mean status?" in answer.json()["detail"]


def test_stories_that_are_said_to_have_ended_in_each_other_are_followed_to_an_end(
    view: ViewFile,
) -> None:
    """No enrichment says so; a log may hold anything."""
    stories(view, 2)
    view.merge(1, 2, 2)
    view.merge(2, 1, 1)

    assert {shown(view, one)["status"] for one in (1, 2)} == {"merged"}
    assert set(homes(view, 1, 2)) <= {1, 2}
