"""Requests made of the OpenAPI document, right and wrong: every answer is one that it declares."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pytest
import schemathesis
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.push import keyring
from services.ingest.push.limits import Limits
from shared.testing.memory_log import MemoryLog
from tests.openapi_answers import AS_DECLARED, statuses
from tests.push_door import Door, signed
from tests.wire_builders import Newsroom, received

EXAMPLES: Final = 200
"""For each of five routes, right and wrong: 2,000 requests in all."""
TAKEN_MIN: Final = 20
"""Of the right ones; most of the others are lines, which the document calls text and no more."""
CHECKS: Final = [not_a_server_error, *AS_DECLARED]


@schemathesis.serializer("application/x-ndjson", "application/jsonl", "application/ndjson")
def _lines(_context: Any, value: Any) -> bytes:
    """Whatever was made, as a line: the document says no more of lines than that they are text."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return json.dumps(value).encode() + b"\n"  # orjson takes no integer beyond 64 bits


PINNED: Final[dict[str, object]] = {
    "source": "a", "headline": "Ferry", "url": "https://a.example/1", "body": ["It left."],
    "published_at": "2026-03-08T06:00:00Z", "published_on": None, "authors": ["Aigul"],
    "updated_at": "2026-03-08T07:00:00+05:00", "media": [{"url": "https://a.example/1.jpg"}],
    "categories": ["Rivers"], "base": "USD", "quote": "KZT", "as_of": "2026-03-03",
    "change": "0.6", "change_unit": "percent", "reason": "Because.",
    "article_id": "a", "other_article_id": "b", "article_ids": ["a"],
}  # fmt: skip
"""What the document cannot say: the key's source, days that are over, what is known."""


def _pinned(value: Any) -> Any:
    """A body whose members are as PINNED has them, where it has them; an article has an address."""
    if isinstance(value, list):
        return [_pinned(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: PINNED.get(name, said) for name, said in value.items()}
    return {"url": PINNED["url"], **found} if "headline" in found else found


def _statuses(
    app: ASGIApp, path: str, mode: GenerationMode, headers: dict[str, str] | None = None
) -> Counter[int]:
    """How EXAMPLES requests were answered, each as declared; right ones have PINNED members."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)

    def answered(case: Case) -> Response:
        if mode is GenerationMode.POSITIVE:
            case.body = _pinned(case.body)
        return case.call_and_validate(headers=headers, checks=CHECKS)

    return statuses(schema[path]["POST"], mode, EXAMPLES, answered)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/rates", "/v1/decisions"])
def test_every_answer_is_declared(path: str, mode: GenerationMode) -> None:
    log = MemoryLog()
    asyncio.run(Newsroom(log).say(received("a"), received("b")))
    door = Door(log)
    key = asyncio.run(door.key("a", is_admin=path == "/v1/decisions"))
    found = _statuses(door.app, path, mode, {"Authorization": f"Bearer {key}"})

    assert found.total() >= EXAMPLES
    if mode is GenerationMode.POSITIVE:
        assert found[202] >= TAKEN_MIN


@dataclass
class Signing:
    """The door behind a sender that signs every second request with a key of its own."""

    door: Door
    key_id: str
    secret: str
    count: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        if scope["type"] != "http" or scope["method"] != "POST" or self.count % 2:
            await self.door.app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)

        async def whole() -> Message:
            return {"type": "http.request", "body": body}

        fields = signed(self.secret, body, self.door.now).items()
        others = [pair for pair in scope["headers"] if not pair[0].startswith(b"webhook-")]
        own = [(name.encode(), value.encode()) for name, value in fields]
        kind = scope["path"].rpartition("/")[2]
        path = f"/v1/webhooks/{self.key_id}/{kind}"
        scope = {**scope, "path": path, "raw_path": path.encode(), "headers": [*others, *own]}
        await self.door.app(scope, whole, send)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("kind", ["articles", "rates"])
def test_every_answer_to_a_signed_request_is_declared(kind: str, mode: GenerationMode) -> None:
    door = Door(MemoryLog(), limits=Limits(monotonic_s=lambda: 0.0))
    sender = Signing(door, *asyncio.run(keyring.add_signing(door.keys, "a", ["a"], door.now)))
    found = _statuses(sender, "/v1/webhooks/{key_id}/" + kind, mode)

    assert found.total() >= EXAMPLES
    assert {401, 422, 429} <= set(found)
    if mode is GenerationMode.POSITIVE:
        assert found[202] >= TAKEN_MIN
