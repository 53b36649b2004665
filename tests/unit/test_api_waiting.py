"""Long poll: who waits is told at once, holds nothing meanwhile, and is let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog

from services.api import cursors, live
from services.api.app import Parts, build
from services.api.cursors import Since
from services.api.following import heard, waiting
from services.api.following.heard import Source
from services.api.progress import Sampler
from services.api.reading import Snapshot
from shared.events import ArticleCanceled
from tests.live_room import Room, room
from tests.view_files import TODAY
from tests.wire_builders import carried, notice, quoted

WITHIN_S = 5.0
LONG = 30


class Door:
    """The api over a room, asked as over HTTP."""

    def __init__(self, desk: Room) -> None:
        self.desk = desk
        sampler = Sampler(self._head, desk.reader.seq, lambda: 0.0)
        logger = structlog.stdlib.get_logger("newswire")
        self.app = build(Parts(desk.reader, sampler, desk.live, lambda: TODAY), logger)
        transport = httpx2.ASGITransport(app=self.app)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://x")

    async def _head(self) -> int:
        return 0

    async def here(self) -> str:
        """The cursor of now."""
        said: dict[str, Any] = (await self.client.get("/v1/changes?limit=200")).json()
        return str(said["cursor"])

    def ask(self, path: str, cursor: str, wait_s: int = LONG) -> asyncio.Task[httpx2.Response]:
        """A question under way."""
        mark = "&" if "?" in path else "?"
        url = f"{path}{mark}cursor={cursor}&wait={wait_s}"
        return asyncio.create_task(self.client.get(url))

    async def until_waiting(self, count: int) -> None:
        """Until so many wait."""
        async with asyncio.timeout(WITHIN_S):
            while self.desk.live.waiters.count != count:  # noqa: ASYNC110  # nobody tells of it
                await asyncio.sleep(0)


@pytest.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    monkeypatch.setattr(waiting, "LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr(live, "BLOCK_MS", 20)
    async with room(tmp_path) as desk:
        await desk.carry(carried(article_id="a"), quoted())
        made = Door(desk)
        yield made
        await made.client.aclose()


@pytest.mark.parametrize(
    ("path", "count"), [("/v1/articles", 1), ("/v1/changes", 1), ("/v1/changes?kind=article", 1)]
)
async def test_who_waits_is_answered_as_soon_as_the_views_show_a_change(
    door: Door, path: str, count: int
) -> None:
    asked = door.ask(path, await door.here())
    await door.until_waiting(1)
    await door.desk.say(carried(article_id="b"))
    assert not asked.done()
    await door.desk.project()
    async with asyncio.timeout(WITHIN_S):
        answer = await asked

    assert len(answer.json()["items"]) == count
    assert answer.headers["cache-control"] == "no-store"
    assert door.desk.live.waiters.count == 0


async def test_rates_and_stories_are_waited_for_too(door: Door) -> None:
    here = await door.here()
    rates, stories = door.ask("/v1/rates", here), door.ask("/v1/stories", here, 1)
    await door.until_waiting(2)
    await door.desk.carry(quoted(as_of="2026-03-05"))
    async with asyncio.timeout(WITHIN_S):
        assert [item["as_of"] for item in (await rates).json()["items"]] == ["2026-03-05"]
        assert (await stories).json()["items"] == []


async def test_what_has_changed_already_is_not_waited_for(door: Door) -> None:
    here = await door.here()
    await door.desk.carry(notice(ArticleCanceled, "a"))

    async with asyncio.timeout(WITHIN_S):
        answer = await door.ask("/v1/articles", here)

    assert [item["status"] for item in answer.json()["items"]] == ["canceled"]


async def test_what_a_filter_leaves_out_does_not_end_the_wait(door: Door) -> None:
    asked = door.ask("/v1/changes?kind=article", await door.here())
    await door.until_waiting(1)
    await door.desk.carry(quoted(as_of="2026-03-05"))
    await door.desk.carry(quoted(as_of="2026-03-06"))
    assert door.desk.live.waiters.count == 1
    await door.desk.carry(carried(article_id="b"))
    async with asyncio.timeout(WITHIN_S):
        assert [item["seq"] for item in (await asked).json()["items"]] == [5]


async def test_what_was_read_and_left_out_is_not_read_again_at_every_event(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    page = heard.page

    def watched(snapshot: Snapshot, since: Since, source: Source[Any], limit: int) -> Any:
        begun.append(since.seq)
        return page(snapshot, since, source, limit)

    monkeypatch.setattr(heard, "page", watched)
    asked = door.ask("/v1/changes?kind=article", await door.here())
    await door.until_waiting(1)
    for day in (5, 6):
        before = len(begun)
        await door.desk.carry(quoted(as_of=f"2026-03-0{day}"))
        async with asyncio.timeout(WITHIN_S):
            while len(begun) == before:  # noqa: ASYNC110  # nobody tells of it
                await asyncio.sleep(0)
    await door.desk.carry(carried(article_id="b"))
    async with asyncio.timeout(WITHIN_S):
        await asked

    assert begun == [0, 2, 2, 3, 4]


async def test_after_the_wait_the_list_is_empty_and_the_cursor_goes_on(door: Door) -> None:
    here = await door.here()
    answer = await door.ask("/v1/articles", here, 1)

    assert answer.json() == {"items": [], "next": None, "cursor": here}


async def test_a_head_does_not_wait(door: Door) -> None:
    url = f"/v1/changes?cursor={await door.here()}&wait={LONG}"
    async with asyncio.timeout(WITHIN_S):
        answer = await door.client.head(url)

    assert (answer.status_code, answer.content) == (200, b"")


async def test_an_unchanged_etag_does_not_end_a_wait(door: Door) -> None:
    here = await door.here()
    plain = await door.client.get(f"/v1/changes?cursor={here}")
    tag = {"If-None-Match": plain.headers["etag"]}
    assert (await door.client.get(f"/v1/changes?cursor={here}", headers=tag)).status_code == 304

    answer = await door.client.get(f"/v1/changes?cursor={here}&wait=1", headers=tag)

    assert answer.status_code == 200


async def test_nothing_of_the_views_is_held_and_nobody_looks_at_them_meanwhile(door: Door) -> None:
    asked = door.ask("/v1/changes", await door.here())
    await door.until_waiting(1)

    with door.desk.reader.snapshot() as snapshot:  # the one connection has no transaction open
        assert snapshot.checkpoint.seq == 2
    assert door.desk.live.gate._waiting == 0
    asked.cancel()
    await asyncio.wait({asked})


async def test_one_too_many_is_told_when_to_come_again(door: Door) -> None:
    door.desk.live.waiters.count_max = 1
    here = await door.here()
    first = door.ask("/v1/changes", here)
    await door.until_waiting(1)

    refused = await door.ask("/v1/changes", here)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert refused.json()["type"] == "urn:newswire:problem:too-many-clients"
    await door.desk.carry(quoted(as_of="2026-03-05"))
    async with asyncio.timeout(WITHIN_S):
        await first


async def test_a_client_that_goes_away_gives_its_place_back(door: Door) -> None:
    query = f"cursor={await door.here()}&wait={LONG}".encode()
    scope = {
        "type": "http", "method": "GET", "path": "/v1/changes", "query_string": query,
        "headers": [], "http_version": "1.1", "scheme": "http", "server": ("x", 80),
        "client": ("x", 1), "root_path": "", "raw_path": b"/v1/changes",
    }  # fmt: skip
    leaves = asyncio.Event()
    coming = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        for message in coming:
            return message
        await leaves.wait()
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        return None

    serving = asyncio.create_task(door.app(scope, receive, send))
    await door.until_waiting(1)
    leaves.set()
    async with asyncio.timeout(WITHIN_S):
        await serving

    assert door.desk.live.waiters.count == 0


async def test_when_the_process_stops_whoever_waits_is_answered_at_once(door: Door) -> None:
    here = await door.here()
    asked = door.ask("/v1/changes", here)
    await door.until_waiting(1)
    door.desk.live.waiters.ended.set()

    async with asyncio.timeout(WITHIN_S):
        answer = await asked

    assert answer.json() == {"items": [], "next": None, "cursor": here}


async def test_views_that_fall_behind_during_a_wait_are_said_so(door: Door) -> None:
    """A rebuild set them back, say; whoever asks then is told whether the log is another one."""
    here = await door.here()
    asked = door.ask("/v1/changes", here, 1)
    await door.until_waiting(1)
    (door.desk.folder / "current.sqlite").unlink()
    answer = await asked

    assert answer.status_code == 503
    assert cursors.read(here) == await door.desk.cursor(2)
