"""What every answer of the push door has: security headers, limits, never a stack trace."""

from __future__ import annotations

import secrets
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.stdlib import BoundLogger

from services.ingest.push import problems
from shared.faults import visible

QUERY_BYTES_MAX: Final = 4_000
"""Nothing here has a query; a client may send one."""
HEAD_BYTES_MAX: Final = 32_000
"""Of all header fields together."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Door:
    """The outermost layer. Plain ASGI: it sees what is sent."""

    def __init__(self, app: ASGIApp, logger: BoundLogger) -> None:
        self._app, self._logger = app, logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        out = _Out(send)
        app = _refusal(scope) or self._app
        try:
            await app(scope, receive, out)
        except Exception:
            fault_id = secrets.token_hex(8)
            path = visible(scope["path"][:200])
            self._logger.exception("request_failed", fault_id=fault_id, path=path)
            if out.has_started:
                raise  # the server closes the connection: a cut answer must not look whole
            await problems.answer(problems.internal(fault_id))(scope, receive, out)


def _refusal(scope: Scope) -> Response | None:
    """The answer to a request that is too large; None: it is not."""
    query = len(scope["query_string"])
    head = sum(len(name) + len(value) for name, value in scope["headers"])
    if query > QUERY_BYTES_MAX:
        return problems.answer(problems.query_too_long(query, QUERY_BYTES_MAX))
    if head > HEAD_BYTES_MAX:
        return problems.answer(problems.head_too_large(head, HEAD_BYTES_MAX))
    return None


class _Out:
    """The way out of one answer."""

    def __init__(self, send: Send) -> None:
        self._send, self.has_started = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            MutableHeaders(scope=message).update(HEADERS)
        await self._send(message)
