"""Requests at the push door in this process, as bytes say them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Message

from tests.fuzz import holds

Fields = list[tuple[bytes, bytes]]

REQUESTS_MAX: Final = 4
"""Of one input; a byte that no text has divides them."""
_FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\0]*?)[ \t]*")
"""What a server lets through. Source: RFC 9110 5.6.2, 5.5."""


@dataclass(frozen=True)
class Line:
    """What a request asks for."""

    method: str
    path: str
    query: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What a door answers."""

    status: int
    fields: Mapping[str, str]
    body: bytes


async def answered(app: ASGIApp, line: Line, fields: Fields, body: bytes = b"") -> Answer:
    """What an application answers, never by a fault of its own; a body comes in two pieces."""
    half = len(body) // 2
    events: list[Message] = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:]},
    ]
    said: list[Message] = []

    async def receive() -> Message:
        return events.pop(0) if events else {"type": "http.disconnect"}

    async def send(event: Message) -> None:
        said.append(event)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": line.method, "path": line.path, "raw_path": quote(line.path).encode(),
        "query_string": line.query, "root_path": "", "headers": fields,
        "client": ("192.0.2.1", 1), "server": ("push", 1),
    }  # fmt: skip
    await app(scope, receive, send)
    first, *rest = said
    given = {name.decode(): value.decode("latin-1") for name, value in first["headers"]}
    found = Answer(first["status"], given, b"".join(one.get("body", b"") for one in rest))
    assert found.status != 500, found.body
    assert found.fields["x-content-type-options"] == "nosniff"
    if found.status >= 400:
        holds.text(json.loads(found.body)["detail"])
    return found


def head_and_body(part: bytes) -> tuple[Fields, bytes]:
    """Fields, one a line, and what comes behind the empty line."""
    head, _, body = part.partition(b"\n\n")
    found = [_FIELD.fullmatch(line) for line in head.split(b"\n")]
    return [(one[1].lower(), one[2]) for one in found if one], body


def values(fields: Fields, name: bytes) -> list[str]:
    """All fields of a name; a byte is a character."""
    return [value.decode("latin-1") for given, value in fields if given == name]


def filled(fields: Fields, by_word: Mapping[str, str]) -> Fields:
    """Fields with what only the sender knows in the place of words that stand for it."""
    for word, said in by_word.items():
        fields = [(name, value.replace(word.encode(), said.encode())) for name, value in fields]
    return fields
