"""Answers of the api: stored JSON put together as bytes, and ``ETag`` so that it travels once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from shared.hashing import sha256

REVALIDATE: Final = "no-cache"
"""May be kept, must be asked for again: a kill holds at every instant."""


def etag(request: Request, *state: str) -> str:
    """Names this target's content in this state. Weak: compression changes the bytes.

    Source: RFC 9110 8.8.3.
    """
    target = URL(scope=request.scope)
    return f'W/"{sha256(" ".join((*state, target.path, target.query)).encode())[:24]}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the client has this content; None: it has not. Source: RFC 9110 13.1.2."""
    given = request.headers.get("If-None-Match")
    if given is None:
        return None
    opaque = tag.removeprefix("W/")
    has_it = given.strip() == "*" or any(
        one.strip().removeprefix("W/") == opaque for one in given.split(",")
    )
    return Response(status_code=304, headers=headers(tag)) if has_it else None


def headers(tag: str) -> dict[str, str]:
    """Headers of whatever depends on the views."""
    return {"Cache-Control": REVALIDATE, "ETag": tag}


def json(body: bytes, tag: str) -> Response:
    """Ready JSON."""
    return Response(body, headers=headers(tag), media_type="application/json")


def array(documents: Iterable[str]) -> bytes:
    """Stored documents as a JSON array."""
    return b"[" + ",".join(documents).encode() + b"]"
