"""The routes of what changed: everything on one cursor, and rates alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, assembled, cursors, linking, problems, story_queries, storytelling
from services.api.articles.wanted import Wanted
from services.api.cursors import Since
from services.api.declared import (
    BEHIND,
    FOREIGN,
    INVALID,
    UNAVAILABLE,
    UNCHANGED,
    UNREADABLE,
    responses,
)
from services.api.following import changed, heard, refusing, waiting
from services.api.following.changed import KINDS, RateRow, Row
from services.api.following.heard import Source
from services.api.following.schemas import (
    ChangeList,
    ChangesQuery,
    RateChangeList,
    RateChangesQuery,
)
from services.api.queries import Listed
from services.api.reading import Snapshot
from services.api.routes import live_of, reader_of
from services.api.schemas import once
from services.api.story_queries import StoryRow
from shared import web

router: Final = APIRouter()

Paged = tuple[bytes, str | None]
"""The body of a page, and the cursor of the next one; None: there is none."""
_ANSWERS: Final = {
    "_304": UNCHANGED, "_400": UNREADABLE, "_410": FOREIGN, "_422": INVALID,
    "_503": f"{UNAVAILABLE} {BEHIND} Or too many clients wait.",
}  # fmt: skip


@router.get(
    "/v1/changes",
    responses=responses(ChangeList, "Changes, oldest first.", **_ANSWERS),
    dependencies=[Depends(once(ChangesQuery))],
    tags=["changes"],
)
async def list_changes(request: Request, query: Annotated[ChangesQuery, Query()]) -> Response:
    """What changed on the wire: articles, rates and stories, corrections and withdrawals included.

    Without a cursor it begins at the beginning: whoever reads to the end has everything as it
    stands, and goes on from there. A story whose articles are taken back is not changed by that.
    """
    wanted = Wanted(tags=tuple(query.tag), sources=_sources(query))

    def page(snapshot: Snapshot, since: Since) -> Paged:
        source = changed.all_of(snapshot.connection, query.kind or KINDS, wanted)
        return _page(snapshot, since, source, query.limit)

    return await _answer(request, query, page)


@router.get(
    "/v1/rates",
    responses=responses(RateChangeList, "Changes of rates, oldest first.", **_ANSWERS),
    dependencies=[Depends(once(RateChangesQuery))],
    tags=["rates"],
)
async def list_rate_changes(
    request: Request, query: Annotated[RateChangesQuery, Query()]
) -> Response:
    """What changed of rates, the doubted ones and those of earlier days included.

    `/v1/rates/latest` has what stands now.
    """

    def page(snapshot: Snapshot, since: Since) -> Paged:
        source = changed.rates(snapshot.connection, _sources(query))
        found = heard.page(snapshot, since, source, query.limit)
        return _body([row.document.encode() for row in found.rows], found.next, found.cursor)

    return await _answer(request, query, page)


def _sources(query: ChangesQuery | RateChangesQuery) -> tuple[str, ...]:
    return (query.source,) if query.source else ()


async def _answer(
    request: Request,
    query: ChangesQuery | RateChangesQuery,
    page: Callable[[Snapshot, Since], Paged],
) -> Response:
    live = live_of(request)
    begin = cursors.read_since(query.cursor) if query.cursor else Since(0)
    if await live.is_foreign(begin):
        return web.answer(problems.foreign_cursor())

    def read(since: Since) -> Response:
        with reader_of(request).snapshot() as snapshot:
            if behind := refusing.behind(snapshot, since):
                return web.answer(behind)
            tag = answers.etag(request, snapshot.state)
            modified = answers.dated(request, snapshot.said_at_ms())
            if not query.wait and (same := answers.unchanged(request, tag, modified)):
                return same
            body, following = page(snapshot, since)
        return answers.json(body, tag, modified, linking.header(request, following))

    if not query.wait:
        return read(begin)
    return await waiting.answer(request, live, query.wait, begin, read)


def _page(snapshot: Snapshot, since: Since, source: Source[Row], limit: int) -> Paged:
    found = heard.page(snapshot, since, source, limit)
    return _body(_told(snapshot, found.rows), found.next, found.cursor)


def _told(snapshot: Snapshot, rows: Sequence[Row]) -> list[bytes]:
    """Changes as JSON, each with its state as the lists give it."""
    articles = [row.article_id for row in rows if isinstance(row, Listed)]
    homes = story_queries.homes(snapshot.connection, articles)
    stories = [row for row in rows if isinstance(row, StoryRow)]
    briefs = iter(storytelling.briefs(snapshot.connection, stories))
    told = []
    for row in rows:
        match row:
            case Listed():
                item = row.json(homes.get(row.article_id))
                told.append(_change("article", row.article_id, row.seq, item))
            case RateRow():
                told.append(
                    _change("rate", f"{row.series}/{row.as_of}", row.seq, row.document.encode())
                )
            case StoryRow():
                item = orjson.dumps(next(briefs))
                told.append(_change("story", row.story_id, row.seq, item))
    return told


def _change(kind: str, subject: str, seq: int, item: bytes) -> bytes:
    members = {"kind": kind, "id": subject, "seq": seq, "item": orjson.Fragment(item)}
    return orjson.dumps(members)


def _body(items: Sequence[bytes], following: Since | None, since: Since) -> Paged:
    next_text = cursors.text(following) if following else None
    members = {"next": next_text, "cursor": cursors.text(since)}
    return assembled.listing(items, members), next_text
