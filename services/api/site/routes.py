"""The routes of the site: tags, sources, about, and the wall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, Response

from services.api import answers, metadata
from services.api.assets import EDITION
from services.api.following import refusing
from services.api.lists import chosen_place, listed, quoted
from services.api.pages import problem_page, read_beside, render
from services.api.rates import ticker
from services.api.reading import Snapshot
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
Values = Mapping[str, Any]
"""What a template is given."""


@router.get("/tags")
async def tags_page(request: Request) -> Response:
    """The tags of the newest articles, by kind."""

    def look(snapshot: Snapshot) -> Values:
        kinds = known_tags.kinds(snapshot.connection)
        described = metadata.page(_site(request), "/tags", "Tags")
        return {"kinds": kinds, "newest": known_tags.NEWEST_MAX, "metadata": described}

    return await _page(request, "tags.html", look)


@router.get("/tags/{tag}")
async def tag_page(request: Request, tag: TagText, query: Asked) -> Response:
    """One tag: its articles, its stories, and what stands beside it."""
    of_tag = FrontQuery(tag=[tag], cursor=query.cursor)

    def look(snapshot: Snapshot) -> Values | Problem:
        about = known_tags.tag_page(snapshot.connection, tag)
        if about is None:
            return _nothing_of(f"No article that can be shown bears the tag {tag}.")
        return {"about": about, "active": [tag]}

    return await _list_page(request, "tag.html", f"/tags/{tag}", of_tag, look)


@router.get("/sources")
async def sources_page(request: Request) -> Response:
    """Everybody whose articles and rates are shown."""

    def look(snapshot: Snapshot) -> Values:
        described = metadata.page(_site(request), "/sources", "Sources")
        return {"sources": known_sources.sources(snapshot.connection), "metadata": described}

    return await _page(request, "sources.html", look)


@router.get("/sources/{source}")
async def source_page(request: Request, source: SourceId, query: Asked) -> Response:
    """One source: who it is, its rates and its articles."""
    of_source = FrontQuery(source=source, cursor=query.cursor)

    def look(snapshot: Snapshot) -> Values | Problem:
        about = known_sources.source(snapshot.connection, source)
        return (
            {"about": about}
            if about
            else _nothing_of(f"Nothing of a source {source} can be shown.")
        )

    return await _list_page(request, "source.html", f"/sources/{source}", of_source, look)


@router.get("/about")
async def about_page(request: Request) -> Response:
    """What this is, whose texts it shows, and how to follow it."""
    site, contact = _site(request), _contact(request.app.state.contact)

    def look(snapshot: Snapshot) -> Values:
        return {
            "sources": known_sources.sources(snapshot.connection),
            "desk": site.desk if site else None,
            "contact": contact,
            "feeds": _feeds(request, Filter()),
            "metadata": metadata.page(site, "/about", "About"),
        }

    return await _page(request, "about.html", look)


@router.get("/wall")
async def wall_page(request: Request, query: Annotated[Filter, Query()]) -> Response:
    """The newest headlines and rates, to be read across a room."""
    asked = FrontQuery(tag=query.tag, source=query.source, language=query.language)

    def look(snapshot: Snapshot) -> Values:
        page = listed(snapshot, asked, None)
        stories = [story for day in page.days for story in day.stories][:WALL_STORIES_MAX]
        return {"page": page, "stories": stories, **_of_wall(snapshot, query.source)}

    return await _page(request, "wall.html", look)


def _of_wall(snapshot: Snapshot, source: str | None) -> Mapping[str, object]:
    quotes = quoted(snapshot.connection, source, WALL_QUOTES_MAX)
    return {"quotes": quotes, "credits": ticker.credits_of(quotes)}


async def _list_page(
    request: Request, name: str, path: str, of: FrontQuery,
    look: Callable[[Snapshot], Values | Problem],
) -> Response:  # fmt: skip
    """The page of what a list is about, with a page of the list."""
    after = chosen_place(of)
    if after and (refusal := await refusing.page(request, after)):
        return problem_page(refusal)

    def look_at_both(snapshot: Snapshot) -> Values | Problem:
        values = look(snapshot)
        if isinstance(values, Problem):
            return values
        described = metadata.page(_site(request), path, values["about"].name)
        page = listed(snapshot, of, after, path)
        return {**values, "page": page, "feeds": _feeds(request, of), "metadata": described}

    return await _page(request, name, look_at_both)


async def _page(
    request: Request, name: str, look: Callable[[Snapshot], Values | Problem]
) -> Response:
    """A page of what is looked up, where searches are: it counts, and the loop has streams."""

    def job(snapshot: Snapshot) -> Response:
        tag = answers.etag(request, snapshot.state, EDITION)
        if same := answers.unchanged(request, tag):
            return same
        values = look(snapshot)
        if isinstance(values, Problem):
            return problem_page(values)
        return HTMLResponse(render(name, **values), headers=answers.headers(tag))

    return await read_beside(request, job)


def _feeds(request: Request, of: Filter) -> list[tuple[links.Format, str]]:
    """Feeds of a list; none where this desk does not know its own address."""
    return links.offered(of) if _site(request) else []


def _contact(text: str | None) -> tuple[str, str | None] | None:
    """How readers reach the desk, and the address of a link to it; None: it is neither."""
    if text is None:
        return None
    if text.startswith(("https://", "http://")):
        return text, text
    return text, f"mailto:{text}" if "@" in text else None


def _site(request: Request) -> Site | None:
    return cast("Site | None", request.app.state.site)


def _nothing_of(detail: str) -> Problem:
    said = f"{detail} The front page is at /, all tags at /tags, all sources at /sources."
    return Problem("not-found", 404, "There is nothing here", said)
