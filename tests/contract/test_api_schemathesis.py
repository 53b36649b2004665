"""The api against its own OpenAPI document: what Schemathesis makes of it is answered as declared.

Seeded: every run sends the same requests. The stream has no place free, so that a request for it
that is in order is answered, with 503, and not endlessly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection
from starlette.testclient import TestClient

from shared.events import ArticleCanceled
from shared.testing.memory_log import MemoryLog
from tests.openapi_answers import AS_DECLARED, statuses
from tests.openapi_cases import API_PATHS as PATHS
from tests.view_files import client
from tests.wire_builders import (
    Newsroom,
    almaty,
    carried,
    drive,
    merged,
    notice,
    opened,
    projector,
    quoted,
)

EXAMPLES: Final = 130
"""For fifty-four pairs of a route and a mode: 7,020 requests; of the few others there are few."""
ONE, OTHER = (f"5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b5{number}" for number in range(2))
ALIKE: Final = {
    "/livez", "/metrics", "/readyz", "/sources.opml", "/v1/export/rates.ndjson",
    "/v1/export/views.sqlite", "/v1/status",
}  # fmt: skip
"""They have no parameters: there is one request."""
FEW: Final = {"/feeds/stories.atom", "/feeds/stories.json", "/feeds/stories.rss"}
"""Their one parameter has twenty values: there are no more requests that are right."""
NEVER_WRONG: Final = {
    *ALIKE,
    "/v1/articles/{article_id}",
    "/v1/articles/{article_id}/newsml-g2",
    "/v1/articles/{article_id}/ninjs",
    "/v1/sources/{source_id}",
    "/v1/stories/{story_id}",
}
"""Any text may be the id of an article or a story."""
ASKED: Final = [(path, GenerationMode.POSITIVE) for path in PATHS] + [
    (path, GenerationMode.NEGATIVE) for path in PATHS if path not in NEVER_WRONG
]
TOO_LONG: Final = {414, 431}
"""Refusals too, and declared; Schemathesis does not count them as such."""
CHECKS: Final = [*AS_DECLARED, negative_data_rejection]


async def _fill(log: MemoryLog, folder: Path) -> None:
    news, projection = Newsroom(log), projector(folder)
    await news.broadcast(*(carried(article_id=one, tags=(almaty(),)) for one in "abcde"))
    await news.broadcast(notice(ArticleCanceled, "b"), quoted())
    await news.broadcast(opened(ONE, "a", "c"), opened(OTHER, "d", "e"), merged(ONE, OTHER, "d"))
    await drive(projection, log)
    projection.close()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder, log = tmp_path_factory.mktemp("views"), MemoryLog()
    asyncio.run(_fill(log, folder))
    made = client(folder, head=10, log=log)
    state: Any = made.app
    state.state.live.clients_max = 0
    state.state.live.waiters.ended.set()  # nothing will change: who waits is answered at once
    yield made
    state.state.reader.close()


def test_every_operation_is_asked(api: TestClient) -> None:
    assert sorted(api.get("/openapi.json").json()["paths"]) == sorted(PATHS)


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_every_answer_is_declared_and_none_is_our_fault(
    api: TestClient, path: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", api.app)
    checks = CHECKS if path == "/v1/stream" else [not_a_server_error, *CHECKS]

    def answered(case: Case) -> Response:
        answer = case.call()
        is_too_long = answer.status_code in TOO_LONG
        asked = [check for check in checks if not is_too_long or check != negative_data_rejection]
        case.validate_response(answer, checks=asked)
        return answer

    found = statuses(schema[path]["GET"], mode, EXAMPLES, answered)

    is_little = path in FEW and mode is GenerationMode.POSITIVE
    assert found.total() >= (1 if path in ALIKE else 20 if is_little else EXAMPLES)
    assert 500 not in found
