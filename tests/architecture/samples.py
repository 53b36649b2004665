"""Samples for the api's description, of the seed: ``python -m tests.architecture.samples``."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.testclient import TestClient

from services.api import cursors, history, sse
from services.api.live import Live
from services.api.outgoing import Told
from services.api.reference.samples import PROBLEMS, Sample, file_name
from shared import web
from tests.architecture.schemas import ROOT
from tests.seeded_desk import seeded
from tests.view_files import client

COMMAND: Final = "python -m tests.architecture.samples"
FOLDER: Final = ROOT / "services" / "api" / "reference" / "samples"

_ARTICLE: Final = "df5a73d1-ad4c-53c7-9322-eac7193c3b75"
_COPY: Final = "052f8ded-6585-519d-88e4-6dd3fa16a4d3"
_CANCELED: Final = "{canceled}"
REQUESTS: Final[dict[str, str]] = {
    "/feeds/articles.atom": "/feeds/articles.atom?tag=iso3166:KG&limit=1",
    "/feeds/articles.json": "/feeds/articles.json?tag=iso3166:KG&limit=1",
    "/feeds/articles.newsml": "/feeds/articles.newsml?tag=iso3166:KG&limit=1",
    "/feeds/articles.ninjs": "/feeds/articles.ninjs?tag=iso3166:KG&limit=1",
    "/feeds/articles.rss": "/feeds/articles.rss?tag=iso3166:KG&limit=1",
    "/feeds/rates/{pair}.atom": "/feeds/rates/USD-KGS.atom?limit=1",
    "/feeds/rates/{pair}.json": "/feeds/rates/USD-KGS.json?limit=1",
    "/feeds/rates/{pair}.rss": "/feeds/rates/USD-KGS.rss?limit=1",
    "/feeds/stories.atom": "/feeds/stories.atom?limit=1",
    "/feeds/stories.json": "/feeds/stories.json?limit=1",
    "/feeds/stories.rss": "/feeds/stories.rss?limit=1",
    "/feeds/stories/{story_id}.atom": "/feeds/stories/{story}.atom?limit=1",
    "/feeds/stories/{story_id}.json": "/feeds/stories/{story}.json?limit=1",
    "/feeds/stories/{story_id}.rss": "/feeds/stories/{story}.rss?limit=1",
    "/livez": "/livez",
    "/readyz": "/readyz",
    "/sources.opml": "/sources.opml",
    "/v1/articles": "/v1/articles?place=KZ&facets=source,language&limit=1",
    "/v1/articles/{article_id}": f"/v1/articles/{_ARTICLE}",
    "/v1/articles/{article_id}/history": "/v1/articles/{revised}/history",
    "/v1/articles/{article_id}/newsml-g2": f"/v1/articles/{_ARTICLE}/newsml-g2",
    "/v1/articles/{article_id}/ninjs": f"/v1/articles/{_ARTICLE}/ninjs",
    "/v1/articles/{article_id}/provenance": "/v1/articles/{revised}/provenance",
    "/v1/articles/{article_id}/relations": f"/v1/articles/{_COPY}/relations",
    "/v1/changes": "/v1/changes?kind=rate&kind=story&limit=2",
    "/v1/currencies": "/v1/currencies",
    "/v1/differences": "/v1/differences?from=20&to=30&limit=5",
    "/v1/events": "/v1/events?from=2&limit=1",
    "/v1/export/articles.ndjson": "/v1/export/articles.ndjson",
    "/v1/export/rates.ndjson": "/v1/export/rates.ndjson",
    "/v1/export/stories.ndjson": "/v1/export/stories.ndjson",
    "/v1/export/views.sqlite": "/v1/export/views.sqlite",
    "/v1/rates": "/v1/rates?limit=1",
    "/v1/rates/latest": "/v1/rates/latest",
    "/v1/rates/{pair}": "/v1/rates/USD-KGS",
    "/v1/rates/{pair}/convert": "/v1/rates/USD-KGS/convert?amount=1250.50&on=2026-03-03",
    "/v1/rates/{pair}/consensus": "/v1/rates/USD-KZT/consensus?on=2026-03-03&basis=quoted",
    "/v1/rates/{pair}/versions": "/v1/rates/KZT-USD/versions?on=2026-03-03",
    "/v1/sources": "/v1/sources?limit=2",
    "/v1/sources/{source_id}": "/v1/sources/steppe-courier",
    "/v1/status": "/v1/status",
    "/v1/stories": "/v1/stories?limit=1",
    "/v1/stories/{story_id}": "/v1/stories/{story}",
}
"""What is asked of every operation; names in braces stand for ids of the seed."""
FAILING: Final[dict[str, str]] = {
    "400": "/v1/articles?cursor=no-cursor",
    "404": "/v1/articles/00000000-0000-5000-8000-000000000000",
    "410": f"/v1/articles/{_CANCELED}",
    "414": f"/v1/articles?tag={'x' * 4_001}",
    "422": "/v1/articles?langauge=ru",
    "503": "/readyz",
}
"""What is asked for a problem of a status; 503 of a desk without views."""


def made() -> dict[str, bytes]:
    """Every file of the folder, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        log = seeded(Path(folder))
        head = asyncio.run(log.head("wire")).seq
        api = client(Path(folder), head=head, log=log)
        ids = _ids(api)
        found = {
            file_name(path): _taken(api, request.format(**ids))
            for path, request in REQUESTS.items()
        }
        found[file_name("/v1/stream")] = asyncio.run(_streamed(api))
        with tempfile.TemporaryDirectory() as nothing:
            found[f"{PROBLEMS}.json"] = _json(_problems(api, client(Path(nothing)), ids))
    return found


def _ids(api: TestClient) -> dict[str, str]:
    """Articles and a story of the seed that show something."""
    events = api.get("/v1/events?limit=500").json()["items"]
    by_type = {one["type"].removeprefix("newswire."): one["data"] for one in events}
    return {
        "canceled": by_type["article.canceled"]["article_id"],
        "revised": by_type["article.corrected"]["article"]["article_id"],
        "story": api.get("/v1/stories?limit=1").json()["items"][0]["story_id"],
    }


def _taken(api: TestClient, request: str) -> bytes:
    answer = api.get(request)
    assert answer.status_code == 200, f"{request}: {answer.text}"
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == "application/x-ndjson":
        body: Any = answer.text.partition("\n")[0] + "\n"  # a whole view is too much to show
    elif media_type == "application/vnd.sqlite3":
        body = answer.content[:15].decode()
    else:
        body = answer.json() if media_type.endswith("json") else answer.text
    return _json(Sample(request, media_type, body)._asdict())


async def _streamed(api: TestClient) -> bytes:
    """The stream behind the first event, as far as the second."""
    state: Any = api.app
    live: Live = state.state.live
    first, second = (await history.page(live, 1, 2)).events
    cursor = cursors.text(cursors.since(first.at))
    body = (sse.hello() + sse.message(Told(second, cursors.since(second.at)))).decode()
    return _json(Sample(f"/v1/stream?after={cursor}", "text/event-stream", body)._asdict())


def _problems(api: TestClient, empty: TestClient, ids: dict[str, str]) -> dict[str, Any]:
    found = {}
    for status, request in FAILING.items():
        answer = (empty if status == "503" else api).get(request.format(**ids))
        assert str(answer.status_code) == status, f"{request}: {answer.text}"
        found[status] = answer.json()
    found["405"] = api.post("/v1/articles").json()
    found["431"] = api.get("/livez", headers={"X-Long": "x" * 33_000}).json()
    found["500"] = orjson.loads(web.answer(web.internal("f1d0c5a8e2b7")).body)
    return dict(sorted(found.items()))


def _json(body: Any) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def main() -> None:
    """Write the folder anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name, body in made().items():
        (FOLDER / name).write_bytes(body)


if __name__ == "__main__":
    main()
