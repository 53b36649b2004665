"""One request and its answer, on a connection of its own.

No connection is used twice: what a publisher sends behind an answer can then never be taken for
the answer to another request, and each request goes to an address that was judged for it.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal

import httpcore2

from services.ingest.fetch import answers
from services.ingest.fetch.addresses import Network
from services.ingest.fetch.answers import Head
from services.ingest.fetch.backend import BudgetSpent, GuardedBackend
from services.ingest.fetch.encodings import Chain, CodingBroken, CodingRefused
from services.ingest.fetch.resolver import Resolve
from services.ingest.fetch.urls import Target
from services.ingest.fetch.words import Trouble

HEAD_BYTES_MAX: Final = 65_536
"""Of everything that comes before a body, interim answers (1xx) among it."""
FIELDS_MAX: Final = 200
"""Fields of a head; a publisher with a cache before it sends about thirty."""
PIECES_MAX: Final = 50_000
"""Chunks of a body. Each costs time of its own, however short it is."""
WIRE_SHARE_MAX: Final = 2
"""So many bytes may come for one of a body that is allowed: framing, padding."""

_VERSIONS: Final = (b"HTTP/1.1", b"HTTP/1.0")


@dataclass(frozen=True, slots=True)
class Line:
    """What every exchange needs."""

    tls: ssl.SSLContext
    resolve: Resolve
    allowed: Sequence[Network]
    connect_s: float
    silence_s: float
    """So long a publisher may send nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, and how much may come."""

    target: Target
    fields: Sequence[tuple[bytes, bytes]]
    body_bytes_max: int
    on_excess: Literal["refuse", "cut"] = "refuse"
    form: bytes | None = None
    """A form to post; None: the request is a GET."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Head and decoded body; the body only of an answer that brings a document, else empty."""

    head: Head
    body: bytes


async def exchange(line: Line, request: Request) -> Answer:
    """The answer to one request.

    Raises:
        Trouble: there is none that can be used.
    """
    backend = GuardedBackend(line.resolve, line.allowed, HEAD_BYTES_MAX)
    async with _connected(line, request.target, backend) as connection:
        response = await _asked(connection, backend, _composed(line, request))
        head = answers.head(response.status, response.headers)
        if response.extensions["http_version"] not in _VERSIONS:
            raise Trouble("bad-answer", "expected an answer in HTTP/1.1 or HTTP/1.0")
        if len(head.fields) > FIELDS_MAX:
            raise Trouble("bad-answer", f"expected at most {FIELDS_MAX} fields in a head")
        if head.status not in (200, 203):
            return Answer(head, b"")
        return Answer(head, await _body(response, backend, head, request))


@asynccontextmanager
async def _connected(
    line: Line, target: Target, backend: GuardedBackend
) -> AsyncIterator[httpcore2.AsyncHTTPConnection]:
    origin = httpcore2.Origin(target.scheme.encode(), target.host.encode(), target.port)
    connection = httpcore2.AsyncHTTPConnection(
        origin, ssl_context=line.tls, network_backend=backend
    )
    try:
        yield connection
    finally:
        await connection.aclose()


def _composed(line: Line, request: Request) -> httpcore2.Request:
    target = request.target
    form: list[tuple[bytes, bytes]] = []
    if request.form is not None:
        form.append((b"Content-Type", b"application/x-www-form-urlencoded"))
        form.append((b"Content-Length", b"%d" % len(request.form)))
    return httpcore2.Request(
        "GET" if request.form is None else "POST",
        httpcore2.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
        headers=[
            (b"Host", target.authority.encode()),
            *request.fields,
            *form,
            (b"Connection", b"close"),
        ],
        content=request.form,
        extensions={
            "timeout": {
                "connect": line.connect_s,
                "read": line.silence_s,
                "write": line.silence_s,
            }
        },
    )


async def _asked(
    connection: httpcore2.AsyncHTTPConnection,
    backend: GuardedBackend,
    request: httpcore2.Request,
) -> httpcore2.Response:
    """The head of the answer, its body not yet read."""
    try:
        return await connection.handle_async_request(request)
    except BudgetSpent as error:
        detail = f"expected a head of at most {HEAD_BYTES_MAX} bytes"
        raise Trouble("bad-answer", detail) from error
    except (httpcore2.ConnectTimeout, httpcore2.ReadTimeout, httpcore2.WriteTimeout) as error:
        raise Trouble("timeout", f"nothing came in time: {type(error).__name__}") from error
    except httpcore2.RemoteProtocolError as error:
        if backend.stream is not None and backend.stream.is_silent:
            raise Trouble("unreachable", "the connection was closed without an answer") from error
        raise Trouble("bad-answer", f"expected an answer in HTTP/1.1: {error}") from error
    except (httpcore2.NetworkError, OSError) as error:
        raise _unreached(error) from error


def _unreached(error: Exception) -> Trouble:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Trouble("tls-failed", f"the certificate is not good: {cause.verify_message}")
    if cause is not None:
        return Trouble("tls-failed", f"no TLS with this publisher: {cause.args[-1]}")
    return Trouble("unreachable", f"no connection, or it broke: {type(error).__name__}")


async def _body(
    response: httpcore2.Response, backend: GuardedBackend, head: Head, request: Request
) -> bytes:
    bytes_max = request.body_bytes_max
    if request.on_excess == "refuse" and (answers.declared_bytes(head) or 0) > bytes_max:
        raise _too_large(bytes_max)
    stream = backend.stream
    if stream is not None:
        stream.budget_bytes = bytes_max * WIRE_SHARE_MAX + HEAD_BYTES_MAX
    try:
        return await _decoded(response, head, request)
    except CodingRefused as error:
        raise Trouble("encoding-refused", f"expected identity, gzip or br, came {error}") from error
    except CodingBroken as error:
        raise Trouble("bad-answer", f"the body is not what it says: {error}") from error
    except BudgetSpent as error:
        raise _too_large(bytes_max) from error
    except httpcore2.ReadTimeout as error:
        raise Trouble("timeout", "the rest of the body did not come in time") from error
    except httpcore2.RemoteProtocolError as error:
        if stream is not None and stream.is_ended:
            raise _truncated() from error
        raise Trouble("bad-answer", f"the body is not framed as HTTP/1.1 does: {error}") from error
    except (httpcore2.NetworkError, OSError) as error:
        raise _truncated() from error


async def _decoded(response: httpcore2.Response, head: Head, request: Request) -> bytes:
    chain = Chain(answers.codings(head))
    body = bytearray()
    pieces = 0
    async with aclosing(response.aiter_stream()) as came:
        async for data in came:
            pieces += 1
            if pieces > PIECES_MAX:
                raise Trouble("bad-answer", f"expected at most {PIECES_MAX} chunks")
            for piece in chain.feed(data):
                body += piece
                if len(body) > request.body_bytes_max:
                    return _excess(body, request)
    if not chain.is_complete:
        raise _truncated()
    return bytes(body)


def _excess(body: bytearray, request: Request) -> bytes:
    if request.on_excess == "refuse":
        raise _too_large(request.body_bytes_max)
    return bytes(body[: request.body_bytes_max])


def _too_large(bytes_max: int) -> Trouble:
    return Trouble("too-large", f"expected a body of at most {bytes_max} bytes")


def _truncated() -> Trouble:
    return Trouble("truncated", "the body ended before its end")
