"""One process behind the fence, as ingest sees it: started, asked, and ended whatever it does.

It gets one end of a socket as its standard input, an empty environment, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import services
from services.ingest import framing
from services.ingest.framing import OUT_OF_MEMORY, Order, Ready, Unintelligible
from services.ingest.parse.document import Parsed
from services.ingest.parse.limits import (
    CPU_S_MAX,
    MEMORY_BYTES_MAX,
    PARSER_DOCUMENTS_MAX,
    WALL_S_MAX,
)
from shared.errors import Unavailable

_START_S_MAX: Final = 30.0  # half a second at rest; a machine that starts all at once takes longer
_END_S_MAX: Final = 1.0  # between the last byte and the exit code of a process that ended itself
_BUFFER_BYTES: Final = 1_000_000
_FAILURE_BYTES_MAX: Final = 1_000
_ROOT: Final = Path(services.__path__[0]).parent


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a document was not read to its end: what was expected, what came, what to do."""

    detail: str


class Worker:
    """A process that parses one document after another. Made by :func:`start`."""

    def __init__(self, process: subprocess.Popen[bytes], *, reads_pages: bool) -> None:
        self.reads_pages = reads_pages
        self.ready = Ready(has_no_network=False)
        self._process = process
        self._documents_left = PARSER_DOCUMENTS_MAX
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def pid(self) -> int:
        """Its process id, the last one when it has ended."""
        return self._process.pid

    @property
    def is_fit(self) -> bool:
        """Whether it may be given another document."""
        is_open = self._streams is not None and not self._streams[0].at_eof()
        return is_open and self._documents_left > 0 and self._process.poll() is None

    async def connect(self, channel: socket.socket) -> None:
        """Wait until it says that it is ready.

        Raises:
            Unavailable: it ended, or said something else, or nothing for 30 s.
        """
        self._streams = await asyncio.open_connection(sock=channel, limit=_BUFFER_BYTES)
        try:
            async with asyncio.timeout(_START_S_MAX):
                tag, said = await self._reply(self._streams[0])
            self.ready = framing.ready_of(said if tag == b"R" else b"")
        except (TimeoutError, EOFError, ConnectionError, Unintelligible) as error:
            advice = "run “python -m services.ingest.fenced 0” to see why"
            came = f"came {type(error).__name__}; {advice}"
            raise Unavailable(f"expected the process that parses to start, {came}") from error

    async def read(self, order: Order, data: bytes) -> Parsed | Stopped:
        """What a document holds, or why it was not read; then the process is not fit any more."""
        if self._streams is None:
            return Stopped("expected a process that is connected, came none")
        reader, writer = self._streams
        self._documents_left -= 1
        try:
            async with asyncio.timeout(WALL_S_MAX):
                writer.write(framing.request(order, data))
                await writer.drain()
                return self._outcome(*await self._reply(reader), data)
        except TimeoutError:
            return self._stopped(f"within {WALL_S_MAX:.0f} s", "one that takes longer")
        except Unintelligible:
            return self._stopped("by a parser that answers", "an answer that cannot be read")
        except (EOFError, ConnectionError):
            return self._reason(await asyncio.to_thread(self._exit_code))

    def kill(self) -> None:
        """End it at once; :meth:`ended` waits until it is gone."""
        self._documents_left = 0
        if self._process.returncode is None:  # not waited for yet, so the number is still its own
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._streams:
            self._streams[1].transport.abort()

    async def ended(self) -> None:
        """Return when nothing of it is left."""
        await asyncio.to_thread(self._process.wait)

    async def _reply(self, reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
        head = await reader.readexactly(framing.REPLY_HEAD.size)
        tag, size = framing.reply_head(head)
        return tag, await reader.readexactly(size)

    def _outcome(self, tag: bytes, said: bytes, data: bytes) -> Parsed | Stopped:
        if tag == b"F" and len(said) <= _FAILURE_BYTES_MAX:
            came = said.decode("utf-8", "replace")
            return self._stopped("by a parser without a fault", f"one where it {came}")
        if tag == b"L":
            self._documents_left = 0
        elif tag != b"P":
            raise Unintelligible
        return framing.parsed_of(said, data)

    def _exit_code(self) -> int:
        try:
            return self._process.wait(_END_S_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _reason(self, code: int) -> Stopped:
        if code == OUT_OF_MEMORY:
            most = f"with {MEMORY_BYTES_MAX} bytes of memory"
            return self._stopped(most, "one that needs more")
        if code == -signal.SIGXCPU:
            return self._stopped(f"in {CPU_S_MAX} s of a processor", "one that takes longer")
        ended = signal.Signals(-code).name if code < 0 else f"code {code}"
        return self._stopped("by a parser that goes on", f"one that ended it with {ended}")

    def _stopped(self, expected: str, came: str) -> Stopped:
        self._documents_left = 0
        advice = "look at the document; its source should send smaller or plainer ones"
        return Stopped(f"expected a document that can be read {expected}, came {came}; {advice}")


async def start(program: Sequence[str], *, reads_pages: bool) -> Worker:
    """A process that is ready for its first document.

    Raises:
        Unavailable: it did not start; nothing of it is left.
    """
    ours, theirs = socket.socketpair()
    command = [sys.executable, *program, str(os.getpid()), *(["pages"] if reads_pages else [])]
    with theirs:
        process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command; a millisecond
            command,
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=_ROOT,
            start_new_session=True,  # Ctrl-C is for us, who end it
        )
    worker = Worker(process, reads_pages=reads_pages)
    try:
        await worker.connect(ours)
    except BaseException:
        ours.close()
        worker.kill()
        process.wait()
        raise
    return worker
