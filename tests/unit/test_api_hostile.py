"""Whatever a client sends: an answer that is declared, says what to do, and names no host."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.types import Message

from shared.testing.memory_log import MemoryLog
from tests.drafts import draft
from tests.view_files import KZ, ViewFile, article_id, client, story_id

ROUTES = {
    "/livez": "/livez",
    "/metrics": "/metrics",
    "/v1/status": "/v1/status",
    "/readyz": "/readyz",
    "/v1/articles": "/v1/articles",
    f"/v1/articles/{article_id(1)}": "/v1/articles/{article_id}",
    f"/v1/articles/{article_id(2)}": "/v1/articles/{article_id}",
    "/v1/articles/no-such-id": "/v1/articles/{article_id}",
    f"/v1/articles/{article_id(1)}/provenance": "/v1/articles/{article_id}/provenance",
    f"/v1/articles/{article_id(2)}/relations": "/v1/articles/{article_id}/relations",
    "/v1/stories": "/v1/stories",
    f"/v1/stories/{story_id(1)}": "/v1/stories/{story_id}",
    "/v1/stories/no-such-id": "/v1/stories/{story_id}",
    "/v1/rates/latest": "/v1/rates/latest",
    "/v1/rates/KGS-USD": "/v1/rates/{pair}",
    "/v1/rates/KGS-EUR": "/v1/rates/{pair}",
    "/v1/rates/KGS-USD/convert": "/v1/rates/{pair}/convert",
    "/v1/currencies": "/v1/currencies",
    "/v1/events": "/v1/events",
    "/feeds/articles.atom": "/feeds/articles.atom",
    "/feeds/articles.rss": "/feeds/articles.rss",
    "/feeds/articles.json": "/feeds/articles.json",
}
"""Paths, each with the operation that describes it."""
PATHS = (
    *ROUTES,
    "/",
    "/status",
    f"/articles/{article_id(1)}",
    "/ru/",
    f"/kk/articles/{article_id(2)}",
    f"/stories/{story_id(1)}",
    "/differences",
    "/rates/KGS-USD",
    "/static/newswire.css",
    "/openapi.json",
    "/x",
)
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "QUERY", "", "get", "\x00")
HEADERS = (
    b"accept",
    b"accept-encoding",
    b"if-none-match",
    b"cookie",
    b"range",
    b"x-forwarded-host",
)
PARAMETERS = (
    "limit",
    "cursor",
    "from",
    "stream",
    "format",
    "tag",
    "source",
    "language",
    "status",
    "base",
    "quote",
    "kind",
    "to",
    "on",
    "step",
    "amount",
    "v",
    "x",
    "",
)
VALUES = (
    "",
    "1",
    "0",
    "-1",
    "1.0",
    "KGS",
    "2026-02-30",
    "9999-12-31",
    "2025-12-13",
    "1e999",
    "week",
    "csv",
    "iso3166:KZ",
    "en",
    "%00",
    "%ff",
    "%",
    "%ED%A0%80",
    "a+b",
)


@dataclass(frozen=True)
class Asked:
    """A request, as a server hands it on."""

    path: str
    method: str = "GET"
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass
class Answered:
    """What came back."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""


def ask(api: TestClient, asked: Asked) -> Answered:
    """Without a client in between, which would put right what is wrong."""
    answered = Answered()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.status, answered.headers = message["status"], dict(message["headers"])
        else:
            answered.body += message.get("body", b"")

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": asked.method, "path": asked.path, "raw_path": asked.path.encode(),
        "root_path": "", "query_string": asked.query, "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1), "headers": [(b"host", b"evil.example"), *asked.headers],
    }  # fmt: skip
    asyncio.run(api.app(scope, receive, send))
    return answered


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    view = ViewFile(tmp_path_factory.mktemp("views"))
    view.article(1, KZ)
    view.notice(2, "canceled")
    view.story(1, 1, 2)
    view.rate("KGS/USD", "0.01143")
    view.publish()
    log = MemoryLog()
    asyncio.run(log.append("wire", [draft(f"s{number}") for number in range(3)]))
    return client(view.folder, head=3, log=log)


@pytest.fixture(scope="module")
def declared(api: TestClient) -> dict[str, set[int]]:
    """Every status that an operation says it may answer."""
    paths = api.get("/openapi.json").json()["paths"]
    return {path: set(map(int, said["get"]["responses"])) for path, said in paths.items()}


pairs = st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(VALUES) | st.text(max_size=5))
queries = st.lists(pairs, max_size=12).map(
    lambda given: "&".join(f"{name}={value}" for name, value in given).encode()
) | st.binary(max_size=60)
headers = st.lists(st.tuples(st.sampled_from(HEADERS), st.binary(max_size=30)), max_size=4).map(
    tuple
)
paths = st.sampled_from(PATHS) | st.builds(
    lambda path, rest: path + unquote(rest), st.sampled_from(PATHS), st.text(max_size=20)
)
requests = st.builds(Asked, paths, st.sampled_from(METHODS), queries, headers)


@given(asked=requests)
@example(Asked("/v1/articles/"))
@example(Asked("//evil.test/%2e%2e/"))
@example(Asked("/static/../app.py"))
@example(Asked("/v1/articles/a\r\nSet-Cookie: x"))
@example(Asked("/articles/\x00", query=b"\x00=%00"))
@example(Asked("/stories/'; DROP TABLE story; --"))
@example(Asked("/v1/stories/\x00\u202e", query=b"status=%00"))
@example(Asked("/v1/articles", query=b"cursor=" + b"A" * 3_900))
@example(Asked("/", query=b"&" * 4_001))
@example(Asked("/", headers=((b"if-none-match", b"," * 31_000),)))
@example(Asked("/", headers=((b"host", b"second.example"), (b"accept", b"*/*;q=0"))))
def test_every_answer_is_whole_none_is_our_fault_and_none_names_the_host(
    api: TestClient, declared: dict[str, set[int]], asked: Asked
) -> None:
    answer = ask(api, asked)

    assert 200 <= answer.status < 500
    assert b"location" not in answer.headers
    assert answer.headers[b"x-content-type-options"] == b"nosniff"
    assert b"evil.example" not in answer.body + b"".join(answer.headers.values())
    if asked.path in ROUTES:
        assert answer.status in declared[ROUTES[asked.path]]
    if answer.status >= 400 and asked.method != "HEAD":
        assert len(answer.body) < 10_000
