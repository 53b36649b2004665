"""Answers that take long: how many at a time, and how long each."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import Final

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from services.api.exports import database
from shared import clock
from shared.errors import Unavailable

LINES_MAX: Final = 4
"""Views that are read out line by line at one time: each has a share of the loop."""
FILES_MAX: Final = 1
"""Files that are made or sent at one time: each is as large as the views."""
SENDING_S_MAX: Final = 1_800
"""A client that takes 600 MB in this time has an eighth of the slowest mobile network's speed."""
PIECE_BYTES: Final = 262_144
LEFT_S_MAX: Final = 2 * database.MAKING_S_MAX
"""A file older than this is made by nobody any more."""
_PREFIX: Final = "export-"
"""In the directory of the views, while a file is made."""


class Downloads:
    """The long answers that are under way."""

    def __init__(self) -> None:
        self._lines, self._files = LINES_MAX, FILES_MAX

    def take_lines(self) -> Callable[[], None] | None:
        """A place for lines, as the call that gives it back; None: there is none."""
        if not self._lines:
            return None
        self._lines -= 1

        def leave() -> None:
            self._lines += 1

        return leave

    def take_file(self) -> Callable[[], None] | None:
        """A place for a file, as the call that gives it back; None: there is none."""
        if not self._files:
            return None
        self._files -= 1

        def leave() -> None:
            self._files += 1

        return leave


class Long(StreamingResponse):
    """An answer that has an end, and gives its place back there.

    When its time is over the connection is cut: a part must not look whole.
    """

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        leave: Callable[[], None],
        media_type: str,
        headers: dict[str, str],
    ) -> None:
        super().__init__(pieces, headers=headers, media_type=media_type)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            async with asyncio.timeout(SENDING_S_MAX):
                await super().__call__(scope, receive, send)
        finally:
            self._leave()


async def turn_by_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces that are read in the event loop, with others let in between."""
    for piece in pieces:
        if piece:
            yield piece
        await asyncio.sleep(0)


async def made(live: Path, folder: Path) -> FileIO:
    """A file of the views; it has no name any more, and is gone when it is closed.

    Raises:
        Unavailable: it cannot be made.
    """
    end = threading.Event()
    file = await asyncio.to_thread(_named, folder)
    try:
        await asyncio.to_thread(database.make, live, file, end.is_set)
        return FileIO(file)
    finally:
        end.set()  # a thread whose request was cancelled ends by itself
        file.unlink(missing_ok=True)


async def read_out(file: FileIO) -> AsyncIterator[bytes]:
    """The bytes of a file."""
    while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
        yield piece


def _named(folder: Path) -> Path:
    """A name for a file of its own; what a process left that was killed is removed.

    Raises:
        Unavailable: nothing can be written there.
    """
    old = clock.now().timestamp() - LEFT_S_MAX
    try:
        for left in folder.glob(f"{_PREFIX}*"):
            if left.stat().st_mtime < old:
                left.unlink(missing_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=folder)
    except OSError as error:
        raise Unavailable(f"the views cannot be exported: {error.strerror}") from error
    os.close(descriptor)
    return Path(name)
