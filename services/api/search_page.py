"""The page of a search: a form that works without JavaScript, and what was found, marked."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from services.api import answers, front, typeset
from services.api.articles.wanted import listed_by
from services.api.assets import EDITION
from services.api.pages import problem_page, render
from services.api.reading import Snapshot
from services.api.schemas import FrontQuery, SearchText, once
from services.api.search import answering, syntax
from services.api.search.narrowing import narrowed
from services.api.search.results import Asked, Results, Shown, search
from services.api.search.searcher import Look
from services.api.syndication import links
from services.api.words import troubles
from services.api.words.paths import href
from shared.web import Problem

RESULTS_COUNT: Final = 20
"""Of a page: three screens."""

Feeds = list[tuple[links.Format, str]]
"""Each with its address."""

router: Final = APIRouter(include_in_schema=False)


class SearchQuery(FrontQuery):
    """Parameters of the page. Unknown ones are ignored, as on the front page."""

    q: SearchText = ""
    sort: str = Field(default="", max_length=20)
    """``newest``; anything else: the best first."""


@router.get("/search", dependencies=[Depends(once(SearchQuery))])
async def search_page(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
    """What a search found, with the form to search again."""
    if not query.q.strip():
        return HTMLResponse(_page(query, None, None, []), headers={"Cache-Control": "no-cache"})
    question = query.model_dump_json(exclude={"cursor"})
    begin = await answering.begin_of(request, query.cursor, question)
    if isinstance(begin, Problem):
        return problem_page(begin)
    wanted = listed_by(query.tag, query.source, query.language)
    asked = Asked(
        typed=query.q, narrowed=narrowed(wanted), question=question, limit=RESULTS_COUNT,
        language=query.language, order="newest" if query.sort == "newest" else "relevance",
        begin=begin,
    )  # fmt: skip

    def job(snapshot: Snapshot, look: Look) -> tuple[str, Results | None]:
        tag = answers.etag(request, snapshot.state, EDITION)
        return tag, None if answers.unchanged(request, tag) else search(snapshot, asked, look)

    answer = await answering.answered(request, job)
    if isinstance(answer, Problem):
        headers = {"Cache-Control": "no-store", **answer.headers}
        return HTMLResponse(_page(query, None, answer, []), answer.status, headers)
    tag, found = answer
    if found is None:
        return Response(status_code=304, headers=answers.headers(tag))
    feeds = links.offered_of_search(query, query.q) if request.app.state.site else []
    return HTMLResponse(_page(query, found, None, feeds), headers=answers.headers(tag))


def _page(query: SearchQuery, found: Results | None, problem: Problem | None, feeds: Feeds) -> str:
    kept = _filters(query)
    return render(
        "search.html",
        q=query.q,
        feeds=feeds,
        problem=problem,
        trouble=troubles.told(problem) if problem else None,
        position=problem.members.get("position") if problem else None,
        items=[_item(shown) for shown in found.items] if found else None,
        total=found.total if found else 0,
        is_exact=found is None or found.is_exact,
        sort=query.sort,
        filters=[
            (typeset.language_name(value) or value if name == "language" else value,
             _address(query.q, [one for one in kept if one != (name, value)], query.sort))
            for name, value in kept
        ],
        kept=kept,
        orders=(_address(query.q, kept, ""), _address(query.q, kept, "newest")),
        following=_address(query.q, kept, query.sort, found.following)
        if found and found.following
        else None,
        chars_max=syntax.CHARS_MAX,
    )  # fmt: skip


def _item(shown: Shown) -> dict[str, object]:
    document = shown.document
    return {
        "article_id": shown.row.article_id,
        "headline": shown.headline,
        "snippet": shown.snippet,
        "language": front.lang(document),
        "language_name": front.foreign_name(document["language"]),
        "source": document["source"],
        "credit": front.credit_of(document),
        "when": typeset.dated(document),
        "is_copy": shown.row.copy_of is not None,
    }


def _filters(query: SearchQuery) -> list[tuple[str, str]]:
    single = [("source", query.source), ("language", query.language)]
    return [("tag", tag) for tag in query.tag] + [(name, value) for name, value in single if value]


def _address(q: str, filters: list[tuple[str, str]], sort: str, cursor: str | None = None) -> str:
    further = [("sort", sort), ("cursor", cursor)]
    said = [("q", q), *filters, *((name, value) for name, value in further if value)]
    return f"{href('/search')}?{urlencode(said)}"
