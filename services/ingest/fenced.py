"""The process behind the fence: ``python -m services.ingest.fenced PARENT_PID [pages]``.

It reads requests from its standard input, which is a socket, and answers there. Before the first
document it gives up what a parser has no use for: the network, files, children, core dumps.
Each document then has its own limits of processor and memory; who passes one is ended, and the
parent says so. Only the parent watches the time.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import encodings
import os
import pkgutil
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from datetime import date
from typing import Final

from services.ingest import framing
from services.ingest.framing import OUT_OF_MEMORY, Order, Ready
from services.ingest.parse import kinds, pages
from services.ingest.parse.document import Arrival, Parsed
from services.ingest.parse.feeds import zones
from services.ingest.parse.limits import CPU_S_MAX, GROWTH_BYTES_MAX, MEMORY_BYTES_MAX

_CLONE_NEWNET: Final = 0x40000000  # Source: linux/sched.h
_CLONE_NEWUSER: Final = 0x10000000
_PR_SET_PDEATHSIG: Final = 1  # Source: linux/prctl.h
_PR_SET_NO_NEW_PRIVS: Final = 38
_FAILURE_CHARACTERS_MAX: Final = 300

_FIRST_DOCUMENT: Final = b"""<rss version="2.0"><channel><item><title>First</title>
<description>&lt;p&gt;Text&lt;/p&gt;</description></item></channel></rss>"""

ReadOrder = Callable[[Order, bytes], Parsed]
"""Reads a document as an order says."""


def main(arguments: list[str], read: ReadOrder) -> None:
    """Read documents until the parent closes the socket or ends."""
    parent, wanted = int(arguments[0]), arguments[1:]
    channel = socket.socket(fileno=os.dup(0))
    os.dup2(1, 0)  # the parent gave us nothing there; what a library prints goes the same way
    _load(reads_pages="pages" in wanted)
    meter = _Meter()
    has_no_network = _give_up(parent)
    channel.sendall(framing.reply(b"R", framing.ready(Ready(has_no_network))))
    while order := _request(channel):
        said = _answer(read, meter, *order)
        channel.sendall(said)


def _load(*, reads_pages: bool) -> None:
    """Read all that a parser would open a file for, while files can be opened."""
    # Not by their aliases: ``utf_8_sig``, which JSON is read with, and ``koi8_u`` have none.
    for name in (module.name for module in pkgutil.iter_modules(encodings.__path__)):
        with contextlib.suppress(LookupError):  # some are there on another system only
            codecs.lookup(name)
    if reads_pages:
        pages.load()
    first = kinds.read("any", _FIRST_DOCUMENT, Arrival(date(2000, 1, 1)))
    framing.parsed_bytes(first)
    zones.load()


def _answer(read: ReadOrder, meter: _Meter, order: Order, data: bytes) -> bytes:
    """The frame that answers a request; a process without memory ends here."""
    meter.start()
    try:
        said = framing.parsed_bytes(read(order, data))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - a parser's bug must not cost the process
        return framing.reply(b"F", _place(error).encode("utf-8", "replace"))
    meter.stop()
    if len(said) > framing.REPLY_BYTES_MAX:
        most = f"gave more than {framing.REPLY_BYTES_MAX} bytes; split the document"
        return framing.reply(b"F", most.encode())
    return framing.reply(b"L" if meter.has_grown() else b"P", said)


def _place(error: Exception) -> str:
    """What failed and where, without the document's own words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119 - text alone
    return f"failed with {type(error).__name__} at {place}; report it"[:_FAILURE_CHARACTERS_MAX]


def _request(channel: socket.socket) -> tuple[Order, bytes] | None:
    """The next request; None: the parent wants no more."""
    head = _received(channel, framing.REQUEST_HEAD.size)
    if head is None:
        return None
    order_bytes, data_bytes = framing.REQUEST_HEAD.unpack(head)
    said = _received(channel, order_bytes)
    data = _received(channel, data_bytes)
    return None if said is None or data is None else (framing.order_of(said), data)


def _received(channel: socket.socket, size: int) -> bytes | None:
    held = bytearray(size)
    view, filled = memoryview(held), 0
    while filled < size:
        taken = channel.recv_into(view[filled:])
        if not taken:
            return None
        filled += taken
    return bytes(held)


class _Meter:
    """Processor and memory of one document after another."""

    def __init__(self) -> None:
        self._pages: int | None = None
        with contextlib.suppress(OSError):  # Linux has it; kept open, for later nothing opens
            self._pages = os.open("/proc/self/statm", os.O_RDONLY)
        self._first = self._resident_bytes()

    def start(self) -> None:
        """Limits for the next document."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + CPU_S_MAX)
        _limit(resource.RLIMIT_AS, self._mapped_bytes() + MEMORY_BYTES_MAX)

    def stop(self) -> None:
        """No limits while the answer goes out."""
        _limit(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)

    def has_grown(self) -> bool:
        """Whether more stayed in memory than documents should leave behind."""
        return self._resident_bytes() - self._first > GROWTH_BYTES_MAX

    def _mapped_bytes(self) -> int:
        return self._of_statm(0)

    def _resident_bytes(self) -> int:
        return self._of_statm(1)

    def _of_statm(self, place: int) -> int:
        """Source: proc(5). Elsewhere the most that was ever resident, for want of the present."""
        if self._pages is None:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return int(os.pread(self._pages, 200, 0).split()[place]) * resource.getpagesize()


def _limit(what: int, soft: int) -> None:
    """The soft limit alone: the next document has another. Not every system knows every limit."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(what, (soft, resource.getrlimit(what)[1]))


def _give_up(parent: int) -> bool:
    """Part with all that parsing does not need; whether there is no network any more."""
    os.chdir("/")
    has_no_network = False
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None)
        ways = (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET)
        has_no_network = any(kernel.unshare(way) == 0 for way in ways)
        kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # After unshare, which takes it back. Source: prctl(2), on changes of credentials.
        kernel.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(0)
    for name in ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_NOFILE"):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (0, 0))
    return has_no_network


def _read(order: Order, data: bytes) -> Parsed:
    return kinds.read(order.kind, data, order.arrival)


if __name__ == "__main__":
    main(sys.argv[1:], _read)
