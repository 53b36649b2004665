"""The application put together: routes, pages, and one answer for everything that goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from structlog.stdlib import BoundLogger

from services.api import (
    answers,
    change_routes,
    difference_pages,
    difference_routes,
    faults,
    feed_routes,
    front_page,
    health_routes,
    history_routes,
    pages,
    problems,
    provenance_routes,
    rate_feed_routes,
    rate_pages,
    routes,
    search_page,
    story_feed_routes,
    story_pages,
    story_routes,
    stream_routes,
)
from services.api.compressing import Compressing
from services.api.directly import Application
from services.api.door import SECURITY_HEADERS, AsRead
from services.api.exports import download_routes, item_routes, source_routes
from services.api.exports.downloads import Downloads
from services.api.live import Live
from services.api.operators import routes as operator_routes
from services.api.operators.measures import Measured, Measures
from services.api.operators.watching import Watch
from services.api.progress import Sampler
from services.api.rates import pair_routes
from services.api.rates import routes as rate_routes
from services.api.reading import Reader
from services.api.reference import page as reference_page
from services.api.reference.document import document
from services.api.search.searcher import Searcher
from services.api.site import routes as site_routes
from services.api.syndication.links import Site
from services.api.words.paths import InLanguages, href
from shared import clock, web
from shared.errors import Rejected, Unavailable
from shared.settings import StatusLevel
from shared.version import VERSION
from shared.web import Problem

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

EXPOSED: Final = ("ETag", "Link", "Newswire-Left-Out", "Retry-After")
"""Headers of answers that scripts of other sites may read besides those that all may."""
READABLE: Final = ("If-Modified-Since", "If-None-Match", "Last-Event-ID")
"""Headers that such scripts may send besides those that all may."""
PREFLIGHT_S: Final = 7_200
"""So long a browser may remember what is allowed; none does longer."""
DESCRIPTION: Final = (
    "Articles and exchange rates of a regional newswire, read only. Lists go on with an opaque "
    "cursor; the live stream takes it too. Every error is a problem document (RFC 9457) with a "
    "stable `type`. "
    "HEAD is answered wherever GET is. Bytes that are no HTTP get a 400 in plain text."
)

_ROOMS: Final = (
    routes,
    history_routes,
    provenance_routes,
    story_routes,
    change_routes,
    difference_routes,
    rate_routes,
    pair_routes,
    source_routes,
    item_routes,
    download_routes,
    stream_routes,
    feed_routes,
    health_routes,
    operator_routes,
    story_feed_routes,
    rate_feed_routes,
    front_page,
    pages,
    search_page,
    story_pages,
    difference_pages,
    rate_pages,
    reference_page,
    site_routes,
)
"""In the order of the reference: the first route that fits a path answers."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes ask."""

    reader: Reader
    sampler: Sampler
    live: Live
    today: Callable[[], date]
    """The day it is, in UTC."""
    site: Site | None = None
    """Where readers reach us; None: nobody said, and feeds cannot be given."""
    watch: Watch | None = None
    """What operators see; None: nothing."""
    status: StatusLevel = "public"
    """How much of it."""
    origins: tuple[str, ...] = ()
    """Sites whose scripts may read what everybody may; ``*``: any."""
    now: Callable[[], datetime] = clock.now
    contact: str | None = None
    """Where readers find the desk: a URL or a mail address; None: nobody said."""


def build(parts: Parts, logger: BoundLogger, lifespan: Lifespan | None = None) -> FastAPI:
    """The application over some views, a sampler and a follower of the wire."""
    # FastAPI's own documentation pages load scripts from a CDN.
    app = Application(
        title="Newswire", version=VERSION, description=DESCRIPTION,
        docs_url=None, redoc_url=None, lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,  # it would send people to whatever the Host header names
    )  # fmt: skip
    app.state.reader, app.state.sampler = parts.reader, parts.sampler
    app.state.live, app.state.today = parts.live, parts.today
    app.state.site, app.state.downloads = parts.site, Downloads()
    app.state.watch, app.state.status = parts.watch, parts.status
    app.state.contact = parts.contact
    app.state.measures = Measures()
    app.state.now = parts.now
    app.state.searcher = Searcher(parts.reader.views_dir)
    for room in _ROOMS:
        app.include_router(room.router)
    for error, answer in _FATES.items():
        app.add_exception_handler(error, answer)
    app.add_middleware(Compressing)
    app.add_middleware(web.Outermost, answer=_answer, headers=SECURITY_HEADERS, logger=logger)
    # Inside of what hands on a scope of its own: the route is found in the one that it was given.
    app.add_middleware(Measured, measures=app.state.measures, now_s=clock.monotonic_s)
    app.add_middleware(InLanguages)
    if parts.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=parts.origins, allow_methods=problems.METHODS,
            allow_headers=READABLE, expose_headers=EXPOSED, max_age=PREFLIGHT_S,
        )  # fmt: skip
    app.add_middleware(AsRead)
    app.answer_directly(SECURITY_HEADERS, is_open=bool(parts.origins))
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _answer(request: Request, problem: Problem) -> Response:
    """A page for people, JSON for programs."""
    wants_page = _wants_page(request)
    answer = pages.problem_page(problem) if wants_page else web.answer(problem)
    if not request.scope["path"].startswith("/v1/"):
        answer.headers.add_vary_header("Accept")
    return answer


_PAGE_PATHS: Final = {"/", "/differences", "/docs", "/search", "/status"}
_PAGES: Final = ("/articles/", "/stories/", "/rates/", "/tags/", "/sources/")


def _wants_page(request: Request) -> bool:
    path = request.scope["path"]
    if path.startswith("/v1/"):
        return False
    is_page = path in _PAGE_PATHS or path.startswith(_PAGES)
    return is_page or answers.accepts(request.headers.get("Accept", ""), "text/html")


async def _rejected(request: Request, error: Exception) -> Response:
    return _answer(request, problems.invalid_cursor(str(error)))


async def _unavailable(request: Request, error: Exception) -> Response:
    return _answer(request, problems.views_unavailable(str(error)))


async def _invalid(request: Request, error: Exception) -> Response:
    return _answer(request, faults.told(request, error))


async def _http(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        return _answer(request, problems.method_not_allowed(request.method))
    return _answer(request, problems.no_such_page(href(request.scope["path"])))


_FATES: Final[dict[type[Exception], Any]] = {
    Rejected: _rejected,  # the only input that is read after validation is a cursor
    Unavailable: _unavailable,
    RequestValidationError: _invalid,
    HTTPException: _http,
}


def _operation_id(route: APIRoute) -> str:
    """The name of the route's function: clients make names of methods of it."""
    return route.name


_DESCRIBED: Final[dict[str, Any]] = {}
"""The OpenAPI document; empty: nobody has asked for it."""


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once: every application of a process has the same routes."""
    if not _DESCRIBED:
        _DESCRIBED.update(document(app))
    return _DESCRIBED
