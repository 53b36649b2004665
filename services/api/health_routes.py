"""The routes for whoever keeps the process: whether it answers, and whether its views follow."""

from __future__ import annotations

from typing import Final, cast

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from services.api import problems
from services.api.declared import responses
from services.api.progress import Sampler
from services.api.schemas import Alive, Ready
from shared import web

router: Final = APIRouter(tags=["health"])


@router.get("/livez", responses=responses(Alive, "The process answers."))
async def livez() -> Response:
    """Whether the process answers at all; says nothing about the news."""
    return Response(b'{"alive":true}', media_type="application/json")


@router.get(
    "/readyz",
    responses=responses(Ready, "The views follow the wire.", _503="They do not."),
)
async def readyz(request: Request) -> Response:
    """Whether the views follow the wire: caught up, or moved within the last 15 seconds."""
    sample = cast("Sampler", request.app.state.sampler).verdict()
    if not sample.is_ready or sample.seq is None or sample.head is None:
        return web.answer(problems.not_ready(sample.detail, sample.seq, sample.head))
    lag = max(0, sample.head - sample.seq)
    body = {"ready": True, "seq": sample.seq, "head": sample.head, "lag": lag}
    return Response(
        orjson.dumps(body), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )
