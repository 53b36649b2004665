"""The routes of the site: tags, sources, about, and the wall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, cast

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from services.api import answers, metadata
from services.api.assets import EDITION
from services.api.following import refusing
from services.api.lists import chosen_place, listed, quoted
from services.api.pages import problem_page, render
from services.api.rates import ticker
from services.api.reading import Snapshot
from services.api.routes import reader_of
from services.api.schemas import Filter, FrontQuery, TagText
from services.api.site import sources as known_sources
from services.api.site import tags as known_tags
from services.api.site.asked import PageQuery
from services.api.syndication import links
from services.api.syndication.links import Site
from shared.news import SourceId
from shared.web import Problem

WALL_STORIES_MAX: Final = 6
"""Headlines of a wall screen: more could not be read from four metres."""
WALL_QUOTES_MAX: Final = 6

router: Final = APIRouter(include_in_schema=False)

Asked = Annotated[PageQuery, Query()]


@router.get("/tags")
async def tags_page(request: Request) -> Response:
    """The tags of the newest articles, by kind."""
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        kinds = known_tags.kinds(snapshot.connection)
    described = metadata.page(_site(request), "/tags", "Tags")
    return _page("tags.html", tag, kinds=kinds, newest=known_tags.NEWEST_MAX, metadata=described)


@router.get("/tags/{tag}")
async def tag_page(request: Request, tag: TagText, query: Asked) -> Response:
    """One tag: its articles, its stories, and what stands beside it."""
    path, of_tag = f"/tags/{tag}", FrontQuery(tag=[tag], cursor=query.cursor)
    after = chosen_place(of_tag)
    if after and (refusal := await refusing.page(request, after)):
        return problem_page(refusal)
    with reader_of(request).snapshot() as snapshot:
        version = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, version):
            return same
        about = known_tags.tag_page(snapshot.connection, tag)
        if about is None:
            return problem_page(_nothing_of(f"No article that can be shown bears the tag {tag}."))
        page = listed(snapshot, of_tag, after, path)
    described = metadata.page(_site(request), path, about.name)
    feeds = _feeds(request, of_tag)
    return _page(
        "tag.html", version, about=about, page=page, feeds=feeds, metadata=described, active=[tag]
    )


@router.get("/sources")
async def sources_page(request: Request) -> Response:
    """Everybody whose articles and rates are shown."""
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        found = known_sources.sources(snapshot.connection)
    described = metadata.page(_site(request), "/sources", "Sources")
    return _page("sources.html", tag, sources=found, metadata=described)


@router.get("/sources/{source}")
async def source_page(request: Request, source: SourceId, query: Asked) -> Response:
    """One source: who it is, its rates and its articles."""
    path, of_source = f"/sources/{source}", FrontQuery(source=source, cursor=query.cursor)
    after = chosen_place(of_source)
    if after and (refusal := await refusing.page(request, after)):
        return problem_page(refusal)
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        about = known_sources.source(snapshot.connection, source)
        if about is None:
            return problem_page(_nothing_of(f"Nothing of a source {source} can be shown."))
        page = listed(snapshot, of_source, after, path)
    described = metadata.page(_site(request), path, about.name)
    feeds = _feeds(request, of_source)
    return _page("source.html", tag, about=about, page=page, feeds=feeds, metadata=described)


@router.get("/about")
async def about_page(request: Request) -> Response:
    """What this is, whose texts it shows, and how to follow it."""
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        found = known_sources.sources(snapshot.connection)
    site = _site(request)
    described = metadata.page(site, "/about", "About")
    desk = site.desk if site else None
    feeds = _feeds(request, Filter())
    return _page("about.html", tag, sources=found, desk=desk, feeds=feeds, metadata=described)


@router.get("/wall")
async def wall_page(request: Request, query: Annotated[Filter, Query()]) -> Response:
    """The newest headlines and rates, to be read across a room."""
    asked = FrontQuery(tag=query.tag, source=query.source, language=query.language)
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        page = listed(snapshot, asked, None)
        quotes = _of_wall(snapshot, query.source)
    stories = [story for day in page.days for story in day.stories][:WALL_STORIES_MAX]
    return _page("wall.html", tag, page=page, stories=stories, **quotes)


def _of_wall(snapshot: Snapshot, source: str | None) -> Mapping[str, object]:
    quotes = quoted(snapshot.connection, source, WALL_QUOTES_MAX)
    return {"quotes": quotes, "credits": ticker.credits_of(quotes)}


def _page(name: str, tag: str, **values: object) -> Response:
    return HTMLResponse(render(name, **values), headers=answers.headers(tag))


def _feeds(request: Request, of: Filter) -> list[tuple[links.Format, str]]:
    """Feeds of a list; none where this desk does not know its own address."""
    return links.offered(of) if _site(request) else []


def _site(request: Request) -> Site | None:
    return cast("Site | None", request.app.state.site)


def _nothing_of(detail: str) -> Problem:
    said = f"{detail} The front page is at /, all tags at /tags, all sources at /sources."
    return Problem("not-found", 404, "There is nothing here", said)
