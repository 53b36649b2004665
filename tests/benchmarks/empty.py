"""``python -m tests.benchmarks.empty PORT``: an api that says nothing, on the server that ours has.

The peer of the benchmark of the api: what is left is the server itself, and Starlette's routing.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.api.main import configured


async def _answer(_: Request) -> Response:
    return Response(b"{}", media_type="application/json")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/", _answer)])
    uvicorn.Server(configured(app, "127.0.0.1", int(sys.argv[1]))).run()
