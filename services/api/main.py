"""The api put together: settings, views, the wire's head, the server, and its health report."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import uvicorn
from fastapi import FastAPI
from structlog.stdlib import BoundLogger
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.api.app import Parts, build
from services.api.live import Live
from services.api.looking import Looking
from services.api.progress import Sampler
from services.api.reading import Reader
from services.api.stream_routes import ABORT
from shared import clock, health, settings, telemetry
from shared.instants import rfc3339
from shared.log import Log
from shared.redis_log import RedisLog
from shared.settings import Settings

SERVICE = "api"
CANCEL_AGAIN_S = 0.1
STOP_S_MAX = 1
"""Requests under way may take so long to finish when the server is asked to stop."""
REQUEST_BYTES_MAX: Final = 1_000_000
"""Of one request with its body, which nothing here reads; the door limits the rest by far more."""


class _Connection(HttpToolsProtocol):
    """A connection that is closed when one request goes on without end.

    The parser keeps every byte of a header, and asks nobody before the last one has come.
    """

    _request_bytes = 0

    def on_message_begin(self) -> None:
        """Count for each request anew, from the read after the one that brought its first byte."""
        self._request_bytes = 0
        super().on_message_begin()
        # A client that reads no more is never sent the end of its answer either.
        cast("Any", self.scope)["extensions"] = {ABORT: self.transport.abort}

    def data_received(self, data: bytes) -> None:
        """Let the parser have what came."""
        self._request_bytes += len(data)
        super().data_received(data)
        if self._request_bytes > REQUEST_BYTES_MAX:
            self.transport.close()


def main() -> int:
    """Serve until told to stop; the exit code."""
    chosen = settings.read(os.environ)
    logger = telemetry.start(SERVICE, chosen.log_level)
    app = serving(chosen, RedisLog(chosen.redis_url, chosen.desk), logger)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=chosen.host,
            port=chosen.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            http=_Connection,
            ws="none",
            timeout_graceful_shutdown=STOP_S_MAX,
        )
    )
    _stop_on_signals(server)
    server.run()
    return 0 if server.started else 1


def serving(chosen: Settings, log: Log, logger: BoundLogger) -> FastAPI:
    """The application with what runs beside it: the sampler, the follower, and the report."""
    reader = Reader(chosen.views_dir)

    async def head() -> int:
        return (await log.head("wire")).seq

    sampler = Sampler(head, reader.seq, clock.monotonic_s)
    live = Live(log, Looking(reader), logger)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(sampler.run(logger)),
            asyncio.create_task(live.run()),
            asyncio.create_task(_report_for_ever(chosen, sampler)),
        ]
        yield
        await _end(tasks)
        _report(chosen, is_ready=False, detail="stopped")
        reader.close()
        await log.close()

    return build(Parts(reader, sampler, live), logger, lifespan)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: a client that is just connecting swallows a cancellation."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=CANCEL_AGAIN_S)


async def _report_for_ever(chosen: Settings, sampler: Sampler) -> None:
    while True:
        sample = sampler.verdict()
        _report(chosen, is_ready=sample.is_ready, detail=sample.detail)
        await asyncio.sleep(sampler.pause_s())


def _report(chosen: Settings, *, is_ready: bool, detail: str) -> None:
    at = rfc3339(clock.now())
    health.write(chosen.run_dir, health.Report(SERVICE, os.getpid(), is_ready, at, detail))


def _stop_on_signals(server: uvicorn.Server) -> None:
    """Stop also when the signal comes before uvicorn listens for it, and exit with 0.

    uvicorn raises the signal once more when it has stopped, for handlers that stood before its own.
    """

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
