"""The JSON routes. Each reads one snapshot and answers with stored bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from services.api import answers, asof, cursors, past, problems, queries, story_queries
from services.api.articles import listing, parameters
from services.api.articles.listing import Behind, Page
from services.api.articles.parameters import ArticlesQuery
from services.api.articles.wanted import Sort, Wanted
from services.api.cursors import After, AfterUpdate, Cursor, Since
from services.api.declared import FOREIGN, INVALID, UNAVAILABLE, UNCHANGED, responses
from services.api.live import Live
from services.api.progress import Sampler
from services.api.queries import Listed
from services.api.reading import Reader, Snapshot
from services.api.schemas import (
    Alive,
    ArticleItem,
    ArticleList,
    AtQuery,
    Ready,
    once,
)
from shared import web

router: Final = APIRouter()


def reader_of(request: Request) -> Reader:
    """The views of this process."""
    return cast("Reader", request.app.state.reader)


def live_of(request: Request) -> Live:
    """The follower of this process."""
    return cast("Live", request.app.state.live)


@router.get("/livez", responses=responses(Alive, "The process answers."), tags=["health"])
async def livez() -> Response:
    """Whether the process answers at all; says nothing about the news."""
    return Response(b'{"alive":true}', media_type="application/json")


@router.get(
    "/readyz",
    responses=responses(Ready, "The views follow the wire.", _503="They do not."),
    tags=["health"],
)
async def readyz(request: Request) -> Response:
    """Whether the views follow the wire: caught up, or moved within the last 15 seconds."""
    sample = cast("Sampler", request.app.state.sampler).verdict()
    if not sample.is_ready or sample.seq is None or sample.head is None:
        return web.answer(problems.not_ready(sample.detail, sample.seq, sample.head))
    lag = max(0, sample.head - sample.seq)
    body = {"ready": True, "seq": sample.seq, "head": sample.head, "lag": lag}
    return Response(
        orjson.dumps(body), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


@router.get(
    "/v1/articles",
    responses=responses(
        ArticleList,
        "Articles, newest first; with a `cursor` for polling: changes, oldest first.",
        _304=UNCHANGED, _400="The cursor cannot be read.", _410=FOREIGN, _422=INVALID,
        _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(ArticlesQuery))],
    tags=["articles"],
)  # fmt: skip
async def list_articles(request: Request, query: Annotated[ArticlesQuery, Query()]) -> Response:
    """Articles on the wire, or what changed since a list was read."""
    if faults := [*parameters.conflicts(query)]:
        raise RequestValidationError(faults)
    begin = cursors.read(query.cursor) if query.cursor else None
    if begin and await live_of(request).is_foreign(_place(begin)):
        return web.answer(problems.foreign_cursor())
    if query.at and isinstance(begin, Since):
        return web.answer(problems.cursor_of_changes())
    if begin and not isinstance(begin, Since) and not _fits(begin, query.sort):
        return web.answer(problems.cursor_of_another_order())
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        asked = _Asked(parameters.wanted(query), query.sort, begin, query.limit)
        then = past.seq_at(snapshot.connection, asof.read(query.at)) if query.at else None
        if then is None:
            body = _page(snapshot, asked)
        elif then > snapshot.checkpoint.seq:
            return web.answer(problems.not_said_yet(snapshot.checkpoint.seq))
        else:
            body = _page_at(snapshot, asked, then)
    return answers.json(body, tag)


@router.get(
    "/v1/articles/{article_id}",
    responses=responses(
        ArticleItem, "The article.", _304=UNCHANGED, _404="Unknown, or not available.",
        _410="Canceled: remove every copy. Members `reason`, `by`, `observed_at`.",
        _422=INVALID, _503=UNAVAILABLE,
    ),
    dependencies=[Depends(once(AtQuery))],
    tags=["articles"],
)  # fmt: skip
async def show_article(
    request: Request, article_id: str, query: Annotated[AtQuery, Query()]
) -> Response:
    """One article as it stands, or as it was."""
    with reader_of(request).snapshot() as snapshot:
        if query.at:
            then = past.seq_at(snapshot.connection, asof.read(query.at))
            if then > snapshot.checkpoint.seq:
                return web.answer(problems.not_said_yet(snapshot.checkpoint.seq))
            row = past.article(snapshot.connection, article_id, then)
        else:
            row = queries.article(snapshot.connection, article_id)
        homes = story_queries.homes(snapshot.connection, [article_id])
        tag = answers.etag(request, snapshot.state)
    if row is None or row.status == "withheld":
        return web.answer(problems.unknown_article(article_id))
    if row.status == "canceled":
        return web.answer(problems.canceled_article(orjson.loads(row.document)))
    body = row.json(homes.get(article_id)).encode()
    return answers.unchanged(request, tag) or answers.json(body, tag)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of a list."""

    wanted: Wanted
    sort: Sort
    begin: Cursor | None
    limit: int

    @property
    def behind(self) -> Behind:
        """The key that it begins behind; None: it is the first one."""
        return None if isinstance(self.begin, Since) else self.begin

    @property
    def page(self) -> Page:
        """With one article more, which tells whether there is a following page."""
        return Page(self.limit + 1, self.sort, self.behind)

    def since(self, snapshot: Snapshot) -> Since:
        """Where the view stood when the walk through the list began."""
        return self.behind.since if self.behind else cursors.since(snapshot.checkpoint)


def _fits(behind: After | AfterUpdate, sort: Sort) -> bool:
    """Whether a page's key is of this order."""
    return isinstance(behind, AfterUpdate) == (sort == "updated")


def _page(snapshot: Snapshot, asked: _Asked) -> bytes:
    if isinstance(asked.begin, Since):
        return _changes(snapshot, asked.wanted, asked.begin, asked.limit)
    rows = listing.articles(snapshot.connection, asked.wanted, asked.page)
    return _paged(snapshot, asked, rows)


def _page_at(snapshot: Snapshot, asked: _Asked, seq: int) -> bytes:
    """A page of the list as it was; ``cursor`` goes on with what has changed since."""
    rows = listing.articles_at(snapshot.connection, asked.wanted, asked.page, seq)
    return _paged(snapshot, asked, rows)


def _paged(snapshot: Snapshot, asked: _Asked, rows: list[Listed]) -> bytes:
    shown, since = rows[: asked.limit], asked.since(snapshot)
    following: Behind = None
    if len(rows) > asked.limit:
        last = shown[-1]
        is_updates = asked.sort == "updated"
        following = last.after_update(since) if is_updates else last.after(since)
    return _listing(snapshot, shown, following, since)


def _changes(snapshot: Snapshot, wanted: Wanted, since: Since, limit: int) -> bytes:
    rows = listing.changes(snapshot.connection, wanted, since.seq, limit + 1)
    shown = rows[:limit]
    if len(rows) > limit:
        reached = shown[-1].since()
        return _listing(snapshot, shown, reached, reached)
    here = cursors.since(snapshot.checkpoint)
    # A reader that came from an api further ahead must not be sent back.
    return _listing(snapshot, shown, None, max(since, here, key=lambda one: one.seq))


def _place(cursor: Cursor) -> Since:
    """The event of the wire that a cursor names."""
    return cursor if isinstance(cursor, Since) else cursor.since


def _listing(
    snapshot: Snapshot, rows: list[Listed], following: Cursor | None, since: Since
) -> bytes:
    homes = story_queries.homes(snapshot.connection, [row.article_id for row in rows])
    items = answers.array(row.json(homes.get(row.article_id)) for row in rows)
    next_text = cursors.text(following) if following else None
    return _body(items, next=next_text, cursor=cursors.text(since))


def _body(items: bytes, **members: str | None) -> bytes:
    return b'{"items":' + items + b"," + orjson.dumps(members)[1:]
