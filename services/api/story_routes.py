"""The JSON routes of stories."""

from __future__ import annotations

from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, cursors, problems, story_queries, storytelling
from services.api.cursors import AfterStory, Since
from services.api.declared import FOREIGN, INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.reading import Snapshot
from services.api.routes import live_of, reader_of
from services.api.schemas import NoQuery, once
from services.api.story_queries import StoryRow
from services.api.story_schemas import StoriesQuery, StoryItem, StoryList
from shared import web

router: Final = APIRouter(prefix="/v1/stories", tags=["stories"])


@router.get(
    "",
    responses=responses(
        StoryList,
        "Stories, the one that changed last first; with a `cursor` for polling: changes, oldest "
        "first.",
        _304=UNCHANGED, _400="The cursor cannot be read.", _410=FOREIGN, _422=INVALID,
        _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(StoriesQuery))],
)  # fmt: skip
async def list_stories(request: Request, query: Annotated[StoriesQuery, Query()]) -> Response:
    """Stories that two articles or more have made, or what changed since a list was read.

    An article that is taken back changes no story by itself: who keeps headlines follows the
    changes of `/v1/articles` too.
    """
    begin = cursors.read_story(query.cursor) if query.cursor else None
    if begin and await live_of(request).is_foreign(_place(begin)):
        return web.answer(problems.foreign_cursor())
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        body = _page(snapshot, query, begin)
    return answers.json(body, tag)


@router.get(
    "/{story_id}",
    responses=responses(
        StoryItem, "The story with its articles.", _304=UNCHANGED,
        _404="The wire never told of it.", _422=INVALID, _503=UNAVAILABLE,
    ),
)  # fmt: skip
async def show_story(
    request: Request, story_id: str, _query: Annotated[NoQuery, Query()]
) -> Response:
    """One story as it stands. One that was merged says into which, and has no articles."""
    with reader_of(request).snapshot() as snapshot:
        row = story_queries.story(snapshot.connection, story_id)
        if row is None:
            return web.answer(problems.unknown_story(story_id))
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        body = storytelling.whole(snapshot.connection, row)
    return answers.json(orjson.dumps(body), tag)


def _page(snapshot: Snapshot, query: StoriesQuery, begin: AfterStory | Since | None) -> bytes:
    if isinstance(begin, Since):
        return _changes(snapshot, query, begin)
    since = begin.since if begin else cursors.since(snapshot.checkpoint)
    before = (begin.seq, begin.story_id) if begin else None
    rows = story_queries.stories(snapshot.connection, query.status, before, query.limit + 1)
    shown = rows[: query.limit]
    is_more = len(rows) > query.limit
    following = AfterStory(shown[-1].seq, shown[-1].story_id, since) if is_more else None
    return _listing(snapshot, shown, following, since)


def _changes(snapshot: Snapshot, query: StoriesQuery, since: Since) -> bytes:
    rows = story_queries.changes(snapshot.connection, query.status, since.seq, query.limit)
    if len(rows) >= query.limit:
        reached = cursors.event(rows[-1].seq, rows[-1].event_id)
        return _listing(snapshot, rows, reached, reached)
    here = cursors.since(snapshot.checkpoint)
    # A reader that came from an api further ahead must not be sent back.
    return _listing(snapshot, rows, None, max(since, here, key=lambda one: one.seq))


def _listing(
    snapshot: Snapshot, rows: list[StoryRow], following: AfterStory | Since | None, since: Since
) -> bytes:
    return orjson.dumps({
        "items": storytelling.briefs(snapshot.connection, rows),
        "next": cursors.text(following) if following else None,
        "cursor": cursors.text(since),
    })  # fmt: skip


def _place(cursor: AfterStory | Since) -> Since:
    """The event of the wire that a cursor names."""
    return cursor if isinstance(cursor, Since) else cursor.since
