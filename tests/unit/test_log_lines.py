"""Lines of the log: nothing that a source says steers a terminal, begins a line or tells a key."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import date

import pytest
import structlog

from services.ingest.fetch import redacted, shown_url, without_secrets
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival
from shared import telemetry
from tests.feeds import rss
from tests.publishers import Desk, config, served

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "first\nsecond",
    "first\r\nsecond",
    '"}\n{"event":"forged","level":"critical"}',
    "\x9b31m",
    "\u2028\u2029\x85",
    "\u202egnp.exe",
    "\x00\x08\x7f",
)
SECRET = "kJ8-secret-of-the-desk"
URL = f"https://reader:{SECRET}@c.example/feed?token={SECRET}&page=2"


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    level = logging.getLogger("newswire").level
    yield
    root.handlers = handlers
    logging.getLogger("newswire").setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_source_says_is_one_line_of_json(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    telemetry.start("ingest", "info").warning("problem", detail=text, url=text)
    said = capsys.readouterr().err

    assert said.isascii()
    assert said.count("\n") == 1
    assert all(character.isprintable() for character in said.rstrip("\n"))
    assert json.loads(said)["detail"] == text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_source_says_does_not_steer_a_terminal(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, hostile = Terminal(), Terminal()
    for terminal, said in ((plain, "x"), (hostile, text)):
        monkeypatch.setattr(sys, "stderr", terminal)
        logger = telemetry.start("ingest", "info")
        logger.warning("problem", detail=said)

    (line,) = [one for one in hostile.getvalue().splitlines() if "problem" in one]
    assert "forged" not in text or "forged" in line
    assert hostile.getvalue().count("\x1b") == plain.getvalue().count("\x1b")
    assert not set(hostile.getvalue()) & set("\r\x00\x07\x08\x7f\x85\x9b\u2028\u2029\u202e")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (URL, "https://c.example/feed?page=2"),
        ("https://c.example/feed?api_key=1", "https://c.example/feed"),
        ("https://c.example/a?b=c#token=1", "https://c.example/a?b=c"),
        ("https://c.example/{date:%d.%m.%Y}", "https://c.example/{date:%d.%m.%Y}"),
    ],
)
def test_an_address_that_others_read_has_no_secrets(url: str, told: str) -> None:
    assert without_secrets(url) == told


@pytest.mark.parametrize(
    "sentence",
    [
        f"expected an http or https address in the link, came “{URL}”",
        f"came {URL};",
        f"“https://{SECRET}@c.example/” and “/x?a=1&signature={SECRET}”",
    ],
)
def test_a_sentence_that_quotes_an_address_tells_no_secret(sentence: str) -> None:
    assert SECRET not in redacted(sentence)
    assert redacted(sentence).startswith(sentence[:4])
    assert SECRET not in shown_url(URL)


async def test_the_key_of_a_sources_address_is_in_no_event_article_and_line() -> None:
    """Not even where an entry refers to the document that it stands in."""
    url = f"https://c.example/feed?token={SECRET}"
    desk = Desk()
    entry = "<entry><id>urn:1</id><title>Snow</title><link href='#one'/></entry>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode()
    desk.world.will(url, served(feed))
    source = config(url=url)
    with structlog.testing.capture_logs() as lines:
        poller = desk.poller()
        await poller.configure([source])
        await poller.poll(source)

    entries = [
        entry
        for stream in ("articles", "sources")
        for entry in await desk.log.before(stream, None, count=10)
    ]
    assert len(entries) == 2
    assert desk.world.asked[0][0] == url
    assert SECRET not in str(entries) + str(lines)


def test_what_is_quoted_of_a_document_is_short() -> None:
    long = "x" * 100_000
    parsed = parse(rss(f"<item><title>Snow</title><link>a:{long}</link></item>").encode(),
                   Arrival(date(2026, 3, 2)))  # fmt: skip

    assert [len(one.detail) < 300 for one in parsed.problems] == [True]


def test_a_traceback_on_a_terminal_keeps_its_lines_and_steers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    telemetry.start("ingest", "info").error("failed", exc_info=ValueError("\x1b]0;owned\x07"))

    assert "ValueError: \\x1b]0;owned\\x07" in terminal.getvalue()
