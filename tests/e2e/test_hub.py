"""A source that pushes: its feed names a hub, the hub is asked, asks back, and sends."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.conftest import NewServer
from tests.e2e.stack import HOST, Desk, connected, eventually, raw

ASKED: Final[list[dict[str, str]]] = []
"""Forms that came to the hub."""


def feed(port: int, *titles: str) -> bytes:
    """The feed as it stands, with its hub and its own address."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{title}</guid><title>{title}</title>"
        f"<description>{title}.</description></item>"
        for title in titles
    )
    links = "".join(
        f"<atom:link rel='{rel}' href='http://{HOST}:{port}{path}'/>"
        for rel, path in (("hub", "/hub"), ("self", "/feed"))
    )
    return (
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>P</title>"
        f"{links}{items}</channel></rss>"
    ).encode()


class Site(BaseHTTPRequestHandler):
    """A paper with a feed and a hub of its own."""

    def do_GET(self) -> None:
        self._answer(200, feed(self.server.server_address[1], "Ferry sails"))

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = parse_qs(self.rfile.read(length).decode())
        ASKED.append({name: values[0] for name, values in form.items()})
        self._answer(202, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing of it belongs into the output of a test."""


@contextmanager
def site() -> Iterator[int]:
    """The paper on loopback; its port."""
    server = ThreadingHTTPServer((HOST, 0), Site)
    ASKED.clear()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def call(method: str, url: str, body: bytes | None = None, **fields: str) -> tuple[int, bytes]:
    """What the hub does at the address that it was given."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, fields)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_what_a_hub_sends_is_published_when_it_is_signed(
    new_server: NewServer, tmp_path: Path
) -> None:
    server = new_server()
    with site() as port:
        desk = Desk(tmp_path / "desk", server.url)
        desk.data.mkdir()
        (desk.data / "sources.toml").write_text(
            f'[[source]]\nid = "paper"\nurl = "http://{HOST}:{port}/feed"\n'
        )
        desk.settings |= {
            "NEWSWIRE_FETCH_ALLOW": "127.0.0.0/8",
            "NEWSWIRE_FETCH_PORTS": f"{port}",
            "NEWSWIRE_WEBSUB_URL": f"http://{HOST}:{desk.push_port}",
        }
        try:
            desk.start("ingest")
            eventually(lambda: bool(ASKED), "the hub is asked")
            form = ASKED[0]
            callback, secret = form["hub.callback"], form["hub.secret"]
            asked = {
                "hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "say it",
                "hub.lease_seconds": "86400",
            }  # fmt: skip
            status, said = call("GET", f"{callback}?{urlencode(asked)}")
            news = feed(port, "Ferry sails", "Bridge opens")
            call("POST", callback, feed(port, "Forged"), **{"Content-Type": "application/rss+xml"})
            sent, _ = call(
                "POST", callback, news,
                **{"X-Hub-Signature": f"sha256={_signed(secret, news)}"},
            )  # fmt: skip
            eventually(lambda: "Bridge opens" in headlines(server.url), "what was sent is there")
        finally:
            desk.end()

    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == f"http://{HOST}:{port}/feed"
    assert (status, said) == (200, b"say it")
    assert sent == 202
    assert headlines(server.url) == ["Ferry sails", "Bridge opens"]


def _signed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headlines(url: str) -> list[str]:
    """Of the articles on the log, in their order."""
    with connected(url) as log:
        said: list[Any] = [json.loads(fields[b"data"]) for fields in raw(log, "articles")]
    return [each["article"]["headline"] for each in said]
