"""``python -m tests.benchmarks.publishers``: publishers on loopback, good and hostile, by the name
in the Host field; prints its port. A process of its own, so that its memory is not measured."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import sys
from collections import Counter
from typing import Final

ENTRIES: Final = 20
BOMB: Final = gzip.compress(bytes(64 << 20), mtime=0)
_WORDS: Final = "The ferry of the season left the port of Pavlodar on time and came back. " * 20

_asked: Counter[str] = Counter()


def _feed(name: str, number: int, entries: int) -> bytes:
    """A feed with one entry more than the last time."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{name}-{n}</guid><title>Ferry {n} of {name}</title>"
        f"<description>{_WORDS}</description></item>"
        for n in range(number, number + entries)
    )
    return f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>".encode()


async def _again(writer: asyncio.StreamWriter, data: bytes, pause_s: float = 0.0) -> None:
    while not writer.is_closing():
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(pause_s)


def _whole(body: bytes, *fields: bytes) -> bytes:
    head = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *fields, b"", b""]
    return b"\r\n".join(head) + body


async def _answer(host: str, writer: asyncio.StreamWriter) -> None:
    _asked[host] += 1
    match host.split("-", maxsplit=1)[0]:
        case "drip":  # a byte every fifty milliseconds, without end
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await _again(writer, b"x", 0.05)
        case "endless":  # a body in chunks of one byte, as fast as they are taken
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            await _again(writer, b"1\r\nx\r\n" * 2_000)
        case "bomb":  # 64 MB in 64 kB
            writer.write(_whole(BOMB, b"Content-Encoding: gzip"))
        case "flood":  # as large as a feed may be, and new each time
            writer.write(_whole(_feed(host, 3_000 * _asked[host], 3_000)))
        case _:
            writer.write(_whole(_feed(host, _asked[host], ENTRIES)))
    await writer.drain()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        host = head.partition("\r\nhost: ")[2].partition(".")[0]
        await _answer(host, writer)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def main() -> None:
    """Answer until ended."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=200)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
