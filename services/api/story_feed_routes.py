"""The routes for feed readers: stories, and the articles of one."""

from __future__ import annotations

from typing import Annotated, Final, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import problems, story_queries, storytelling
from services.api.feed_routes import declared_as, moved_at, rendered
from services.api.reading import Snapshot
from services.api.routes import reader_of
from services.api.schemas import once
from services.api.storytelling import Told
from services.api.syndication import stories
from services.api.syndication.items import Listing
from services.api.syndication.links import ATOM, JSON_FEED, RSS, Format, Site
from services.api.syndication.listing import few
from services.api.syndication.query import ListQuery, StoriesFeedQuery
from shared import web

router: Final = APIRouter(prefix="/feeds", tags=["feeds"])

Asked = Annotated[StoriesFeedQuery, Query()]
AskedOfOne = Annotated[ListQuery, Query()]
_LIST: Final = "Stories, the one that changed last first,"
_ONE: Final = "The articles of a story, the latest first,"
_UNKNOWN: Final = "The wire never told of it."
_once_list = [Depends(once(StoriesFeedQuery))]
_once_one = [Depends(once(ListQuery))]


@router.get(
    "/stories.atom", responses=declared_as(ATOM, _LIST), response_class=Response,
    dependencies=_once_list,
)  # fmt: skip
async def stories_as_atom(request: Request, query: Asked) -> Response:
    """Stories as Atom 1.0, without those that went on in others."""
    return _stories(request, query, ATOM)


@router.get(
    "/stories.rss", responses=declared_as(RSS, _LIST), response_class=Response,
    dependencies=_once_list,
)  # fmt: skip
async def stories_as_rss(request: Request, query: Asked) -> Response:
    """Stories as RSS 2.0, without those that went on in others."""
    return _stories(request, query, RSS)


@router.get(
    "/stories.json", responses=declared_as(JSON_FEED, _LIST), response_class=Response,
    dependencies=_once_list,
)  # fmt: skip
async def stories_as_json_feed(request: Request, query: Asked) -> Response:
    """Stories as JSON Feed 1.1, without those that went on in others."""
    return _stories(request, query, JSON_FEED)


@router.get(
    "/stories/{story_id}.atom", responses=declared_as(ATOM, _ONE, _404=_UNKNOWN),
    response_class=Response, dependencies=_once_one,
)  # fmt: skip
async def story_as_atom(request: Request, story_id: str, query: AskedOfOne) -> Response:
    """The articles of one story as Atom 1.0; of a merged one, of the story that goes on."""
    return _story(request, story_id, query, ATOM)


@router.get(
    "/stories/{story_id}.rss", responses=declared_as(RSS, _ONE, _404=_UNKNOWN),
    response_class=Response, dependencies=_once_one,
)  # fmt: skip
async def story_as_rss(request: Request, story_id: str, query: AskedOfOne) -> Response:
    """The articles of one story as RSS 2.0; of a merged one, of the story that goes on."""
    return _story(request, story_id, query, RSS)


@router.get(
    "/stories/{story_id}.json", responses=declared_as(JSON_FEED, _ONE, _404=_UNKNOWN),
    response_class=Response, dependencies=_once_one,
)  # fmt: skip
async def story_as_json_feed(request: Request, story_id: str, query: AskedOfOne) -> Response:
    """The articles of one story as JSON Feed 1.1; of a merged one, of the story that goes on."""
    return _story(request, story_id, query, JSON_FEED)


def _stories(request: Request, query: StoriesFeedQuery, form: Format) -> Response:
    site = cast("Site | None", request.app.state.site)
    if site is None:
        return web.answer(problems.unknown_address())
    with reader_of(request).snapshot() as snapshot:
        made = _list(snapshot, query, site, form)
        return rendered(request, snapshot, made, form)


def _story(request: Request, story_id: str, query: ListQuery, form: Format) -> Response:
    site = cast("Site | None", request.app.state.site)
    if site is None:
        return web.answer(problems.unknown_address())
    with reader_of(request).snapshot() as snapshot:
        end = story_queries.end(snapshot.connection, story_id)
        row = story_queries.story(snapshot.connection, end)
        if row is None:
            return web.answer(problems.unknown_story(story_id))
        told = storytelling.told(snapshot.connection, row)
        made = _one(snapshot, told, query, (site, form))
        return rendered(request, snapshot, made, form)


def _list(snapshot: Snapshot, query: StoriesFeedQuery, site: Site, form: Format) -> Listing:
    """Of twice as many rows, so that stories that were merged or taken back leave no gap."""
    rows = story_queries.stories(snapshot.connection, None, None, 2 * query.limit)
    going_on = [row for row in rows if row.status != "merged"]
    found = [storytelling.told(snapshot.connection, row) for row in going_on]
    shown = [one for one in found if one.representative][: query.limit]
    ids = {article_id for one in shown for article_id in stories.named_members(one)}
    texts = story_queries.documents(snapshot.connection, ids)
    documents = {article_id: orjson.loads(text) for article_id, text in texts.items()}
    return stories.stories(shown, documents, query, (site, form, moved_at(snapshot)))


def _one(snapshot: Snapshot, told: Told, query: ListQuery, place: tuple[Site, Format]) -> Listing:
    ids = stories.ids_of_one(told, query.limit)
    texts = story_queries.documents(snapshot.connection, ids)
    documents = [orjson.loads(text) for text in few(texts[one] for one in ids)]
    return stories.of_one(told, documents, query, (*place, moved_at(snapshot)))
