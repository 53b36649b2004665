"""The operators' page at the push door, and what it shows to who has an operator's key.

The page holds no secret and nothing of the desk. Its script sends the key as a header: no cookie
is ever set, so no other site can have a decision sent, and no policy of the door is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any, Final, Protocol

import orjson
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.push import gate, openapi, problems
from services.ingest.push.requests import Desk
from shared import web
from shared.log import Log
from shared.rejects import Reject
from shared.setaside import SetAside
from shared.web import Problem

LETTERS_MAX: Final = 200
"""Dead letters of one consumer that the page is told."""
_FOLDER: Final = files("services.ingest.push") / "page"
_MEDIA_TYPES: Final = {"operators.css": "text/css", "operators.js": "text/javascript"}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the page alone; ``form-action`` none: its forms are sent by its script."""


class Kept(Protocol):
    """Where rejects are kept."""

    async def all(self) -> Sequence[Reject]:
        """What is kept, the latest first."""
        ...


@dataclass(slots=True)
class Board:
    """What an operator is shown."""

    log: Log
    rejects: Kept
    _set_aside: SetAside = field(default_factory=SetAside)

    async def said(self) -> dict[str, Any]:
        """What enrichment has set aside and what was not taken.

        Raises:
            Unavailable: the log does not answer.
        """
        await self._set_aside.follow(self.log)
        letters = self._set_aside.letters(LETTERS_MAX)
        return {
            "dead_letters": [asdict(one) for one in letters],
            "rejects": [asdict(one) for one in await self.rejects.all()],
            "fault": self._set_aside.fault,
        }


class LetterSaid(BaseModel):
    """An event that a consumer has set aside."""

    consumer: str
    subject: str
    seq: int
    event_type: str
    reason: str
    error: str
    is_retried: bool


class RejectSaid(BaseModel):
    """What was not taken."""

    number: int
    at: AwareDatetime
    source: str
    reason: str
    times: int
    where: str
    expected: str


class DeskSaid(BaseModel):
    """What an operator is shown."""

    dead_letters: list[LetterSaid]
    rejects: list[RejectSaid]
    fault: str | None


def router(desk: Desk, board: Board) -> APIRouter:
    """The page, its files, and what it shows."""
    made = APIRouter()
    page = (_FOLDER / "operators.html").read_bytes()
    files_by_name = {name: (_FOLDER / name).read_bytes() for name in _MEDIA_TYPES}

    @made.get("/operators", include_in_schema=False)
    async def operators() -> Response:
        headers = {"Content-Security-Policy": POLICY}
        return Response(page, headers=headers, media_type="text/html")

    @made.get("/operators/{name}", include_in_schema=False)
    async def asset(request: Request, name: str) -> Response:
        if name not in files_by_name:
            return web.answer(problems.not_found(request.scope["path"]))
        return Response(files_by_name[name], media_type=_MEDIA_TYPES[name])

    @made.get(
        "/v1/desk",
        response_model=DeskSaid,
        responses=openapi.declared(401, 403, 414, 429, 431, 500, 503),
        openapi_extra={"security": [{"key": []}]},
    )
    async def desk_said(request: Request) -> Response:
        """What enrichment has set aside and what ingest did not take, for an operator's key."""
        key = await gate.known(request, desk, is_admin=True)
        if isinstance(key, Problem):
            return web.answer(key)
        return Response(orjson.dumps(await board.said()), media_type="application/json")

    return made
