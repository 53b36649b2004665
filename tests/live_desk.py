"""Projection and api as processes beside a Redis of the test's own, and who writes the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.events import StreamName, WireEvent
from shared.redis_log import RedisLog
from shared.testing import builders
from tests.e2e.stack import Desk, eventually, get, listens
from tests.wire_builders import Newsroom, carried, quoted


class Wire:
    """A desk whose wire the test writes itself; ``close`` ends its processes."""

    def __init__(self, data: Path, redis_url: str) -> None:
        self.desk = Desk(data, redis_url)
        self.projection, self.api = self.desk.start("projection"), self.desk.start("api")
        self.url = f"http://127.0.0.1:{self.desk.port}/"
        self._versions: dict[tuple[StreamName, str], int] = {}
        try:
            eventually(lambda: listens(self.desk.port), "the api listens")
            eventually(lambda: get(self.desk.port, "/readyz").status == 200, "the api is ready")
        except BaseException:
            self.close()
            raise

    def say(self, *events: WireEvent) -> None:
        """Append events."""
        # A browser that is driven from here has an event loop in this thread already.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(asyncio.run, self._say(events)).result()

    def write(self, count: int, begin: int = 0, *, paragraphs: int = 2) -> None:
        """Append rates and articles in turn, beginning with a rate."""
        body = builders.BODY * (paragraphs // 2)
        self.say(
            *(
                carried(article_id=f"article-{number}", body=body)
                if number % 2
                else quoted(as_of=f"{2000 + number:04}-03-02")
                for number in range(begin, begin + count)
            )
        )

    def close(self) -> None:
        """End the processes."""
        self.desk.end()

    async def _say(self, events: Sequence[WireEvent]) -> None:
        log = RedisLog(self.desk.redis_url)
        news = Newsroom(log)
        news._version = self._versions
        await news.broadcast(*events)
        await log.close()
