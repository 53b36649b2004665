"""The wire by number, and what the live stream refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.api import cursors, history
from services.api.cursors import After, Since
from services.api.schemas import EventPage
from shared.events import ArticleCanceled, ArticleReinstated, ArticleTakenBack, ArticleUpdated
from shared.testing.memory_log import MemoryLog
from tests.view_files import ViewFile, client
from tests.wire_builders import Newsroom, carried, drive, notice, projector, quoted


class Wire:
    """Six events, of which the views hold the first five, and a client of the api before them."""

    def __init__(self, folder: Path) -> None:
        self.log = MemoryLog()
        asyncio.run(self._fill(folder))
        self.api = client(folder, log=self.log)

    async def _fill(self, folder: Path) -> None:
        news, projection = Newsroom(self.log), projector(folder)
        await news.broadcast(*(carried(article_id=one) for one in "abc"))
        await news.broadcast(notice(ArticleCanceled, "b"), quoted())
        await drive(projection, self.log)
        projection.close()
        await news.broadcast(carried(article_id="not-yet"))

    def page(self, query: str = "") -> dict[str, Any]:
        answer = self.api.get(f"/v1/events?{query}")
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path)
    yield made
    made.api.app.state.reader.close()


def numbers(page: dict[str, Any]) -> list[int]:
    return [int(item["sequence"]) for item in page["items"]]


def test_events_come_by_number_and_never_beyond_the_views(wire: Wire) -> None:
    page = wire.page()

    EventPage.model_validate(page)
    assert numbers(page) == [1, 2, 3, 4, 5]
    assert (page["next"], page["head"]) == (None, 5)
    here = cursors.since(asyncio.run(wire.log.seek("wire", 5)))
    assert cursors.read(page["cursor"]) == here
    assert wire.api.get("/v1/events").headers["cache-control"] == "no-store"


def test_pages_follow_each_other_without_gap_or_double(wire: Wire) -> None:
    seen, following = [], 1
    while following:
        page = wire.page(f"from={following}&limit=2")
        seen += numbers(page)
        following = page["next"]

    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("begin", [6, 7, 2**53 - 1])
def test_what_is_not_there_yet_is_an_empty_page(wire: Wire, begin: int) -> None:
    assert wire.page(f"from={begin}") == {"items": [], "next": None, "head": 5, "cursor": None}


def test_the_text_of_a_killed_article_is_not_given(wire: Wire) -> None:
    items = wire.page("from=2&limit=3")["items"]

    assert items[0]["data"]["redacted"] == "canceled"
    assert items[1]["data"]["article"]["article_id"] == "c"
    assert items[2]["type"] == "newswire.article.canceled"
    assert items[2]["data"]["reason"] == "Because."


@pytest.mark.parametrize("kind", [ArticleCanceled, ArticleTakenBack])
def test_the_text_of_an_article_that_is_back_is_given_from_there_on_alone(
    tmp_path: Path, kind: type[ArticleCanceled | ArticleTakenBack]
) -> None:
    """It may be back with another text: what was taken back stays away at its old place."""
    log = MemoryLog()

    async def fill() -> None:
        projection = projector(tmp_path)
        await Newsroom(log).broadcast(
            carried(headline="Secret"),
            carried(ArticleUpdated, headline="Secret still"),
            notice(kind),
            carried(ArticleReinstated, headline="Clean"),
            carried(ArticleUpdated, headline="Clean still"),
        )
        await drive(projection, log)
        projection.close()

    asyncio.run(fill())
    api = client(tmp_path, log=log)
    items = api.get("/v1/events").json()["items"]
    api.app.state.reader.close()

    said = [item["data"].get("redacted") or item["data"].get("article", {}) for item in items]
    assert said[:2] == ["withheld", "withheld"]
    assert [said[3]["headline"], said[4]["headline"]] == ["Clean", "Clean still"]
    assert "Secret" not in str(items)


def test_lines_are_asked_for_by_header_or_by_parameter(wire: Wire) -> None:
    by_header = wire.api.get("/v1/events?limit=2", headers={"Accept": "application/x-ndjson"})
    by_parameter = wire.api.get("/v1/events?limit=2&format=ndjson")
    json = wire.api.get("/v1/events?format=json", headers={"Accept": "application/x-ndjson"})

    assert by_header.content == by_parameter.content
    assert by_header.headers["content-type"] == "application/x-ndjson"
    lines = [orjson.loads(line) for line in by_header.content.splitlines()]
    assert lines == wire.page("limit=2")["items"]
    assert by_header.headers["link"] == '</v1/events?from=3&limit=2>; rel="next"'
    assert by_parameter.headers["link"] == '</v1/events?from=3&limit=2&format=ndjson>; rel="next"'
    assert json.headers["content-type"] == "application/json"
    assert "link" not in json.headers


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/x-ndjson", "x-ndjson"),
        ("application/json, application/x-ndjson", "x-ndjson"),
        ("application/json;q=0.5, application/x-ndjson", "x-ndjson"),
        ("application/json, application/x-ndjson;q=0.9", "json"),
        ("application/json;q=0.8,application/x-ndjson; q=0.25", "json"),
        ("application/json;q=0, application/x-ndjson;q=0.001", "x-ndjson"),
        ("application/x-ndjson;q=0", "json"),
        ("application/x-ndjson;q=0.000", "json"),
        ("*/*", "json"),
    ],
)
def test_of_two_forms_the_heavier_is_answered(wire: Wire, accept: str, form: str) -> None:
    answer = wire.api.get("/v1/events", headers={"Accept": accept})

    assert answer.headers["content-type"] == f"application/{form}"


def test_a_page_ends_early_where_its_events_are_large(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(orjson.dumps(wire.page("limit=1")["items"][0]))
    monkeypatch.setattr(history, "PAGE_BYTES_MAX", size + 10)

    assert numbers(wire.page()) == [1]
    assert wire.page()["next"] == 2


def test_events_that_were_trimmed_away_are_gone(wire: Wire) -> None:
    wire.log.trim("wire", 3)

    gone = wire.api.get("/v1/events?from=2")

    assert gone.status_code == 410
    assert gone.json()["type"] == "urn:newswire:problem:history-truncated"
    assert numbers(wire.page("from=3")) == [3, 4, 5]
    resumed = wire.api.get(gone.json()["resume"]).json()
    assert [(item["kind"], item["seq"]) for item in resumed["items"]] == [
        ("article", 1), ("article", 3), ("article", 4), ("rate", 5),
    ]  # fmt: skip
    assert numbers(wire.page(f"cursor={resumed['cursor']}")) == []


def test_a_cursor_goes_on_where_any_answer_stood(wire: Wire) -> None:
    cursor = wire.page("limit=2")["cursor"]

    assert wire.api.get(f"/v1/events?cursor={cursor}&from=3").status_code == 422
    assert numbers(wire.page(f"cursor={cursor}")) == [3, 4, 5]


@pytest.mark.parametrize(
    ("cursor", "status", "name"),
    [
        (cursors.event(3, "another"), 410, "cursor-foreign"),
        (cursors.event(9, "later"), 410, "cursor-foreign"),
        (After("x", 1, "y", Since(0)), 400, "cursor-invalid"),
    ],
)
def test_a_cursor_that_goes_nowhere_is_told_so(
    wire: Wire, cursor: cursors.Cursor, status: int, name: str
) -> None:
    answer = wire.api.get(f"/v1/events?cursor={cursors.text(cursor)}")

    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:newswire:problem:{name}"


def test_a_cursor_ahead_of_the_views_is_asked_to_come_again(wire: Wire) -> None:
    ahead = cursors.text(cursors.since(asyncio.run(wire.log.seek("wire", 6))))

    for path in ("/v1/events", "/v1/changes", "/v1/rates", "/v1/stories", "/v1/articles"):
        answer = wire.api.get(f"{path}?cursor={ahead}")

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["type"] == "urn:newswire:problem:views-behind"


def test_a_log_that_does_not_answer_is_told_without_its_address(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1)
    view.publish()

    answer = client(tmp_path).get("/v1/events")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["type"] == "urn:newswire:problem:log-unavailable"
    assert "127.0.0.1" not in answer.text


def test_without_views_nothing_is_shown(tmp_path: Path) -> None:
    answer = client(tmp_path, log=MemoryLog()).get("/v1/events")

    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:newswire:problem:views-unavailable"


@pytest.mark.parametrize(
    ("path", "named", "says"),
    [
        ("/v1/events?from=0", "query/from", "greater than or equal to 1"),
        ("/v1/events?from=9007199254740992", "query/from", "less than or equal to"),
        ("/v1/events?from=1.0", "query/from", "in plain digits"),
        ("/v1/events?from=1&from=2", "query/from", "one value, came 2"),
        ("/v1/events?from_seq=1", "query/from_seq", "did you mean from?"),
        ("/v1/events?limit=501", "query/limit", "less than or equal to 500"),
        ("/v1/events?stream=articles", "query/stream", "should be 'wire'"),
        ("/v1/events?format=xml", "query/format", "should be 'json' or 'ndjson'"),
        ("/v1/stream?type=article.received", "query/type/0", "one of article.published, "),
        ("/v1/stream?type=*", "query/type/0", "relation.changed"),
        ("/v1/stream?tag=Kazakhstan", "query/tag/0", "match pattern"),
        ("/v1/stream?source=No+Such", "query/source/0", "match pattern"),
        ("/v1/stream?" + "&source=a" * 21, "query/source", "at most 20 items"),
        ("/v1/stream?after=a&after=b", "query/after", "one value, came 2"),
        ("/v1/stream?after=", "query/after", "at least 1 character"),
        ("/v1/stream?afetr=a", "query/afetr", "did you mean after?"),
    ],
)
def test_a_parameter_out_of_bounds_is_named(wire: Wire, path: str, named: str, says: str) -> None:
    answer = wire.api.get(path)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["path"] == named
    assert says in error["detail"]


@pytest.mark.parametrize("header", [None, "x", "Nzg0MzA2YmNbNDFd"])
def test_a_cursor_that_is_none_is_refused_before_the_stream_begins(
    wire: Wire, header: str | None
) -> None:
    page = cursors.text(After("x", 1, "y", Since(0)))
    query, headers = (f"?after={page}", {}) if header is None else ("", {"Last-Event-ID": header})

    answer = wire.api.get(f"/v1/stream{query}", headers=headers)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:newswire:problem:cursor-invalid"


def test_where_every_place_is_taken_a_client_is_told_when_to_come_back(wire: Wire) -> None:
    wire.api.app.state.live.clients_max = 0

    answer = wire.api.get("/v1/stream")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.json()["type"] == "urn:newswire:problem:too-many-clients"
    assert "At most 0 clients" in answer.json()["detail"]


def test_head_of_the_stream_ends(wire: Wire) -> None:
    answer = wire.api.head("/v1/stream")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"


def test_a_language_is_no_filter_of_the_stream_and_further_pages_have_none(
    wire: Wire,
) -> None:
    first = wire.api.get("/?language=en&source=steppe-courier").text
    here = cursors.since(asyncio.run(wire.log.seek("wire", 5)))
    further = cursors.text(After("2026-03-02T00:00:00.000000Z", 1, "a", here))

    stream = f"/v1/stream?source=steppe-courier&amp;after={cursors.text(here)}"
    assert f'data-stream="{stream}"' in first
    assert "data-stream" not in wire.api.get(f"/?cursor={further}").text
