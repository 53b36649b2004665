"""Whole views to take away: what is in them, what is not, and how many at a time."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.api.exports import database, downloads, lines
from services.api.reading import Reader
from shared import views
from shared.errors import Unavailable
from tests.view_files import ALMATY, KZ, ViewFile, article_id, client, story_id

CANARY = "canary-taken-back-ortolan"
LINES = ("articles", "stories", "rates")
every_view = pytest.mark.parametrize("name", LINES)


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def read(view: ViewFile, name: str, query: str = "") -> list[dict[str, Any]]:
    answer = api(view).get(f"/v1/export/{name}.ndjson{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.text == "" or answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.split("\n")[:-1]]


def taken(view: ViewFile, tmp_path: Path) -> Path:
    answer = api(view).get("/v1/export/views.sqlite", headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.sqlite3"
    assert answer.headers["content-length"] == str(len(answer.content))
    file = tmp_path / "taken.sqlite"
    file.write_bytes(answer.content)
    return file


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute(query).fetchall()


def a_desk_with_canaries(view: ViewFile) -> None:
    """Every text that was taken back, or is kept for the projection alone, is the canary."""
    words = {"headline": CANARY, "body": [CANARY], "rights": CANARY, "credit": CANARY}
    view.article(1, KZ, headline="Open")
    view.article(2, ("person", CANARY, CANARY, "person"), **words)
    view.article(3, KZ, **words)
    view.article(4, KZ, **words)
    view.story(1, 2, 3, headline=CANARY)
    view.story(2, 1, 4, headline=CANARY)
    view.connection.execute(
        "INSERT INTO article_past (article_id, seq, to_seq, version, source, status, language, "
        "ordered_at, place, copy_of, has_text, document) "
        "SELECT article_id, seq, seq + 1, version, source, status, language, ordered_at, place, "
        "copy_of, has_text, document FROM article WHERE article_id = ?",
        (article_id(4),),
    )
    view.notice(2, "canceled")
    view.notice(3, "withheld")
    view.article(4, KZ, headline="Said anew")
    view.connection.execute(
        "INSERT INTO parked VALUES (99, '1-99', 'event-99', 'newswire.article.published', ?, "
        "'failed', ?, 3, 'abc')",
        (CANARY, CANARY),
    )


def test_a_line_is_the_article_as_it_is_asked_for_alone(view: ViewFile) -> None:
    view.article(1, KZ, ALMATY)
    view.article(2, copy_of=1)
    view.story(1, 1, 2)
    asked = api(view)

    found = read(view, "articles")

    alone = [asked.get(f"/v1/articles/{article_id(number)}").json() for number in (1, 2)]
    assert found == alone
    assert found[1]["copy_of"] == article_id(1)
    assert found[1]["story_id"] == story_id(1)


def test_articles_come_in_the_order_of_their_last_events(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ARTICLES_OF_PIECE", 2)
    for number in range(1, 6):
        view.article(number)
    view.article(1, headline="Changed")
    for number in (2, 3):
        view.notice(number, "withheld")

    assert [one["seq"] for one in read(view, "articles")] == [4, 5, 6]
    assert [one["seq"] for one in read(view, "articles", "?from=5")] == [5, 6]
    assert read(view, "articles", "?from=7") == []


def test_what_changes_while_a_view_is_read_comes_once_more_and_what_is_taken_back_does_not(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ARTICLES_OF_PIECE", 1)
    for number in (1, 2, 3):
        view.article(number)
    view.publish()
    pieces = lines.articles(Reader(view.folder), 1)

    first = json.loads(next(pieces))
    view.article(1, headline="Changed")
    view.notice(2, "canceled")
    view.publish()
    rest = [json.loads(piece) for piece in pieces if piece]

    assert first["headline"] == "Headline 1"
    assert [one["headline"] for one in rest] == ["Headline 3", "Changed"]


def test_a_download_says_where_changes_are_heard_of(view: ViewFile) -> None:
    view.article(1)
    asked = api(view)

    link = asked.get("/v1/export/articles.ndjson").headers["link"]
    view.notice(1, "withheld")
    view.publish()

    path, _, relation = link.partition(">; ")
    assert relation == 'rel="monitor"'
    (notice,) = client(view.folder).get(path[1:]).json()["items"]
    assert notice["status"] == "withheld"


def test_stories_are_told_by_what_may_be_shown(view: ViewFile) -> None:
    a_desk_with_canaries(view)

    found = {one["story_id"]: one for one in read(view, "stories")}

    assert found[story_id(1)]["article_count"] == 0
    assert found[story_id(2)]["headline"] == "Open"
    assert CANARY not in json.dumps(list(found.values()))


def test_every_value_of_a_rate_says_whether_it_stands(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "RATES_OF_PIECE", 2)
    view.rate("KGS/USD", "0.01143")
    view.rate("KGS/USD", "0.01144", version=2)
    view.rate("KGS/USD", "0.01150", as_of="2025-12-14")
    view.rate("KGS/USD", "87.45", as_of="2025-12-14", version=2, status="disputed", disputes=[])
    view.rate("KZT/USD", "0.0019")

    found = read(view, "rates")

    assert [(one["base"], one["as_of"], one["value"], one["stands"]) for one in found] == [
        ("KGS", "2025-12-13", "0.01143", False),
        ("KGS", "2025-12-13", "0.01144", True),
        ("KGS", "2025-12-14", "0.01150", True),
        ("KGS", "2025-12-14", "87.45", False),
        ("KZT", "2025-12-13", "0.0019", True),
    ]


def test_the_database_holds_what_may_be_shown(view: ViewFile, tmp_path: Path) -> None:
    view.article(1, KZ, ALMATY, source="a")
    view.article(2, copy_of=1)
    view.story(1, 1, 2)
    view.rate("KGS/USD", "0.01143")
    view.rate("KGS/USD", "0.01144", version=2)

    file = taken(view, tmp_path)

    assert rows(file, "SELECT format, seq, event_id FROM export") == [(1, 5, "event-5")]
    assert rows(file, "SELECT article_id, source, seq, copy_of FROM article") == [
        (article_id(1), "a", 1, None), (article_id(2), "steppe-courier", 2, article_id(1)),
    ]  # fmt: skip
    assert rows(file, "SELECT json_extract(document, '$.headline') FROM article") == [
        ("Headline 1",), ("Headline 2",),
    ]  # fmt: skip
    assert rows(file, "SELECT tag FROM article_tag") == [("geonames:1526384",), ("iso3166:KZ",)]
    assert rows(file, "SELECT story_id, status, merged_into FROM story") == [
        (story_id(1), "open", None),
    ]  # fmt: skip
    assert len(rows(file, "SELECT * FROM story_article")) == 2
    assert rows(file, "SELECT version, stands FROM rate") == [(1, 0), (2, 1)]


def test_no_byte_of_what_was_taken_back_is_in_a_download(view: ViewFile, tmp_path: Path) -> None:
    a_desk_with_canaries(view)
    view.publish()
    view.connection.execute("PRAGMA wal_checkpoint")
    assert CANARY.encode() in view.file.read_bytes()  # the search finds it where it is

    data = taken(view, tmp_path).read_bytes()

    assert CANARY.encode() not in data
    assert CANARY[:12].encode() not in data
    assert b"Said anew" in data
    for name in LINES:
        assert CANARY not in api(view).get(f"/v1/export/{name}.ndjson").text


def test_nothing_is_left_beside_the_views(view: ViewFile, tmp_path: Path) -> None:
    view.article(1)

    taken(view, tmp_path)

    assert list(view.folder.glob("export-*")) == []


def test_a_download_that_is_too_large_is_refused_and_leaves_nothing(
    view: ViewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BYTES_MAX", 80_000)
    for number in range(20):
        view.article(number, body=["x" * 10_000])
    asked = api(view)

    for _ in range(2):  # the place is free again
        answer = asked.get("/v1/export/views.sqlite")
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:newswire:problem:views-unavailable"
    assert list(view.folder.glob("export-*")) == []


def test_who_asks_no_more_ends_the_making(view: ViewFile, tmp_path: Path) -> None:
    for number in range(200):
        view.article(number, body=["x" * 10_000])
    view.publish()

    with pytest.raises(Unavailable, match="interrupted"):
        database.make(views.live_file(view.folder), tmp_path / "made", lambda: True)

    assert not (tmp_path / "made").exists()


def test_what_a_killed_process_left_is_removed(view: ViewFile, tmp_path: Path) -> None:
    import os

    left, fresh = view.folder / "export-left", view.folder / "export-fresh"
    left.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(left, (0, 0))
    view.article(1)

    taken(view, tmp_path)

    assert not left.exists()
    assert fresh.exists()


@pytest.mark.parametrize(
    ("path", "places"), [("articles.ndjson", downloads.LINES_MAX), ("views.sqlite", 1)]
)
def test_there_is_room_for_a_few_at_a_time(view: ViewFile, path: str, places: int) -> None:
    view.article(1)
    asked = api(view)
    state: Any = asked.app
    take = {"articles.ndjson": "take_lines", "views.sqlite": "take_file"}[path]
    leave = [getattr(state.state.downloads, take)() for _ in range(places)]

    answer = asked.get(f"/v1/export/{path}")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert answer.json()["type"] == "urn:newswire:problem:too-many-clients"
    leave[0]()

    for _ in range(places + 1):  # each gives its place back
        assert asked.get(f"/v1/export/{path}").status_code == 200


async def test_an_answer_that_is_not_taken_in_time_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(downloads, "SENDING_S_MAX", 0.01)
    left: list[bool] = []

    async def endless() -> Any:
        yield b"x"
        await asyncio.Event().wait()

    async def send(_message: Any) -> None:
        return

    async def receive() -> Any:
        await asyncio.Event().wait()

    answer = downloads.Long(endless(), lambda: left.append(True), "text/plain", {})
    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "extensions": {}}
    with pytest.raises(TimeoutError):
        await answer(scope, receive, send)

    assert left == [True]


@pytest.mark.parametrize("path", [*(f"{name}.ndjson" for name in LINES), "views.sqlite"])
def test_who_has_a_download_is_told_that_nothing_changed(view: ViewFile, path: str) -> None:
    view.article(1)
    asked = api(view)
    target = f"/v1/export/{path}"

    tag = asked.head(target).headers["etag"]

    assert asked.get(target).headers["etag"] == tag
    assert asked.get(target, headers={"If-None-Match": tag}).status_code == 304
    assert asked.head(target).content == b""


@pytest.mark.parametrize(
    "query", ["from=0", "from=1.0", "from=x", "from=1&from=2", "form=1", "from=9007199254740992"]
)
def test_a_parameter_that_is_none_is_refused(view: ViewFile, query: str) -> None:
    assert api(view).get(f"/v1/export/articles.ndjson?{query}").status_code == 422


@pytest.mark.parametrize("path", [*(f"{name}.ndjson" for name in LINES), "views.sqlite"])
def test_without_views_a_download_says_so(tmp_path: Path, path: str) -> None:
    answer = client(tmp_path).get(f"/v1/export/{path}")

    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:newswire:problem:views-unavailable"


@every_view
def test_an_empty_view_has_no_line(view: ViewFile, name: str) -> None:
    assert read(view, name) == []
