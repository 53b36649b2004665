"""The articles of a feed: of a list with any filter, or of a search, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from services.api.articles.listing import Page, articles
from services.api.articles.parameters import conflicts_of_filter, filtered
from services.api.queries import Listed
from services.api.reading import Reader, Snapshot
from services.api.search import answering, results
from services.api.search.narrowing import language, narrowed
from services.api.search.results import Asked
from services.api.syndication.query import FeedQuery
from shared import web
from shared.web import Problem


def check(query: FeedQuery) -> None:
    """Whether the parts of a filter go together.

    Raises:
        RequestValidationError: they do not.
    """
    if faults := [*conflicts_of_filter(query)]:
        raise RequestValidationError(faults)


async def answered(
    request: Request, query: FeedQuery, job: Callable[[Snapshot], Response]
) -> Response:
    """What a job makes of the views; that of a search runs where searches do.

    So does that of several tags.

    Raises:
        Unavailable: there are no views yet, or the file cannot be read.
    """
    if query.q is not None:
        answer = await answering.answered(request, lambda snapshot, _: job(snapshot))
        return web.answer(answer) if isinstance(answer, Problem) else answer
    if filtered(query).crosses_tags:
        return await answering.listed(request, job)
    with cast("Reader", request.app.state.reader).snapshot() as snapshot:
        return job(snapshot)


def rows(snapshot: Snapshot, query: FeedQuery) -> list[Listed]:
    """The newest articles that are asked for.

    Raises:
        SearchFault: what was typed is no search.
    """
    wanted = filtered(query)
    if query.q is None:
        return articles(snapshot.connection, wanted, Page(query.limit))
    asked = Asked(
        typed=query.q, narrowed=narrowed(wanted), question="", limit=query.limit,
        language=language(wanted), order="newest", copies_shown=query.copies == "shown",
    )  # fmt: skip
    return results.rows(snapshot, asked)
