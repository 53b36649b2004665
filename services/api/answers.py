"""Answers of the api: stored JSON put together as bytes, and ``ETag`` so that it travels once.

What a request says of the answer that it takes is read here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from shared.hashing import sha256

_WEIGHT: Final = re.compile(r"\s*q=([01](?:\.[0-9]*)?)\s*")
_TAGS: Final = b"if-none-match"
_CONDITIONS: Final = (_TAGS, b"if-modified-since")
JSON: Final = "application/json"
DATES_KEPT_MAX: Final = 1_000
"""Seconds with what a header says of them: a list is asked for often while it stands."""
_NOTHING: Final = b'{"items":[],"next":null,'
"""How every list begins that has no items and goes on nowhere."""
SETTLED: Final = timedelta(minutes=1)
"""The views show an event within seconds, or the process says that it is not ready."""
REVALIDATE: Final = "no-cache"
"""May be kept, must be asked for again: a kill holds at every instant."""


def etag(request: Request, *state: str) -> str:
    """Names this target's content in this state. Weak: compression changes the bytes.

    Source: RFC 9110 8.8.3.
    """
    # Not request.url: that is put together with the Host header, which is the client's to choose.
    said = request.scope.get("language", ""), request.scope["path"]
    target = *said, request.scope["query_string"].decode("latin-1")
    return f'W/"{sha256(" ".join((*state, *target)).encode())[:24]}"'


def of_body(request: Request, body: bytes) -> str:
    """The ``etag`` of a content that is put together already: it changes when that does."""
    return etag(request, sha256(body))


def modified(at_ms: int | None, now: datetime) -> str | None:
    """The ``Last-Modified`` of what an event made, at milliseconds since 1970; None: none is given.

    It is the whole second after the event, and given a minute later: by then the views have shown
    whatever else that second brought, and no two contents have one date. Source: RFC 9110 8.8.2.2.
    """
    if at_ms is None:
        return None
    second, date = _dated(at_ms // 1000 + 1)
    return date if second + SETTLED <= now else None


def dated(request: Request, at_ms: int | None) -> str | None:
    """``modified``, as of the instant that it is for the application."""
    return modified(at_ms, request.app.state.now())


@lru_cache(maxsize=DATES_KEPT_MAX)
def _dated(second: int) -> tuple[datetime, str]:
    """An instant, and its date in a header."""
    instant = datetime.fromtimestamp(second, UTC)
    return instant, format_datetime(instant, usegmt=True)


def unchanged(request: Request, tag: str, modified: str | None = None) -> Response | None:
    """304 where the client has this content; None: it has not.

    A date counts where no tag is given, and only the very one that was given with this content.
    Source: RFC 9110 13.1.2, 13.1.3.
    """
    fields = [pair for pair in request.scope["headers"] if pair[0] in _CONDITIONS]
    if not fields:
        return None
    tags = [value.decode("latin-1") for name, value in fields if name == _TAGS]
    if not tags:
        has_it = modified is not None and request.headers["If-Modified-Since"] == modified
        return Response(status_code=304, headers=headers(tag, modified)) if has_it else None
    given = ",".join(tags)
    opaque = tag.removeprefix("W/")
    has_it = given.strip() == "*" or any(
        one.strip().removeprefix("W/") == opaque for one in given.split(",")
    )
    return Response(status_code=304, headers=headers(tag, modified)) if has_it else None


def accepts(given: str, name: str) -> bool:
    """Whether a header like ``Accept`` names this with a weight above zero; no wildcard does."""
    return weight(given, name) > 0


def weight(given: str, name: str) -> float:
    """The weight that a header like ``Accept`` gives this, 0 to 1; no wildcard gives any.

    One that cannot be read counts as 1, as none does. Source: RFC 9110 12.4.2.
    """
    for one in given.lower().split(","):
        token, *parameters = one.split(";")
        if token.strip() == name:
            found = filter(None, map(_WEIGHT.fullmatch, parameters))
            return next((float(match[1]) for match in found), 1.0)
    return 0.0


def headers(tag: str, modified: str | None = None) -> dict[str, str]:
    """Headers of whatever depends on the views."""
    dated = {"Last-Modified": modified} if modified else {}
    return {"Cache-Control": REVALIDATE, "ETag": tag, **dated}


def json(
    body: bytes, tag: str, modified: str | None = None, more: Mapping[str, str] | None = None
) -> Response:
    """Ready JSON; ``more``: further headers."""
    found = {**headers(tag, modified), **(more or {})}
    return Response(body, headers=found, media_type=JSON)


def content(
    request: Request,
    body: bytes,
    media_type: str,
    modified: str | None = None,
    more: Mapping[str, str] | None = None,
) -> Response:
    """A content that is put together already, or 304 where the client has it.

    ``more``: further headers.
    """
    tag = of_body(request, body)
    if same := unchanged(request, tag, modified):
        return same
    return Response(body, headers={**headers(tag, modified), **(more or {})}, media_type=media_type)


def says_nothing(answer: Response) -> bool:
    """Whether this is the end of a list in which nothing is."""
    return answer.status_code == 200 and bytes(answer.body).startswith(_NOTHING)
