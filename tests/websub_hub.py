"""A hub on loopback that subscribes, confirms and sends as it is told to, well or badly."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx2
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.push.app import build
from services.ingest.push.server import listening, serve
from services.ingest.websub.door import Deliveries, router
from services.ingest.websub.subscriber import Subscriber
from services.ingest.websub.words import Refused
from shared.state import SUBSCRIPTIONS
from shared.subscriptions import Subscription, SubscriptionStore
from shared.testing.memory_log import MemoryLog
from shared.testing.memory_state import MemoryTable
from tests.push_door import Door, quiet

HOST: Final = "127.0.0.1"
TOPIC: Final = "https://courier.example/feed.xml"
SOURCE: Final = "steppe-courier"
FEED: Final = b"<rss version='2.0'><channel><title>Courier</title></channel></rss>"


class Poster:
    """Sends forms over loopback, as the guarded one does: no redirects, nothing raised."""

    async def post(self, url: str, form: Mapping[str, str]) -> Refused | None:
        """See websub.words.Poster."""
        try:
            async with httpx2.AsyncClient(timeout=5) as client:
                answer = await client.post(url, data=dict(form))
        except httpx2.TransportError as error:
            return Refused(f"no connection: {type(error).__name__}")
        wait = answer.headers.get("Retry-After")
        if answer.is_success:
            return None
        return Refused(f"answered {answer.status_code}", int(wait) if wait else None)


@dataclass
class Hub:
    """A hub; it confirms before it answers a form."""

    url: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    """Status and body of what the callback answered when it was asked to confirm."""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    lease: str | None = "864000"
    confirms: bool = True
    told: list[tuple[str, str]] = field(default_factory=list)
    """Topics that it was told of, and what it found there."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take a form."""
        request = Request(scope, receive)
        form = dict(parse_qsl((await request.body()).decode()))
        self.forms.append(form)
        if self.status == 202 and form.get("hub.mode") == "publish":
            await self._fetch(form["hub.url"])
            await Response(status_code=204)(scope, receive, send)
            return
        if self.status == 202 and self.confirms:
            await self.confirm(form)
        await Response(status_code=self.status, headers=self.headers)(scope, receive, send)

    async def _fetch(self, topic: str) -> None:
        """As hubs do when they are told of a topic."""
        async with httpx2.AsyncClient(timeout=5) as client:
            found = await client.get(topic)
        self.told.append((topic, found.text))

    async def confirm(self, form: Mapping[str, str], **changes: str) -> tuple[int, str]:
        """Ask the callback of a form whether it wants it; what it answers."""
        asked = {
            "hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"],
            "hub.challenge": "<challenge & 1>",
        }  # fmt: skip
        if self.lease is not None:
            asked["hub.lease_seconds"] = self.lease
        given = {**asked, **{f"hub.{name}": text for name, text in changes.items()}}
        async with httpx2.AsyncClient(timeout=5) as client:
            answer = await client.get(form["hub.callback"], params=given)
        self.answers.append((answer.status_code, answer.text))
        return self.answers[-1]

    async def send(
        self, body: bytes = FEED, method: str = "sha256", number: int = 0, **headers: str
    ) -> int:
        """Send a document to the callback of a form, signed; the status of the answer."""
        form = self.forms[number]
        digest = hmac.new(form["hub.secret"].encode(), body, method).hexdigest()
        given = {
            "Content-Type": "application/rss+xml; charset=utf-8",
            "Link": f'<{self.url}>; rel="hub", <{TOPIC}>; rel="self"',
            "X-Hub-Signature": f"{method}={digest}",
            **headers,
        }
        async with httpx2.AsyncClient(timeout=5) as client:
            kept = {name: text for name, text in given.items() if text}
            answer = await client.post(form["hub.callback"], content=body, headers=kept)
        return answer.status_code


@dataclass
class Room:
    """A push door on loopback with its subscriber, and what was delivered."""

    hub: Hub
    door: Door
    store: SubscriptionStore
    subscriber: Subscriber
    deliveries: Deliveries
    delivered: list[tuple[str, bytes, str | None]]

    @property
    def subscription(self) -> Subscription | None:
        """That of SOURCE."""
        return self.subscriber.of(SOURCE)

    async def offered(self, *hubs: str, topic: str | None = TOPIC) -> None:
        """A poll of SOURCE found a feed that names these hubs; what is due is asked."""
        await self.subscriber.offered(SOURCE, hubs, topic)
        await self.subscriber.step()

    async def received(self) -> list[tuple[str, bytes, str | None]]:
        """What was delivered, once nothing waits."""
        await self.deliveries.drained()
        return self.delivered


@asynccontextmanager
async def room(store: SubscriptionStore | None = None) -> AsyncIterator[Room]:
    """A push door and a hub, each on a port of its own."""
    async with asyncio.TaskGroup() as tasks:
        stopping = asyncio.Event()
        sockets = [listening(HOST, 0) for _ in range(2)]
        base, hub_base = (f"http://{HOST}:{one.getsockname()[1]}" for one in sockets)
        hub, door = Hub(f"{hub_base}/hub"), Door(MemoryLog())
        delivered: list[tuple[str, bytes, str | None]] = []

        async def deliver(source: str, body: bytes, media_type: str | None) -> None:
            delivered.append((source, body, media_type))

        kept = store or MemoryTable(SUBSCRIPTIONS)
        subscriber = Subscriber(base, kept, Poster(), lambda: door.now, quiet())
        await subscriber.load()
        deliveries = Deliveries(deliver, door.desk)
        app = build(door.desk, router(subscriber, deliveries))
        tasks.create_task(serve(app, sockets[0], stopping))
        tasks.create_task(serve(hub, sockets[1], stopping))
        publishing = tasks.create_task(deliveries.run())
        try:
            yield Room(hub, door, kept, subscriber, deliveries, delivered)
        finally:
            publishing.cancel()
            stopping.set()
    for one in sockets:
        one.close()
