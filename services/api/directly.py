"""Articles and lists of them, answered without FastAPI's machinery: it takes longer than they do.

The routes are declared as all others are, and FastAPI has them still: whatever goes wrong here is
asked of it once more, and answered there. What can be read here is read there the same way.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final, Generic, TypeVar, get_origin
from urllib.parse import parse_qsl

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.api import routes
from services.api.articles.parameters import ArticlesQuery
from services.api.schemas import AtQuery
from shared.errors import Rejected, Unavailable

_LIST: Final = "/v1/articles"
_ARTICLE: Final = "/v1/articles/"
_ROUTES: Final = {
    route.path: route for route in routes.router.routes if isinstance(route, APIRoute)
}
_M = TypeVar("_M", bound=BaseModel)


class Query(Generic[_M]):
    """Reads the query of a request into a model."""

    def __init__(self, model: type[_M]) -> None:
        self._model, self._nothing = model, model()
        self._lists = {
            field.alias or name
            for name, field in model.model_fields.items()
            if get_origin(field.annotation) is list
        }

    def read(self, query: bytes) -> _M | None:
        """What is asked; None: there is something wrong with it."""
        if not query:
            return self._nothing
        given: dict[str, Any] = {}
        for name, text in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name in self._lists:
                given.setdefault(name, []).append(text)
            elif name in given:
                return None
            else:
                given[name] = text
        try:
            return self._model.model_validate(given)
        except ValidationError:
            return None


_LISTS: Final = Query(ArticlesQuery)
_ARTICLES: Final = Query(AtQuery)


class Directly:
    """The layer that answers what is asked most."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, unless it is answered here."""
        answering = _answering(scope)
        if answering is None:
            await self._app(scope, receive, send)
            return
        try:
            answer = await answering
        except (RequestValidationError, Rejected, Unavailable):
            await self._app(scope, receive, send)  # nothing was sent: it tells who asked
            return
        await answer(scope, receive, send)


def _answering(scope: Scope) -> Awaitable[Response] | None:
    """The answer that is on its way; None: it is not for here."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path: str = scope["path"]
    if path == _LIST:
        if (listed := _LISTS.read(scope["query_string"])) is None or listed.wait:
            return None
        scope["route"] = _ROUTES[_LIST]
        return routes.list_articles(Request(scope), listed)
    article_id = path.removeprefix(_ARTICLE)
    if article_id in {path, ""} or "/" in article_id:
        return None
    if (shown := _ARTICLES.read(scope["query_string"])) is None:
        return None
    scope["route"] = _ROUTES["/v1/articles/{article_id}"]
    return routes.show_article(Request(scope), article_id, shown)
