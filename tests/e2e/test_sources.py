"""Sources as an operator has them: added, read, killed, hostile, blocked; over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.stack import HOST, Stack, eventually, get
from tests.http_server import Asked, Publisher, answer, beside

HEADLINES: Final = ("Ferry sails from Pavlodar", "Мост открыли в Оше")


async def paper_says(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A paper: a page that names a feed, the feed, and what no reader wants."""
    body = _SERVED.get(asked.path)
    if body is None:
        writer.write(answer(status="404 Not Found"))
    elif is_conditional(asked):
        writer.write(answer(b"", 'ETag: "1"', status="304 Not Modified"))
    else:
        writer.write(answer(body, 'ETag: "1"'))
    await writer.drain()


def is_conditional(asked: Asked) -> bool:
    """Whether it was asked with the validator of an answer."""
    return asked.field("if-none-match") is not None


def _feed() -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>{title}</title>"
        f"<description>&lt;p&gt;{title}.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description></item>"
        for n, title in enumerate(HEADLINES)
    )
    return f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()


_SERVED: Final = {
    "/": b"<html><head><title>P</title>"
    b"<link rel='alternate' type='application/rss+xml' href='/feed'></head><body/></html>",
    "/feed": _feed(),
    "/bomb": b"<rss version='2.0'><channel>" + b"<item><title>" * 300_000,
    "/page": b"<html><body><p>Nothing here.</p></body></html>",
}


@pytest.fixture
def paper() -> Iterator[Publisher]:
    """The paper on loopback."""
    with beside(paper_says) as publisher:
        yield publisher


@pytest.fixture
def desk(tmp_path: Path, paper: Publisher) -> Iterator[tuple[Stack, str]]:
    """A stack that may read from loopback, and the address of the paper."""
    stack = Stack(tmp_path, "--no-seed")
    stack.env |= {"NEWSWIRE_FETCH_ALLOW": "127.0.0.0/8", "NEWSWIRE_FETCH_PORTS": str(paper.port)}
    with stack:
        yield stack, f"http://{HOST}:{paper.port}"


def looks(paper: Publisher) -> list[tuple[str, bool]]:
    """Of every request the path, and whether it was conditional."""
    return [(one.path, is_conditional(one)) for one in paper.asked]


def shown(stack: Stack) -> list[str]:
    items = json.loads(get(stack.port, "/v1/articles").body)["items"]
    return sorted(item["headline"] for item in items)


@pytest.mark.timeout(240)  # one look a minute is the least there is
def test_a_source_is_added_read_and_survives_its_reader(
    desk: tuple[Stack, str], paper: Publisher
) -> None:
    stack, url = desk
    added = stack.run("sources", "add", "paper", f"{url}/", "--every", "1m", "--name", "The Paper")
    refused = stack.run("sources", "add", "nothing", f"{url}/nowhere")
    page = stack.run("sources", "add", "page", f"{url}/page")
    other = stack.run("sources", "add", "bank", f"{url}/page", "--format", "nbkr")
    stack.run("sources", "add", "bomb", f"{url}/bomb", "--unseen", "--every", "1m")

    assert added.returncode == 0, added.stderr
    assert f"the page names a feed: {url}/feed" in added.stdout
    assert refused.returncode == 1
    assert "--unseen adds it all the same" in refused.stderr
    assert "came HTML; read it as a page or a list; --unseen adds" in page.stderr
    assert "expected rates of nbkr, came an HTML page" in other.stderr
    assert (page.returncode, other.returncode) == (1, 1)
    eventually(lambda: shown(stack) == sorted(HEADLINES), "what the paper offers is on the wire")
    stack.kill("ingest")
    eventually(lambda: ("/feed", True) in looks(paper), "it is asked again, with its validator", 90)

    assert shown(stack) == sorted(HEADLINES)
    listed = json.loads(stack.run("sources", "list", "--json").stdout.splitlines()[0])
    assert (listed["id"], listed["state"]["failures"]) == ("paper", 0)
    bomb = stack.run("sources", "show", "bomb")
    assert "state: failed" in bomb.stdout or "state: ok" in bomb.stdout
    # Looked at once by the command, then once by the service: all others are conditional.
    assert looks(paper).count(("/feed", False)) == 1


def test_what_a_source_would_give_is_shown_and_not_recorded(desk: tuple[Stack, str]) -> None:
    stack, url = desk
    tested = stack.run("sources", "test", f"{url}/feed")
    page = stack.run("sources", "test", f"{url}/page")
    inner = stack.run("sources", "test", "http://169.254.169.254/latest/meta-data/")

    assert tested.returncode == 0
    assert all(headline in tested.stdout for headline in HEADLINES)
    assert page.returncode == 1
    assert (inner.returncode, inner.stdout.startswith("address-refused")) == (1, True)
    assert shown(stack) == []


def test_subscriptions_are_taken_over(desk: tuple[Stack, str], tmp_path: Path) -> None:
    stack, url = desk
    opml = tmp_path / "mine.opml"
    opml.write_text(
        f"<opml version='2.0'><body><outline text='The Paper' xmlUrl='{url}/feed'/></body></opml>"
    )
    imported = stack.run("sources", "import-opml", str(opml))
    again = stack.run("sources", "import-opml", str(opml))
    exported = stack.run("sources", "export-opml")

    assert "1 added, 0 there already, 0 not taken" in imported.stdout
    assert "0 added, 1 there already, 0 not taken" in again.stdout
    assert f'xmlUrl="{url}/feed"' in exported.stdout
    eventually(lambda: shown(stack) == sorted(HEADLINES), "what the paper offers is on the wire")
    removed = stack.run("sources", "remove", "the-paper")
    assert removed.returncode == 0
    assert stack.run("sources", "list").stdout.startswith("no sources yet")
    assert shown(stack) == sorted(HEADLINES)
