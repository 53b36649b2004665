"""What is taken up late is heard by whoever follows changes, over a rebuild too, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.projection.rebuild import rebuild
from services.projection.verify import verify
from shared import views
from shared.events import ArticleUpdated
from shared.streams import PROJECTION
from shared.testing.memory_log import MemoryLog
from tests.view_files import client
from tests.wire_builders import Newsroom, carried, drive, projector, quiet, quoted, retried

TRIGGER = """
CREATE TRIGGER refuse BEFORE INSERT ON article WHEN NEW.article_id LIKE 'bad%'
BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
"""


class Desk:
    """Events 2 and 3 of articles are set aside, 5 waits behind them; the views stand at 5."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, MemoryLog()
        self.room = Newsroom(self.log)
        self.projector = projector(folder, self.log)
        self.api = client(folder, log=self.log, samples=0)

    async def fill(self) -> None:
        await self.projector.resume()
        self.execute(TRIGGER)
        await self.room.broadcast(
            carried(article_id="a"), carried(article_id="bad-1"), carried(article_id="bad-2"),
            quoted(), carried(ArticleUpdated, "bad-1", headline="Second"),
        )  # fmt: skip
        await drive(self.projector, self.log)
        self.execute("DROP TRIGGER refuse")

    def execute(self, statement: str) -> None:
        with closing(views.open_writer(views.live_file(self.folder))) as connection:
            connection.execute(statement)

    async def retry(self, *article_ids: str) -> None:
        for number, one in enumerate(article_ids):
            decision = retried(f"urn:newswire:article:{one}", PROJECTION, hour=8 + number)
            await self.room.decide(decision)
        await self.projector.tick()

    def poll(self, cursor: str, path: str = "/v1/changes", limit: int = 50) -> dict[str, Any]:
        answer = self.api.get(f"{path}?limit={limit}&cursor={cursor}")
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    opened = Desk(tmp_path)
    await opened.fill()
    yield opened
    opened.projector.close()


def seqs(page: dict[str, Any]) -> list[int]:
    return [item["seq"] for item in page["items"]]


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/articles"])
async def test_who_stands_at_the_end_hears_of_it_once(desk: Desk, path: str) -> None:
    here = desk.api.get(path).json()["cursor"]
    await desk.retry("bad-1", "bad-2")

    heard = desk.poll(here, path)
    again = desk.poll(heard["cursor"], path)

    assert sorted(seqs(heard)) == [3, 5]
    assert again["items"] == []
    await desk.room.broadcast(carried(article_id="b"))
    await drive(desk.projector, desk.log)
    assert seqs(desk.poll(heard["cursor"], path)) == [6]
    assert (await verify(desk.folder, desk.log, "1.0", quiet())).is_clean


async def test_small_pages_lose_nothing_and_repeat_nothing(desk: Desk) -> None:
    cursor = desk.api.get("/v1/changes").json()["cursor"]
    await desk.retry("bad-2", "bad-1")
    await desk.room.broadcast(carried(article_id="b"), carried(article_id="c"))
    await drive(desk.projector, desk.log)

    seen: list[int] = []
    while cursor:
        page = desk.poll(cursor, limit=1)
        seen += seqs(page)
        cursor = page["next"]

    assert seen == [3, 5, 6, 7]


async def test_who_comes_later_finds_it_at_its_place(desk: Desk) -> None:
    first = desk.api.get("/v1/changes?limit=1").json()
    await desk.retry("bad-1", "bad-2")

    assert seqs(desk.poll(first["next"])) == [3, 4, 5]


async def test_a_retry_after_another_is_heard_by_who_heard_the_first(desk: Desk) -> None:
    cursor = desk.api.get("/v1/changes").json()["cursor"]
    await desk.retry("bad-1")
    cursor = desk.poll(cursor)["cursor"]
    await desk.room.decide(retried("urn:newswire:article:bad-2", PROJECTION, hour=9))
    await desk.projector.tick()

    heard = desk.poll(cursor)

    assert seqs(heard) == [3]
    assert desk.poll(heard["cursor"])["items"] == []


@pytest.mark.parametrize("retried_before", [(), ("bad-1",), ("bad-1", "bad-2")])
async def test_a_rebuild_that_takes_it_up_is_heard_too(
    desk: Desk, retried_before: tuple[str, ...]
) -> None:
    here = desk.api.get("/v1/changes").json()["cursor"]
    await desk.retry(*retried_before)
    middle = desk.poll(here)
    await rebuild(desk.folder, desk.log, "1.0", quiet(), lambda *_: None)

    assert sorted(seqs(desk.poll(here))) == [3, 5]
    rest = desk.poll(middle["cursor"])
    assert sorted(seqs(middle) + seqs(rest)) == [3, 5]
    assert desk.poll(rest["cursor"])["items"] == []
    assert (await verify(desk.folder, desk.log, "1.0", quiet())).is_clean


async def test_a_rebuild_after_an_upgrade_tells_what_the_old_schema_had_set_aside(
    desk: Desk,
) -> None:
    here = desk.api.get("/v1/changes").json()["cursor"]
    desk.execute("DROP TABLE late")
    desk.execute("PRAGMA user_version = 4")
    await desk.projector.resume()

    assert sorted(seqs(desk.poll(here))) == [3, 5]
