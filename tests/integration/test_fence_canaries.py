"""Documents that ask their parser to open a file or a port, behind the fence as it is run."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
import structlog

from services.ingest.fence import Fence
from services.ingest.parse.document import Arrival
from services.ingest.parse.kinds import Kind
from tests.bank_files import nbkr
from tests.feeds import atom, rss
from tests.news_items import g2

SECRET: Final = "canary-in-a-file"
_IN_ACCESS_OR_OPEN: Final = 0x1 | 0x20  # Source: linux/inotify.h
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")


class Watch:
    """Tells whether anybody has opened a file."""

    def __init__(self, file: Path) -> None:
        kernel = ctypes.CDLL(None, use_errno=True)
        self._watch = kernel.inotify_init1(os.O_NONBLOCK)
        assert kernel.inotify_add_watch(self._watch, os.fsencode(file), _IN_ACCESS_OR_OPEN) >= 0

    def has_seen_it_opened(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            return bool(os.read(self._watch, 4_096))
        return False

    def close(self) -> None:
        os.close(self._watch)


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[tuple[Path, Watch]]:
    file = tmp_path / "secret.dtd"
    file.write_text(f'<!ENTITY x "{SECRET}">')
    watch = Watch(file)
    yield file, watch
    watch.close()


DOCUMENTS: Final = {
    "rss": rss("<item><title>Snow &x;</title><description>&x;</description></item>"),
    "atom": atom("<entry><title>Snow &x;</title><content>&x;</content></entry>"),
    "newsml-g2": g2(content="<headline>Snow &x;</headline>"),
    "bank": nbkr(("USD", "1")),
    "page": "<html><head><title>Snow &x;</title></head><body><p>Snow &x;</p></body></html>",
    "opml": "<opml><body><outline xmlUrl='https://c.example/' text='&x;'/></body></opml>",
}
PROLOGS: Final = (
    '<!DOCTYPE {root} [<!ENTITY x SYSTEM "{place}">]>',
    '<!DOCTYPE {root} [<!ENTITY % d SYSTEM "{place}"> %d;]>',
    '<!DOCTYPE {root} SYSTEM "{place}">',
    '<!DOCTYPE {root} PUBLIC "-//X//Y" "{place}">',
    '<!DOCTYPE {root} [<!NOTATION n SYSTEM "{place}"><!ENTITY u SYSTEM "{place}" NDATA n>]>',
    '<?xml-stylesheet type="text/xsl" href="{place}"?>',
    '<?xml-model href="{place}"?>',
)
INSIDE: Final = (
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}" parse="text"/>'
    '<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u {place}"'
    ' xsi:noNamespaceSchemaLocation="{place}"/><link rel="stylesheet" href="{place}"/>'
    '<img src="{place}"/><iframe src="{place}"/><base href="{place}"/>'
)


def documents(places: list[str]) -> Iterator[bytes]:
    """Every document with every way to name a place."""
    for text in DOCUMENTS.values():
        root = text.partition("<")[2].partition(" ")[0].partition(">")[0]
        begin, mark, rest = text.partition(">")
        for place in places:
            yield f"{begin}{mark}{INSIDE.format(place=place)}{rest}".encode()
            for prolog in PROLOGS:
                yield (prolog.format(root=root, place=place) + text).encode()


@pytest.mark.parametrize("kind", ["any", "page"])
async def test_no_document_makes_a_parser_open_a_file_or_a_port(
    secret: tuple[Path, Watch], kind: Kind
) -> None:
    file, watch = secret
    with socket.create_server(("127.0.0.1", 0)) as port:
        address = f"http://127.0.0.1:{port.getsockname()[1]}/x.dtd"
        arrival = Arrival(date(2026, 11, 1), address)
        async with Fence(logger=structlog.stdlib.get_logger()) as fence:
            for data in documents([f"file://{file}", str(file), address]):
                parsed = await fence.parse(data, arrival, kind)

                assert SECRET not in str(parsed)
                assert "parser-stopped" not in [one.reason for one in parsed.problems]
        port.setblocking(False)
        with pytest.raises(BlockingIOError):
            port.accept()
    assert not watch.has_seen_it_opened()
    file.read_bytes()
    assert watch.has_seen_it_opened()
