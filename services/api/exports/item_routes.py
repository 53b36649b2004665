"""The routes of articles for agencies: ninjs and NewsML-G2, one article or a list of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, feed_rows, problems, queries
from services.api.declared import INVALID, UNAVAILABLE, UNCHANGED, Responses, responses
from services.api.exports import newsml_g2, ninjs
from services.api.exports.gathering import collection
from services.api.exports.item import Collection, NewsItem
from services.api.exports.reading import item_of
from services.api.feed_routes import moved_at
from services.api.reading import Snapshot
from services.api.routes import reader_of
from services.api.schemas import NoQuery, once
from services.api.syndication.filters import parameters_of
from services.api.syndication.links import Site
from services.api.syndication.query import FeedQuery
from shared import web
from shared.streams import OPERATOR

router: Final = APIRouter(tags=["agencies"])

Asked = Annotated[FeedQuery, Query()]
_ID: Final = "urn:newswire:article:0c5b6f0e-6a0b-5d0e-8d52-3f0f9e7a1c11"
_NINJS_EXAMPLE: Final[dict[str, Any]] = {
    "uri": _ID,
    "type": "text",
    "version": "1",
    "pubStatus": "usable",
    "headlines": [{"value": "Lorries wait at the border"}],
}
_G2_EXAMPLE: Final = f'<newsItem guid="{_ID}" version="1">…</newsItem>'
_LIST_EXAMPLE: Final = "<newsMessage><header>…</header><itemSet>…</itemSet></newsMessage>"


def _declared(media_type: str, example: object, *, is_list: bool) -> Responses:
    """Of one article 410 is an item too: its status says that it was canceled."""
    unknown = f"{UNAVAILABLE} Without it: nobody told the api its own address."
    declared = (
        responses(None, "The newest articles.", _304=UNCHANGED, _422=INVALID, _503=unknown)
        if is_list
        else responses(
            None, "The article.", _304=UNCHANGED, _404="Unknown, or not available.",
            _422=INVALID, _503=UNAVAILABLE,
        )
    )  # fmt: skip
    kind = "object" if media_type == ninjs.MEDIA_TYPE else "string"
    content = {media_type: {"schema": {"type": kind}, "example": example}}
    ok = {**declared[200], "content": content}
    if is_list:
        return {**declared, 200: ok}
    said = "Canceled: remove every copy. An item whose status says so, without words of it."
    gone = {"description": said, "content": {media_type: {"schema": {"type": kind}}}}
    return {**declared, 200: ok, 410: gone}


@router.get(
    "/v1/articles/{article_id}/ninjs",
    responses=_declared(ninjs.MEDIA_TYPE, _NINJS_EXAMPLE, is_list=False),
    response_class=Response,
)
async def article_as_ninjs(
    request: Request, article_id: str, _query: Annotated[NoQuery, Query()]
) -> Response:
    """One article as ninjs 3.1."""
    return _one(request, article_id, ninjs.item, ninjs.MEDIA_TYPE)


@router.get(
    "/v1/articles/{article_id}/newsml-g2",
    responses=_declared(newsml_g2.ITEM_MEDIA_TYPE, _G2_EXAMPLE, is_list=False),
    response_class=Response,
)
async def article_as_newsml_g2(
    request: Request, article_id: str, _query: Annotated[NoQuery, Query()]
) -> Response:
    """One article as a newsItem of NewsML-G2."""
    site = _site(request)
    desk = site.desk if site else OPERATOR

    def render(one: NewsItem) -> bytes:
        return newsml_g2.item(one, desk)

    return _one(request, article_id, render, newsml_g2.ITEM_MEDIA_TYPE)


@router.get(
    "/feeds/articles.ninjs",
    responses=_declared(ninjs.MEDIA_TYPE, _NINJS_EXAMPLE, is_list=True),
    response_class=Response,
    dependencies=[Depends(once(FeedQuery))],
)
async def articles_as_ninjs(request: Request, query: Asked) -> Response:
    """The newest articles as one composite item of ninjs 3.1."""
    return await _many(request, query, ninjs.collection, ninjs.MEDIA_TYPE)


@router.get(
    "/feeds/articles.newsml",
    responses=_declared(newsml_g2.MESSAGE_MEDIA_TYPE, _LIST_EXAMPLE, is_list=True),
    response_class=Response,
    dependencies=[Depends(once(FeedQuery))],
)
async def articles_as_newsml_g2(request: Request, query: Asked) -> Response:
    """The newest articles as a newsMessage of NewsML-G2."""
    return await _many(request, query, newsml_g2.message, newsml_g2.MESSAGE_MEDIA_TYPE)


def _one(
    request: Request, article_id: str, render: Callable[[NewsItem], bytes], media_type: str
) -> Response:
    with reader_of(request).snapshot() as snapshot:
        row = queries.article(snapshot.connection, article_id)
        said_at_ms = snapshot.said_at_ms()
    if row is None or row.status == "withheld":
        return web.answer(problems.unknown_article(article_id))
    if row.status == "canceled":
        headers = {"Cache-Control": "no-store"}
        return Response(render(item_of(row)), 410, headers, media_type=media_type)
    dated = answers.dated(request, said_at_ms)
    return answers.content(request, render(item_of(row)), media_type, dated)


async def _many(
    request: Request, query: FeedQuery, render: Callable[[Collection], bytes], media_type: str
) -> Response:
    feed_rows.check(query)
    site = _site(request)
    if site is None:
        return web.answer(problems.unknown_address())

    def job(snapshot: Snapshot) -> Response:
        found = feed_rows.rows(snapshot, query)
        body = render(collection(found, parameters_of(query), site, moved_at(snapshot)))
        return answers.content(
            request, body, media_type, answers.dated(request, snapshot.said_at_ms())
        )

    return await feed_rows.answered(request, query, job)


def _site(request: Request) -> Site | None:
    return cast("Site | None", request.app.state.site)
