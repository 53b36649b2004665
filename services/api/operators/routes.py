"""What operators ask: a page, the same as JSON, and metrics. All three read one look."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse, Response

from services.api import pages, problems
from services.api.declared import INVALID, responses
from services.api.live import Live
from services.api.operators import commands, exposition
from services.api.operators.facts import Facts
from services.api.operators.measures import Measures
from services.api.operators.schemas import StatusBody, body
from services.api.operators.watching import Watch
from services.api.schemas import once
from shared import web
from shared.settings import StatusLevel
from shared.version import VERSION

router: Final = APIRouter()
NO_STORE: Final = {"Cache-Control": "no-store"}
"""What is true for a second is kept by nobody."""
_OFF: Final = "`NEWSWIRE_STATUS` is `off`."


class NoQuery(BaseModel):
    """No parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_AS_TEXT: Final[dict[str, Any]] = {
    exposition.MEDIA_TYPE: {
        "schema": {"type": "string"},
        "example": "# HELP newswire_log_up 1: Redis answers.\n"
        "# TYPE newswire_log_up gauge\nnewswire_log_up 1.0\n",
    }
}


@router.get(
    "/v1/status",
    dependencies=[Depends(once(NoQuery))],
    responses=responses(StatusBody, "How the desk is.", _404=_OFF, _422=INVALID),
    tags=["operators"],
)
async def status_json(request: Request, _: Annotated[NoQuery, Query()]) -> Response:
    """How the desk is: services, streams, consumers, sources, what was set aside or not taken.

    At most a second old. Also where Redis is away: then `is_log_seen` is false.
    """
    facts, level = await _facts(request), _level(request)
    if facts is None:
        return web.answer(problems.no_such_page("/v1/status"))
    said = body(facts, level).model_dump_json()
    return Response(said, headers=NO_STORE, media_type="application/json")


@router.get(
    "/metrics",
    dependencies=[Depends(once(NoQuery))],
    responses={
        **responses(None, "All metrics.", _404=_OFF, _422=INVALID),
        200: {"description": "Prometheus' text format 0.0.4.", "content": _AS_TEXT},
    },
    response_class=Response,
    tags=["operators"],
)
async def metrics(request: Request, _: Annotated[NoQuery, Query()]) -> Response:
    """The same as numbers for Prometheus, and what this api has answered."""
    facts = await _facts(request)
    if facts is None:
        return web.answer(problems.no_such_page("/metrics"))
    state = request.app.state
    clients = cast("Live", state.live).clients
    text = exposition.text(facts, cast("Measures", state.measures), clients)
    return Response(text, headers={**NO_STORE, "Content-Type": exposition.MEDIA_TYPE})


@router.get("/status", include_in_schema=False)
async def status_page(request: Request) -> Response:
    """The same for people. Without its script it stays as it was read."""
    facts = await _facts(request)
    if facts is None:
        return pages.problem_page(problems.no_such_page("/status"))
    level = _level(request)
    said = body(facts, level)
    page = pages.render(
        "status.html",
        status=said,
        since=_since(said.at),
        version=VERSION,
        letters=[(one, commands.of_letter(one)) for one in facts.letters]
        if level == "full"
        else [],
        decisions=commands.of_articles(),
    )
    return HTMLResponse(page, headers=NO_STORE)


def _level(request: Request) -> StatusLevel:
    return cast("StatusLevel", request.app.state.status)


async def _facts(request: Request) -> Facts | None:
    """How the desk is; None: nobody is told."""
    watch = cast("Watch | None", request.app.state.watch)
    return None if watch is None or _level(request) == "off" else await watch.facts()


def _since(now: datetime) -> Any:
    """How long ago an instant was, in words: ``12 s``, ``5 min``."""

    def said(at: datetime | None) -> str:
        if at is None:
            return "never"
        seconds = max(0, int((now - at).total_seconds()))
        for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
            if seconds >= 2 * unit:
                return f"{seconds // unit} {name} ago"
        return f"{seconds} s ago"

    return said
