"""A process behind the fence whose parser does what the document says. For tests alone."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from pathlib import Path

from services.ingest import fenced
from services.ingest.framing import Order
from services.ingest.parse import parse
from services.ingest.parse.document import Parsed


def read(order: Order, data: bytes) -> Parsed:  # noqa: C901, PLR0912 - a list of bad deeds
    """A feed is read; a word is done."""
    match data.split():
        case [b"loop"]:
            while True:
                pass
        case [b"sleep"]:
            time.sleep(1_000)
        case [b"allocate"]:
            bytearray(2_000_000_000)
        case [b"hoard"]:
            held = []
            while True:
                held.append("x" * 1_000_000 + str(len(held)))
        case [b"crash"]:
            ctypes.string_at(0)
        case [b"killed"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case [b"exit"]:
            os._exit(3)
        case [b"print"]:
            sys.stdout.write("noise" * 100_000)
            os.write(1, b"noise" * 100_000)
        case [b"garbage"]:
            _send(b"P\x00\x00\x00\x05noise")
        case [b"endless"]:
            _send(b"P\xff\xff\xff\xff")
        case [b"flood"]:
            while True:
                _send(b"noise" * 100_000)
        case [b"bug"]:
            raise KeyError(data.decode())
        case [b"open"]:
            Path("/etc/hostname").read_bytes()
        case [b"connect", port]:
            socket.create_connection(("127.0.0.1", int(port)), timeout=1)
        case [b"network", outside]:
            if str(Path("/proc/self/ns/net").readlink()).encode() == outside:
                raise ConnectionError(outside)
        case [b"look"]:
            if dict(os.environ).keys() - {"LC_CTYPE"} or Path.cwd() != Path("/"):
                raise ValueError(os.environ, Path.cwd())
    return parse(data, order.arrival)


def _send(data: bytes) -> None:
    """What a parser that was taken over might say in our name."""
    for number in range(3, 10):
        try:
            os.write(number, data)
        except OSError:
            continue


if __name__ == "__main__":
    fenced.main(sys.argv[1:], read)
