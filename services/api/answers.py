"""Answers of the api: stored JSON put together as bytes, and ``ETag`` so that it travels once.

What a request says of the answer that it takes is read here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from shared.hashing import sha256

_WEIGHT: Final = re.compile(r"\s*q=([01](?:\.[0-9]*)?)\s*")
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


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the client has this content; None: it has not. Source: RFC 9110 13.1.2."""
    given = ",".join(request.headers.getlist("If-None-Match"))
    opaque = tag.removeprefix("W/")
    has_it = given.strip() == "*" or any(
        one.strip().removeprefix("W/") == opaque for one in given.split(",")
    )
    return Response(status_code=304, headers=headers(tag)) if has_it else None


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


def headers(tag: str) -> dict[str, str]:
    """Headers of whatever depends on the views."""
    return {"Cache-Control": REVALIDATE, "ETag": tag}


def json(body: bytes, tag: str) -> Response:
    """Ready JSON."""
    return Response(body, headers=headers(tag), media_type="application/json")


def array(documents: Iterable[str]) -> bytes:
    """Stored documents as a JSON array."""
    return b"[" + ",".join(documents).encode() + b"]"
