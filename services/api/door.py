"""What every answer has: security headers, HEAD where there is GET, limits, never a stack trace."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.stdlib import BoundLogger

from services.api import answers, problems
from services.api.problems import Problem

QUERY_BYTES_MAX: Final = 4_000
"""Ten tags of 97 characters, percent-encoded, and a cursor."""
HEAD_BYTES_MAX: Final = 32_000
"""Of all header fields together: cookies of everything else on this host, and room."""

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

Answer = Callable[[Request, Problem], Response]
"""A problem as page or JSON, as the request wants it."""


class Door:
    """The outermost layer. Plain ASGI: it costs microseconds and sees what is sent."""

    def __init__(self, app: ASGIApp, answer: Answer, logger: BoundLogger) -> None:
        self._app, self._answer, self._logger = app, answer, logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        out = _Out(send, is_head=scope["method"] == "HEAD")
        inner = _as_read(scope)
        app = self._refusal(inner) or self._app
        try:
            await app(inner, receive, out)
        except Exception:
            fault_id = secrets.token_hex(8)
            path = problems.echo(scope["path"])
            self._logger.exception("request_failed", fault_id=fault_id, path=path)
            if out.has_started:
                raise  # the server closes the connection: a cut answer must not look whole
            await self._answer(Request(inner), problems.internal(fault_id))(inner, receive, out)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that is too large; None: it is not."""
        query = len(scope["query_string"])
        head = sum(len(name) + len(value) for name, value in scope["headers"])
        if query > QUERY_BYTES_MAX:
            problem = problems.query_too_long(query, QUERY_BYTES_MAX)
        elif head > HEAD_BYTES_MAX:
            problem = problems.head_too_large(head, HEAD_BYTES_MAX)
        else:
            return None
        return self._answer(Request(scope), problem)


def _as_read(scope: Scope) -> Scope:
    """The request as the application reads it: GET for HEAD, and no gzip for who refuses it.

    ``is_head`` tells who would answer without end.

    Starlette compresses wherever it finds the word: ``gzip;q=0`` has to go before it looks.
    """
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name != b"accept-encoding" or answers.accepts(value.decode("latin-1"), "gzip")
    ]
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    is_head = scope["method"] == "HEAD"
    return {**scope, "method": method, "is_head": is_head, "headers": headers}


class _Out:
    """The way out of one answer."""

    def __init__(self, send: Send, *, is_head: bool) -> None:
        self._send, self.is_head, self.has_started = send, is_head, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            MutableHeaders(scope=message).update(SECURITY_HEADERS)
        elif self.is_head:
            message = {**message, "body": b""}
        await self._send(message)
