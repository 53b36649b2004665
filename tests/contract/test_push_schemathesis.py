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
        headers = {"Authorization": f"Bearer {key}"}
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        statuses[answer.status_code] += 1

    send()

    assert statuses.total() >= EXAMPLES
