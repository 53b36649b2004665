"""What every HTTP door has: problem documents, security headers, limits, never a stack trace.

Every problem has a stable ``type``, ``urn:newswire:problem:<name>``, and a ``detail`` that says
what to do next. Source: RFC 9457.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.stdlib import BoundLogger

from shared.faults import visible

MEDIA_TYPE: Final = "application/problem+json"
QUERY_BYTES_MAX: Final = 4_000
"""Ten tags of 97 characters, percent-encoded, and a cursor."""
HEAD_BYTES_MAX: Final = 32_000
"""Of all header fields together: cookies of everything else on this host, and room."""
_PATH_CHARACTERS_MAX: Final = 200
"""Of a path in a line of the log."""

ProblemName = Literal[
    "address-unknown",
    "article-canceled",
    "article-unknown",
    "body-too-large",
    "cursor-foreign",
    "cursor-invalid",
    "decision-invalid",
    "decision-stale",
    "head-too-large",
    "history-truncated",
    "internal",
    "items-rejected",
    "key-not-allowed",
    "key-unknown",
    "log-unavailable",
    "media-type-unsupported",
    "method-not-allowed",
    "not-found",
    "not-ready",
    "pair-unknown",
    "parameters-invalid",
    "query-too-long",
    "rate-unknown",
    "search-invalid",
    "search-too-costly",
    "searches-busy",
    "sign-again",
    "signature-invalid",
    "source-not-allowed",
    "source-unknown",
    "story-unknown",
    "too-many-clients",
    "too-many-requests",
    "views-behind",
    "views-unavailable",
]
"""What a door may say instead of what was asked for. A closed list: docs/glossary.md."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; ``members`` are further members of its JSON."""

    name: ProblemName
    status: int
    title: str
    detail: str
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Its stable name as a URI."""
        return f"urn:newswire:problem:{self.name}"


def answer(problem: Problem) -> Response:
    """A problem for programs."""
    body = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(orjson.dumps(body), problem.status, headers, MEDIA_TYPE)


def query_too_long(length: int) -> Problem:
    """The query string is longer than anything needs."""
    return Problem(
        "query-too-long",
        414,
        "The query is too long",
        f"Expected a query string of at most {QUERY_BYTES_MAX} bytes, came {length}. Send less.",
    )


def head_too_large(length: int) -> Problem:
    """The header fields are more than any client has to say."""
    return Problem(
        "head-too-large",
        431,
        "The header fields are too large",
        f"Expected header fields of at most {HEAD_BYTES_MAX} bytes together, came {length}. Send "
        "fewer cookies or a shorter list in If-None-Match.",
    )


def internal(fault_id: str) -> Problem:
    """Our bug; the log tells more under the same id."""
    return Problem(
        "internal",
        500,
        "Something went wrong here",
        f"This is our fault; sending it again is harmless. The log tells more under the id "
        f"{fault_id}.",
        {"instance": f"urn:newswire:fault:{fault_id}"},
    )


Answer = Callable[[Request, Problem], Response]
"""A problem in the form that a request wants."""


class Outermost:
    """The layer that answers for all within it. Plain ASGI: it costs microseconds."""

    def __init__(
        self, app: ASGIApp, answer: Answer, headers: Mapping[str, str], logger: BoundLogger
    ) -> None:
        self._app, self._answer, self._headers, self._logger = app, answer, headers, logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        out = _Out(send, self._headers)
        app = self._refusal(scope) or self._app
        try:
            await app(scope, receive, out)
        except Exception:
            fault_id = secrets.token_hex(8)
            path = visible(scope["path"][:_PATH_CHARACTERS_MAX])
            self._logger.exception("request_failed", fault_id=fault_id, path=path)
            if out.has_started:
                raise  # the server closes the connection: a cut answer must not look whole
            await self._answer(Request(scope), internal(fault_id))(scope, receive, out)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that is too large; None: it is not."""
        query = len(scope["query_string"])
        head = sum(len(name) + len(value) for name, value in scope["headers"])
        if query > QUERY_BYTES_MAX:
            return self._answer(Request(scope), query_too_long(query))
        if head > HEAD_BYTES_MAX:
            return self._answer(Request(scope), head_too_large(head))
        return None


class _Out:
    """The way out of one answer."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send, self._headers, self.has_started = send, headers, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)  # a page may have a policy of its own
        await self._send(message)
