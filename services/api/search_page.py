"""The page of a search: a form that works without JavaScript, and what was found, marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from services.api import answers, front, typeset
from services.api.articles import naming
from services.api.articles.naming import Kind
from services.api.articles.wanted import listed_by
from services.api.assets import EDITION
from services.api.pages import problem_page, render
from services.api.reading import Snapshot
from services.api.schemas import FrontQuery, SearchText, once
from services.api.search import answering, syntax
from services.api.search.narrowing import narrowed
from services.api.search.results import Asked, Results, Shown, search
from services.api.search.searcher import LIST_S_MAX, Look
from services.api.syndication import links
from services.api.words import troubles
from services.api.words.paths import href
from services.api.words.texts import found as text_of
from services.api.words.texts import marked
from shared.views import Connection
from shared.web import Problem

RESULTS_COUNT: Final = 20
"""Of a page: three screens."""
VALUES_MAX: Final = 6
"""Values of a filter that are offered to narrow a search by: a line of each."""
_NARROWING: Final[dict[Kind, str]] = {
    "source": marked("Sources"), "language": marked("Languages"), "tag": marked("Tags"),
}  # fmt: skip

Feeds = list[tuple[links.Format, str]]
"""Each with its address."""

router: Final = APIRouter(include_in_schema=False)


class SearchQuery(FrontQuery):
    """Parameters of the page. Unknown ones are ignored, as on the front page."""

    q: SearchText = ""
    sort: str = Field(default="", max_length=20)
    """``newest``; anything else: the best first."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a search found, for its page."""

    found: Results
    names: dict[str, str]
    """Of the values that it was narrowed by."""
    counts: dict[Kind, Any]
    """Facets by which it can be narrowed; empty on the pages behind the first."""


@dataclass(frozen=True, slots=True)
class _Narrower:
    """A value by which a search can be narrowed."""

    name: str
    address: str
    count: int
    lang: str
    """That the name is in; empty: that of the page, or not known."""


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

    def job(snapshot: Snapshot, look: Look) -> tuple[str, Told | None]:
        tag = answers.etag(request, snapshot.state, EDITION)
        if answers.unchanged(request, tag):
            return tag, None
        return tag, _told(snapshot.connection, query, search(snapshot, asked, look))

    answer = await answering.answered(request, job, LIST_S_MAX)
    if isinstance(answer, Problem):
        headers = {"Cache-Control": "no-store", **answer.headers}
        return HTMLResponse(_page(query, None, answer, []), answer.status, headers)
    tag, told = answer
    if told is None:
        return Response(status_code=304, headers=answers.headers(tag))
    feeds = links.offered_of_search(query, query.q) if request.app.state.site else []
    return HTMLResponse(_page(query, told, None, feeds), headers=answers.headers(tag))


def _told(connection: Connection, query: SearchQuery, found: Results) -> Told:
    names = {value: naming.of(connection, name, value) or value for name, value in _filters(query)}
    if query.cursor:  # whoever goes on reading has narrowed it, or does not want to
        return Told(found, names, {})
    chosen = {name for name, _ in _filters(query)} - {"tag"}  # an article has many
    facets = [name for name in _NARROWING if name not in chosen]
    counts: dict[Kind, Any] = answering.counted(connection, found, facets)["counts"]
    return Told(found, names, counts)


def _page(query: SearchQuery, told: Told | None, problem: Problem | None, feeds: Feeds) -> str:
    kept = _filters(query)
    found = told.found if told else None
    names = told.names if told else {}
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
            (names.get(value, value),
             _address(query.q, [one for one in kept if one != (name, value)], query.sort))
            for name, value in kept
        ],
        narrower=_narrower(query, told) if told else [],
        kept=kept,
        orders=(_address(query.q, kept, ""), _address(query.q, kept, "newest")),
        following=_address(query.q, kept, query.sort, found.following)
        if found and found.following
        else None,
        chars_max=syntax.CHARS_MAX,
    )  # fmt: skip


def _narrower(query: SearchQuery, told: Told) -> list[tuple[str, list[_Narrower]]]:
    kept, groups = _filters(query), []
    for kind, values in told.counts.items():
        offered = [
            _Narrower(
                one["name"], _address(query.q, [*kept, (kind, one["value"])], query.sort),
                one["count"], one["value"] if kind == "language" else "",
            )
            for one in values
            if one["name"] and (kind, one["value"]) not in kept and one["count"] < told.found.total
        ]  # fmt: skip
        if offered:
            groups.append((text_of(_NARROWING[kind]), offered[:VALUES_MAX]))
    return groups


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


def _filters(query: SearchQuery) -> list[tuple[Kind, str]]:
    single: list[tuple[Kind, str | None]] = [
        ("source", query.source), ("language", query.language),
    ]  # fmt: skip
    tags: list[tuple[Kind, str]] = [("tag", tag) for tag in query.tag]
    return tags + [(name, value) for name, value in single if value]


def _address(
    q: str, filters: Sequence[tuple[str, str]], sort: str, cursor: str | None = None
) -> str:
    further = [("sort", sort), ("cursor", cursor)]
    said = [("q", q), *filters, *((name, value) for name, value in further if value)]
    return f"{href('/search')}?{urlencode(said)}"
