"""``python -m tests.benchmarks.empty PORT``: an api that says nothing, on the server that ours has.

The peer of the benchmark of the api: what FastAPI takes for a route without parameters, ``/``, and
what Starlette takes without FastAPI, ``/bare``.
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.api.main import configured

_api = FastAPI()


@_api.get("/")
async def _empty() -> dict[str, str]:
    return {}


async def _bare(_: Request) -> Response:
    return Response(b"{}", media_type="application/json")


_BARE: ASGIApp = Starlette(routes=[Route("/bare", _bare)])


async def _either(scope: Scope, receive: Receive, send: Send) -> None:
    app = _BARE if scope.get("path") == "/bare" else _api
    await app(scope, receive, send)


if __name__ == "__main__":
    uvicorn.Server(configured(_either, "127.0.0.1", int(sys.argv[1]))).run()
