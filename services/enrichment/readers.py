"""Articles read ahead of their turn: in this process, or in others beside it.

Reading is a pure function of one article, so who reads never shows in what is decided.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from typing import Final, Protocol

from services.enrichment.reading import Read, Reader, Reading
from shared.errors import Unavailable
from shared.news import Article

PROCESSES_MAX: Final = 8
"""More would wait for the one that decides."""

Readings = Callable[[], list[Reading | str]]
"""Gives the readings of some articles once they are made; of one that failed, why."""


class Readers(Protocol):
    """Reads articles while others are decided."""

    ahead: int
    """Batches that are worth beginning before the first of them is wanted."""

    def begin(self, articles: Sequence[Article]) -> Readings:
        """Begin with a batch."""
        ...


class ReadHere:
    """Reads in this process, when the readings are wanted."""

    ahead = 0

    def __init__(self, read: Read) -> None:
        self._read = read

    def begin(self, articles: Sequence[Article]) -> Readings:
        """See Readers.begin."""
        return lambda: _attempt_all(self._read, articles)


class ReadBeside:
    """Reads in other processes, until it is closed.

    ``reader`` makes in each what reads there: a function of a module, found by its name.
    """

    def __init__(self, processes: int, reader: Callable[[], Read]) -> None:
        self.ahead = processes
        self._pool = ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_equip, initargs=(reader,)
        )

    def close(self) -> None:
        """End the processes; what they have not begun is dropped."""
        self._pool.shutdown(cancel_futures=True)

    def begin(self, articles: Sequence[Article]) -> Readings:
        """See Readers.begin."""
        made = self._pool.submit(_read_all, [one.model_dump_json() for one in articles])
        return lambda: _result(made)


def _result(made: Future[list[Reading | str]]) -> list[Reading | str]:
    try:
        return made.result()
    except BrokenProcessPool as error:
        raise Unavailable(
            "a process that reads articles has ended; try --processes 1 and less at a time"
        ) from error


_equipped: list[Read] = []
"""What reads in this process, where it is one of ``ReadBeside``."""


def _equip(reader: Callable[[], Read]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _equipped.append(reader())


def _end_with_parent() -> None:
    """A process of a pool would wait for ever for the work of one that was killed."""
    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)


def _read_all(articles: Sequence[str]) -> list[Reading | str]:
    return _attempt_all(_equipped[0], [Article.model_validate_json(one) for one in articles])


def _attempt_all(read: Read, articles: Sequence[Article]) -> list[Reading | str]:
    if isinstance(read, Reader):
        with suppress(Exception):  # one by one it is seen of which article
            return [*read.all(articles)]
    return [_attempt(read, one) for one in articles]


def _attempt(read: Read, article: Article) -> Reading | str:
    try:
        return read(article)
    except Exception as error:  # noqa: BLE001  # whatever it is, the other articles go on
        return f"{type(error).__name__}: {error}"
