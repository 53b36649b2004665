"""The push door as an application: its routes, and one answer for everything that goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from services.ingest.push import decisions, gate, openapi, problems
from services.ingest.push.answers import Tally
from services.ingest.push.articles import observation
from services.ingest.push.bodies import Form, Stop, batches
from services.ingest.push.quotas import QuotaFields
from services.ingest.push.rates import rate
from services.ingest.push.receipts import Alive
from services.ingest.push.requests import FORM_BY_MEDIA_TYPE, Desk, Intake, Reader, chunks
from shared import web
from shared.errors import NewswireError
from shared.keys import Key
from shared.version import VERSION
from shared.web import Problem

_BATCH_FORMS: Final = tuple(FORM_BY_MEDIA_TYPE)
_DECISION_FORMS: Final = ("application/json",)

_SECURITY_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter()


def build(desk: Desk, *others: APIRouter) -> FastAPI:
    """The application before a desk; ``others`` answer at it too, under paths of their own."""
    # FastAPI's own documentation pages load scripts from a CDN.
    app = FastAPI(
        title="Newswire push door", version=VERSION, description=openapi.DESCRIPTION,
        docs_url=None, redoc_url=None, redirect_slashes=False,
    )  # fmt: skip
    app.state.desk = desk
    for each in (router, *others):
        app.include_router(each)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NewswireError, _log_away)
    app.add_middleware(web.Outermost, answer=_answer, headers=_SECURITY_HEADERS, logger=desk.logger)
    app.add_middleware(QuotaFields)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


@router.get("/livez", response_model=Alive, responses=openapi.declared(414, 431, 500))
async def livez() -> Response:
    """Whether the process answers."""
    return JSONResponse({"status": "ok"})


@router.post("/v1/articles", **openapi.bringing("PushedArticle"))
async def push_articles(request: Request) -> Response:
    """Articles as their source has them now: new ones, changed ones, canceled ones."""
    return await _push(request, observation)


@router.post("/v1/rates", **openapi.bringing("PushedRate"))
async def push_rates(request: Request) -> Response:
    """Rates as their source published them; another value for the same `as_of` replaces it."""
    return await _push(request, rate)


@router.post("/v1/webhooks/{key_id}/articles", **openapi.signing("PushedArticle"))
async def push_signed_articles(request: Request, key_id: str) -> Response:
    """Articles in a request that is signed (Standard Webhooks 1.0.0)."""
    return await _push_signed(request, key_id, observation)


@router.post("/v1/webhooks/{key_id}/rates", **openapi.signing("PushedRate"))
async def push_signed_rates(request: Request, key_id: str) -> Response:
    """Rates in a request that is signed (Standard Webhooks 1.0.0)."""
    return await _push_signed(request, key_id, rate)


@router.post("/v1/decisions", **openapi.deciding())
async def push_decision(request: Request) -> Response:
    """An operator's decision about an article, source, relation or rate, or what was set aside."""
    desk: Desk = request.app.state.desk
    admitted = await gate.by_key(request, desk, _DECISION_FORMS, is_admin=True)
    if isinstance(admitted, Problem):
        return web.answer(admitted)
    key, _ = admitted
    await desk.check_safe()
    data = await _document(request, desk)
    pushed = decisions.read(data) if isinstance(data, bytes) else data
    if isinstance(pushed, Problem):
        return web.answer(pushed)
    recorded = await decisions.record(pushed, key, desk.decisions, desk.now())
    _tell_decision(desk, key, pushed.decision, recorded)
    return web.answer(recorded) if isinstance(recorded, Problem) else recorded


async def _push(request: Request, read: Reader) -> Response:
    desk: Desk = request.app.state.desk
    admitted = await gate.by_key(request, desk, _BATCH_FORMS, is_admin=False)
    if isinstance(admitted, Problem):
        return web.answer(admitted)
    key, form = admitted
    return await _published(Intake(desk, key, read), chunks(request, desk), form)


async def _push_signed(request: Request, key_id: str, read: Reader) -> Response:
    desk: Desk = request.app.state.desk
    letter = await gate.by_signature(request, desk, key_id)
    if isinstance(letter, Problem):
        return web.answer(letter)
    intake = Intake(desk, letter.key, read, letter.first_seen_at)
    return await _published(intake, _at_once(letter.body), "json")


async def _at_once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _published(intake: Intake, came: AsyncIterator[bytes], form: Form) -> Response:
    desk, key = intake.desk, intake.key
    try:
        await desk.check_safe()
        async for batch in batches(came, form):
            await intake.take(batch)
    except NewswireError as error:
        _tell(desk, key, intake.tally, str(error))
        return web.answer(problems.log_unavailable(str(error), intake.tally.said()))
    _tell(desk, key, intake.tally)
    return intake.tally.answer()


async def _document(request: Request, desk: Desk) -> bytes | Problem:
    """The one object of a body."""
    found = b""
    async for first, *more in batches(chunks(request, desk), "json"):
        if isinstance(first, Stop):
            is_large = first.reason == "too-large"
            refuse = problems.too_large if is_large else problems.decision_invalid
            return refuse(f"Nothing was recorded: {first.detail}.")
        if more:
            return problems.decision_invalid("Expected one decision, came several.")
        found = first.data
    return found


def _tell(desk: Desk, key: Key, tally: Tally, error: str | None = None) -> None:
    counts: dict[str, Any] = {outcome: count for outcome, count in tally.counts().items() if count}
    tally.note(desk.rejects, key)
    if error:
        desk.logger.warning("push_failed", key=key.key_id, name=key.name, error=error, **counts)
    else:
        desk.logger.info("pushed", key=key.key_id, name=key.name, **counts)


def _tell_decision(desk: Desk, key: Key, decision: str, recorded: Response | Problem) -> None:
    outcome = recorded.name if isinstance(recorded, Problem) else "stands"
    desk.logger.info("decided", key=key.key_id, name=key.name, decision=decision, outcome=outcome)


def _answer(_request: Request, problem: Problem) -> Response:
    return web.answer(problem)


async def _log_away(_request: Request, error: Exception) -> Response:
    return web.answer(problems.log_unavailable(str(error)))


async def _http(request: Request, error: Exception) -> Response:
    headers: Any = getattr(error, "headers", None) or {}
    if isinstance(error, HTTPException) and error.status_code == 405:
        problem = problems.method_not_allowed(request.method, headers.get("Allow", "POST"))
    else:
        problem = problems.not_found(request.scope["path"])
    return web.answer(problem)
