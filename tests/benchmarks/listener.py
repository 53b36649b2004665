"""Many open streams of one process: ``python -m tests.benchmarks.listener PORT COUNT FIRST_SEQ``.

Says ``open`` when all are. A line on standard input names the last seq: once every stream has it,
or after a while, it prints what they saw as JSON. No code of the api is in it.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
from dataclasses import dataclass, field
from typing import Final

from shared import clock

SETTLE_S_MAX: Final = 30.0
FILES: Final = 200
"""Besides the streams."""
TOGETHER: Final = 50
"""Streams that are being opened at one time."""
_SEQ: Final = re.compile(rb'"sequence":"([0-9]{20})"')


@dataclass(slots=True)
class Stream:
    """What one stream has seen: every seq must be the one after the last."""

    expected: int
    seen: int = 0
    strayed: int = 0
    """Events whose seq was another than the next: something was missing, or came twice."""
    rest: bytes = b""

    def take(self, text: bytes, last_s: dict[int, float]) -> None:
        """Some of the stream, chunks unwrapped."""
        *blocks, self.rest = (self.rest + text).split(b"\n\n")
        for block in blocks:
            if found := _SEQ.search(block):
                seq = int(found[1])
                self.strayed += seq != self.expected
                self.seen += 1
                self.expected = seq + 1
                last_s[seq] = clock.monotonic_s()


@dataclass(slots=True)
class Listener:
    """All streams."""

    port: int
    streams: list[Stream] = field(default_factory=list)
    last_s: dict[int, float] = field(default_factory=dict)
    """When an event came to the last stream that has it, by seq and the clock of the machine."""
    is_ended: bool = False
    """Whether a stream was ended by the server."""

    async def listen(self, stream: Stream, is_open: asyncio.Event) -> None:
        """Read one stream until it is canceled. Chunks are unwrapped as RFC 9112 7.1 has it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        writer.write(b"GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n")[0], head
        while size := int(await reader.readline(), 16):
            stream.take((await reader.readexactly(size + 2))[:-2], self.last_s)
            is_open.set()
        self.is_ended = True


async def main(port: int, count: int, first_seq: int) -> None:
    """Open, read, judge."""
    files_max = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files_max, count + FILES), files_max))
    listener = Listener(port, [Stream(first_seq) for _ in range(count)])
    tasks = []
    for begin in range(0, count, TOGETHER):
        opening = [(one, asyncio.Event()) for one in listener.streams[begin : begin + TOGETHER]]
        tasks += [asyncio.create_task(listener.listen(*one)) for one in opening]
        await asyncio.gather(*(is_open.wait() for _, is_open in opening))
    say("open")
    last_seq = int(await asyncio.to_thread(sys.stdin.readline))
    deadline_s = clock.monotonic_s() + SETTLE_S_MAX
    while any(one.expected <= last_seq for one in listener.streams):
        if clock.monotonic_s() > deadline_s:
            break
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    wanted = last_seq - first_seq + 1
    say(json.dumps({
        "whole": sum(one.seen == wanted and not one.strayed for one in listener.streams),
        "events": sum(one.seen for one in listener.streams),
        "ended": listener.is_ended,
        "last_s": listener.last_s,
    }))  # fmt: skip


def say(line: str) -> None:
    """A line to whoever started this."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
