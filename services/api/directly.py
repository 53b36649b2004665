"""Articles and lists of them, answered past all layers: those take longer than the answers do.

The routes are declared as all others are, and the application has them still: whatever is not plain
here, or goes wrong, is asked of it, from the beginning. What is answered here is what it would say,
to the byte (tests/unit/test_api_directly.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Final, Generic, TypeVar, get_origin
from urllib.parse import parse_qsl

from fastapi import FastAPI
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.api import compressing, routes
from services.api.articles.parameters import ArticlesQuery
from services.api.compressing import Compressing
from services.api.operators.measures import Measures
from services.api.schemas import AtQuery
from services.api.words.languages import ENGLISH
from shared import clock
from shared.web import HEAD_BYTES_MAX, QUERY_BYTES_MAX

_LIST: Final = "/v1/articles"
_ARTICLE: Final = "/v1/articles/"
_ARTICLE_ROUTE: Final = "/v1/articles/{article_id}"
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


class Application(FastAPI):
    """FastAPI, asked for what ``directly`` does not answer."""

    directly: Directly | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await (self.directly or super().__call__)(scope, receive, send)

    def answer_directly(self, headers: Mapping[str, str], *, is_open: bool) -> None:
        """Do so from now on; see ``Directly``."""
        self.directly = Directly(self, super().__call__, headers, is_open=is_open)


class Directly:
    """Answers what is asked most, and hands on the rest."""

    def __init__(
        self, app: FastAPI, layers: ASGIApp, headers: Mapping[str, str], *, is_open: bool
    ) -> None:
        """``headers``: of every answer.

        ``is_open``: whether scripts of other sites may read, which a layer looks after.
        """
        self._app, self._layers, self._is_open = app, layers, is_open
        self._headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        begun_s = clock.monotonic_s()
        accepted = self._accepted(scope)
        asked = None if accepted is None else self._asked(scope)
        if asked is None:
            await self._layers(scope, receive, send)
            return
        route, answering = asked
        try:
            answer = await answering
        except Exception:  # noqa: BLE001  # nothing was sent: the layers tell who asked, and the log
            await self._layers(scope, receive, send)
            return
        measures: Measures = self._app.state.measures
        measures.answered(route, answer.status_code, clock.monotonic_s() - begun_s)
        named = {name for name, _ in answer.raw_headers}
        answer.raw_headers += [pair for pair in self._headers if pair[0] not in named]
        await _sent(answer, accepted or "")(scope, receive, send)

    def _accepted(self, scope: Scope) -> str | None:
        """Which encodings a plain GET takes; None: it is none."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        if len(scope["query_string"]) > QUERY_BYTES_MAX:
            return None
        size, accepted = 0, b""
        for name, value in scope["headers"]:
            size += len(name) + len(value)
            if name == b"accept-encoding":
                accepted = accepted or value
            elif name == b"origin" and self._is_open:
                return None
        return None if size > HEAD_BYTES_MAX else accepted.decode("latin-1")

    def _asked(self, scope: Scope) -> tuple[str, Awaitable[Response]] | None:
        """The route, and the answer that is on its way; None: it is not for here."""
        path: str = scope["path"]
        if not path.startswith(_LIST):
            return None
        article_id = path[len(_ARTICLE) :]
        if path == _LIST:
            listed = _LISTS.read(scope["query_string"])
            if listed is None or listed.wait:
                return None
            return _LIST, routes.list_articles(self._request(scope), listed)
        shown = _ARTICLES.read(scope["query_string"])
        if shown is None or not article_id or "/" in article_id or path[len(_LIST)] != "/":
            return None
        return _ARTICLE_ROUTE, routes.show_article(self._request(scope), article_id, shown)

    def _request(self, scope: Scope) -> Request:
        return Request({**scope, "app": self._app, "language": ENGLISH.code})


def _sent(answer: Response, accepted: str) -> ASGIApp:
    """An answer on its way out, compressed if who asked takes that."""
    if accepted and compressing.chosen(accepted):
        return Compressing(answer)
    if len(answer.body) >= compressing.MINIMUM_BYTES:
        answer.raw_headers.append((b"vary", b"Accept-Encoding"))
    return answer
