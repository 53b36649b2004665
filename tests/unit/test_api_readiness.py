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
        self.answer_takes_s = 0.0
        self.sampler = Sampler(self._head, lambda: self.seq, lambda: self.now_s)

    def look(self, *, after_s: float = 1.0) -> Sample:
        self.now_s += after_s
        asyncio.run(self.sampler.take())
        return self.sampler.verdict()

    def detail(self, *, after_s: float) -> str:
        """What a request is told that comes so much later."""
        self.now_s += after_s
        return self.sampler.verdict().detail

    async def _head(self) -> int:
        self.now_s += self.answer_takes_s
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
    wire.look()

    for seq in range(100, 1_000, 100):
        wire.seq = seq
        assert wire.look(after_s=10).is_ready


def test_behind_and_standing_still_is_not_ready_after_15_s() -> None:
    wire = Wire()
    wire.head, wire.seq = 10, 3
    wire.look()
    wire.seq = 4
    wire.look()

    assert wire.look(after_s=15).is_ready
    stalled = wire.look(after_s=1)

    assert not stalled.is_ready
    assert (stalled.seq, stalled.head) == (4, 10)
    assert stalled.detail == (
        "The views are at 4 of 10 and do not move: is the projection running?"
    )


def test_a_wire_that_was_never_seen_is_not_ready_and_says_so() -> None:
    wire = Wire()
    wire.is_away = True

    assert wire.look() == Sample(False, "The wire was not seen yet: Redis does not answer.")


def test_an_old_sample_is_not_believed() -> None:
    wire = Wire()
    wire.look()

    assert wire.detail(after_s=5.0) == "The views are at 0 of 0"
    assert wire.detail(after_s=0.1) == "The wire was last seen 5 s ago: Redis does not answer."
    assert not wire.sampler.verdict().is_ready


def test_a_wire_that_stays_away_is_away_for_longer_and_longer() -> None:
    """A look that is under way, one that has failed, and the next one: one age, one sentence."""
    wire = Wire()
    wire.look()
    wire.is_away, wire.answer_takes_s = True, 10.0

    said = [wire.detail(after_s=6)]
    for _ in range(2):
        said.append(wire.look(after_s=1).detail)
        said.append(wire.detail(after_s=6))

    ages = ["6 s", "17 s", "23 s", "34 s", "40 s"]
    assert said == [f"The wire was last seen {age} ago: Redis does not answer." for age in ages]


def test_a_slow_answer_is_as_old_as_its_question() -> None:
    wire = Wire()
    wire.answer_takes_s = 4.0
    wire.look()

    assert wire.detail(after_s=1.0) == "The views are at 0 of 0"
    assert wire.detail(after_s=0.5) == "The wire was last seen 6 s ago: Redis does not answer."


def test_a_wire_that_is_back_is_told_from_one_sample() -> None:
    wire = Wire()
    wire.is_away = True
    wire.look()
    wire.is_away, wire.head, wire.seq = False, 7, 7

    assert wire.look() == Sample(True, "The views are at 7 of 7", 7, 7)


def test_before_the_first_sample_nothing_is_ready() -> None:
    said = "The wire was not seen yet: the first look at it is under way."

    assert Wire().sampler.verdict() == Sample(False, said)


def test_readyz_says_how_far_the_views_are(tmp_path: Path) -> None:
    view = ViewFile(tmp_path)
    view.article(1)
    view.publish()
    api = client(tmp_path, head=4)
    view.article(2)
    view.publish()
    asyncio.run(api.app.state.sampler.take())

    answer = api.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "seq": 2, "head": 4, "lag": 2}


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
