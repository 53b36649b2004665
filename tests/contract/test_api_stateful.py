"""The api followed from answer to answer, as its OpenAPI document links them.

Schemathesis chains requests: a list's cursor into its next page and its changes, an article's id
into its history. What is sent is made of real answers and of data of its own. Seeded.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.stateful import OpenAPIStateMachine

from services.api.reference.links import LINKS
from tests.openapi_answers import AS_DECLARED
from tests.openapi_cases import SEEDED
from tests.seeded_desk import seeded
from tests.view_files import client

REQUESTS_MIN: Final = 5_000
RUNS: Final = 450
STEPS: Final = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("views")


def test_every_link_leads_to_an_operation_and_a_parameter_of_it(folder: Path) -> None:
    document: dict[str, Any] = client(folder).get("/openapi.json").json()
    operations = {one["get"]["operationId"]: one["get"] for one in document["paths"].values()}

    assert LINKS.keys() <= operations.keys()
    for link in (link for links in LINKS.values() for link in links):
        parameters = {one["name"] for one in operations[link.operation]["parameters"]}
        assert link.parameter in parameters, link


@pytest.mark.timeout(600)
def test_five_thousand_linked_requests_are_answered_as_declared(folder: Path) -> None:
    api = client(folder, head=44, log=seeded(folder))
    state: Any = api.app
    state.state.live.clients_max = 0  # a stream that is open does not end: 503 is declared
    state.state.live.waiters.ended.set()  # nothing will change: who waits is answered at once
    schema = schemathesis.openapi.from_asgi("/openapi.json", api.app)
    counted = Counter[tuple[str, int]]()

    class Reader(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def validate_response(self, response: Response, case: Case, *_: Any, **__: Any) -> None:
            path = case.operation.path
            counted[path, response.status_code] += 1
            checks = AS_DECLARED if path == "/v1/stream" else [not_a_server_error, *AS_DECLARED]
            case.validate_response(response, checks=checks)

    machine: type[OpenAPIStateMachine] = Reader
    machine.run(settings=settings(SEEDED, max_examples=RUNS, stateful_step_count=STEPS))

    by_status = Counter[int]()
    for (_, status), count in counted.items():
        by_status[status] += count
    assert by_status.total() >= REQUESTS_MIN
    assert 500 not in by_status
    linked = ("/v1/articles/{article_id}", "/v1/articles/{article_id}/history")
    assert all(counted[path, 200] for path in linked)  # what is drawn hangs on what is imported
