"""The front page: the ticker and the articles, newest first, and what is chosen of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, Response

from services.api import answers, lists, metadata, typeset
from services.api.articles.wanted import listed_by
from services.api.assets import EDITION
from services.api.cursors import After
from services.api.following import refusing
from services.api.front import Day
from services.api.pages import (
    knows_its_address,
    problem_page,
    read_beside,
    reader_of,
    render,
    sections,
)
from services.api.reading import Snapshot
from services.api.schemas import FrontQuery, once
from services.api.syndication import links
from services.api.times import instants
from shared.web import Problem

router: Final = APIRouter(include_in_schema=False)


@router.get("/", dependencies=[Depends(once(FrontQuery))])
async def front_page(request: Request, query: Annotated[FrontQuery, Query()]) -> Response:
    """The ticker and the articles, newest first."""
    after = lists.chosen_place(query)
    if after and (refusal := await refusing.page(request, after)):
        return problem_page(refusal)

    def job(snapshot: Snapshot) -> Response:
        return _front(request, snapshot, query, after)

    if query.at or listed_by(query.tag, query.source, query.language).crosses_tags:
        return await read_beside(request, job)
    with reader_of(request).snapshot() as snapshot:
        return job(snapshot)


def _front(
    request: Request, snapshot: Snapshot, query: FrontQuery, after: After | None
) -> Response:
    tag = answers.etag(request, snapshot.state, EDITION, _address(request))
    if same := answers.unchanged(request, tag):
        return same
    then = instants.of_page(snapshot, query.at, request.app.state.today())
    if isinstance(then, Problem):
        return problem_page(then)
    page = lists.listed(snapshot, query, after, then=then.seq if then else None)
    filters = _filters(query, page.days)
    is_first = not (filters or after)
    feeds = links.offered(query) if knows_its_address(request) and not then else []
    body = render(
        "front.html", page=page, filters=filters, is_first=is_first, active=query.tag, feeds=feeds,
        metadata=None if filters or after or then
        else metadata.page(request.app.state.site, "/", "Newswire"),
        then=then, chosen=lists.in_url(query),
    )  # fmt: skip
    return HTMLResponse(body, headers=answers.headers(tag))


def _address(request: Request) -> str:
    """Where readers reach us, as far as it is known: a page says where its feeds are."""
    site = request.app.state.site
    return site.url if site else ""


def _filters(query: FrontQuery, days: Sequence[Day]) -> list[tuple[str, str]]:
    """Every condition by its name, and the URL of the list without it."""
    names = _names(days)
    parameters = lists.in_url(query)
    return [
        (
            names.get(value) or (name == "language" and typeset.language_name(value)) or value,
            "/?" + urlencode([one for one in parameters if one != (name, value)]),
        )
        for name, value in parameters
    ]


def _names(days: Sequence[Day]) -> dict[str, str]:
    """Names of tags and sources, as far as the page shows them."""
    found = dict(sections())
    for story in (story for day in days for story in day.stories):
        found[story.source] = story.credit
        found |= {label.tag: label.name for label in story.labels}
    return found
