"""The api served by uvicorn over the seed, on loopback, and what goes on at its desk meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from services.api.connection import Connection
from services.api.main import serving
from shared.events import ArticleCanceled, WireEvent
from shared.settings import Settings
from shared.testing.memory_log import MemoryLog
from tests.api_process import NO_REDIS
from tests.seeded_desk import filled
from tests.wire_builders import Newsroom, carried, drive, notice, projector, quiet

HOST: Final = "127.0.0.1"
WITHIN_S: Final = 30.0
PUSHED: Final = "00000000-0000-5000-8000-00000000a7a3"
"""The article that the README pushes."""


@dataclass(frozen=True, slots=True)
class GuideDesk:
    """A desk that is read over HTTP."""

    port: int
    _views_dir: Path
    _log: MemoryLog
    _news: Newsroom
    _loop: asyncio.AbstractEventLoop

    def push(self) -> None:
        """A partner pushes an article."""
        self._say(
            carried(
                article_id=PUSHED,
                source="irtysh-telegraph",
                headline="Tram Depot in Pavlodar Reopens",
                body=("It reopened on Monday.",),
            )
        )

    def withdraw(self) -> None:
        """It is taken back."""
        self._say(notice(ArticleCanceled, PUSHED))

    def _say(self, event: WireEvent) -> None:
        said = asyncio.run_coroutine_threadsafe(self._carry(event), self._loop)
        said.result(WITHIN_S)

    async def _carry(self, event: WireEvent) -> None:
        await self._news.broadcast(event)
        following = projector(self._views_dir, self._log)
        await drive(following, self._log)
        following.close()


@contextlib.contextmanager
def guide_desk(folder: Path) -> Iterator[GuideDesk]:
    """A desk with the seed, for as long as the context lasts."""
    listening = socket.create_server((HOST, 0))
    settings = Settings(
        redis_url=NO_REDIS, data_dir=folder, url="http://127.0.0.1:8000", desk="newswire"
    )
    loop = asyncio.new_event_loop()
    log = loop.run_until_complete(filled(settings.views_dir))
    server = uvicorn.Server(
        uvicorn.Config(
            serving(settings, log, quiet()), log_config=None, http=Connection, ws="none",
            timeout_graceful_shutdown=1,
        )
    )  # fmt: skip
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(_served(server, listening)), daemon=True
    )
    thread.start()
    try:
        port = listening.getsockname()[1]
        yield GuideDesk(port, settings.views_dir, log, Newsroom(log), loop)
    finally:
        server.should_exit = True
        thread.join(WITHIN_S)
        listening.close()
        loop.close()


async def _served(server: uvicorn.Server, listening: socket.socket) -> None:
    await server.serve([listening])
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
