"""Target: what a hub, or somebody who found its address, sends to the callback.

A request that begins with ``?`` asks to confirm, one with ``+`` is a topic that a feed names, any
other is a delivery. ``$sha256`` in a field stands for the digest that only the hub can make.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Final
from urllib.parse import parse_qsl, quote

from pydantic import TypeAdapter

from services.ingest.parse.feeds.urls import absolute
from services.ingest.push.app import build
from services.ingest.websub import leases
from services.ingest.websub.door import Deliveries, router
from services.ingest.websub.subscriber import CONFIRMED_WITHIN, Subscriber
from services.ingest.websub.words import Refused
from shared import state
from shared.subscriptions import Subscription
from shared.testing.memory_log import MemoryLog
from shared.testing.memory_state import MemoryTable
from shared.web import QUERY_BYTES_MAX
from tests.fuzz import holds
from tests.fuzz.doors import (
    REQUESTS_MAX,
    Answer,
    Fields,
    Line,
    answered,
    filled,
    head_and_body,
    values,
)
from tests.fuzz.holds import NOW
from tests.fuzz.target import Target, chosen, with_ways
from tests.push_door import Door, quiet

TOPIC: Final = "https://courier.example/feed.xml"
HUB: Final = "https://hub.example/"
TOKEN: Final = "t" * 43
SECRET: Final = "s" * 43
ASKED: Final = Subscription(TOKEN, SECRET, "courier", TOPIC, HUB, NOW, asked_at=NOW)
SUBSCRIPTIONS: Final = (
    ASKED,
    replace(ASKED, lease_until=NOW + timedelta(days=9), next_at=NOW + timedelta(days=7)),
    replace(ASKED, is_ending=True, failures=1),
    replace(ASKED, asked_at=None),
    replace(ASKED, asked_at=NOW - timedelta(days=2), lease_until=NOW, failures=3, problem="denied"),
)
"""Asked, live, ending, never asked, and long over."""
CHALLENGE: Final = "c" * 200
"""Longer than those of hubs."""
FEED: Final = b"<feed/>"
_SUBSCRIPTION: Final = TypeAdapter(Subscription)
_RANKED: Final = ("sha512", "sha384", "sha256", "sha1")
_LINKS: Final = re.compile(r'(?:<https://[a-z./]+>; rel="(?:hub|self)"(?:, |$))+')
"""Links that cannot be read in two ways."""
_OWN: Final = re.compile(r'<([^>]+)>; rel="self"')


@dataclass
class Forms:
    """Takes every form, and keeps it."""

    forms: list[Mapping[str, str]] = field(default_factory=list)

    async def post(self, url: str, form: Mapping[str, str]) -> Refused | None:
        """See websub.words.Poster."""
        assert url.startswith(("http://", "https://"))
        self.forms.append(form)
        return None


class Callback:
    """A door with one subscription, and what was delivered through it.

    One for all inputs, begun anew with each: to make the routes takes fifty times as long as to
    ask for something.
    """

    def __init__(self) -> None:
        door = Door(MemoryLog(), now=NOW)
        self.store, self.poster = MemoryTable(state.SUBSCRIPTIONS), Forms()
        self.delivered: list[bytes] = []
        base = "https://push.example"
        self.subscriber = Subscriber(base, self.store, self.poster, lambda: NOW, quiet())
        self.deliveries = Deliveries(self._deliver, door.desk)
        self.app = build(door.desk, router(self.subscriber, self.deliveries))

    async def open(self, subscription: Subscription) -> None:
        """Know nothing but a subscription."""
        self.store = self.subscriber.store = MemoryTable(state.SUBSCRIPTIONS)
        self.subscriber._came.clear()
        self.deliveries._waiting = asyncio.Queue()  # of the loop of this input
        self.poster.forms.clear()
        self.delivered.clear()
        await self.store.put(subscription)
        await self.subscriber.load()

    async def known(self, token: str = TOKEN) -> Subscription | None:
        """What is kept under a token, fit to be kept."""
        found = next((one for one in await self.store.all() if one.token == token), None)
        if found is not None:
            assert _SUBSCRIPTION.validate_json(_SUBSCRIPTION.dump_json(found)) == found
            holds.text(found.problem)
        return found

    async def confirm(self, query: bytes, token: str = TOKEN) -> Answer:
        """Ask as a hub does."""
        return await answered(self.app, Line("GET", f"/websub/{token}", query), [])

    async def send(self, fields: Fields, body: bytes, token: str = TOKEN) -> Answer:
        """Send as a hub does, and wait until it is published."""
        answer = await answered(self.app, Line("POST", f"/websub/{token}"), fields, body)
        publishing = asyncio.create_task(self.deliveries.run())
        await self.deliveries.drained()
        publishing.cancel()
        return answer

    async def _deliver(self, source: str, body: bytes, media_type: str | None) -> None:
        assert source == ASKED.source
        assert media_type is None or media_type == media_type.strip().lower()
        self.delivered.append(body)


@cache
def _callback() -> Callback:
    return Callback()


def _websub(data: bytes) -> None:
    subscription, rest = chosen(data, SUBSCRIPTIONS)
    asyncio.run(_hub(subscription, rest.split(b"\xfe")[:REQUESTS_MAX]))


async def _hub(subscription: Subscription, parts: Iterable[bytes]) -> None:
    callback = _callback()
    await callback.open(subscription)
    for part in parts:
        match part[:1]:
            case b"?":
                await _confirmed(callback, part[1:])
            case b"+":
                await _offered(callback, part[1:].decode("utf-8", "replace"))
            case _:
                await _delivered(callback, *head_and_body(part))


async def _confirmed(callback: Callback, query: bytes) -> None:
    """Nothing is confirmed but what was asked for, under the topic for which it was asked."""
    before = await callback.known()
    answer = await callback.confirm(query)
    after = await callback.known()
    said = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    if len(query) > QUERY_BYTES_MAX or before is None or not _is_wanted(before, said):
        assert answer.status == (414 if len(query) > QUERY_BYTES_MAX else 404)
        assert after == before
        return
    assert (answer.status, answer.body) == (200, said.get("hub.challenge", "").encode())
    assert answer.fields["content-type"] == "text/plain; charset=utf-8"
    if before.is_ending:
        assert after is None
        return
    assert after is not None
    if said["hub.mode"] == "denied":
        assert (after.problem or "").startswith("denied: ")
        assert after.lease_until is None
        return
    assert after.lease_until is not None
    lease_s = (after.lease_until - NOW).total_seconds()
    assert leases.LEASE_S_MIN <= lease_s <= leases.LEASE_S_MAX
    assert NOW < after.next_at < after.lease_until
    assert (after.failures, after.problem) == (0, None)


def _is_wanted(one: Subscription, said: Mapping[str, str]) -> bool:
    if said.get("hub.topic") != one.topic or one.asked_at is None:
        return False
    modes = {"denied"}
    if NOW - one.asked_at <= CONFIRMED_WITHIN:
        modes.add("unsubscribe" if one.is_ending else "subscribe")
    return said.get("hub.mode") in modes


async def _delivered(callback: Callback, fields: Fields, body: bytes) -> None:
    """A document is published if it is signed and of the topic, and has not come before."""
    digests = {f"${name}": _digest(SECRET, body, name) for name in _RANKED}
    fields = filled(fields, digests)
    before, known = list(callback.delivered), await callback.known()
    answer = await callback.send(fields, body)
    if sum(len(name) + len(value) for name, value in fields) > 32_000:
        assert answer.status == 431
        return
    if known is None or known.is_ending:
        assert (answer.status, callback.delivered) == (410, before)
        return
    assert answer.status == 202
    is_believed = _is_signed(values(fields, b"x-hub-signature"), digests) and body not in before
    is_of = _is_of_the_topic(", ".join(values(fields, b"link")))
    if is_of is None:  # a matter of reading: nothing is published that is not signed
        assert callback.delivered in (before, [*before, body] if is_believed else before)
    else:
        assert callback.delivered == [*before, *([body] if is_believed and is_of else [])]


def _digest(secret: str, body: bytes, method: str) -> str:
    return hmac.new(secret.encode(), body, method).hexdigest()


def _is_signed(fields: list[str], digests: Mapping[str, str]) -> bool:
    """Source: WebSub 7.1; the first ten are looked at, and the best of them decides."""
    pairs = [one.strip().partition("=")[::2] for one in ",".join(fields).split(",")[:10]]
    named = [(name, said) for name, said in pairs if re.fullmatch("[0-9a-fA-F]{40,128}", said)]
    for method in _RANKED:
        for name, said in named:
            if name == method:
                return said.lower() == digests[f"${method}"]
    return False


def _is_of_the_topic(links: str) -> bool | None:
    """Whether plain Link fields name the topic as ``self``, or nothing; None: not plain."""
    if links and not _LINKS.fullmatch(links):
        return None
    named = _OWN.findall(links)
    if TOPIC in named or not named:
        return True
    return False if all("/." not in one and "./" not in one for one in named) else None


async def _offered(callback: Callback, said: str) -> None:
    """What a hub is asked for it can confirm, and what it then sends is published."""
    topic = absolute(said, None)
    if topic is None:
        return
    await callback.subscriber.offered(ASKED.source, [HUB], topic)
    await callback.subscriber.step()
    made = callback.subscriber.of(ASKED.source)
    if made is None:
        return
    forms = [one for one in callback.poster.forms if one["hub.callback"].endswith(made.token)]
    if not forms:  # it was asked before, or is asked later
        return
    assert forms[0]["hub.topic"] == made.topic == topic
    asked = {"mode": "subscribe", "topic": topic, "challenge": CHALLENGE, "lease_seconds": "9" * 9}
    query = "&".join(f"hub.{name}={quote(text, safe='')}" for name, text in asked.items())
    answer = await callback.confirm(query.encode(), made.token)
    assert (answer.status, answer.body) == (200, CHALLENGE.encode())
    link = f'<{HUB}>; rel="hub", <{topic}>; rel="self"'.encode()
    body = FEED + b" " * len(callback.delivered)  # another than before
    signature = f"sha256={_digest(forms[0]['hub.secret'], body, 'sha256')}".encode()
    await callback.send([(b"x-hub-signature", signature), (b"link", link)], body, made.token)
    assert callback.delivered[-1:] == [body]


_TOPIC: Final = quote(TOPIC, safe="").encode()
_SIGNED: Final = b"X-Hub-Signature: sha256=$sha256"
_SEEDS: Final = (
    b"?hub.mode=subscribe&hub.topic=" + _TOPIC + b"&hub.challenge=a%20b&hub.lease_seconds=864000",
    b"?hub.mode=unsubscribe&hub.topic=" + _TOPIC + b"&hub.challenge=%F0%9F%98%80",
    b"?hub.mode=denied&hub.topic=" + _TOPIC + b"&hub.reason=no%1b%E2%80%AE+more",
    _SIGNED + b"\nContent-Type: application/rss+xml; charset=utf-8\n"
    b'Link: <https://hub.example/>; rel="hub", <https://courier.example/feed.xml>; rel="self"\n\n'
    b"<rss/>\xfe" + _SIGNED + b"\n\n<rss/>\xfe" + _SIGNED + b"\n\n<rss />",
    b"X-Hub-Signature: sha1=$sha1, sha512=" + b"0" * 128 + b"\nX-Hub-Signature: sha384=$sha384\n\n",
    _SIGNED + b'\nLink: </feed.xml>; title="a,b>"; rel="next self"\n\n<rss/>',
    b"+https://courier.example/feed.xml?a=1",
    "+https://курьер.example/новости?я".encode(),
)

HUBS: Final = (Target("websub", _websub, with_ways(_SEEDS, 0, 1, 2, 3, 4), "doors", 8_192),)
"""Hubs reach it, and whoever finds out the address of a callback."""
