"""``python -m tests.benchmarks.asker``: asks an api over connections that stay open.

A line of JSON on standard input is a job, a line on standard output what came of it. Nothing of an
answer is read but its status and length: whoever asks must not be what is measured. No code of the
api is in it.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles
from time import process_time
from typing import Any, Final, cast

import uvloop

from shared import clock

CONNECTIONS: Final = 16
"""Of a closed loop: one always has a request for the server, and none waits long."""
CONNECTIONS_OPEN: Final = 40
"""Of an open loop; a request that finds none free waits, and its latency counts that."""
_LENGTH: Final = re.compile(rb"\r\ncontent-length: ([0-9]+)", re.IGNORECASE)


@dataclass(slots=True)
class Job:
    """What is asked, and what has come of it."""

    port: int
    requests: Iterator[bytes]
    seconds: float
    per_second: float | None
    """When each request is sent, whatever became of those before; None: as soon as one is
    answered, on each connection."""
    statuses: Counter[bytes] = field(default_factory=Counter)
    taken_s: list[float] = field(default_factory=list)
    waiting: deque[float] = field(default_factory=deque)
    """When requests were to be sent for which no connection was free."""
    free: deque[Connection] = field(default_factory=deque)
    """Each in its turn: a server closes one that is not used for seconds."""
    is_over: bool = False
    expected: int = CONNECTIONS
    """Answers without which it is not done, however long they take."""
    is_answered: asyncio.Event = field(default_factory=asyncio.Event)


class Connection(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, job: Job) -> None:
        self._job, self._rest, self._missing, self._intended_s = job, b"", 0, 0.0
        self._status = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See Protocol."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, intended_s: float) -> None:
        """Send the next request."""
        self._intended_s = intended_s
        self._transport.write(next(self._job.requests))

    def data_received(self, data: bytes) -> None:
        """Count an answer when its last byte is there."""
        if self._missing:
            self._missing -= len(data)
        else:
            self._rest += data
            head = self._rest.find(b"\r\n\r\n")
            if head < 0:
                return
            length = _LENGTH.search(self._rest, 0, head)
            assert length, self._rest[:200]
            self._status = self._rest[9:12]
            self._missing = head + 4 + int(length[1]) - len(self._rest)
            self._rest = b""
        if not self._missing:
            self._answered()

    def _answered(self) -> None:
        job, now_s = self._job, clock.monotonic_s()
        job.taken_s.append(now_s - self._intended_s)
        job.statuses[self._status] += 1
        if len(job.taken_s) == job.expected:
            job.is_answered.set()
        if job.per_second is None:
            if not job.is_over:
                self.ask(now_s)
        elif job.waiting:
            self.ask(job.waiting.popleft())
        else:
            job.free.append(self)


async def done(job: Job) -> dict[str, Any]:
    """Ask until the time is over; answers a second, and their latencies in milliseconds."""
    loop = asyncio.get_running_loop()
    count = CONNECTIONS if job.per_second is None else CONNECTIONS_OPEN
    made = [
        await loop.create_connection(lambda: Connection(job), "127.0.0.1", job.port)
        for _ in range(count)
    ]
    began_s, busy_s = clock.monotonic_s(), process_time()
    if job.per_second is None:
        for _, connection in made:
            connection.ask(began_s)
        await asyncio.sleep(job.seconds)
    else:
        job.free += [connection for _, connection in made]
        await _send_in_time(job, job.per_second, began_s)
    await job.is_answered.wait()
    took_s = clock.monotonic_s() - began_s
    busy_s, answered = process_time() - busy_s, len(job.taken_s)
    job.is_over = True
    for transport, _ in made:
        transport.abort()
    refused = job.statuses[b"422"] + job.statuses[b"503"]
    assert job.statuses[b"200"] + refused == answered, job.statuses
    percentiles = quantiles(job.taken_s, n=100, method="inclusive")
    return {
        "per_second": job.statuses[b"200"] / took_s,
        "refused": refused,
        "busy": busy_s / took_s,
        "p50_ms": 1000 * percentiles[49],
        "p99_ms": 1000 * percentiles[98],
        "answered": answered,
    }


async def _send_in_time(job: Job, per_second: float, began_s: float) -> None:
    job.expected = max(2, int(job.seconds * per_second))
    for number in range(job.expected):
        intended_s = began_s + number / per_second
        await asyncio.sleep(max(0.0, intended_s - clock.monotonic_s()))
        if job.free:
            job.free.popleft().ask(intended_s)
        else:
            job.waiting.append(intended_s)


def main() -> None:
    """Do one job after the other."""
    for line in sys.stdin:
        said = json.loads(line)
        requests = [
            f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{said['port']}\r\n\r\n".encode()
            for target in said["targets"]
        ]
        job = Job(said["port"], cycle(requests), said["seconds"], said["per_second"])
        sys.stdout.write(json.dumps(uvloop.run(done(job))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
