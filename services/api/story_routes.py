"""The JSON routes of stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, cursors, linking, problems, story_queries, storytelling
from services.api.cursors import AfterStory, Since
from services.api.declared import (
    BEHIND,
    FOREIGN,
    INVALID,
    TRUNCATED,
    UNAVAILABLE,
    UNCHANGED,
    UNREADABLE,
    responses,
)
from services.api.following import changed, heard, refusing, waiting
from services.api.reading import Snapshot
from services.api.routes import instant, live_of, reader_of
from services.api.schemas import AtQuery, once
from services.api.story_queries import StoryRow
from services.api.story_schemas import StoriesQuery, StoryItem, StoryList
from shared import web
from shared.web import Problem

router: Final = APIRouter(prefix="/v1/stories", tags=["stories"])


@router.get(
    "",
    responses=responses(
        StoryList,
        "Stories, the one that changed last first; with a `cursor` for polling: changes, oldest "
        "first.",
        _304=UNCHANGED, _400=UNREADABLE, _410=f"{FOREIGN} {TRUNCATED}", _422=INVALID,
        _503=f"{UNAVAILABLE} {BEHIND}",
    ),
    dependencies=[Depends(once(StoriesQuery))],
)  # fmt: skip
async def list_stories(request: Request, query: Annotated[StoriesQuery, Query()]) -> Response:
    """Stories that two articles or more have made, or what changed since a list was read.

    An article that is taken back changes no story by itself: who keeps headlines follows the
    changes of `/v1/articles` too.
    """
    chosen = cursors.chosen("stories", query)
    begin = cursors.read_story(query.cursor, chosen) if query.cursor else None
    if begin and await live_of(request).is_foreign(cursors.place(begin)):
        return web.answer(problems.foreign_cursor())
    if query.at and isinstance(begin, Since):
        return web.answer(problems.cursor_of_changes())
    if isinstance(begin, Since) and query.wait:
        return await waiting.answer(
            request, live_of(request), query.wait, begin,
            lambda since: _list(request, query, since, chosen),
        )  # fmt: skip
    return _list(request, query, begin, chosen)


def _list(
    request: Request, query: StoriesQuery, begin: AfterStory | Since | None, chosen: str
) -> Response:
    with reader_of(request).snapshot() as snapshot:
        if begin and (behind := refusing.behind(snapshot, begin)):
            return web.answer(behind)
        tag = answers.etag(request, snapshot.state)
        modified = answers.dated(request, snapshot.said_at_ms())
        if not query.wait and (same := answers.unchanged(request, tag, modified)):
            return same
        then = instant(request, snapshot, query.at)
        if isinstance(then, Problem):
            return web.answer(then)
        if isinstance(begin, Since):
            body, following = _changes(snapshot, query, begin)
        else:
            body, following = _page(snapshot, (query, chosen), begin, then)
    return answers.json(body, tag, modified, linking.header(request, following))


@router.get(
    "/{story_id}",
    responses=responses(
        StoryItem, "The story with its articles.", _304=UNCHANGED,
        _404="The wire never told of it, or had not then.", _410=TRUNCATED, _422=INVALID,
        _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(AtQuery))],
)  # fmt: skip
async def show_story(
    request: Request, story_id: str, query: Annotated[AtQuery, Query()]
) -> Response:
    """One story as it stands, or as it was.

    One that was merged says into which, and has no articles.
    """
    with reader_of(request).snapshot() as snapshot:
        then = instant(request, snapshot, query.at)
        if isinstance(then, Problem):
            return web.answer(then)
        row = story_queries.story(snapshot.connection, story_id, then)
        if row is None:
            return web.answer(problems.unknown_story(story_id))
        body = orjson.dumps(storytelling.whole(snapshot.connection, row, then))
    tag = answers.of_body(request, body)
    if same := answers.unchanged(request, tag):
        return same
    page = f"/stories/{quote(story_id, safe='')}", "text/html"
    return answers.json(body, tag, None, linking.header(request, None, [page]))


def _page(
    snapshot: Snapshot, asked: tuple[StoriesQuery, str], begin: AfterStory | None, then: int | None
) -> tuple[bytes, str | None]:
    query, chosen = asked
    since = begin.since if begin else snapshot.here
    before = (begin.seq, begin.story_id) if begin else None
    rows = story_queries.stories(snapshot.connection, query.status, before, query.limit + 1, then)
    shown = rows[: query.limit]
    is_more = len(rows) > query.limit
    following = AfterStory(shown[-1].seq, shown[-1].story_id, since, chosen) if is_more else None
    return _listing(snapshot, shown, (following, since), then)


def _changes(snapshot: Snapshot, query: StoriesQuery, since: Since) -> tuple[bytes, str | None]:
    source = changed.stories(snapshot.connection, query.status)
    found = heard.page(snapshot, since, source, query.limit)
    return _listing(snapshot, found.rows, (found.next, found.cursor), None)


def _listing(
    snapshot: Snapshot,
    rows: Sequence[StoryRow],
    on: tuple[AfterStory | Since | None, Since],
    then: int | None,
) -> tuple[bytes, str | None]:
    """The body of a page, and the cursor of the next one; ``on``: where it and changes begin."""
    following, since = on
    next_text = cursors.text(following) if following else None
    body = orjson.dumps({
        "items": storytelling.briefs(snapshot.connection, rows, then),
        "next": next_text,
        "cursor": cursors.text(since),
    })  # fmt: skip
    return body, next_text
