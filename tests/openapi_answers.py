"""What is answered to requests that are made of an OpenAPI document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from hypothesis import given, settings
from schemathesis import APIOperation, Case, CheckFunction, GenerationMode, Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.openapi_cases import SEEDED

AS_DECLARED: Final[list[CheckFunction]] = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""The document says of an operation that it may be so answered."""


def statuses(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    requests: int,
    answer: Callable[[Case], Response],
) -> Counter[int]:
    """How many of so many requests had each status; ``answer`` sends one, and judges the answer."""
    counted = Counter[int]()

    @settings(SEEDED, max_examples=requests)
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        counted[answer(case).status_code] += 1

    send()
    return counted
