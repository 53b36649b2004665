"""A source that pushes: its feed names a hub, the hub is asked, asks back, and sends."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import httpx2

from tests.conftest import NewServer
from tests.e2e.stack import HOST, Desk, connected, eventually, raw
from tests.http_server import Asked, Publisher, answer, beside

FEED_TYPE: Final = {"Content-Type": "application/rss+xml"}


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


async def paper_says(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A paper with a feed and a hub of its own."""
    port = int((asked.field("host") or b"").rpartition(b":")[2])
    is_look = asked.method == "GET"
    writer.write(answer(feed(port, "Ferry sails")) if is_look else answer(status="202 Accepted"))
    await writer.drain()


def forms(paper: Publisher) -> list[dict[str, str]]:
    """What the hub was asked, by the names of the form."""
    sent = (parse_qs(one.body.decode()) for one in paper.asked if one.method == "POST")
    return [{name: values[0] for name, values in form.items()} for form in sent]


def test_what_a_hub_sends_is_published_when_it_is_signed(
    new_server: NewServer, tmp_path: Path
) -> None:
    server = new_server()
    with beside(paper_says) as paper:
        port = paper.port
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
            eventually(lambda: bool(forms(paper)), "the hub is asked")
            form = forms(paper)[0]
            callback, secret = form["hub.callback"], form["hub.secret"]
            asked = {
                "hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "say it",
                "hub.lease_seconds": "86400",
            }  # fmt: skip
            agreed = httpx2.get(f"{callback}?{urlencode(asked)}", timeout=10)
            news = feed(port, "Ferry sails", "Bridge opens")
            forged = feed(port, "Forged")
            httpx2.post(callback, content=forged, headers=FEED_TYPE, timeout=10)
            signature = {"X-Hub-Signature": f"sha256={_signed(secret, news)}"}
            sent = httpx2.post(callback, content=news, headers=signature, timeout=10)
            eventually(lambda: "Bridge opens" in headlines(server.url), "what was sent is there")
        finally:
            desk.end()

    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == f"http://{HOST}:{port}/feed"
    assert (agreed.status_code, agreed.content) == (200, b"say it")
    assert sent.status_code == 202
    assert headlines(server.url) == ["Ferry sails", "Bridge opens"]


def _signed(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headlines(url: str) -> list[str]:
    """Of the articles on the log, in their order."""
    with connected(url) as log:
        said: list[Any] = [json.loads(fields[b"data"]) for fields in raw(log, "articles")]
    return [each["article"]["headline"] for each in said]
