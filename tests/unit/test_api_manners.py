"""The manners of HTTP: what names a content, when it changed, where it goes on, who may read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.testclient import TestClient

from services.api import answers, linking
from services.api.app import Parts, build
from tests.view_files import KZ, ViewFile, article_id, client, story_id

AT_MS = 1_772_427_601_250
"""2026-03-02T05:00:01.25Z."""
DATED = "Mon, 02 Mar 2026 05:00:02 GMT"
LATER = datetime(2026, 3, 2, 5, 1, 2, tzinfo=UTC)


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    view = ViewFile(tmp_path)
    view.article(1, KZ)
    view.article(2)
    view.story(1, 1, 2)
    view.connection.execute("INSERT INTO moment (seq, at_ms) VALUES (1, ?)", (AT_MS,))
    view.connection.execute("INSERT INTO moment (seq, at_ms) VALUES (3, ?)", (AT_MS,))
    view.publish()
    return view


def at(view: ViewFile, now: datetime = LATER) -> TestClient:
    asked = client(view.folder)
    state: Any = asked.app
    state.state.now = lambda: now
    return asked


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/articles/{article_id(1)}", f"/v1/stories/{story_id(1)}",
        f"/articles/{article_id(1)}", f"/v1/articles/{article_id(1)}/history",
        f"/v1/articles/{article_id(1)}/provenance", f"/v1/articles/{article_id(1)}/relations",
        f"/v1/articles/{article_id(1)}/ninjs", "/v1/sources/steppe-courier",
        f"/feeds/stories/{story_id(1)}.atom", "/feeds/stories.rss",
        "/feeds/articles.atom?tag=iso3166:KZ", "/feeds/articles.rss?tag=iso3166:KZ",
        "/feeds/articles.json?tag=iso3166:KZ",
    ],
)  # fmt: skip
def test_what_happens_elsewhere_leaves_the_etag_of_a_thing(view: ViewFile, path: str) -> None:
    before = at(view).get(path).headers["etag"]
    view.article(7, source="silk-road-bulletin")
    view.rate("KGS/USD", "0.01143", source="zarafshan-gazette")
    view.publish()

    assert at(view).get(path, headers={"If-None-Match": before}).status_code == 304


def test_the_etag_of_an_article_follows_the_story_that_it_is_in(view: ViewFile) -> None:
    path = f"/v1/articles/{article_id(1)}"
    before = at(view).get(path).headers["etag"]
    view.part(1, 2, 1)
    view.publish()

    assert at(view).get(path, headers={"If-None-Match": before}).status_code == 200


def test_the_front_page_is_another_one_when_the_desk_has_moved(view: ViewFile) -> None:
    here = at(view)
    before = here.get("/").headers["etag"]
    state: Any = here.app
    state.state.site = None

    assert here.get("/").headers["etag"] != before


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/articles/{article_id(1)}", "/v1/articles", "/v1/changes", "/v1/stories",
        "/feeds/articles.atom", "/feeds/stories.json", f"/feeds/stories/{story_id(1)}.rss",
        f"/v1/articles/{article_id(1)}/newsml-g2", "/feeds/articles.ninjs",
        "/v1/export/articles.ndjson", "/v1/export/views.sqlite",
        "/v1/sources", "/v1/sources/steppe-courier", "/sources.opml",
    ],
)  # fmt: skip
def test_a_date_stands_for_a_content_once_its_second_is_a_minute_old(
    view: ViewFile, path: str
) -> None:
    settled, fresh = at(view), at(view, LATER - timedelta(seconds=1))

    assert settled.get(path).headers["last-modified"] == DATED
    assert "last-modified" not in fresh.get(path).headers
    same = settled.get(path, headers={"If-Modified-Since": DATED})
    assert (same.status_code, same.content) == (304, b"")
    assert fresh.get(path, headers={"If-Modified-Since": DATED}).status_code == 200


def test_rates_are_of_the_day_if_nothing_was_said_on_it(view: ViewFile) -> None:
    """They grow older while nothing happens."""
    day = datetime(2026, 3, 4, 0, 1, 1, tzinfo=UTC)
    settled, fresh = (at(view, day - age) for age in (timedelta(0), timedelta(seconds=1)))
    for api in (settled, fresh):
        state: Any = api.app
        state.state.today = day.date

    said = settled.get("/v1/rates/latest").headers["last-modified"]

    assert said == "Wed, 04 Mar 2026 00:00:01 GMT"
    assert "last-modified" not in fresh.get("/v1/rates/latest").headers
    same = settled.get("/v1/rates/latest", headers={"If-Modified-Since": said})
    assert same.status_code == 304


@pytest.mark.parametrize(
    "condition",
    [
        {"If-Modified-Since": "Mon, 02 Mar 2026 05:00:03 GMT"},
        {"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"If-Modified-Since": "\xff"},
        {"If-Modified-Since": ""},
        {"If-Modified-Since": DATED, "If-None-Match": '"other"'},
    ],
)
def test_no_other_date_holds_and_none_beside_a_tag(
    view: ViewFile, condition: dict[str, str]
) -> None:
    """A date that a client made up says nothing of what it has: a kill could be hidden by it."""
    given = {name: value.encode("latin-1") for name, value in condition.items()}

    assert at(view).get("/v1/articles", headers=given).status_code == 200


def test_a_killed_article_is_gone_whatever_date_a_client_sends(view: ViewFile) -> None:
    view.notice(1, "canceled")
    view.publish()

    asked = at(view).get(f"/v1/articles/{article_id(1)}", headers={"If-Modified-Since": DATED})

    assert asked.status_code == 410


def test_what_was_taken_up_late_gives_no_date(view: ViewFile) -> None:
    """The list is another one though the last event is the same."""
    view.connection.execute("INSERT INTO late VALUES (1, 2, 3, 'event-3')")

    assert "last-modified" not in at(view).get("/v1/articles").headers


@pytest.mark.parametrize(
    ("at_ms", "now", "said"),
    [
        (None, LATER, None),
        (AT_MS, LATER, DATED),
        (1_772_427_601_000, LATER, DATED),
        (1_772_427_602_000, LATER, None),
    ],
)
def test_a_date_is_the_whole_second_after_the_event(
    at_ms: int | None, now: datetime, said: str | None
) -> None:
    assert answers.modified(at_ms, now) == said


def test_lists_link_to_themselves_to_the_next_page_and_to_their_feeds(view: ViewFile) -> None:
    answer = at(view).get("/v1/articles?limit=1&language=en&tag=iso3166:KZ")
    further = at(view).get("/v1/articles?limit=1&source=steppe-courier")

    assert answer.headers["link"] == (
        '</v1/articles?limit=1&language=en&tag=iso3166:KZ>; rel="self", '
        '</feeds/articles.atom?tag=iso3166%3AKZ&language=en>; rel="alternate"; '
        'type="application/atom+xml", '
        '</feeds/articles.rss?tag=iso3166%3AKZ&language=en>; rel="alternate"; '
        'type="application/rss+xml", '
        '</feeds/articles.json?tag=iso3166%3AKZ&language=en>; rel="alternate"; '
        'type="application/feed+json"'
    )
    following = further.json()["next"]
    assert (
        f'</v1/articles?limit=1&source=steppe-courier&cursor={following}>; rel="next"'
        in further.headers["link"]
    )
    assert at(view).get(further.links["next"]["url"]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/changes?kind=story", "/v1/stories?limit=2", "/v1/rates?limit=2"]
)
def test_every_list_links_to_itself(view: ViewFile, path: str) -> None:
    assert at(view).get(path).headers["link"] == f'<{path}>; rel="self"'


def test_an_article_links_to_its_page(view: ViewFile) -> None:
    path = f"/v1/articles/{article_id(1)}"

    assert at(view).get(path).headers["link"] == (
        f'<{path}>; rel="self", </articles/{article_id(1)}>; rel="alternate"; type="text/html"'
    )


def test_nothing_that_a_client_sends_ends_a_link() -> None:
    query = b'tag=x%3E%3B%20rel%3D%22next%22&q=\xff<>"%0d%0a'
    scope = {"type": "http", "path": '/v1/x>; rel="next"', "query_string": query, "headers": []}

    link = linking.header(Request(scope), 'c">')["Link"]

    assert link == (
        "</v1/x%3E%3B%20rel%3D%22next%22?tag=x%3E%3B+rel%3D%22next%22"
        '&q=%C3%BF%3C%3E%22%0D%0A>; rel="self", '
        "</v1/x%3E%3B%20rel%3D%22next%22?tag=x%3E%3B+rel%3D%22next%22"
        '&q=%C3%BF%3C%3E%22%0D%0A&cursor=c%22%3E>; rel="next"'
    )


def crossing(view: ViewFile, *origins: str) -> TestClient:
    """A client of an api that lets scripts of these sites read."""
    state: Any = client(view.folder).app
    parts = state.state
    made = Parts(parts.reader, parts.sampler, parts.live, parts.today, origins=origins)
    return TestClient(build(made, structlog.stdlib.get_logger("newswire")))


ASKING = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}


def test_scripts_of_other_sites_read_nothing_unless_an_operator_says_so(view: ViewFile) -> None:
    answer = at(view).get("/v1/articles", headers={"Origin": "https://app.example"})

    assert "access-control-allow-origin" not in answer.headers
    assert at(view).options("/v1/articles", headers=ASKING).status_code == 405


@pytest.mark.parametrize("origins", [("https://app.example", "https://other.example"), ("*",)])
def test_scripts_of_a_site_that_is_named_may_read_without_credentials(
    view: ViewFile, origins: tuple[str, ...]
) -> None:
    api = crossing(view, *origins)
    origin = {"Origin": "https://app.example"}
    answer, preflight = api.get("/v1/articles", headers=origin), api.options("/", headers=ASKING)

    for found in (answer, preflight, api.get("/v1/articles/none", headers=origin)):
        assert found.headers["access-control-allow-origin"] in {"https://app.example", "*"}
        assert "access-control-allow-credentials" not in found.headers
    assert answer.headers["access-control-expose-headers"] == (
        "ETag, Link, Newswire-Left-Out, Retry-After"
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
    if origins != ("*",):
        assert "Origin" in answer.headers["vary"]


def test_a_site_that_is_not_named_is_refused_and_nothing_is_changed(view: ViewFile) -> None:
    api = crossing(view, "https://app.example")
    asking = {**ASKING, "Origin": "https://evil.example"}

    assert api.options("/v1/articles", headers=asking).status_code == 400
    answer = api.get("/v1/articles", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    posting = {**ASKING, "Access-Control-Request-Method": "POST"}
    assert api.options("/v1/articles", headers=posting).status_code == 400


def test_what_is_chosen_by_accept_says_so(view: ViewFile) -> None:
    assert "Accept" in at(view).get("/nothing").headers["vary"]
    assert "vary" not in at(view).get("/v1/nothing").headers
