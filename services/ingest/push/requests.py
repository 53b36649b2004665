"""One request that brings articles or rates: read as it arrives, appended in runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.types import Message
from structlog.stdlib import BoundLogger

from services.ingest.decisions import Decisions
from services.ingest.domain import Observation
from services.ingest.drafts import runs
from services.ingest.publish import Publisher
from services.ingest.push import problems
from services.ingest.push.answers import Tally
from services.ingest.push.bodies import BYTES_MAX, Cut, Form, Part, Stop
from services.ingest.push.items import NotTaken, Seen
from services.ingest.push.limits import Limits
from services.ingest.push.replays import Replays
from services.ingest.rejects import Rejects
from shared.keys import Key, KeyStore
from shared.news import Rate
from shared.web import Problem

UNVERIFIED_MAX: Final = 20
"""Signed bodies that are read at a time before anybody knows who signed them."""
WHOLE_S_MAX: Final = 60
"""From its head to its end a body may take so long that is held until it is whole."""
IDLE_S_MAX: Final = 30.0
"""A body that brings nothing for so long is taken for cut off."""
UNREAD: Final = "unread"
"""Under which the server keeps, in a request's ``state``, what gives the bytes that had come."""
_LOOK_S: Final = 0.25
"""How often a body that is waited for is asked whether the server is being stopped."""
_TOO_SLOW: Final = (
    f"Nothing was taken: a signed body may take {WHOLE_S_MAX} s, this one took longer. Send less "
    "at a time."
)
_TICK: Final = timedelta(microseconds=1)

FORM_BY_MEDIA_TYPE: Final[dict[str, Form]] = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/ndjson": "ndjson",
}

_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii"})

Pushed = Observation | Rate
Reader = Callable[[Seen], Pushed | NotTaken]
"""From the bytes of one item to what is published."""


async def _as_it_is() -> None:
    """A log that needs no look."""


@dataclass(frozen=True)
class Desk:
    """What the push door stands before."""

    publisher: Publisher
    decisions: Decisions
    keys: KeyStore
    now: Callable[[], datetime]
    logger: BoundLogger
    replays: Replays
    limits: Limits = field(default_factory=Limits)
    unverified: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UNVERIFIED_MAX))
    """Whoever reads a body that is not yet known to be anybody's."""
    check_safe: Callable[[], Awaitable[None]] = _as_it_is
    """Raises Unavailable or UnsafeLog while the log would not keep what it takes."""
    is_stopping: Callable[[], bool] = lambda: False
    idle_s_max: float = IDLE_S_MAX
    rejects: Rejects = field(default_factory=Rejects)


@dataclass(slots=True)
class Intake:
    """The items of one request on their way to the log."""

    desk: Desk
    key: Key
    read: Reader
    began_at: datetime | None = None
    """When the request first came, where it may be one that came before; None: it comes now."""
    tally: Tally = field(default_factory=Tally)
    _count: int = 0
    _seen_at: datetime | None = None

    async def take(self, batch: list[Part]) -> None:
        """Append what a batch brings and note what became of it.

        Raises:
            Unavailable: the log is away; the tally has what stands.
        """
        self.desk.limits.brought(self.key.key_id, len(batch))
        taken: list[tuple[int, Pushed]] = []
        for part in batch:
            if isinstance(part, Stop):
                self.tally.stopped(self._count, part)
                break
            found = self.read(Seen(part.data, self.key.sources, self._next_instant()))
            if isinstance(found, NotTaken):
                self.tally.rejected(self._count, found)
            else:
                taken.append((self._count, found))
            self._count += 1
        await self._publish(taken)

    async def _publish(self, taken: list[tuple[int, Pushed]]) -> None:
        numbered = iter(taken)
        for run in runs([each for _, each in taken]):
            # An article twice in one call would be lost as unchanged: the next run has it.
            outcomes = await self.desk.publisher.publish_run(run)
            for outcome, (index, each) in zip(outcomes, numbered, strict=False):
                self.tally.published(index, each, outcome)

    def _next_instant(self) -> datetime:
        """When an item was seen: after the one before it, so that the later one decides."""
        now = self.began_at or self.desk.now()
        if self._seen_at is not None:
            now = max(now, self._seen_at + _TICK)
        self._seen_at = now
        return now


def form_of(request: Request, expected: tuple[str, ...]) -> Form | Problem:
    """How the body is written, or why it is not read."""
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() not in {"", "identity"}:
        return problems.media_type_unsupported("a Content-Encoding", expected)
    said, _, parameters = request.headers.get("Content-Type", "").partition(";")
    media_type = said.strip().lower()
    if media_type not in expected:
        came_with = "another Content-Type" if media_type else "no Content-Type"
        return problems.media_type_unsupported(came_with, expected)
    if _charsets(parameters) - _CHARSETS:
        return problems.media_type_unsupported("another charset", expected)
    form = FORM_BY_MEDIA_TYPE[media_type]
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > BYTES_MAX[form]:
        return problems.body_too_large(int(length[:20]), form)
    return form


def _charsets(parameters: str) -> set[str]:
    """What a Content-Type says of it, in whichever of its parameters."""
    named = (each.partition("=") for each in parameters.lower().split(";"))
    return {said.strip(' \t"') for name, _, said in named if name.strip() == "charset"}


async def chunks(request: Request, desk: Desk) -> AsyncIterator[bytes]:
    """The body of a request as it arrives.

    Raises:
        Cut: the client is gone, or sends nothing for too long, or the server is being stopped.
    """
    more = True
    while more:
        message = await _next(request, desk)
        if message["type"] == "http.disconnect":
            if unread := _unread(request):
                yield unread
            raise Cut("the connection ended before the body did; send the rest again")
        more = message.get("more_body", False)
        if body := message.get("body", b""):
            yield body


async def whole(request: Request, desk: Desk, bytes_max: int) -> bytes | Problem:
    """All of a body: a signature is over the whole of it, and a document is read as one."""
    began_at = desk.now()
    body = bytearray()
    try:
        async for chunk in chunks(request, desk):
            body += chunk
            if len(body) > bytes_max:
                return problems.too_large(f"Expected at most {bytes_max} bytes, came more.")
            if (desk.now() - began_at).total_seconds() > WHOLE_S_MAX:
                return problems.items_rejected(_TOO_SLOW, {})
    except Cut as cut:
        return problems.items_rejected(f"Nothing was taken: {cut}.", {})
    return bytes(body)


def _unread(request: Request) -> bytes:
    """What had come of a body when its connection ended; empty: nothing, or the server is mute."""
    take: Callable[[], bytes] = request.scope.get("state", {}).get(UNREAD, bytes)
    return take()


async def _next(request: Request, desk: Desk) -> Message:
    # A task and no timeout around it: what gives the messages need not outlive a cancellation.
    receiving = asyncio.ensure_future(request.receive())
    waited_s = 0.0
    try:
        while True:
            done, _ = await asyncio.wait({receiving}, timeout=_LOOK_S)
            if done:
                return receiving.result()
            waited_s += _LOOK_S
            if desk.is_stopping():
                raise Cut("the server is being stopped; send the rest again")
            if waited_s >= desk.idle_s_max:
                raise Cut(f"nothing came for {desk.idle_s_max:g} s; send the rest again")
    finally:
        receiving.cancel()
