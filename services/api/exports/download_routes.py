"""The routes of downloads: whole views, line by line or as a database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Annotated, Final, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, cursors, problems
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, Responses, responses
from services.api.exports import downloads, lines
from services.api.exports.download_schemas import LinesQuery
from services.api.exports.downloads import Downloads, Long
from services.api.reading import Reader, Snapshot
from services.api.routes import reader_of
from services.api.schemas import NoQuery, once
from services.api.stream_routes import NDJSON
from shared import views, web
from shared.version import VERSION

router: Final = APIRouter(prefix="/v1/export", tags=["downloads"])

SQLITE: Final = "application/vnd.sqlite3"


def _declared(said: str, media_type: str, example: str, *, is_text: bool) -> Responses:
    declared = responses(
        None, said, _304=UNCHANGED, _422=INVALID,
        _503=f"{UNAVAILABLE} Or every place is taken.",
    )  # fmt: skip
    schema = {"type": "string"} if is_text else {"type": "string", "format": "binary"}
    content = {media_type: {"schema": schema, "example": example}}
    return {**declared, 200: {**declared[200], "content": content}}


def _of_lines(what: str, example: str) -> Responses:
    return _declared(f"{what}, one JSON object a line.", NDJSON, example, is_text=True)


@router.get(
    "/articles.ndjson",
    responses=_of_lines("Articles", '{"article_id":"0c5b6f0e-…","headline":"…","seq":7}\n'),
    response_class=Response,
    dependencies=[Depends(once(LinesQuery))],
)
async def export_articles(request: Request, query: Annotated[LinesQuery, Query()]) -> Response:
    """Every article that may be shown, in the order of their last events.

    `Link` with `rel="monitor"` has what changes from here on, withdrawals too.
    """
    return _lines(request, lambda reader: lines.articles(reader, query.from_seq), "articles")


@router.get(
    "/stories.ndjson",
    responses=_of_lines("Stories", '{"story_id":"5d7d4b0a-…","status":"open","seq":42}\n'),
    response_class=Response,
    dependencies=[Depends(once(LinesQuery))],
)
async def export_stories(request: Request, query: Annotated[LinesQuery, Query()]) -> Response:
    """Every story, in the order of their last changes."""
    return _lines(request, lambda reader: lines.stories(reader, query.from_seq), "stories")


@router.get(
    "/rates.ndjson",
    responses=_of_lines("Values of rates", '{"series":"nbkr:official:USD-KGS","stands":true}\n'),
    response_class=Response,
)
async def export_rates(request: Request, _query: Annotated[NoQuery, Query()]) -> Response:
    """Every value that rates have had, by series, day and version; `stands` says which holds."""
    return _lines(request, lines.rates, None)


@router.get(
    "/views.sqlite",
    responses=_declared("The database.", SQLITE, "SQLite format 3", is_text=False),
    response_class=Response,
)
async def export_database(request: Request, _query: Annotated[NoQuery, Query()]) -> Response:
    """All of it as one SQLite database of one state of the views, made for this answer.

    HEAD makes none, and names the state.
    """
    reader = reader_of(request)
    with reader.snapshot() as snapshot:
        tag, dated = _validators(request, snapshot)
    if same := answers.unchanged(request, tag, dated):
        return same
    if request.scope.get("is_head"):
        return Response(headers=_named(tag, dated), media_type=SQLITE)
    leave = _downloads(request).take_file()
    if leave is None:
        return web.answer(problems.too_many_downloads(downloads.FILES_MAX))
    try:
        return await _database(request, reader, leave)
    except BaseException:
        leave()
        raise


async def _database(request: Request, reader: Reader, leave: Callable[[], None]) -> Response:
    live = views.live_file(reader.views_dir)
    with reader.snapshot() as snapshot:
        tag, dated = _validators(request, snapshot)
    file = await downloads.made(live, reader.views_dir)

    def end() -> None:
        file.close()
        leave()

    headers = {**_named(tag, dated), "Content-Length": str(os.fstat(file.fileno()).st_size)}
    return Long(downloads.read_out(file), end, SQLITE, headers)


def _lines(
    request: Request, read: Callable[[Reader], Iterator[bytes]], changes: str | None
) -> Response:
    """``changes``: the list whose changes go on where this ends; None: there is none."""
    reader = reader_of(request)
    with reader.snapshot() as snapshot:
        tag, dated = _validators(request, snapshot)
        headers = {**answers.headers(tag, dated), **_monitor(snapshot, changes)}
    if same := answers.unchanged(request, tag, dated):
        return same
    if request.scope.get("is_head"):
        return Response(headers=headers, media_type=NDJSON)
    leave = _downloads(request).take_lines()
    if leave is None:
        return web.answer(problems.too_many_downloads(downloads.LINES_MAX))
    return Long(downloads.turn_by_turn(read(reader)), leave, NDJSON, headers)


def _monitor(snapshot: Snapshot, changes: str | None) -> dict[str, str]:
    """Where to hear what changes from here on. Source: RFC 5989 for the relation."""
    if changes is None:
        return {}
    cursor = quote(cursors.text(snapshot.here))
    return {"Link": f'</v1/{changes}?cursor={cursor}>; rel="monitor"'}


def _validators(request: Request, snapshot: Snapshot) -> tuple[str, str | None]:
    """``ETag`` and ``Last-Modified`` of what is made of all that the views have."""
    tag = answers.etag(request, snapshot.state, VERSION)
    return tag, answers.dated(request, snapshot.said_at_ms())


def _named(tag: str, dated: str | None) -> dict[str, str]:
    return {
        **answers.headers(tag, dated),
        "Content-Disposition": 'attachment; filename="newswire.sqlite"',
    }


def _downloads(request: Request) -> Downloads:
    return cast("Downloads", request.app.state.downloads)
