"""The fields that say on every answer where the quotas of its request stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.push.limits import Standing, fields

_QUOTAS: Final = "newswire.quotas"

Ask = Callable[[], list[Standing]]


def tell(request: Request, ask: Ask) -> None:
    """Have the answer to a request say where these quotas stand when it begins."""
    request.scope[_QUOTAS].append(ask)


class QuotaFields:
    """The layer that says it: also of answers that are made for an exception."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        told: list[Ask] = []
        scope[_QUOTAS] = told

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start" and told:
                MutableHeaders(scope=message).update(dict(fields(told[-1]())))
            await send(message)

        await self._app(scope, receive, out)
