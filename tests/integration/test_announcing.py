"""Announcements as they are sent: through the guard, to a hub on loopback that fetches the feed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from services.api.syndication.links import Site
from services.ingest.announcing import Announcing
from services.ingest.fetch import HttpFetcher
from services.ingest.push.server import listening, serve
from services.ingest.sourcing import Guarded
from services.ingest.websub.announcer import Announcer
from shared.settings import Settings
from shared.testing.memory_log import MemoryLog
from tests.http_server import world
from tests.push_door import quiet
from tests.view_files import ViewFile, client
from tests.websub_hub import HOST, Hub
from tests.wire_builders import Newsroom, carried

LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass
class Desk:
    """An api and a hub, each on a port of its own, and what announces one to the other."""

    view: ViewFile
    hub: Hub
    announcing: Announcing
    room: Newsroom
    url: str
    now_s: list[float]

    async def settled(self) -> None:
        """Take in what came to the wire, and tell the hub of all of it."""
        await self.announcing.step()
        self.now_s[0] += 100
        while await self.announcing.announcer.step():
            pass


@asynccontextmanager
async def desk_of(folder: Path, *, is_allowed: bool = True) -> AsyncIterator[Desk]:
    """A desk whose guard lets it reach loopback, or does not."""
    view, log, now_s = ViewFile(folder), MemoryLog(), [0.0]
    view.publish()
    stopping = asyncio.Event()
    sockets = [listening(HOST, 0) for _ in range(2)]
    ports = [one.getsockname()[1] for one in sockets]
    api_url, hub = f"http://{HOST}:{ports[0]}", Hub(f"http://{HOST}:{ports[1]}/hub?key=s3cret")
    api: Any = client(folder, samples=0).app
    api.state.site = Site(api_url, "trial", hub.url)
    networks = LOOPBACK if is_allowed else ()
    allowed = Settings(fetch_allow=networks, fetch_ports=frozenset(ports))
    async with asyncio.TaskGroup() as tasks, HttpFetcher(allowed, world()) as fetcher:
        tasks.create_task(serve(api, sockets[0], stopping))
        tasks.create_task(serve(hub, sockets[1], stopping))
        announcer = Announcer(hub.url, api_url, Guarded(fetcher), lambda: now_s[0], quiet())
        announcing = Announcing(log, announcer, lambda _: None, quiet())
        try:
            yield Desk(view, hub, announcing, Newsroom(log), api_url, now_s)
        finally:
            stopping.set()
    for one in sockets:
        one.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_of(tmp_path) as made:
        yield made


async def test_a_hub_that_is_told_of_an_article_finds_it_in_the_feeds(desk: Desk) -> None:
    await desk.settled()
    desk.hub.told.clear()
    desk.view.article(1)
    desk.view.publish()
    await desk.room.broadcast(carried())

    await desk.settled()

    assert [topic for topic, _ in desk.hub.told] == [
        f"{desk.url}/feeds/articles.{form}{query}"
        for query in ("", "?source=steppe-courier")
        for form in ("atom", "rss", "json")
    ]
    assert all("Headline 1" in text for _, text in desk.hub.told)
    assert desk.announcing.announcer.problem is None


async def test_a_hub_that_is_away_is_told_of_without_its_key(desk: Desk) -> None:
    desk.hub.status = 503
    await desk.settled()

    problem = desk.announcing.announcer.problem
    assert problem is not None
    assert "answered 503" in problem
    assert "s3cret" not in problem
    desk.hub.status = 202
    await desk.settled()
    assert desk.announcing.announcer.problem is None
    assert len(desk.hub.told) == 3


async def test_a_hub_that_sends_elsewhere_is_not_followed(desk: Desk) -> None:
    desk.hub.status, desk.hub.headers = 307, {"Location": f"{desk.hub.url}/other"}
    await desk.settled()

    assert "answered a form with 307" in (desk.announcing.announcer.problem or "")
    assert len(desk.hub.forms) == 3


async def test_a_hub_on_an_address_that_is_not_public_is_not_reached(tmp_path: Path) -> None:
    async with desk_of(tmp_path, is_allowed=False) as desk:
        await desk.settled()

        assert desk.hub.forms == []
        assert "127.0.0.1" in (desk.announcing.announcer.problem or "")
