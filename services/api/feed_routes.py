"""The routes for feed readers: the list of articles in three formats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, feed_rows, problems
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, Responses, responses
from services.api.reading import Snapshot
from services.api.schemas import once
from services.api.syndication import atom, json_feed, rss
from services.api.syndication.items import Listing
from services.api.syndication.links import ATOM, JSON_FEED, RSS, Format, Site
from services.api.syndication.listing import listing
from services.api.syndication.query import FeedQuery
from shared import web

router: Final = APIRouter(tags=["feeds"], dependencies=[Depends(once(FeedQuery))])

Asked = Annotated[FeedQuery, Query()]
RENDER: Final[dict[Format, Callable[[Listing], bytes]]] = {
    ATOM: atom.render,
    RSS: rss.render,
    JSON_FEED: json_feed.render,
}
_FORMS: Final[dict[Format, tuple[str, object]]] = {
    ATOM: ("string", '<feed xmlns="http://www.w3.org/2005/Atom">…</feed>'),
    RSS: ("string", '<rss version="2.0"><channel>…</channel></rss>'),
    JSON_FEED: ("object", {"version": "https://jsonfeed.org/version/1.1", "items": []}),
}
"""The kind of each body, and what it looks like."""


def declared_as(form: Format, said: str = "The newest articles", **others: str) -> Responses:
    """What a feed of this format may answer."""
    schema, example = _FORMS[form]
    declared = responses(
        None, f"{said} as {form.name}; docs/feeds-out.md describes it.",
        _304=UNCHANGED, _422=INVALID, **others,
        _503=f"{UNAVAILABLE} Without it: nobody told the api its own address.",
    )  # fmt: skip
    content = {form.media_type: {"schema": {"type": schema}, "example": example}}
    return {**declared, 200: {**declared[200], "content": content}}


@router.get("/feeds/articles.atom", responses=declared_as(ATOM), response_class=Response)
async def articles_as_atom(request: Request, query: Asked) -> Response:
    """The newest articles as Atom 1.0, copies left out unless they are asked for."""
    return await _feed(request, query, ATOM)


@router.get("/feeds/articles.rss", responses=declared_as(RSS), response_class=Response)
async def articles_as_rss(request: Request, query: Asked) -> Response:
    """The newest articles as RSS 2.0, copies left out unless they are asked for."""
    return await _feed(request, query, RSS)


@router.get("/feeds/articles.json", responses=declared_as(JSON_FEED), response_class=Response)
async def articles_as_json_feed(request: Request, query: Asked) -> Response:
    """The newest articles as JSON Feed 1.1, copies left out unless they are asked for."""
    return await _feed(request, query, JSON_FEED)


async def _feed(request: Request, query: FeedQuery, form: Format) -> Response:
    feed_rows.check(query)
    site = cast("Site | None", request.app.state.site)
    if site is None:
        return web.answer(problems.unknown_address())

    def job(snapshot: Snapshot) -> Response:
        found = feed_rows.rows(snapshot, query)
        made = listing(found, query, site, form, moved_at(snapshot))
        return rendered(request, snapshot, made, form)

    return await feed_rows.answered(request, query, job)


def rendered(request: Request, snapshot: Snapshot, made: Listing, form: Format) -> Response:
    """A feed, or 304 where the reader has it: its ``ETag`` stands until the feed is another."""
    dated = answers.dated(request, snapshot.said_at_ms())
    body = RENDER[form](made)
    return answers.content(request, body, form.media_type, dated, _hub_link(made))


def _hub_link(made: Listing) -> dict[str, str]:
    """Where one subscribes, where the feed is not looked into. Source: WebSub 4."""
    if made.hub is None:
        return {}
    return {"Link": f'<{made.hub}>; rel="hub", <{made.self_url}>; rel="self"'}


def moved_at(snapshot: Snapshot) -> datetime:
    """When the wire had its last event that the views show: its position begins with the time."""
    posix_ms = int(snapshot.checkpoint.position.partition("-")[0])
    return datetime.fromtimestamp(posix_ms // 1000, UTC)
