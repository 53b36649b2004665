"""Searches over HTTP: run beside the loop, answered by what they found or why they could not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from fastapi import Request
from starlette.responses import Response

from services.api import answers, assembled, cursors, problems, story_queries
from services.api.articles import facets, inbrief, parameters
from services.api.articles.fields import BRIEF, shaped
from services.api.articles.parameters import ArticlesQuery
from services.api.following import refusing
from services.api.live import Live
from services.api.reading import Snapshot
from services.api.search import finding, paging
from services.api.search.narrowing import language, narrowed
from services.api.search.paging import Begin
from services.api.search.results import Asked, Results, search
from services.api.search.searcher import (
    LIST_S_MAX,
    SEARCH_S_MAX,
    Look,
    Searcher,
    SearchesBusy,
    SearchTooCostly,
)
from services.api.search.syntax import SearchFault
from shared import web
from shared.views import Connection
from shared.web import Problem

_T = TypeVar("_T")


async def found(request: Request, query: ArticlesQuery) -> Response:
    """The answer to a search in the list of articles.

    Raises:
        Rejected: the cursor is none of ours, or of another search.
        Unavailable: there are no views yet, or the file cannot be read.
    """
    question = query.model_dump_json(exclude={"limit", "cursor", "fields", "facets"})
    begin = await begin_of(request, query.cursor, question)
    if isinstance(begin, Problem):
        return web.answer(begin)
    wanted = parameters.wanted(query)
    asked = Asked(
        typed=query.q or "", narrowed=narrowed(wanted), question=question, limit=query.limit,
        language=language(wanted), copies_shown=query.copies == "shown", begin=begin,
        order="newest" if "sort" in query.model_fields_set else "relevance",
    )  # fmt: skip
    names = query.facets.split(",") if query.facets else []
    sql_s_max = LIST_S_MAX if names else SEARCH_S_MAX
    answer = await answered(request, as_json(request, asked, query.fields, names), sql_s_max)
    return web.answer(answer) if isinstance(answer, Problem) else answer


async def listed(
    request: Request,
    job: Callable[[Snapshot], Response],
    refused: Callable[[Problem], Response] = web.answer,
) -> Response:
    """A list that may cost much, read where searches are: the loop has streams to write.

    ``refused``: how who asked is told that it cannot be read now.

    Raises:
        Unavailable: there are no views yet, or the file cannot be read.
    """
    answer = await answered(request, lambda snapshot, _: job(snapshot), LIST_S_MAX)
    return refused(answer) if isinstance(answer, Problem) else answer


async def begin_of(request: Request, cursor: str | None, question: str) -> Begin | Problem | None:
    """Where a page begins; None: at the first hit.

    Raises:
        Rejected: the cursor is none of ours, or of another search.
    """
    if cursor is None:
        return None
    begin = paging.read(cursor, question)
    live = cast("Live", request.app.state.live)
    return problems.foreign_cursor() if await live.is_foreign(begin.since) else begin


async def answered(
    request: Request, job: Callable[[Snapshot, Look], _T], sql_s_max: float = SEARCH_S_MAX
) -> _T | Problem:
    """What a job that searches makes of the views, or the problem of who asked it to.

    Raises:
        Unavailable: there are no views yet, or the file cannot be read.
    """
    searcher = cast("Searcher", request.app.state.searcher)
    try:
        return await searcher.run(job, sql_s_max)
    except SearchFault as fault:
        return problems.invalid_search(fault.position, fault.message)
    except SearchTooCostly:
        return problems.costly_search()
    except SearchesBusy:
        return problems.busy_searches()


def as_json(
    request: Request, asked: Asked, fields: str, names: Sequence[str]
) -> Callable[[Snapshot, Look], Response]:
    """A job that answers a search with a list of articles in JSON, and with facets."""

    def job(snapshot: Snapshot, look: Look) -> Response:
        if asked.begin and (behind := refusing.behind(snapshot, asked.begin.since)):
            return web.answer(behind)
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        found = search(snapshot, asked, look)
        members = {"facets": counted(snapshot.connection, found, names)} if names else {}
        return answers.json(_body(snapshot, found, fields, members), tag)

    return job


def counted(connection: Connection, found: Results, names: Sequence[str]) -> dict[str, Any]:
    """How many of the articles that a search found have which value, on all its pages together."""
    article_ids = finding.article_ids(connection, found.seqs)
    return facets.counted_of(connection, article_ids, names, is_whole=found.is_exact)


def _body(snapshot: Snapshot, found: Results, fields: str, further: Mapping[str, object]) -> bytes:
    rows = [one.row for one in found.items]
    if fields == BRIEF:
        seqs = [str(row.seq) for row in rows]
        told = inbrief.items(snapshot.connection, seqs, snapshot.fragments)
    else:
        homes = story_queries.homes(snapshot.connection, [row.article_id for row in rows])
        told = [shaped(row, homes.get(row.article_id), fields) for row in rows]
    items = [
        assembled.with_members(document, one.members())
        for one, document in zip(found.items, told, strict=True)
    ]
    members = {
        "total": {"count": found.total, "is_exact": found.is_exact},
        "next": found.following,
        "cursor": cursors.text(found.begin.since),
        **further,
    }
    return assembled.listing(items, members)
