"""A hub is told of a feed when an article comes, fetches it, and finds the article."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import httpx2

from tests.conftest import NewServer
from tests.e2e.stack import HOST, SERVICES, Desk, eventually, get
from tests.http_server import Asked, Reply, answer, beside

FEED: Final = (
    b"<rss version='2.0'><channel><title>P</title><item><guid isPermaLink='false'>1</guid>"
    b"<title>Ferry sails</title><description>It sails at noon.</description></item></channel></rss>"
)


def paper_and_hub(found: dict[str, str], feed: Callable[[], bytes]) -> Reply:
    """A paper with a feed, and a hub that fetches each topic that it is told of."""

    async def reply(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.method == "GET":
            writer.write(answer(feed()))
        else:
            form = parse_qs(asked.body.decode())
            assert form["hub.mode"] == ["publish"]
            (topic,) = form["hub.url"]
            async with httpx2.AsyncClient(timeout=5) as client:
                found[topic] = (await client.get(topic)).text
            writer.write(answer(status="204 No Content"))
        await writer.drain()

    return reply


def test_a_hub_that_is_told_finds_the_article(new_server: NewServer, tmp_path: Path) -> None:
    found: dict[str, str] = {}
    with beside(paper_and_hub(found, lambda: FEED)) as there:
        desk = Desk(tmp_path / "desk", new_server().url)
        desk.data.mkdir()
        url = f"http://{HOST}:{desk.port}"
        desk.settings |= {
            "NEWSWIRE_FETCH_ALLOW": "127.0.0.0/8",
            "NEWSWIRE_FETCH_PORTS": f"{there.port}",
            "NEWSWIRE_URL": url,
            "NEWSWIRE_WEBSUB_HUB": f"http://{HOST}:{there.port}/hub",
        }
        try:
            for service in SERVICES:
                desk.start(service)
            eventually(lambda: listens(desk), "the api answers")
            eventually(lambda: f"{url}/feeds/articles.atom" in found, "told of once at the start")
            assert "Ferry sails" not in found[f"{url}/feeds/articles.atom"]
            (desk.data / "sources.toml").write_text(
                f'[[source]]\nid = "paper"\nurl = "http://{HOST}:{there.port}/feed"\n'
            )
            topics = {
                f"{url}/feeds/articles.{form}{query}"
                for form in ("atom", "rss", "json")
                for query in ("", "?source=paper")
            }

            eventually(
                lambda: {one for one, text in found.items() if "Ferry sails" in text} == topics,
                "the hub finds the article in every feed that it is told of",
            )
            feed = get(desk.port, "/feeds/articles.atom")
        finally:
            desk.end()

    assert f'<http://{HOST}:{there.port}/hub>; rel="hub"' in feed.headers["link"]


def listens(desk: Desk) -> bool:
    """Whether the api answers."""
    try:
        return get(desk.port, "/readyz").status == 200
    except OSError:
        return False


def test_ingest_does_not_start_with_a_hub_and_without_an_address(
    new_server: NewServer, tmp_path: Path
) -> None:
    desk = Desk(tmp_path / "desk", new_server().url)
    desk.settings["NEWSWIRE_WEBSUB_HUB"] = "https://hub.example/"
    try:
        assert desk.start("ingest").wait(30) == 1
    finally:
        desk.end()

    said = (desk.data / "ingest.log").read_text()
    assert said.count("\n") == 1
    assert said.startswith("NEWSWIRE_WEBSUB_HUB: a hub fetches our feeds")
    assert "set NEWSWIRE_URL" in said
