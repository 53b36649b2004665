"""Where hubs confirm and send: a path of the push door that only one hub knows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.push import problems
from services.ingest.push.requests import Desk, whole
from services.ingest.websub.subscriber import Subscriber
from services.ingest.websub.words import Deliver, Delivery, Intent
from shared import web
from shared.errors import Unavailable
from shared.web import Problem

BODY_BYTES_MAX: Final = 5_242_880
"""Of a document that a hub sends: as much as of one that is fetched."""
WAITING_BYTES_MAX: Final = 50_000_000
"""Of documents that were taken and are not yet published; then hubs are asked to send again."""
WAITING_OF_SOURCE_BYTES_MAX: Final = 10_485_760
"""Of one source among them, two of the largest: its hub may be its own, and must leave room."""
READING_MAX: Final = 20
"""Documents that are read at a time, one of a source: they are in memory before they are judged."""
RETRY_S: Final = 60
"""What ``Retry-After`` says then."""
_AWAY_S: Final = 1.0
"""Between two tries while the log is away."""


@dataclass(slots=True)
class Deliveries:
    """Documents that were taken, and are published one after the other.

    In memory: what waits when the process ends is found by the next poll.
    """

    deliver: Deliver
    desk: Desk
    _waiting: asyncio.Queue[tuple[str, bytes, str | None]] = field(default_factory=asyncio.Queue)
    _bytes: Counter[str] = field(default_factory=Counter)
    """That wait, by source."""
    _reading: set[str] = field(default_factory=set)

    @contextmanager
    def reading(self, source: str) -> Iterator[bool]:
        """Whether there is room to read a document of a source; for as long as the context."""
        if source in self._reading or len(self._reading) >= READING_MAX:
            yield False
            return
        self._reading.add(source)
        try:
            yield True
        finally:
            self._reading.discard(source)

    def take(self, source: str, body: bytes, media_type: str | None) -> bool:
        """Whether there is room for a document; it is published when its turn has come."""
        if self._bytes.total() + len(body) > WAITING_BYTES_MAX:
            return False
        if self._bytes[source] + len(body) > WAITING_OF_SOURCE_BYTES_MAX:
            return False
        self._bytes[source] += len(body)
        self._waiting.put_nowait((source, body, media_type))
        return True

    async def run(self) -> None:
        """Publish what comes, until cancelled."""
        while True:
            source, body, media_type = await self._waiting.get()
            try:
                await self._publish(source, body, media_type)
            finally:
                self._bytes[source] -= len(body)
                self._bytes += Counter()  # forgets sources of which nothing waits
                self._waiting.task_done()

    async def drained(self) -> None:
        """Wait until everything that was taken is published."""
        await self._waiting.join()

    async def _publish(self, source: str, body: bytes, media_type: str | None) -> None:
        while True:
            try:
                await self.deliver(source, body, media_type)
            except Unavailable as error:
                self.desk.logger.warning("websub_waits", source=source, error=str(error))
                await asyncio.sleep(_AWAY_S)
            except Exception:
                # A fault of ours at one document must not end the others; the poll finds it.
                self.desk.logger.exception("websub_fault", source=source)
                return
            else:
                return


def router(subscriber: Subscriber, deliveries: Deliveries) -> APIRouter:
    """The two routes for hubs. They are no part of what partners are told."""
    made, desk = APIRouter(include_in_schema=False), deliveries.desk

    @made.get("/websub/{token}")
    async def confirm(request: Request, token: str) -> Response:
        """Echo what a hub wants to hear, if we asked for it."""
        asked = request.query_params
        intent = Intent(
            mode=asked.get("hub.mode", ""),
            topic=asked.get("hub.topic", ""),
            challenge=asked.get("hub.challenge", ""),
            lease=asked.get("hub.lease_seconds", ""),
            reason=asked.get("hub.reason", ""),
        )
        if not await subscriber.confirmed(token, intent):
            return web.answer(problems.not_found(request.scope["path"]))
        return Response(intent.challenge, media_type="text/plain")

    @made.post("/websub/{token}")
    async def take(request: Request, token: str) -> Response:
        """Take a document; whether it is believed is not said."""
        source = subscriber.source_of(token)
        if source is None:
            return web.answer(_gone())
        with deliveries.reading(source) as has_room:
            body = await whole(request, desk, BODY_BYTES_MAX) if has_room else _full()
        if isinstance(body, Problem):
            return web.answer(body)
        delivery = _delivery(request, body)
        if subscriber.judged(token, delivery) == "publish":
            if not deliveries.take(source, body, delivery.media_type):
                return web.answer(_full())
            subscriber.took(token, body)
        return Response(status_code=202)

    return made


def _delivery(request: Request, body: bytes) -> Delivery:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    signatures, links = map(request.headers.getlist, ("X-Hub-Signature", "Link"))
    return Delivery(body, media_type or None, tuple(signatures), tuple(links))


def _gone() -> Problem:
    """Source: WebSub section 7: a hub ends a subscription that is answered so."""
    return Problem("not-found", 410, "Nobody subscribes here", "Send nothing more to this address.")


def _full() -> Problem:
    return Problem(
        "too-many-requests",
        503,
        "Too much waits or is being read",
        f"Send it again in {RETRY_S} s.",
        headers={"Retry-After": str(RETRY_S)},
    )
