"""Requests made of the OpenAPI document, right and wrong: every answer is one that it declares."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.testing.memory_log import MemoryLog
from tests.openapi_cases import SEEDED
from tests.push_door import Door

EXAMPLES: Final = 200
"""For each of three routes, right and wrong: 1,200 requests in all."""
TAKEN_MIN: Final = 20
"""Of the right ones; most of the others are lines, which the document calls text and no more."""
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


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
}  # fmt: skip
"""What the document cannot say whole: the key's source, days that are over, known currencies."""


def _pinned(value: Any) -> Any:
    """A body whose members are as PINNED has them, where it has them; an article has an address."""
    if isinstance(value, list):
        return [_pinned(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: PINNED.get(name, said) for name, said in value.items()}
    return {"url": PINNED["url"], **found} if "headline" in found else found


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/rates", "/v1/decisions"])
def test_every_answer_is_declared(path: str, mode: GenerationMode) -> None:
    door = Door(MemoryLog())
    key = asyncio.run(door.key("a", is_admin=path == "/v1/decisions"))
    schema = schemathesis.openapi.from_asgi("/openapi.json", door.app)
    statuses = Counter[int]()

    @settings(SEEDED, max_examples=EXAMPLES)
    @given(case=schema[path]["POST"].as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            case.body = _pinned(case.body)
        headers = {"Authorization": f"Bearer {key}"}
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        statuses[answer.status_code] += 1

    send()

    assert statuses.total() >= EXAMPLES
    if mode is GenerationMode.POSITIVE:
        assert statuses[202] >= TAKEN_MIN
