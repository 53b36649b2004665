"""A whole desk whose sources, partner and inbox bring hostile texts."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Final

from services.ingest.sources.schedule import first_at
from shared.keys import create
from shared.redis_state import RedisTable
from shared.state import KEYS
from tests.builders import at
from tests.e2e.stack import ROOT, Desk, clean_env, eventually, get, listens, open_views, spawn
from tests.hostile import carriers
from tests.hostile.snippets import SCRIPT

PAGES: Final = 8
"""Article pages over which the texts are spread."""
_SOON_S: Final = 1.5
_SOURCE: Final = '[[source]]\nid = "{}"\nurl = "http://{}:{}/{}"\nname = "{}"\nformat = "{}"\n\n'


class Publishers:
    """A web server on an address of loopback for each document, so that none waits for another."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        self.servers = [
            _serving(f"127.0.0.{number}", data)
            for number, data in enumerate(documents.values(), start=10)
        ]
        self.names = list(documents)

    @property
    def ports(self) -> list[int]:
        return [server.server_address[1] for server in self.servers]

    def sources(self) -> str:
        """All of them as ``sources.toml``."""
        return "".join(
            _SOURCE.format(
                _soon(name), *server.server_address[:2], name, f"<i>{name}</i>",
                "page" if name.startswith("page") else "auto",
            )
            for name, server in zip(self.names, self.servers, strict=True)
        )  # fmt: skip

    def close(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()


@dataclass
class Canary:
    """A port that nobody may ask."""

    listening: socket.socket

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    @property
    def was_asked(self) -> bool:
        """Whether anybody has connected."""
        self.listening.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            self.listening.accept()[0].close()
            return True
        return False


@contextlib.contextmanager
def canary() -> Iterator[Canary]:
    """A canary on loopback."""
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as listening:
        yield Canary(listening)


class HostileDesk:
    """Services as they are run, on a Redis of the test's own."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.desk = Desk(folder, redis_url)
        self.url = f"http://127.0.0.1:{self.desk.port}"

    def open(self, ports: Sequence[int]) -> None:
        """Start all services; ingest may fetch from these ports of loopback."""
        for service in ("enrichment", "projection", "api"):
            self.desk.start(service)
        env = clean_env(
            PYTHONPATH=str(ROOT),
            NEWSWIRE_REDIS_URL=self.desk.redis_url,
            NEWSWIRE_DATA_DIR=str(self.desk.data),
            NEWSWIRE_PUSH_PORT=str(self.desk.push_port),
            NEWSWIRE_FETCH_ALLOW="127.0.0.0/8",
            NEWSWIRE_FETCH_PORTS=",".join(map(str, ports)),
            NEWSWIRE_LOG_LEVEL="debug",
        )
        command = [sys.executable, "-P", "-m", "services.ingest", "run"]
        with (self.desk.data / "ingest.log").open("ab") as out:
            self.desk.processes.append(spawn(command, env, out))
        eventually(lambda: listens(self.desk.push_port), "the push door listens")
        eventually(lambda: listens(self.desk.port), "the api listens")
        eventually(lambda: get(self.desk.port, "/readyz").status == 200, "the api is ready")

    def read(self, publishers: Publishers) -> None:
        """Have these sources read."""
        (self.desk.data / "sources.toml").write_text(publishers.sources(), "utf-8")

    def put(self, documents: Mapping[str, bytes]) -> None:
        """Put documents into the inbox."""
        folder = self.desk.data / "inbox" / "hostile-inbox"
        folder.mkdir(parents=True)
        for name, data in documents.items():
            (folder / name).write_bytes(data)

    def push(self, body: bytes) -> bytes:
        """What the push door answers a partner."""
        key = apart(lambda: asyncio.run(_key(self.desk.redis_url)))
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        connection = http.client.HTTPConnection("127.0.0.1", self.desk.push_port, timeout=60)
        with contextlib.closing(connection):
            connection.request("POST", "/v1/articles", body, headers)
            return connection.getresponse().read()

    def articles_by_source(self) -> dict[str, int]:
        """How many articles of each source the views have; its number is left out."""
        with open_views(self.desk.data) as views:
            rows = views.execute("SELECT source, count(*) FROM article GROUP BY source")
            return {source.rstrip("-0123456789"): number for source, number in rows.fetchall()}

    def article_ids(self) -> list[str]:
        """All articles of the views."""
        with open_views(self.desk.data) as views:
            return [row[0] for row in views.execute("SELECT article_id FROM article").fetchall()]


def documents(texts: Sequence[str], addresses: Sequence[str]) -> dict[str, bytes]:
    """What the sources publish, by name."""
    pages = {f"page-{'abcdefgh'[n]}": carriers.page(n, texts[n::PAGES]) for n in range(PAGES)}
    return {
        "rss": carriers.rss(texts, addresses),
        "atom": carriers.atom(texts, addresses),
        "json": carriers.json_feed(texts, addresses),
        "ninjs": carriers.ninjs(texts, addresses),
        "newsml": carriers.newsml_g2(texts, addresses),
        "page-utf": carriers.page_in_utf7(SCRIPT),
        **pages,
    }


def apart(work: Callable[[], str]) -> str:
    """The value of a call in a thread of its own: a browser's has an event loop already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result()


async def _key(redis_url: str) -> str:
    state = RedisTable(KEYS, redis_url, "newswire")
    key, text = create("partner", ["hostile-push"], at(1))
    await state.put(key)
    await state.close()
    return text


def _soon(name: str) -> str:
    """A source's id that is among the first to be read after a start."""
    ids = (f"{name}-{number}" for number in count())
    return next(one for one in ids if (first_at(one, at(1), 30) - at(1)).total_seconds() < _SOON_S)


def _serving(host: str, data: bytes) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_robots = self.path == "/robots.txt"
            self.send_response(404 if is_robots else 200)
            self.send_header("Content-Length", "0" if is_robots else str(len(data)))
            self.end_headers()
            self.wfile.write(b"" if is_robots else data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
