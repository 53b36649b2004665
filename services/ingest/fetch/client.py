"""Fetching: the only way to the world. Every hop is guarded, and nothing that it does raises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Final, Literal, Self
from urllib.parse import urlencode
from weakref import WeakValueDictionary

import httpcore2

from services.ingest.fetch import answers, encodings, robots
from services.ingest.fetch.answers import Head
from services.ingest.fetch.deadline import Deadlines
from services.ingest.fetch.exchange import Answer, Line, Request, exchange
from services.ingest.fetch.politeness import WAIT_S_MAX, Lanes, Pace
from services.ingest.fetch.resolver import Resolve, resolve
from services.ingest.fetch.urls import Target, parse, shown_url
from services.ingest.fetch.urls import resolve as resolved
from services.ingest.fetch.words import (
    Failed,
    Fetched,
    Kind,
    Outcome,
    Submitted,
    Trouble,
    Unmodified,
    Validators,
)
from shared import clock
from shared.settings import Settings
from shared.version import VERSION

CONNECT_S_MAX: Final = 10.0
"""Until there is a connection, and again until TLS is agreed."""
REQUEST_S_MAX: Final = 30.0
"""Of a fetch with all its redirects; waiting for a turn does not count."""
FEED_BYTES_MAX: Final = 5 * 1024 * 1024
"""Of a feed, decoded; ten times the largest that is usual."""
PAGE_BYTES_MAX: Final = 2 * 1024 * 1024
"""Of a page, decoded."""
REDIRECTS_MAX: Final = 5
"""Of one fetch."""
CONNECTIONS_MAX: Final = 200
"""At once."""

_Errand = Kind | Literal["robots", "form"]
_BYTES_MAX: Final[dict[_Errand, int]] = {
    "feed": FEED_BYTES_MAX,
    "page": PAGE_BYTES_MAX,
    "robots": robots.ROBOTS_BYTES_MAX,
    "form": FEED_BYTES_MAX,
}
_ACCEPT: Final[dict[_Errand, bytes]] = {
    "feed": b"application/atom+xml, application/rss+xml, application/feed+json, "
    b"application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.9, "
    b"text/html;q=0.5, */*;q=0.1",
    "page": b"text/html, application/xhtml+xml, */*;q=0.1",
    "robots": b"text/plain, */*;q=0.1",
    "form": b"*/*",
}


@dataclass(frozen=True, slots=True)
class World:
    """What fetching needs of the world besides connections; tests have another one."""

    resolve: Resolve = resolve
    now: Callable[[], datetime] = clock.now
    pace: Pace = field(default_factory=lambda: Pace(clock.monotonic_s))
    connect_s: float = CONNECT_S_MAX
    request_s: float = REQUEST_S_MAX


@dataclass(slots=True)
class _Way:
    """A fetch under way: where it stands, and how it came there."""

    target: Target
    errand: _Errand
    known: Validators
    left_s: float
    """Of the time of its requests."""
    wait_s: float = WAIT_S_MAX
    """Of the time that it may wait for its turns."""
    redirects: int = 0
    is_permanent: bool = True

    @property
    def moved_to(self) -> str | None:
        """Where to ask from now on; None: where we asked."""
        return self.target.url if self.redirects and self.is_permanent else None


class HttpFetcher:
    """Fetches over HTTP. An async context manager: leaving it ends what is under way."""

    def __init__(self, settings: Settings, world: World | None = None) -> None:
        self._world = world or World()
        self._ports = settings.fetch_ports
        contact = f" (+{settings.fetch_contact})" if settings.fetch_contact else ""
        self._agent = f"Newswire/{VERSION}{contact}".encode("ascii")
        self._line = Line(
            tls=httpcore2.default_ssl_context(),
            resolve=self._world.resolve,
            allowed=settings.fetch_allow,
            connect_s=self._world.connect_s,
            silence_s=self._world.request_s,
        )
        self._lanes = Lanes(self._world.pace)
        self._deadlines = Deadlines()
        self._connections = asyncio.Semaphore(CONNECTIONS_MAX)
        self._robots = robots.Remembered()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End what is left of requests that were called off."""
        await self._deadlines.aclose()

    async def fetch(self, url: str, validators: Validators, kind: Kind = "feed") -> Outcome:
        """What is at a URL, unless it is what the validators name already.

        Waits for its turn at the host. Never raises for what the world does.
        """
        try:
            return await self._run(self._begun(parse(url), kind, validators))
        except Trouble as trouble:
            return trouble.failed

    async def submit(self, url: str, form: Mapping[str, str]) -> Submitted | Failed:
        """Whether a form was taken, such as a subscription at a WebSub hub.

        Redirects are not followed: a form is for whom it was written. Guarded and polite like a
        fetch; never raises for what the world does.
        """
        try:
            way = self._begun(parse(url), "form", Validators())
            async with self._turn_at(way):
                answer = await self._ask(way, urlencode(form).encode("ascii"))
            return self._taken(way, answer.head)
        except Trouble as trouble:
            return trouble.failed

    def leave_alone(self, host: str, seconds: int) -> None:
        """Send nothing to a host for a time, an hour at most, as it asked before."""
        self._lanes.close(host, seconds)

    def _taken(self, way: _Way, head: Head) -> Submitted:
        if 200 <= head.status < 300:
            return Submitted(head.status)
        if 300 <= head.status < 400:
            detail = f"{shown_url(way.target.url)} answered a form with {head.status}"
            raise Trouble("redirect-refused", detail, status=head.status)
        raise self._refused(way, head, head.status)

    def _begun(self, target: Target, errand: _Errand, known: Validators) -> _Way:
        return _Way(target, errand, known, self._world.request_s)

    async def _run(self, way: _Way) -> Fetched | Unmodified:
        """A fetch to its end: a turn at each host to which it leads."""
        while True:
            self._check_port(way.target)
            if way.errand == "page":
                await self._check_robots(way.target)
            async with self._turn_at(way):
                found = await self._turn(way)
            if found is not None:
                return found

    @asynccontextmanager
    async def _turn_at(self, way: _Way) -> AsyncIterator[None]:
        """The turn at the host where a fetch stands, within what it may still wait."""
        begun_s = self._world.pace.monotonic_s()
        delay_s = self._delay_s(way.target)
        async with self._lanes.turn(way.target.host, delay_s, way.wait_s):
            way.wait_s -= self._world.pace.monotonic_s() - begun_s
            yield

    async def _turn(self, way: _Way) -> Fetched | Unmodified | None:
        """Requests for as long as redirects stay at the host; None: they lead away from it.

        A page leaves its turn at every redirect: robots.txt is asked about each URL.
        """
        host = way.target.host
        while way.target.host == host:
            answer = await self._ask(way)
            found = self._read(way, answer)
            if found is not None or way.errand == "page":
                return found
        return None

    async def _ask(self, way: _Way, form: bytes | None = None) -> Answer:
        """The answer to one request, within what time the fetch has left."""
        self._check_port(way.target)
        request = Request(
            way.target,
            [
                (b"User-Agent", self._agent),
                (b"Accept", _ACCEPT[way.errand]),
                (b"Accept-Encoding", encodings.ACCEPTED.encode()),
                *answers.conditions(way.known),
            ],
            _BYTES_MAX[way.errand],
            "cut" if way.errand == "robots" else "refuse",
            form,
        )
        async with self._connections:
            begun_s = self._world.pace.monotonic_s()
            try:
                return await self._deadlines.within(way.left_s, exchange(self._line, request))
            except TimeoutError as error:
                detail = f"not done in {self._world.request_s:g} s: {shown_url(way.target.url)}"
                raise Trouble("timeout", detail) from error
            finally:
                way.left_s -= self._world.pace.monotonic_s() - begun_s

    def _read(self, way: _Way, answer: Answer) -> Fetched | Unmodified | None:
        """What an answer means; None: a redirect, which the way has followed."""
        head = answer.head
        match head.status:
            case 200 | 203:
                return self._fetched(way, answer)
            case 304 if way.known != Validators():
                fresh = answers.validators(head)
                kept = Validators(
                    fresh.etag or way.known.etag, fresh.last_modified or way.known.last_modified
                )
                return Unmodified(answers.max_age_s(head, self._world.now()), kept, way.moved_to)
            case 301 | 302 | 303 | 307 | 308:
                self._redirect(way, head)
                return None
            case status:
                raise self._refused(way, head, status)

    def _fetched(self, way: _Way, answer: Answer) -> Fetched:
        head = answer.head
        return Fetched(
            url=way.target.url,
            status=head.status,
            body=answer.body,
            media_type=answers.media_type(head),
            charset=answers.charset(head),
            validators=answers.validators(head),
            max_age_s=answers.max_age_s(head, self._world.now()),
            links=answers.links(head, way.target),
            moved_to=way.moved_to,
        )

    def _redirect(self, way: _Way, head: Head) -> None:
        wait_s = answers.retry_after_s(head, self._world.now())
        if wait_s:
            detail = f"a redirect is to be followed in {wait_s} s"
            raise Trouble("asked-to-wait", detail, retry_after_s=wait_s, status=head.status)
        if way.redirects >= REDIRECTS_MAX:
            raise Trouble("too-many-redirects", f"expected at most {REDIRECTS_MAX} redirects")
        target = _redirected(way.target, head)
        way.redirects += 1
        way.is_permanent = way.is_permanent and head.status in (301, 308)
        way.target = target

    def _refused(self, way: _Way, head: Head, status: int) -> Trouble:
        wait_s = answers.retry_after_s(head, self._world.now())
        detail = f"{shown_url(way.target.url)} answered {status}"
        if status == 410:
            return Trouble("gone", detail, status=status)
        if status == 429:
            host = way.target.host if wait_s else None
            self._lanes.close(way.target.host, wait_s or 0)
            return Trouble(
                "too-many-requests", detail, retry_after_s=wait_s, status=status, closed_host=host
            )
        if 400 <= status < 500:
            return Trouble("refused-by-publisher", detail, retry_after_s=wait_s, status=status)
        if 500 <= status < 600:
            return Trouble("publisher-fault", detail, retry_after_s=wait_s, status=status)
        return Trouble("bad-answer", f"{detail}, which was not asked for", status=status)

    def _check_port(self, target: Target) -> None:
        if target.port not in self._ports:
            detail = (
                f"expected port {' or '.join(map(str, sorted(self._ports)))}, came {target.port}; "
                "an operator may allow it with NEWSWIRE_FETCH_PORTS"
            )
            raise Trouble("address-refused", detail)

    def _delay_s(self, target: Target) -> float:
        found = self._robots.recall(target.origin, self._world.pace.monotonic_s())
        return found.delay_s if found is not None else 0.0

    async def _check_robots(self, target: Target) -> None:
        found = await self._rules(target)
        if not found.allow(target):
            why = found.refusal or f"its robots.txt bars {robots.AGENT}"
            raise Trouble("robots-refused", f"{shown_url(target.url)}: {why}")

    async def _rules(self, target: Target) -> robots.Rules:
        """The rules of an origin; whoever comes while they are fetched waits for them."""
        lock = self._asking.setdefault(target.origin, asyncio.Lock())
        async with lock:
            now_s = self._world.pace.monotonic_s()
            if (known := self._robots.recall(target.origin, now_s)) is not None:
                return known
            place = Target(target.scheme, target.host, target.port, "/robots.txt")
            try:
                outcome: Outcome = await self._run(self._begun(place, "robots", Validators()))
            except Trouble as trouble:
                if trouble.failed.reason == "host-busy":
                    raise  # nothing was asked, so nothing is known
                outcome = trouble.failed
            return self._robots.keep(target.origin, robots.rules(outcome), now_s)


def _redirected(base: Target, head: Head) -> Target:
    """Where a redirect leads.

    Raises:
        Trouble: bad-answer, redirect-refused.
    """
    reference = answers.location(head)
    if reference is None:
        detail = f"answered {head.status} without saying where to"
        raise Trouble("bad-answer", detail, status=head.status)
    try:
        target = resolved(reference, base)
    except Trouble as trouble:
        detail = f"redirected to {shown_url(reference)}: {trouble.failed.detail}"
        raise Trouble("redirect-refused", detail, status=head.status) from trouble
    if base.scheme == "https" and target.scheme == "http":
        detail = f"redirected from https to {shown_url(target.url)}, where others can read along"
        raise Trouble("redirect-refused", detail, status=head.status)
    return target
