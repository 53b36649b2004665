"""Where searches run: a few threads with files of their own, so that a long one stops no stream.

SQLite lets other threads run while it searches. How many wait is limited, and how
long one may take.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Final, TypeVar

from services.api.reading import Reader, Snapshot
from shared import clock
from shared.views import BusyError

THREADS: Final = 2
"""What they do besides SQLite's part they do one at a time, as all of Python. One thread answers a
fifth less; a third answers no more, and has a cache of its own to fill."""
WAITING_MAX: Final = 50
"""Searches that wait or run: at 400 a second an eighth of a second."""
SEARCH_S_MAX: Final = 0.25
"""Of a search, from when it runs: a usual one takes three milliseconds."""
LIST_S_MAX: Final = 1.0
"""Of a list that is read here, as SEARCH_S_MAX: counts of 10,000 articles are a tenth of it."""
SHOWN_S_MAX: Final = 1.0
"""Of a search with the page that shows it: 200 usual texts are some ten milliseconds."""
LOOKED_AT_EVERY: Final = 50_000
"""Steps of SQLite between two looks at the time, for each of which a thread waits for its turn in
Python: some five milliseconds, and a usual search is over by then."""

Look = Callable[[], None]
"""Ends a job of which the time is over: SQLite is ended by itself, what we do with its rows is not.
It raises SearchTooCostly."""

_T = TypeVar("_T")


class SearchTooCostly(Exception):  # a fate of a search, told to who asked
    """A search took longer than one may."""


class SearchesBusy(Exception):  # likewise
    """Too many searches wait."""


class Searcher:
    """Runs searches. Belongs to the event loop's thread; what it runs does not."""

    def __init__(self, views_dir: Path) -> None:
        self._views_dir = views_dir
        self._threads = ThreadPoolExecutor(THREADS, "search")
        self._own = threading.local()
        self._readers: list[Reader] = []
        self._waiting = 0

    async def run(self, job: Callable[[Snapshot, Look], _T], sql_s_max: float = SEARCH_S_MAX) -> _T:
        """What a job makes of the views as they stand when its turn comes.

        ``sql_s_max``: what of its time SQLite may take.

        It looks at the time between the articles that it shows: a page of long texts is a second.

        Raises:
            SearchesBusy: too many wait. SearchTooCostly: it took too long.
            Unavailable: there are no views yet, or the file cannot be read.
        """
        if self._waiting >= WAITING_MAX:
            raise SearchesBusy
        self._waiting += 1
        # With the language of the page that the job is for.
        running = asyncio.get_running_loop().run_in_executor(
            self._threads, copy_context().run, self._run, job, sql_s_max
        )
        running.add_done_callback(self._done)
        return await running

    def close(self) -> None:
        """Wait for what runs, and close the files."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for reader in self._readers:
            reader.close()

    def _done(self, _: object) -> None:
        self._waiting -= 1

    def _run(self, job: Callable[[Snapshot, Look], _T], sql_s_max: float) -> _T:
        begun_s = clock.monotonic_s()
        until_s = begun_s + sql_s_max

        def look() -> None:
            if clock.monotonic_s() > begun_s + SHOWN_S_MAX:
                raise SearchTooCostly

        with self._reader().snapshot() as snapshot:
            connection = snapshot.connection
            connection.set_progress_handler(lambda: clock.monotonic_s() > until_s, LOOKED_AT_EVERY)
            try:
                return job(snapshot, look)
            except BusyError as error:
                if clock.monotonic_s() > until_s:
                    raise SearchTooCostly from error
                raise
            finally:
                connection.set_progress_handler(None, 0)

    def _reader(self) -> Reader:
        reader = getattr(self._own, "reader", None)
        if reader is None:
            reader = self._own.reader = Reader(self._views_dir)
            self._readers.append(reader)
        return reader
