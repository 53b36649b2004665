"""The operators' page at the push door: who sees what, and that nothing else may use it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from services.ingest.push import operating
from services.ingest.push.app import build
from services.ingest.push.operating import Board, router
from shared.rejects import Reject
from shared.state import REJECTS
from shared.testing.memory_log import MemoryLog
from shared.testing.memory_state import MemoryTable
from tests.builders import at
from tests.letters import set_aside
from tests.push_door import Door

PAGE = Path(operating.__file__).parent / "page"
SUBJECT = "urn:newswire:article:one"


@dataclass
class Operated:
    """A push door with the page, in this process."""

    log: MemoryLog = field(default_factory=MemoryLog)
    rejects: MemoryTable[Reject] = field(default_factory=lambda: MemoryTable(REJECTS))

    def __post_init__(self) -> None:
        self.door = Door(self.log)
        self.board = Board(self.log, self.rejects)

    async def get(self, path: str, key: str | None = None) -> httpx2.Response:
        desk = self.door.desk
        app = build(desk, router(desk, self.board))
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://push") as client:
            return await client.get(path, headers=headers)


@pytest.fixture
def operated() -> Operated:
    return Operated()


async def test_an_operator_sees_what_is_set_aside_and_what_was_not_taken(
    operated: Operated,
) -> None:
    await set_aside(operated.log, SUBJECT)
    await operated.rejects.replace([Reject(0, at(1), "courier", "empty", 2, "line 1", "a page")])
    key = await operated.door.key(is_admin=True)

    answer = await operated.get("/v1/desk", key)

    assert answer.status_code == 200
    assert answer.json() == {
        "dead_letters": [
            {
                "consumer": "enrichment.articles", "subject": SUBJECT, "seq": 1,
                "event_type": "newswire.article.received", "reason": "failed", "error": "Boom",
                "is_retried": False,
            }
        ],
        "rejects": [
            {
                "number": 0, "at": "2026-03-01T06:00:00+00:00", "source": "courier",
                "reason": "empty", "times": 2, "where": "line 1", "expected": "a page",
            }
        ],
        "fault": None,
    }  # fmt: skip
    operating.DeskSaid.model_validate(answer.json())


async def test_what_was_settled_since_is_not_shown_again(operated: Operated) -> None:
    key = await operated.door.key(is_admin=True)
    assert (await operated.get("/v1/desk", key)).json()["dead_letters"] == []

    await set_aside(operated.log, SUBJECT)

    assert len((await operated.get("/v1/desk", key)).json()["dead_letters"]) == 1


async def test_nobody_else_sees_it(operated: Operated) -> None:
    partner = await operated.door.key()
    stranger = "nw_" + "0" * 12 + "_" + "a" * 43

    found = [
        (await operated.get("/v1/desk", key)).status_code
        for key in (None, "no key", stranger, partner)
    ]

    assert found == [401, 401, 401, 403]


async def test_the_page_is_the_same_for_all_and_loads_nothing_but_its_own(
    operated: Operated,
) -> None:
    page = await operated.get("/operators")
    policy = page.headers["content-security-policy"]

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    for path in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        found = await operated.get(path)
        assert path.startswith("/operators/")
        assert found.status_code == 200
        assert found.headers["content-security-policy"].startswith("default-src 'none'; frame-")


@pytest.mark.parametrize(
    "path", ["/operators/", "/operators/..%2fapp.py", "/operators/operators.html", "/operators/x"]
)
async def test_no_other_file_is_served(operated: Operated, path: str) -> None:
    assert (await operated.get(path)).status_code == 404


def test_the_script_keeps_the_key_nowhere_and_makes_no_markup() -> None:
    script = (PAGE / "operators.js").read_text("utf-8")

    for word in ("document.cookie", "localStorage", "sessionStorage", "innerHTML", "eval("):
        assert word not in script
    assert "credentials: 'omit'" in script
