"""Readiness is progress; a view file that is swapped, missing or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from services.api.progress import Sample, Sampler
from services.api.reading import Reader
from shared import views
from shared.errors import Unavailable
from tests.view_files import ViewFile, article_id, client


class Wire:
    """A wire and views that a test moves, and a clock."""

    def __init__(self) -> None:
        self.head, self.seq, self.now_s = 0, 0, 100.0
        self.is_away = False
        self.sampler = Sampler(self._head, lambda: self.seq, lambda: self.now_s)

    def look(self, *, after_s: float = 1.0) -> Sample:
        self.now_s += after_s
        asyncio.run(self.sampler.take())
        return self.sampler.verdict()

    async def _head(self) -> int:
        if self.is_away:
            raise Unavailable("Redis does not answer")
        return self.head


def test_caught_up_is_ready_for_as_long_as_it_lasts() -> None:
    wire = Wire()
    wire.head = wire.seq = 5

    assert wire.look() == Sample(True, "The views are at 5 of 5", 5, 5)
    assert wire.look(after_s=3600).is_ready


def test_behind_and_moving_is_ready() -> None:
    wire = Wire()
    wire.head = 1_000

    for seq in range(0, 1_000, 100):
        wire.seq = seq
        assert wire.look(after_s=10).is_ready


def test_behind_and_standing_still_is_not_ready_after_15_s() -> None:
    wire = Wire()
    wire.head, wire.seq = 10, 4
    wire.look()

    assert wire.look(after_s=15).is_ready
    stalled = wire.look(after_s=1)

    assert not stalled.is_ready
    assert (stalled.seq, stalled.head) == (4, 10)
    assert "is the projection running?" in stalled.detail


def test_a_wire_that_is_away_is_not_ready_and_says_so() -> None:
    wire = Wire()
    wire.is_away = True

    assert wire.look() == Sample(False, "Redis does not answer.")


def test_an_old_sample_is_not_believed() -> None:
    wire = Wire()
    wire.look()
    wire.now_s += 5.1

    assert not wire.sampler.verdict().is_ready
    assert "5 s ago" in wire.sampler.verdict().detail


def test_before_the_first_sample_nothing_is_ready() -> None:
    assert not Wire().sampler.verdict().is_ready


def test_readyz_says_how_far_the_views_are(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1)
    view.publish()

    answer = client(tmp_path, head=4).get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "seq": 1, "head": 4, "lag": 3}


def test_readyz_without_views_is_a_problem_with_retry_after(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/readyz")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["type"] == "urn:newswire:problem:not-ready"
    assert "no views yet" in answer.json()["detail"]


def test_livez_needs_nothing(tmp_path: Path) -> None:
    assert client(tmp_path, samples=0).get("/livez").json() == {"alive": True}


@pytest.mark.parametrize("path", ["/v1/articles", f"/v1/articles/{article_id(1)}"])
def test_without_views_programs_get_a_problem(tmp_path: Path, path: str) -> None:
    answer = client(tmp_path).get(path)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["type"] == "urn:newswire:problem:views-unavailable"


def test_without_views_readers_get_a_page(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"].startswith("text/html")
    assert "The news is not available yet" in answer.text


def test_the_first_views_are_found_without_a_restart(tmp_path: Path) -> None:
    api = client(tmp_path)
    assert api.get("/v1/articles").status_code == 503
    view = ViewFile(tmp_path)
    view.article(1)
    view.publish()

    assert len(api.get("/v1/articles").json()["items"]) == 1


def test_a_swapped_pointer_is_followed_by_the_next_request(tmp_path: Path) -> None:
    old = ViewFile(tmp_path, "views-1.sqlite")
    old.article(1, headline="Old")
    old.publish()
    api = client(tmp_path)
    before = api.get("/v1/articles")

    new = ViewFile(tmp_path, "views-2.sqlite")
    new.article(1, headline="New")
    new.publish()
    after = api.get("/v1/articles", headers={"If-None-Match": before.headers["etag"]})

    assert before.json()["items"][0]["headline"] == "Old"
    assert after.json()["items"][0]["headline"] == "New"


def write_text(file: Path) -> None:
    file.write_text("This is no database. " * 100)


def write_other_schema(file: Path) -> None:
    connection = views.create(file)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


@pytest.mark.parametrize("damage", [write_text, write_other_schema, Path.touch])
def test_a_file_that_is_no_view_is_unavailable(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = tmp_path / "views-1.sqlite"
    damage(file)
    views.publish(tmp_path, file)

    assert client(tmp_path).get("/v1/articles").status_code == 503


def test_a_file_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.publish()
    api = client(tmp_path)
    view.connection.close()
    view.file.unlink()

    assert api.get("/v1/articles").status_code == 503


def test_no_read_transaction_outlives_a_request(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1)
    view.publish()
    reader = Reader(tmp_path)
    with reader.snapshot() as snapshot:
        assert snapshot.checkpoint.seq == 1

    view.article(2)
    busy, _, _ = view.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    assert busy == 0
    assert not snapshot.connection.in_transaction
    view.publish()
    assert reader.seq() == 2
    reader.close()
