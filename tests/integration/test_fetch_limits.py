"""Nothing that a publisher sends takes more time or memory than is allowed. D1, D2, S7."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from services.ingest.fetch import Failed, Fetched, HttpFetcher, Validators
from services.ingest.fetch.client import FEED_BYTES_MAX, PAGE_BYTES_MAX
from tests.http_server import (
    Asked,
    Publisher,
    Reply,
    answer,
    by_path,
    endless,
    publishing,
    settings,
    world,
)

NONE = Validators()
ROOT = Path(__file__).parents[2]
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


async def fetch(reply: Reply | bytes, *, request_s: float = 10.0) -> Fetched | Failed:
    async with (
        publishing(reply) as publisher,
        HttpFetcher(settings(publisher), world(request_s=request_s)) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url(), NONE)
        assert isinstance(outcome, Fetched | Failed)
        return outcome


async def reason(reply: Reply | bytes, *, request_s: float = 10.0) -> str:
    outcome = await fetch(reply, request_s=request_s)
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (OK + b"Content-Length: 1000\r\n\r\n", b"x"),  # a drip in the body
        (OK, b"X"),  # in the head
        (b"HTTP", b""),  # nothing after the first bytes
        (b"", b""),  # nothing at all
        (CHUNKED, b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),  # an interim answer every time
    ],
)
async def test_a_drip_ends_with_the_time_of_the_whole_request(first: bytes, again: bytes) -> None:
    assert await reason(endless(first, again, pause_s=0.05), request_s=0.3) == "timeout"


async def test_all_redirects_share_one_time() -> None:
    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)  # the publisher's slowness
        writer.write(answer(b"", "Location: /again", status="302 Found"))

    async with (
        Publisher(slow) as publisher,
        HttpFetcher(settings(publisher), world(request_s=1.5)) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url(), NONE)

        assert isinstance(outcome, Failed)
        assert outcome.reason == "timeout"
        assert 1 < publisher.connections < 5


@pytest.mark.parametrize(
    ("first", "again", "expected"),
    [
        (OK + b"\r\n", b"x" * 65_536, "too-large"),
        (CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n", "too-large"),
        (CHUNKED, b"1;" + b"x" * 60_000 + b"\r\ny\r\n", "too-large"),
        (CHUNKED, b"1\r\nx\r\n" * 10_000, "bad-answer"),
        (OK, b"X-Flood: " + b"x" * 1_000 + b"\r\n", "bad-answer"),
        (OK, b"x" * 65_536, "bad-answer"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100, "bad-answer"),
        (b"", b"\r\n" * 10_000, "bad-answer"),
        (b"HTTP/1.1 200 ", b"x" * 65_536, "bad-answer"),
    ],
)
async def test_what_never_ends_is_ended(first: bytes, again: bytes, expected: str) -> None:
    assert await reason(endless(first, again)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "unreachable"),
        (b"<rss/>", "bad-answer"),  # HTTP/0.9
        (b"\x16\x03\x01\x02\x00" * 10, "bad-answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "bad-answer"),
        (b"-ERR unknown command\r\n", "bad-answer"),
        (b"HTTP/9.9 200 OK\r\n\r\n", "bad-answer"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "bad-answer"),
        (b"HTTP/1.1 -200 OK\r\n\r\n", "bad-answer"),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "bad-answer"),
        (OK + b"Content-Length: -1\r\n\r\n", "bad-answer"),
        (OK + b"Content-Length: five\r\n\r\n", "bad-answer"),
        (OK + b"Content-Length: " + b"9" * 300 + b"\r\n\r\n", "bad-answer"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "bad-answer"),
        (OK + b"bad name: x\r\n\r\n", "bad-answer"),
        (OK + b"X: a\x00b\r\n\r\n", "bad-answer"),
        (OK + b" folded\r\n\r\n", "bad-answer"),
        (OK + b"X: y\r\n" * 201 + b"\r\n", "bad-answer"),
        (CHUNKED + b"zz\r\nhello\r\n", "bad-answer"),
        (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", "bad-answer"),
        (CHUNKED + b"5\r\nhelloworld\r\n0\r\n\r\n", "bad-answer"),
        (CHUNKED + b"f" * 30 + b"\r\n", "bad-answer"),
        (CHUNKED + b"5\r\nhel", "truncated"),
        (CHUNKED + b"5\r\nhello\r\n", "truncated"),
        (answer(b"short", length=100), "truncated"),
        (answer(b"", length=1), "truncated"),
        (answer(b"x", length=FEED_BYTES_MAX + 1), "too-large"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "bad-answer"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "bad-answer"),
    ],
)
async def test_what_is_no_answer_is_refused(data: bytes, expected: str) -> None:
    assert await reason(data) == expected


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (OK + b"\r\nto the end", b"to the end"),
        (b"HTTP/1.0 200\r\n\r\nold", b"old"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(b"hinted"), b"hinted"),
        (CHUNKED + b"5;x=y\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", b"hello"),
        (answer(b"two") + answer(b"answers"), b"two"),  # the second belongs to nobody
        (answer(b"one, and more", length=3), b"one"),
        (answer(b"", b"X-Odd: \xff\xfe\x80", b"Server: \xd0\xb6"), b""),
        (answer(b"ok", "Content-Type: text/html\r\n charset=x"), b"ok"),
        (answer(b"\x00\xff\xfe"), b"\x00\xff\xfe"),
    ],
)
async def test_what_is_odd_and_clear_is_read(data: bytes, body: bytes) -> None:
    outcome = await fetch(data)

    assert isinstance(outcome, Fetched)
    assert outcome.body == body


async def test_a_body_may_be_as_long_as_its_kind_allows() -> None:
    replies = by_path(
        {
            "/feed": answer(b"x" * FEED_BYTES_MAX),
            "/page": answer(b"x" * PAGE_BYTES_MAX),
            "/more": answer(b"x" * (PAGE_BYTES_MAX + 1)),
        }
    )
    async with (
        Publisher(replies) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        feed = await fetcher.fetch(publisher.url("/feed"), NONE)
        page = await fetcher.fetch(publisher.url("/page"), NONE, "page")
        more = await fetcher.fetch(publisher.url("/more"), NONE, "page")

    assert isinstance(feed, Fetched)
    assert len(feed.body) == FEED_BYTES_MAX == 5_242_880
    assert isinstance(page, Fetched)
    assert len(page.body) == PAGE_BYTES_MAX == 2_097_152
    assert more == Failed("too-large", "expected a body of at most 2097152 bytes")


async def test_a_port_where_nobody_listens_is_unreachable() -> None:
    async with publishing(b"") as publisher:
        told = settings(publisher)
    async with HttpFetcher(told, world()) as fetcher:
        outcome = await fetcher.fetch(publisher.url(), NONE)

    assert isinstance(outcome, Failed)
    assert outcome.reason == "unreachable"


async def test_a_publisher_without_tls_fails_as_such() -> None:
    async with (
        Publisher(by_path({}), waits=False) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url().replace("http:", "https:"), NONE)

    assert isinstance(outcome, Failed)
    assert outcome.reason == "tls-failed"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
async def test_tls_goes_by_the_name_in_the_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 "
        f"-subj /CN=a -addext subjectAltName=DNS:a.example -keyout {key} -out {certificate}"
    )
    await asyncio.to_thread(subprocess.run, command.split(), check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    asked_for: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: asked_for.append(name)

    async with Publisher(by_path({}, answer(b"news")), tls=tls) as publisher:
        url = publisher.url(host="a.example").replace("http:", "https:")
        async with HttpFetcher(settings(publisher), world()) as fetcher:
            unknown = await fetcher.fetch(url, NONE)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with HttpFetcher(settings(publisher), world()) as fetcher:
            known = await fetcher.fetch(url, NONE)
            other = await fetcher.fetch(url.replace("a.example", "b.example"), NONE)

    assert isinstance(unknown, Failed)
    assert unknown.reason == "tls-failed"
    assert isinstance(known, Fetched)
    assert isinstance(other, Failed)
    assert other.reason == "tls-failed"
    assert asked_for == ["a.example", "a.example", "b.example"]


async def test_a_fetch_that_is_called_off_gives_its_turn_back() -> None:
    is_asked = asyncio.Event()

    async def silent(_: Asked, __: asyncio.StreamWriter) -> None:
        is_asked.set()
        await asyncio.Event().wait()

    async with (
        Publisher(silent) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        under_way = asyncio.create_task(fetcher.fetch(publisher.url(), NONE))
        await is_asked.wait()
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
        publisher.reply = by_path({}, answer(b"news"))

        assert isinstance(await fetcher.fetch(publisher.url(), NONE), Fetched)


BOMBS = """
import asyncio, gzip, json, resource, sys, zlib
import brotli
from services.ingest.fetch import HttpFetcher, Validators
from tests.http_server import answer, publishing, settings, world

def gzipped(size, times):
    data = bytes(size)
    for _ in range(times):
        data = gzip.compress(data, mtime=0)
    return data

def packed(size):
    packer = brotli.Compressor(quality=1)
    parts = [packer.process(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join(parts) + packer.finish()

def peak_kib():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1])

def forget_peak():
    open("/proc/self/clear_refs", "w").write("5")

async def main():
    kind = sys.argv[1]
    coding, body = {
        "gzip": lambda: ("gzip", gzipped(256 << 20, 1)),
        "gzip gzip": lambda: ("gzip, gzip", gzipped(256 << 20, 2)),
        "br": lambda: ("br", packed(256 << 20)),
        "br gzip": lambda: ("br, gzip", gzip.compress(packed(256 << 20))),
        "zstd": lambda: ("zstd", bytes.fromhex("28b52ffd a0 00000010") + b"\\0" * 100),
    }[kind]()
    async with publishing(answer(body, "Content-Encoding: " + coding)) as publisher:
        async with HttpFetcher(settings(publisher), world()) as fetcher:
            forget_peak()
            before = peak_kib()
            outcome = await fetcher.fetch(publisher.url(), Validators())
            print(json.dumps([outcome.reason, len(body), (peak_kib() - before) // 1024]))

asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("kind", ["gzip", "gzip gzip", "br", "br gzip", "zstd"])
def test_a_bomb_never_fills_the_memory(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMBS, kind],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    reason, body_bytes, grown_mib = json.loads(done.stdout)

    assert reason == ("encoding-refused" if kind == "zstd" else "too-large")
    assert body_bytes < 400_000
    assert grown_mib < 64
