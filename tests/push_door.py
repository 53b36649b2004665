"""The push door for tests: in this process over any log, or as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import orjson
import structlog
from fastapi import FastAPI
from standardwebhooks import Webhook

from services.ingest.decisions import Decisions
from services.ingest.publish import Publisher
from services.ingest.push.app import build
from services.ingest.push.limits import Limits
from services.ingest.push.replays import Replays
from services.ingest.push.requests import Desk
from shared.keys import KeyStore, create
from shared.log import Log
from shared.redis_state import RedisTable
from shared.state import KEYS
from shared.testing.memory_state import MemoryTable
from tests.builders import at

READY_S_MAX: Final = 20.0
SEEN_AT: Final = at(9)
SOURCE: Final = "irtysh-telegraph"
RATE: Final = {
    "base": "USD", "quote": "KZT", "value": "501.40", "as_of": "2026-03-03", "kind": "market",
}  # fmt: skip


def pushed(number: int = 1, **changes: object) -> dict[str, Any]:
    """An article as a partner sends it."""
    given = {
        "source": SOURCE,
        "id": f"irt-{number}",
        "headline": f"Ferry number {number} for the upper Irtysh",
        "body": ["A boatyard in Pavlodar has been given the order."],
    }
    return {**given, **changes}


def ndjson(*items: object) -> bytes:
    """One line each."""
    return b"".join(orjson.dumps(item) + b"\n" for item in items)


def quiet() -> structlog.stdlib.BoundLogger:
    """A logger that says nothing."""
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        structlog.testing.CapturingLogger(),
        processors=[],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger


@dataclass
class Door:
    """A push door in this process, whose clock goes on by a second with every request."""

    log: Log
    keys: KeyStore = field(default_factory=lambda: MemoryTable(KEYS))
    now: datetime = SEEN_AT
    idle_s_max: float = 30.0
    is_stopping: bool = False
    limits: Limits = field(default_factory=Limits)
    replays: Replays = field(default_factory=lambda: Replays(SEEN_AT))

    @property
    def desk(self) -> Desk:
        """What it stands before."""
        return Desk(
            publisher=Publisher(self.log, lambda: self.now),
            decisions=Decisions(self.log, lambda: self.now),
            keys=self.keys,
            now=lambda: self.now,
            logger=quiet(),
            replays=self.replays,
            limits=self.limits,
            is_stopping=lambda: self.is_stopping,
            idle_s_max=self.idle_s_max,
        )

    @property
    def app(self) -> FastAPI:
        """The application."""
        return build(self.desk)

    async def key(self, *sources: str, is_admin: bool = False) -> str:
        """A key that is kept; for SOURCE unless others are named."""
        name = "desk" if is_admin else "partner"
        named = () if is_admin else sources or (SOURCE,)
        key, text = create(name, named, self.now, is_admin=is_admin)
        await self.keys.put(key)
        return text

    async def send(
        self,
        path: str,
        key: str | None,
        body: object,
        content_type: str = "application/json",
        **headers: str,
    ) -> httpx2.Response:
        """What it answers; ``body`` is sent as it is, or as JSON."""
        self.now += timedelta(seconds=1)
        content: Any = body
        if not isinstance(body, bytes | AsyncIterator):
            content = orjson.dumps(body)
        given = {"Content-Type": content_type, **headers}
        if key:
            given["Authorization"] = f"Bearer {key}"
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://push") as client:
            return await client.post(path, content=content, headers=given)


def signed(secret: str, body: bytes, at: datetime, message: str = "msg_1") -> dict[str, str]:
    """Header fields by which the library of Standard Webhooks signs a body."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""  # the library signs text alone
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, at, text),
    }


def outcomes(answer: httpx2.Response) -> list[str]:
    """The outcome of each item."""
    return [item["outcome"] for item in answer.json()["items"]]


def reasons(answer: httpx2.Response) -> list[str | None]:
    """Why each item was rejected, if it was."""
    return [item.get("reason") for item in answer.json()["items"]]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- as a process --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ingest:
    """A running ingest and a key of its push door."""

    port: int
    key: str
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where the push door is."""
        return f"http://127.0.0.1:{self.port}"

    def post(self, path: str, content: bytes, content_type: str) -> httpx2.Response:
        """What it answers."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": content_type}
        return httpx2.post(self.url + path, content=content, headers=headers, timeout=30)

    def head(self, path: str, *lines: str) -> bytes:
        """The head of a request, for a raw socket."""
        fixed = [
            f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {self.key}",
            "Content-Type: application/x-ndjson",
        ]  # fmt: skip
        return "\r\n".join([*fixed, *lines, "", ""]).encode()

    def connect(self) -> socket.socket:
        """A raw socket to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)


def start(data_dir: Path, redis_url: str, desk: str, port: int) -> subprocess.Popen[bytes]:
    """An ingest just started, to be ended by the caller."""
    own = {
        "NEWSWIRE_DATA_DIR": str(data_dir),
        "NEWSWIRE_REDIS_URL": redis_url,
        "NEWSWIRE_DESK": desk,
        "NEWSWIRE_PUSH_PORT": str(port),
    }
    with (data_dir / "ingest.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "services.ingest", "run"], env={**os.environ, **own}, stderr=out
        )


@contextlib.contextmanager
def ingest(
    data_dir: Path, redis_url: str, desk: str, sources: Sequence[str] = (SOURCE,)
) -> Iterator[Ingest]:
    """An ingest that answers at its push door, on a free loopback port."""
    port = free_port()
    process = start(data_dir, redis_url, desk, port)
    try:
        _wait_until_alive(process, port)
        yield Ingest(port, asyncio.run(_key(redis_url, desk, sources)), process)
    finally:
        process.kill()
        process.wait()


async def _key(redis_url: str, desk: str, sources: Sequence[str]) -> str:
    state = RedisTable(KEYS, redis_url, desk)
    key, text = create("partner", sources, at(1))
    await state.put(key)
    await state.close()
    return text


def _wait_until_alive(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_S_MAX
    while True:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"http://127.0.0.1:{port}/livez", timeout=5).status_code == 200:
                return
        assert process.poll() is None, "ingest has ended"
        assert time.monotonic() < deadline, "the push door does not answer"
        time.sleep(0.02)
