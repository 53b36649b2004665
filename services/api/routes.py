"""The JSON routes. Each reads one snapshot and answers with stored bytes."""

from __future__ import annotations

from typing import Annotated, Any, Final, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.api import answers, cursors, problems, queries
from services.api.cursors import After, Cursor, Since
from services.api.door import HEAD_BYTES_MAX, QUERY_BYTES_MAX
from services.api.progress import Sampler
from services.api.queries import Listed, Wanted
from services.api.reading import Reader, Snapshot
from services.api.schemas import (
    Alive,
    ArticleItem,
    ArticleList,
    ArticlesQuery,
    NoQuery,
    ProblemBody,
    RateList,
    RatesQuery,
    Ready,
    once,
)

router: Final = APIRouter()

Responses = dict[int | str, dict[str, Any]]


_UNAVAILABLE: Final = "There are no views yet, or they cannot be read; `Retry-After` says when."
_INVALID: Final = "A parameter is unknown, repeated or out of bounds; `errors` names the first ten."
_UNCHANGED: Final = "The client has this content: its `ETag` came in `If-None-Match`."
_EVERYWHERE: Final = {
    "_405": "The method is neither GET nor HEAD; `Allow` names both.",
    "_414": f"The query string has more than {QUERY_BYTES_MAX:,} bytes.",
    "_431": f"The header fields have more than {HEAD_BYTES_MAX:,} bytes together.",
    "_500": "Our fault; the log tells more under the id in `instance`.",
}
"""What every operation may answer: to a request that is refused unread, and for a bug."""


def _responses(body: type[Any], said: str, **others: str) -> Responses:
    """The OpenAPI responses of a route: ``_304="…"`` without a body, ``_422="…"`` for a problem."""
    by_status: Responses = {200: {"model": body, "description": said}}
    for name, description in sorted((others | _EVERYWHERE).items()):
        status = int(name[1:])
        model = {"model": ProblemBody} if status >= 400 else {}
        by_status[status] = {"description": description, **model}
    return by_status


def reader_of(request: Request) -> Reader:
    """The views of this process."""
    return cast("Reader", request.app.state.reader)


@router.get("/livez", responses=_responses(Alive, "The process answers."), tags=["health"])
async def livez() -> Response:
    """Whether the process answers at all; says nothing about the news."""
    return Response(b'{"alive":true}', media_type="application/json")


@router.get(
    "/readyz",
    responses=_responses(Ready, "The views follow the wire.", _503="They do not."),
    tags=["health"],
)
async def readyz(request: Request) -> Response:
    """Whether the views follow the wire: caught up, or moved within the last 15 seconds."""
    sample = cast("Sampler", request.app.state.sampler).verdict()
    if not sample.is_ready or sample.seq is None or sample.head is None:
        return problems.answer(problems.not_ready(sample.detail, sample.seq, sample.head))
    lag = max(0, sample.head - sample.seq)
    body = {"ready": True, "seq": sample.seq, "head": sample.head, "lag": lag}
    return Response(
        orjson.dumps(body), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


@router.get(
    "/v1/articles",
    responses=_responses(
        ArticleList,
        "Articles, newest first; with a `cursor` for polling: changes, oldest first.",
        _304=_UNCHANGED, _400="The cursor cannot be read.", _422=_INVALID, _503=_UNAVAILABLE,
    ),
    dependencies=[Depends(once(ArticlesQuery))],
    tags=["articles"],
)  # fmt: skip
async def list_articles(request: Request, query: Annotated[ArticlesQuery, Query()]) -> Response:
    """Articles on the wire, or what changed since a list was read."""
    begin = cursors.read(query.cursor) if query.cursor else None
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        wanted = Wanted(query.tag, query.source, query.language)
        body = _page(snapshot, wanted, begin, query.limit)
    return answers.json(body, tag)


@router.get(
    "/v1/articles/{article_id}",
    responses=_responses(
        ArticleItem, "The article.", _304=_UNCHANGED, _404="Unknown, or not available.",
        _410="Canceled: remove every copy. Members `reason`, `by`, `observed_at`.",
        _422=_INVALID, _503=_UNAVAILABLE,
    ),
    tags=["articles"],
)  # fmt: skip
async def show_article(
    request: Request, article_id: str, _query: Annotated[NoQuery, Query()]
) -> Response:
    """One article as it stands."""
    with reader_of(request).snapshot() as snapshot:
        row = queries.article(snapshot.connection, article_id)
        tag = answers.etag(request, snapshot.state)
    if row is None or row.status == "withheld":
        return problems.answer(problems.unknown_article(article_id))
    if row.status == "canceled":
        return problems.answer(problems.canceled_article(orjson.loads(row.document)))
    return answers.unchanged(request, tag) or answers.json(row.json().encode(), tag)


@router.get(
    "/v1/rates/latest",
    responses=_responses(RateList, "Rates.", _304=_UNCHANGED, _422=_INVALID, _503=_UNAVAILABLE),
    dependencies=[Depends(once(RatesQuery))],
    tags=["rates"],
)
async def latest_rates(request: Request, query: Annotated[RatesQuery, Query()]) -> Response:
    """The latest rate of every series, by base, quote and source."""
    with reader_of(request).snapshot() as snapshot:
        tag = answers.etag(request, snapshot.state)
        if same := answers.unchanged(request, tag):
            return same
        rates = queries.latest_rates(snapshot.connection)
    documents = _selected(rates, query)
    cursor = cursors.text(Since(snapshot.checkpoint.seq))
    return answers.json(_body(answers.array(documents), cursor=cursor), tag)


def _selected(rates: list[tuple[str, str]], query: RatesQuery) -> list[str]:
    """Documents of the wanted series, in order; a series is ``source:kind:BASE-QUOTE``."""
    keyed = []
    for series, document in rates:
        source, kind, pair = series.split(":")
        base, quote = pair.split("-")
        asked = (query.base, base), (query.quote, quote), (query.source, source)
        if all(wanted in (None, found) for wanted, found in asked):
            keyed.append(((base, quote, source, kind), document))
    return [document for _, document in sorted(keyed)]


def _page(snapshot: Snapshot, wanted: Wanted, begin: Cursor | None, limit: int) -> bytes:
    if isinstance(begin, Since):
        return _changes(snapshot, wanted, begin.seq, limit)
    seq = begin.seq if begin else snapshot.checkpoint.seq
    rows = queries.articles(snapshot.connection, wanted, begin, limit + 1)
    shown = rows[:limit]
    following: After | None = shown[-1].after(seq) if len(rows) > limit else None
    return _listing(shown, following, Since(seq))


def _changes(snapshot: Snapshot, wanted: Wanted, seq: int, limit: int) -> bytes:
    rows = queries.changes(snapshot.connection, wanted, seq, limit + 1)
    shown = rows[:limit]
    if len(rows) > limit:
        reached = Since(shown[-1].seq)
        return _listing(shown, reached, reached)
    # A reader that came from an api further ahead must not be sent back.
    return _listing(shown, None, Since(max(seq, snapshot.checkpoint.seq)))


def _listing(rows: list[Listed], following: Cursor | None, since: Since) -> bytes:
    items = answers.array(row.json() for row in rows)
    next_text = cursors.text(following) if following else None
    return _body(items, next=next_text, cursor=cursors.text(since))


def _body(items: bytes, **members: str | None) -> bytes:
    return b'{"items":' + items + b"," + orjson.dumps(members)[1:]
