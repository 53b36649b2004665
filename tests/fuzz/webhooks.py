"""Target: requests of partners that sign, and of whoever cannot.

What is taken for signed is compared with the library of Standard Webhooks, both ways. In a field,
``$now`` stands for our second, ``$v1`` and ``$old`` for what the two secrets of a key make of the
request as it stands.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Final
from unittest.mock import patch

from fastapi import FastAPI
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.datastructures import Headers

from services.ingest.push import signatures
from services.ingest.push.app import build
from services.ingest.push.replays import Replays
from services.ingest.push.signatures import SIGNATURES_MAX, Signed
from shared.events import StreamName
from shared.keys import Key, SigningSecret
from shared.state import KEYS
from shared.testing.memory_log import MemoryLog
from shared.testing.memory_state import MemoryTable
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
from tests.push_door import Door

KEY_ID: Final = "0123456789ab"
SECRETS: Final = tuple(
    SigningSecret("whsec_" + base64.b64encode(byte * 32).decode()) for byte in (b"\xff", b"o")
)
"""The latest, and the one before; the first has the two characters of Base64 that URLs have not."""
_SIGNING: Final = Key(KEY_ID, "p", ("courier",), False, "", NOW, signing=(SECRETS[0],))


def _rotated(until: datetime) -> Key:
    return replace(_SIGNING, signing=(SECRETS[0], replace(SECRETS[1], until=until)))


@dataclass(frozen=True)
class Way:
    """A key that is known, and the path that is asked."""

    key: Key
    path: str = f"/v1/webhooks/{KEY_ID}/articles"

    @property
    def secrets(self) -> list[SigningSecret]:
        """Those that are to be believed; of another path than the key's: none."""
        if self.key.revoked_at is not None or f"/{KEY_ID}/" not in self.path:
            return []
        return [one for one in self.key.signing if one.until is None or one.until > NOW]


WAYS: Final = (
    Way(_SIGNING),
    Way(_SIGNING, f"/v1/webhooks/{KEY_ID}/rates"),
    Way(_rotated(NOW + timedelta(hours=1))),
    Way(_rotated(NOW)),
    Way(replace(_SIGNING, revoked_at=NOW)),
    Way(replace(_SIGNING, signing=(), sha256="0" * 64)),
    Way(_SIGNING, f"/v1/webhooks/{KEY_ID.upper()}/articles"),
    Way(_SIGNING, "/v1/webhooks/\x00\ud7ff%2f/articles"),
)
SECONDS: Final = {
    word: str(int(NOW.timestamp()) + ahead_s)
    for word, ahead_s in (("$now", 0), ("$first", -300), ("$last", 300), ("$late", 301))
}
"""The seconds between which the library lets an attempt be, and one that is not."""
_STREAMS: Final[tuple[StreamName, ...]] = ("articles", "rates")
_CANONICAL: Final = re.compile("v1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
"""An HMAC-SHA256 as every encoder of Base64 writes it."""


class _Stopped(datetime):
    """The clock of the library."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Stopped:
        return cls.fromtimestamp(NOW.timestamp(), tz)


def _webhooks(data: bytes) -> None:
    way, rest = chosen(data, WAYS)
    asyncio.run(_partner(way, rest.split(b"\xfe")[:REQUESTS_MAX]))


async def _partner(way: Way, parts: Iterable[bytes]) -> None:
    keys, log = MemoryTable(KEYS), MemoryLog()
    await keys.put(way.key)
    _app().state.desk = Door(log, keys, NOW, replays=Replays(NOW - timedelta(days=1))).desk
    for part in parts:
        fields, body = head_and_body(part)
        fields = _signed(fields, body)
        before = await _events(log)
        answer = await answered(_app(), Line("POST", way.path), fields, body)
        if sum(len(name) + len(value) for name, value in fields) > 32_000:
            assert answer.status == 431
            continue
        if _is_by(way, fields, body):
            await _repeated(log, Line("POST", way.path), fields, body, answer)
        else:  # 413, 415: of its head, before a body is read
            assert answer.status in {401, 404, 413, 415}
            assert await _events(log) == before


async def _events(log: MemoryLog) -> tuple[int, ...]:
    return tuple([(await log.head(name)).seq for name in _STREAMS])


async def _repeated(log: MemoryLog, line: Line, fields: Fields, body: bytes, first: Answer) -> None:
    """What is sent again, as somebody who has recorded it would, changes nothing."""
    assert first.status in {202, 403, 413, 415, 422}
    before = await _events(log)
    again = await answered(_app(), line, fields, body)
    assert await _events(log) == before
    assert again.status == first.status
    if again.status == 202:
        assert {one["outcome"] for one in json.loads(again.body)["items"]} <= {
            "unchanged", "stale", "rejected",
        }  # fmt: skip


def _signed(fields: Fields, body: bytes) -> Fields:
    """Fields as they come, with what only a partner can compute."""
    fields = filled(fields, SECONDS)
    message, second = (
        "".join(values(fields, name)[:1]) for name in (b"webhook-id", b"webhook-timestamp")
    )
    content = f"{message}.{second}.".encode() + body
    made = [hmac.new(one.secret, content, hashlib.sha256).digest() for one in SECRETS]
    latest, before = (base64.b64encode(one).decode() for one in made)
    return filled(fields, {"$v1": latest, "$old": before})


def _is_by(way: Way, fields: Fields, body: bytes) -> bool:
    """Whether a request is taken for signed, as the library has it but for what is stated."""
    headers = Headers(raw=fields)
    found = signatures.read(headers, NOW.timestamp())
    is_ours = isinstance(found, Signed) and found.is_by([one.secret for one in way.secrets], body)
    words = headers.get("webhook-signature", "").split(" ")
    theirs = [
        one for one in words if _is_verified(way, {**headers, "webhook-signature": one}, body)
    ]
    if is_ours and _is_text(body):
        assert any(_CANONICAL.fullmatch(one) for one in theirs)
    if not is_ours and _is_narrow(headers):
        looked_at = [one for one in words if _CANONICAL.fullmatch(one)][:SIGNATURES_MAX]
        assert not set(looked_at) & set(theirs)
    return is_ours


def _is_verified(way: Way, headers: dict[str, str], body: bytes) -> bool:
    """Whether the library takes a request with one signature; with several it ends at the first
    that it cannot read."""
    with patch("standardwebhooks.webhooks.datetime", _Stopped):
        for one in way.secrets:
            try:
                Webhook(one.text).verify(body, headers, json_parse=False)
            except (WebhookVerificationError, ValueError):  # ValueError: of Base64 and of the list
                continue
            return True
    return False


def _is_text(body: bytes) -> bool:
    """The library signs text alone; we sign bytes, and their reader refuses what is no text."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_narrow(headers: Headers) -> bool:
    """Id and second are such as everybody reads alike; the library takes ``1e9`` and ``a.b``."""
    message, second = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    is_id = message.isascii() and message.isprintable() and not set(message) & {" ", "."}
    is_second = second.isascii() and second.isdecimal() and str(int(second)) == second
    return is_id and 0 < len(message) <= 256 and is_second


@cache
def _app() -> FastAPI:
    return build(Door(MemoryLog()).desk)


_HEAD: Final = (
    b"Content-Type: application/json\nwebhook-id: msg_1\nwebhook-timestamp: $now\n"
    b"webhook-signature: "
)
_ITEM: Final = b'{"source":"courier","id":"1","headline":"Ice","body":["A"]}'
_RATE: Final = (
    b'[{"base":"USD","quote":"KZT","value":"501.40","as_of":"2026-03-01","kind":"market"}]'
)
_SEEDS: Final = (
    _HEAD + b"v1,$v1\n\n" + _ITEM,
    _HEAD + b"v1,$old v1a,x  v1,$v1\n\n[" + _ITEM + b"]\xfe" + _HEAD + b"v1,$v1\n\n" + _RATE,
    _HEAD + b"v1,$old\n\n" + _ITEM + b"\xfe" + _HEAD + b"v1,$v1\n\n" + _ITEM.replace(b"A", b"B"),
    *(
        _HEAD.replace(b"$now", second) + b"v1,$v1\n\n" + _ITEM
        for second in (b"$now.0", b"+$now", b"$first", b"$last", b"$late")
    ),
    _HEAD.replace(b"msg_1", b"a.b") + b"v1,$v1\n\n" + _ITEM,
    _HEAD + b"v1a,$v1 v1,$v1= V1,$v1 v1 ,$v1\n\n" + _ITEM,
    _HEAD + b"v1,$v1\n\n\xff",
)

WEBHOOKS: Final = (
    Target("webhooks", _webhooks, with_ways(_SEEDS, *range(len(WAYS))), "doors", 4_096),
)
"""Whoever reaches the push door sends to them."""
