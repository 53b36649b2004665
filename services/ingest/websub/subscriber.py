"""Subscriptions: asked for, confirmed, renewed and ended; and what of a delivery is believed.

What is not asked for here is confirmed to nobody, and what is not signed is taken from nobody.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from structlog.stdlib import BoundLogger

from services.ingest.websub import leases
from services.ingest.websub.signatures import is_signed
from services.ingest.websub.topics import is_of, is_usable
from services.ingest.websub.words import Delivery, Intent, Poster, Refused
from shared.errors import Rejected, Unavailable
from shared.faults import visible
from shared.hashing import sha256
from shared.subscriptions import Subscription, SubscriptionStore

ASKS_MAX: Final = 8
"""Hubs that are asked at a time."""
CONFIRMED_WITHIN: Final = timedelta(days=1)
"""For so long after it was asked a hub may confirm, any number of times: an answer may be lost."""
OF_SOURCE_MAX: Final = 4
"""Subscriptions of one source, those that are being ended among them: a feed that names another
hub each time would use up what a desk has, and make us write to whomever it names."""
REMEMBERED_MAX: Final = 50
"""Documents of one subscription that count as come before; kept in memory."""
_SECRET_BYTES: Final = 32
_PROBLEM_CHARACTERS_MAX: Final = 300

Judgement = Literal["publish", "ignore", "gone"]
"""What becomes of a delivery: ``ignore``: it is not believed, or came before; ``gone``: nobody
subscribes there."""


@dataclass(slots=True)
class Subscriber:
    """The subscriptions of a desk.

    Every method raises Unavailable when their store is away, and what hubs ask before ``load``.
    """

    base_url: str
    """Where the world reaches the push door, without a slash at its end."""
    store: SubscriptionStore
    poster: Poster
    now: Callable[[], datetime]
    logger: BoundLogger
    _by_token: dict[str, Subscription] = field(default_factory=dict)
    _token_by_source: dict[str, str] = field(default_factory=dict)
    """Of subscriptions that are to stay; asked for each source at each step of polling."""
    _is_loaded: bool = False
    _came: dict[str, deque[str]] = field(default_factory=dict)

    async def load(self) -> None:
        """Take up what is known from before."""
        for one in await self.store.all():
            self._note(one)
        self._is_loaded = True

    def of(self, source: str) -> Subscription | None:
        """The subscription of a source that is to stay; None: it has none."""
        return self._by_token.get(self._token_by_source.get(source, ""))

    async def offered(self, source: str, hubs: Sequence[str], topic: str | None) -> None:
        """Take in which hubs a feed names, and by which URL they know it.

        The first hub is asked, one of https before others; another one than before replaces it,
        and a feed that names none any more has none.
        """
        usable = [hub for hub in hubs if is_usable(hub)]
        hub = min(usable, key=lambda one: not one.startswith("https:"), default=None)
        before = self.of(source)
        if topic is not None and not is_usable(topic):
            topic = None
        if before is not None and (before.hub, before.topic) == (hub, topic):
            return
        if before is not None:
            await self._end(before)
        if hub is not None and topic is not None:
            await self._begin(source, hub, topic)

    async def configure(self, sources: Collection[str]) -> None:
        """End what is of sources that are not read any more."""
        for one in list(self._by_token.values()):
            if one.source not in sources and not one.is_ending:
                await self._end(one)

    async def step(self) -> None:
        """Ask the hubs whose time has come, ASKS_MAX of them."""
        now = self.now()
        due = sorted(
            (one for one in self._by_token.values() if one.next_at <= now),
            key=lambda one: one.next_at,
        )
        await asyncio.gather(*(self._ask(one) for one in due[:ASKS_MAX]))

    async def confirmed(self, token: str, intent: Intent) -> bool:
        """Whether we want what a hub asks us about, or know what it tells us about.

        Nothing is confirmed that was not asked for, under exactly this topic. Source: WebSub 5.3.
        """
        one = self._find(token)
        if one is None or intent.topic != one.topic or one.asked_at is None:
            return False
        is_awaited = self.now() - one.asked_at <= CONFIRMED_WITHIN
        match intent.mode:
            case "subscribe" if is_awaited and not one.is_ending:
                await self._confirm(one, intent)
            case "unsubscribe" if is_awaited and one.is_ending:
                await self._forget(one)
            case "denied":
                await self._deny(one, intent)
            case _:
                return False
        return True

    def judged(self, token: str, delivery: Delivery) -> Judgement:
        """What becomes of what came under a token; a document is published once."""
        one = self._find(token)
        if one is None or one.is_ending:
            return "gone"
        if not is_signed(delivery.signatures, one.secret, delivery.body):
            # Not told to the sender, so that nobody can try signatures (WebSub 7.1.2).
            self.logger.warning("websub_unsigned", source=one.source)
            return "ignore"
        if not is_of(one.topic, delivery.links):
            self.logger.warning("websub_foreign_topic", source=one.source)
            return "ignore"
        if sha256(delivery.body) in self._came.get(token, ()):
            return "ignore"
        return "publish"

    def took(self, token: str, body: bytes) -> None:
        """Note that a document is being published: the same, sent once more, is not."""
        self._came.setdefault(token, deque(maxlen=REMEMBERED_MAX)).append(sha256(body))

    def source_of(self, token: str) -> str | None:
        """Whose deliveries come under a token; None: nobody's."""
        one = self._find(token)
        return one.source if one is not None and not one.is_ending else None

    def _find(self, token: str) -> Subscription | None:
        """What is known under a token. A hub that were told that it is nothing would forget us."""
        if not self._is_loaded:
            raise Unavailable("the subscriptions are not yet known")
        return self._by_token.get(token)

    async def _begin(self, source: str, hub: str, topic: str) -> None:
        if sum(one.source == source for one in self._by_token.values()) >= OF_SOURCE_MAX:
            self.logger.warning("websub_refused", source=source, error="its hub changes too often")
            return
        token, secret = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(2))
        made = Subscription(token, secret, source, topic, hub, next_at=self.now())
        try:
            await self._keep(made)
        except Rejected as error:
            self.logger.warning("websub_refused", source=source, error=str(error))

    async def _end(self, one: Subscription) -> None:
        if one.asked_at is None:
            await self._forget(one)
            return
        await self._keep(replace(one, is_ending=True, next_at=self.now(), failures=0))

    async def _ask(self, one: Subscription) -> None:
        """Ask a hub for what is due. It may confirm before it answers."""
        now = self.now()
        if one.is_ending and one.failures and not _may_still_send(one, now):
            await self._forget(one)
            return
        one = replace(one, asked_at=now, next_at=now + timedelta(seconds=leases.DENIED_S))
        await self._keep(one)
        refused = await self.poster.post(one.hub, self._form(one))
        after = self._by_token.get(one.token)
        if after is None or after.asked_at != one.asked_at:
            return  # confirmed as ended meanwhile, or asked anew
        if refused is not None:
            await self._failed(after, refused)
        elif one.is_ending:
            await self._keep(replace(after, failures=after.failures + 1))  # asked once, not twice

    def _form(self, one: Subscription) -> dict[str, str]:
        """Source: WebSub 5.1."""
        form = {
            "hub.callback": f"{self.base_url}/websub/{one.token}",
            "hub.mode": "unsubscribe" if one.is_ending else "subscribe",
            "hub.topic": one.topic,
        }
        if not one.is_ending:
            form |= {"hub.secret": one.secret, "hub.lease_seconds": str(leases.LEASE_ASKED_S)}
        return form

    async def _failed(self, one: Subscription, refused: Refused) -> None:
        failures = one.failures + 1
        next_at = leases.retry_at(self.now(), failures, refused.retry_after_s)
        problem = refused.detail[:_PROBLEM_CHARACTERS_MAX]
        self.logger.info("websub_hub_failed", source=one.source, failures=failures, detail=problem)
        await self._keep(replace(one, failures=failures, next_at=next_at, problem=problem))

    async def _confirm(self, one: Subscription, intent: Intent) -> None:
        now, seconds = self.now(), leases.lease_s(intent.lease)
        live = replace(
            one,
            lease_until=now + timedelta(seconds=seconds),
            next_at=leases.renew_at(now, seconds),
            failures=0,
            problem=None,
        )
        await self._keep(live)
        self.logger.info("websub_live", source=one.source, lease_s=seconds)

    async def _deny(self, one: Subscription, intent: Intent) -> None:
        if one.is_ending:
            await self._forget(one)
            return
        again_at = self.now() + timedelta(seconds=leases.DENIED_S)
        problem = f"denied: {visible(intent.reason)}"[:_PROBLEM_CHARACTERS_MAX]
        await self._keep(replace(one, lease_until=None, next_at=again_at, problem=problem))
        self.logger.info("websub_denied", source=one.source, detail=problem)

    async def _keep(self, one: Subscription) -> None:
        await self.store.put(one)
        self._note(one)

    def _note(self, one: Subscription) -> None:
        self._by_token[one.token] = one
        if not one.is_ending:
            self._token_by_source[one.source] = one.token
        elif self._token_by_source.get(one.source) == one.token:
            del self._token_by_source[one.source]

    async def _forget(self, one: Subscription) -> None:
        await self.store.forget(one.token)
        self._by_token.pop(one.token, None)
        if self._token_by_source.get(one.source) == one.token:
            del self._token_by_source[one.source]
        self._came.pop(one.token, None)


def _may_still_send(one: Subscription, now: datetime) -> bool:
    """Whether the hub has promised beyond now; afterwards it has forgotten us by itself."""
    return one.lease_until is not None and now < one.lease_until
