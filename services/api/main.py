"""The api put together: settings, views, the wire's head, the server, and its health report."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final, cast

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import ASGIApp
from structlog.stdlib import BoundLogger

from services.api.app import Parts, build
from services.api.connection import CONNECTIONS_MAX, Connection
from services.api.live import CLIENTS_MAX, Live
from services.api.looking import Looking
from services.api.operators import watching
from services.api.progress import Sampler
from services.api.reading import Reader
from services.api.syndication.links import Site
from shared import clock, settings, sqlite_library, telemetry
from shared.collecting import collect_less
from shared.connections import connections_max
from shared.log import Log
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.reporting import Reporter
from shared.settings import Settings
from shared.state import HEALTH, POLLS, REJECTS

SERVICE = "api"
CANCEL_AGAIN_S = 0.1
STOP_S_MAX = 1
"""Requests under way may take so long to finish when the server is asked to stop."""
TURN_S: Final = 0.0005
"""So long a thread that searches keeps Python while the loop waits. With the 5 ms that Python has,
the slowest of a hundred searches takes half as long again."""
FILES_MAX: Final = 4_096
"""That this process asks to be allowed to open: a connection is one, and half of them are kept."""


def main() -> int:
    """Serve until told to stop; the exit code."""
    chosen = settings.read(os.environ)
    logger = telemetry.start(SERVICE, chosen.log_level)
    _open_more_files()
    if not sqlite_library.uncounted():
        logger.info("api.memory_counted", why="this SQLite counts its memory: searches are slower")
    sys.setswitchinterval(TURN_S)
    app = serving(chosen, RedisLog(chosen.redis_url, chosen.desk), logger)
    collect_less()
    server = _Server(configured(app, chosen.host, chosen.port))
    _stop_on_signals(server)
    server.run()
    return 0 if server.started else 1


def configured(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """The server of an application: one worker, with our limits for connections."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=Connection,
        ws="none",
        timeout_graceful_shutdown=STOP_S_MAX,
    )


class _Server(uvicorn.Server):
    """One that answers whoever waits before it waits for their requests to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; whoever waits for a change has an empty list at once."""
        cast("Starlette", self.config.app).state.live.waiters.ended.set()
        await super().shutdown(sockets)


def _open_more_files() -> None:
    """Be allowed as many files as we need; a shell gives 1,024 and lets us have more."""
    files_max, ours_max = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_MAX if ours_max == resource.RLIM_INFINITY else min(FILES_MAX, ours_max)
    if files_max != resource.RLIM_INFINITY and files_max < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, ours_max))


def serving(chosen: Settings, log: Log, logger: BoundLogger) -> FastAPI:
    """The application with what runs beside it: the sampler, the follower, and the report."""
    reader = Reader(chosen.views_dir)

    async def head() -> int:
        return (await log.head("wire")).seq

    sampler = Sampler(head, reader.seq, clock.monotonic_s)
    reporter = Reporter(SERVICE, chosen)
    watched = Watched(chosen, reader)
    streams_max = min(CLIENTS_MAX, connections_max(CONNECTIONS_MAX) // 2)
    live = Live(log, Looking(reader), logger, streams_max)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(sampler.run(logger)),
            asyncio.create_task(live.run()),
            asyncio.create_task(_report_for_ever(reporter, sampler)),
            asyncio.create_task(reporter.keep(logger)),
        ]
        yield
        await _end(tasks)
        reporter.say(is_ready=False, detail="stopped")
        await reporter.close()
        await watched.close()
        app.state.searcher.close()
        reader.close()
        await log.close()

    site = Site(chosen.public_url, chosen.desk, chosen.websub_hub) if chosen.public_url else None
    parts = Parts(
        reader, sampler, live, lambda: clock.now().date(), site, watched.watch, chosen.status,
        chosen.cors, contact=chosen.contact,
    )  # fmt: skip
    return build(parts, logger, lifespan)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: a client that is just connecting swallows a cancellation."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=CANCEL_AGAIN_S)


async def _report_for_ever(reporter: Reporter, sampler: Sampler) -> None:
    while True:
        sample = sampler.verdict()
        reporter.say(is_ready=sample.is_ready, detail=sample.detail)
        await asyncio.sleep(sampler.pause_s())


class Watched:
    """What operators see, with connections of its own: a look that hangs holds up no stream."""

    def __init__(self, chosen: Settings, reader: Reader) -> None:
        url, desk, answer_s_max = chosen.redis_url, chosen.desk, watching.ANSWER_S_MAX
        self._log = RedisLog(url, desk, answer_s_max)
        self._health = RedisTable(HEALTH, url, desk, answer_s_max)
        self._polls = RedisTable(POLLS, url, desk, answer_s_max)
        self._rejects = RedisTable(REJECTS, url, desk, answer_s_max)
        self.watch = watching.Watch(
            watching.Desk(
                self._log, self._health, self._polls, self._rejects, reader, clock.now,
                clock.monotonic_s,
            )
        )  # fmt: skip

    async def close(self) -> None:
        """End the look that is under way, and close the connections."""
        await self.watch.close()
        for each in (self._log, self._health, self._polls, self._rejects):
            await each.close()


def _stop_on_signals(server: uvicorn.Server) -> None:
    """Stop also when the signal comes before uvicorn listens for it, and exit with 0.

    uvicorn raises the signal once more when it has stopped, for handlers that stood before its own.
    """

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
