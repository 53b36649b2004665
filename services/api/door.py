"""How requests are read here: HEAD wherever there is GET."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class AsRead:
    """The layer that turns a request into what the application reads: GET for HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through; what answers a HEAD has no body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            is_start = message["type"] == "http.response.start"
            await send(message if is_start else {**message, "body": b""})

        is_head = scope["method"] == "HEAD"
        await self._app(_as_read(scope), receive, without_body if is_head else send)


def _as_read(scope: Scope) -> Scope:
    """The request as the application reads it: GET for HEAD.

    ``is_head`` tells who would answer without end.
    """
    is_head = scope["method"] == "HEAD"
    return {**scope, "method": "GET" if is_head else scope["method"], "is_head": is_head}
