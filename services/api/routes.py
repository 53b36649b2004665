"""The JSON routes. Each reads one snapshot and answers with stored bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, Final, TypeVar, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from services.api import (
    answers,
    asof,
    assembled,
    cursors,
    linking,
    past,
    problems,
    story_queries,
)
from services.api.articles import facets, inbrief, listing, parameters, shown
from services.api.articles.fields import BRIEF, shaped
from services.api.articles.inbrief import Line
from services.api.articles.items import ArticleItem, ArticleList
from services.api.articles.listing import Behind, Page
from services.api.articles.parameters import ArticlesQuery
from services.api.articles.shown import Shown
from services.api.articles.wanted import Wanted
from services.api.cursors import Cursor, Since
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
from services.api.linking import Alternate
from services.api.live import Live
from services.api.queries import Listed
from services.api.reading import Reader, Snapshot
from services.api.schemas import (
    AtQuery,
    Filter,
    once,
)
from services.api.search import answering
from services.api.syndication import links
from shared import web
from shared.web import Problem

_R = TypeVar("_R")

router: Final = APIRouter()

FILTERS_KEPT_MAX: Final = 1_000
"""Filters of lists with the addresses of their feeds: 1 kB each."""


def reader_of(request: Request) -> Reader:
    """The views of this process."""
    return cast("Reader", request.app.state.reader)


def live_of(request: Request) -> Live:
    """The follower of this process."""
    return cast("Live", request.app.state.live)


def instant(request: Request, snapshot: Snapshot, at: str | None) -> int | Problem | None:
    """The event that was the last one then; a problem: nothing can be said; None: it is now."""
    if at is None:
        return None
    then = past.seq_at(snapshot.connection, asof.read(at))
    return refusing.unknown_then(snapshot, then, request) or then


@router.get(
    "/v1/articles",
    responses=responses(
        ArticleList,
        "Articles, newest first; with a `cursor` for polling: changes, oldest first.",
        _304=UNCHANGED, _400=UNREADABLE, _410=f"{FOREIGN} {TRUNCATED}", _422=INVALID,
        _503=f"{UNAVAILABLE} {BEHIND}",
    ),
    dependencies=[Depends(once(ArticlesQuery))],
    tags=["articles"],
)  # fmt: skip
async def list_articles(request: Request, query: Annotated[ArticlesQuery, Query()]) -> Response:
    """Articles on the wire, found by a search with `q`, or what changed since a list was read."""
    if faults := [*parameters.conflicts(query)]:
        raise RequestValidationError(faults)
    if query.q is not None:
        return await answering.found(request, query)
    return await _listed(request, query)


async def _listed(request: Request, query: ArticlesQuery) -> Response:
    chosen = cursors.chosen("articles", query)
    begin = cursors.read(query.cursor, chosen) if query.cursor else None
    if query.at and isinstance(begin, Since):
        return web.answer(problems.cursor_of_changes())
    if isinstance(begin, Since) and (faults := [*parameters.of_changes(query)]):
        raise RequestValidationError(faults)
    if begin and await live_of(request).is_foreign(cursors.place(begin)):
        return web.answer(problems.foreign_cursor())
    asked = _Asked(parameters.wanted(query), query, begin, chosen)
    if isinstance(begin, Since) and query.wait:
        return await waiting.answer(
            request, live_of(request), query.wait, begin,
            lambda since: _list(request, replace(asked, begin=since)),
        )  # fmt: skip
    if _may_cost_much(query, asked.wanted):
        return await answering.listed(request, lambda snapshot: _of(snapshot, request, asked))
    return _list(request, asked)


def _may_cost_much(query: ArticlesQuery, wanted: Wanted) -> bool:
    """Whether a list is counted, of the past, or what several tags have in common."""
    return bool(query.facets or query.at or wanted.crosses_tags)


def _list(request: Request, asked: _Asked) -> Response:
    with reader_of(request).snapshot() as snapshot:
        return _of(snapshot, request, asked)


def _of(snapshot: Snapshot, request: Request, asked: _Asked) -> Response:
    query = asked.query
    if asked.begin and (behind := refusing.behind(snapshot, asked.begin)):
        return web.answer(behind)
    tag = answers.etag(request, snapshot.state)
    modified = answers.dated(request, snapshot.said_at_ms())
    if not query.wait and (same := answers.unchanged(request, tag, modified)):
        return same
    then = instant(request, snapshot, query.at)
    if isinstance(then, Problem):
        return web.answer(then)
    page = _page(snapshot, asked if then is None else replace(asked, then=then))
    linked = linking.header(request, page.following, _alternates(request, query))
    return answers.json(page.body, tag, modified, linked)


@router.get(
    "/v1/articles/{article_id}",
    responses=responses(
        ArticleItem, "The article.", _304=UNCHANGED, _404="Unknown, or not available.",
        _410=f"Canceled: remove every copy. Members `reason`, `by`, `observed_at`. {TRUNCATED}",
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
        then = instant(request, snapshot, query.at)
        if isinstance(then, Problem):
            return web.answer(then)
        found = _shown(snapshot, article_id, then)
    if found is None or found.row.status == "withheld":
        return web.answer(problems.unknown_article(article_id))
    if found.row.status == "canceled":
        return web.answer(problems.canceled_article(orjson.loads(found.row.document)))
    body = found.row.json(found.story_id)
    tag, modified = answers.of_body(request, body), answers.dated(request, found.at_ms)
    if same := answers.unchanged(request, tag, modified):
        return same
    page = f"/articles/{linking.quoted(article_id)}", "text/html"
    return answers.json(body, tag, modified, linking.header(request, None, [page]))


def _shown(snapshot: Snapshot, article_id: str, then: int | None) -> Shown | None:
    if then is None:
        return shown.standing(snapshot, article_id)
    row = past.article(snapshot.connection, article_id, then)
    return shown.then(snapshot, row, then) if row else None


def _alternates(request: Request, query: ArticlesQuery) -> Sequence[Alternate]:
    """The same list in other forms, where they have its filter."""
    one_each = len(query.source) < 2 and len(query.language) < 2
    if query.model_fields_set - _IN_FEEDS or not one_each or request.app.state.site is None:
        return ()
    source, language = (next(iter(one), None) for one in (query.source, query.language))
    return _feeds(tuple(query.tag), source, language)


_IN_FEEDS: Final = frozenset({*Filter.model_fields, "limit"})


@lru_cache(maxsize=FILTERS_KEPT_MAX)
def _feeds(
    tags: tuple[str, ...], source: str | None, language: str | None
) -> tuple[Alternate, ...]:
    same = Filter(tag=list(tags), source=source, language=language)
    return tuple((address, form.media_type) for form, address in links.offered(same))


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    following: str | None
    """Cursor of the next page; None: there is none."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of a list."""

    wanted: Wanted
    query: ArticlesQuery
    begin: Cursor | None
    chosen: str
    """Which list it is."""
    then: int | None = None
    """The event at which the list is asked for; None: as it stands."""

    @property
    def behind(self) -> Behind:
        """The key that it begins behind; None: it is the first one."""
        return None if isinstance(self.begin, Since) else self.begin

    @property
    def page(self) -> Page:
        """With one article more, which tells whether there is a following page."""
        return Page(self.query.limit + 1, self.query.sort, self.behind)

    def since(self, snapshot: Snapshot) -> Since:
        """Where the view stood when the walk through the list began."""
        return self.behind.since if self.behind else snapshot.here


def _page(snapshot: Snapshot, asked: _Asked) -> _Page:
    if isinstance(asked.begin, Since):
        return _changes(snapshot, asked, asked.begin)
    if asked.then is not None:
        return _page_at(snapshot, asked, asked.then)
    if asked.query.fields == BRIEF and asked.wanted.status == "usable":
        connection, kept = snapshot.connection, snapshot.fragments
        seqs = inbrief.seqs(connection, asked.wanted, asked.page)
        items = inbrief.items(connection, seqs[: asked.query.limit], kept)
        last = _last(seqs, asked)
        line = inbrief.line(connection, last) if last else None
        return _told(snapshot, asked, items, _on(snapshot, asked, line))
    return _paged(snapshot, asked, listing.articles(snapshot.connection, asked.wanted, asked.page))


def _page_at(snapshot: Snapshot, asked: _Asked, seq: int) -> _Page:
    """A page of the list as it was; ``cursor`` goes on with what has changed since."""
    rows = listing.articles_at(snapshot.connection, asked.wanted, asked.page, seq)
    return _paged(snapshot, asked, rows)


def _changes(snapshot: Snapshot, asked: _Asked, since: Since) -> _Page:
    walk = changed.articles(snapshot.connection, asked.wanted)
    found = heard.page(snapshot, since, walk, asked.query.limit)
    items = _shaped(snapshot, asked, found.rows)
    return _told(snapshot, asked, items, (found.next, found.cursor))


def _paged(snapshot: Snapshot, asked: _Asked, rows: list[Listed]) -> _Page:
    items = _shaped(snapshot, asked, rows[: asked.query.limit])
    return _told(snapshot, asked, items, _on(snapshot, asked, _last(rows, asked)))


def _shaped(snapshot: Snapshot, asked: _Asked, rows: Sequence[Listed]) -> list[bytes]:
    homes = story_queries.homes(snapshot.connection, [row.article_id for row in rows], asked.then)
    return [shaped(row, homes.get(row.article_id), asked.query.fields) for row in rows]


def _last(rows: Sequence[_R], asked: _Asked) -> _R | None:
    """The row that a page ends with; None: no page follows."""
    return rows[asked.query.limit - 1] if len(rows) > asked.query.limit else None


def _on(snapshot: Snapshot, asked: _Asked, last: Listed | Line | None) -> tuple[Behind, Since]:
    """Where the page behind this row begins, and the changes."""
    since = asked.since(snapshot)
    if last is None:
        return None, since
    is_updates = asked.query.sort == "updated"
    return (last.after_update if is_updates else last.after)(since, asked.chosen), since


def _told(
    snapshot: Snapshot, asked: _Asked, items: Sequence[bytes], on: tuple[Cursor | None, Since]
) -> _Page:
    following, since = on
    next_text = cursors.text(following) if following else None
    members: dict[str, Any] = {"next": next_text, "cursor": cursors.text(since)}
    if names := asked.query.facets:
        members["facets"] = facets.counted(snapshot.connection, asked.wanted, names.split(","))
    return _Page(assembled.listing(items, members), next_text)
