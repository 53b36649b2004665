"""The page ``/docs``: the OpenAPI document for people, without a script."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import orjson
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.api import answers, pages
from services.api.assets import EDITION
from services.api.reference import kinds
from services.api.reference.operations import objects, rooms
from shared.hashing import sha256

router: Final = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs_page(request: Request) -> Response:
    """Every route with its parameters, its answers and a request to try."""
    document = orjson.dumps(request.app.openapi())
    tag = answers.etag(request, sha256(document), EDITION)
    if same := answers.unchanged(request, tag):
        return same
    return HTMLResponse(_rendered(document), headers=answers.headers(tag))


@lru_cache(maxsize=1)
def _rendered(document: bytes) -> str:
    found = orjson.loads(document)
    return pages.render(
        "docs.html",
        document=found,
        rooms=rooms(found),
        objects=objects(found),
        fields=kinds.fields,
        about=kinds.paragraphs(found["info"]["description"]),
        inline=kinds.inline,
    )
