"""Targets: what reads addresses, heads and codings of answers, and robots.txt."""

from __future__ import annotations

import gzip
from typing import Final
from urllib.parse import urlsplit

import brotli
from protego import Protego

from services.ingest.fetch import addresses, answers, encodings, urls
from services.ingest.fetch.answers import Head
from services.ingest.fetch.robots import CRAWL_DELAY_S_MAX, Rules
from services.ingest.fetch.words import Trouble
from tests.fuzz import holds
from tests.fuzz.target import Target, chosen, with_ways

BASE: Final = urls.parse("https://courier.example/news/list?x=1")
PIECES_MAX: Final = 200
"""Of a decoded body: enough to see that it comes in pieces, and not the whole of a bomb."""
HEADS: Final = (
    b'Content-Type: text/html; charset=utf-8\nCache-Control: max-age=60\nAge: 5\nETag: W/"x"',
    b"Location: //b.example/\xd1\x81?a b#c\nRetry-After: Tue, 03 Mar 2026 12:10:00 GMT",
    b'Link: <https://hub.example/>; rel="hub self", </f>; rel=self; title="a,b"',
    b"Expires: Tue, 03 Mar 2026 12:10:00 +0500\nDate: Tuesday, 03-Mar-26 12:10:00 GMT",
    b"Content-Encoding: gzip, br\nContent-Length: 99999999999999999999\nLast-Modified: x",
)
ADDRESSES: Final = (
    b"https://courier.example:8443/a/../b?c=d&token=x#e",
    b"http://[::ffff:127.0.0.1]/",
    b"http://2130706433/",
    "http://пример.рф。/ё".encode(),
    b"https://user:word@courier.example\\@b.example/",
    b"64:ff9b::7f00:1",
    b"//b.example/../x",
)
ROBOTS: Final = (
    b"User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 5\n\nUser-agent: newswire\nDisallow:",
    b"\xef\xbb\xbfuser-agent:newswire\ncrawl-delay: 1e999\nrequest-rate: 1/5s 0800-1200\nhost: x",
)


def _fetch_head(data: bytes) -> None:
    status, body = chosen(data, (200, 301, 304, 429, 503))
    pairs = [line.partition(b":") for line in body.split(b"\n")]
    head = answers.head(status, [(name, value.strip()) for name, _, value in pairs])
    answers.media_type(head)
    answers.charset(head)
    _chain(answers.codings(head), body)
    assert (answers.declared_bytes(head) or 0) >= 0
    for name, value in answers.conditions(answers.validators(head)):
        assert not {*name, *value} & {*b"\r\n\x00"}
    assert 0 <= (answers.max_age_s(head, holds.NOW) or 0) <= answers.MAX_AGE_S_MAX
    assert 0 <= (answers.retry_after_s(head, holds.NOW) or 0) <= answers.RETRY_AFTER_S_MAX
    _links(head)


def _links(head: Head) -> None:
    found = answers.links(head, BASE)
    assert len(found) <= answers.LINKS_MAX
    for _, url in found:
        assert urls.parse(url).url == url
    if (led := answers.location(head)) is not None:
        try:
            target = urls.resolve(led, BASE)
        except Trouble:
            return
        assert urls.parse(target.url) == target


def _codings(data: bytes) -> None:
    codings, body = chosen(data, (("gzip",), ("br",), ("gzip", "br"), ("br", "gzip"), ("zstd",)))
    _chain(codings, body)


def _chain(codings: tuple[str, ...], body: bytes) -> None:
    try:
        chain = encodings.Chain(codings)
        for begin in range(0, len(body), 1_000):
            for number, piece in enumerate(chain.feed(body[begin : begin + 1_000])):
                if not codings or set(codings) == {"identity"}:
                    continue
                assert 0 < len(piece) <= encodings.PIECE_BYTES_MAX
                if number > PIECES_MAX:
                    return
        assert chain.is_complete in {True, False}
    except (encodings.CodingBroken, encodings.CodingRefused):
        pass


def _urls(data: bytes) -> None:
    body = data[1:]
    said = body.decode("utf-8", "surrogateescape")
    holds.text(urls.shown_url(said))
    address = addresses.parsed(said)
    if address is not None and addresses.refusal(address, ()) is None:
        assert address.is_global
        assert not address.is_multicast
    for read in (urls.parse, lambda text: urls.resolve(text, BASE)):
        try:
            target = read(said)
        except Trouble:
            continue
        assert urls.parse(target.url) == target
        assert urls.resolve(target.url, BASE) == target
        assert urlsplit(target.url).hostname == target.host
        assert target.url.isascii()
        assert target.url.isprintable()
        assert target.path.startswith(("/", "?"))
        assert " " not in target.path


def _robots(data: bytes) -> None:
    target, body = chosen(data, (BASE, urls.parse("http://courier.example/")))
    rules = Rules(Protego.parse(body.decode("utf-8", "replace").removeprefix("\ufeff")))
    assert rules.allow(target) in {True, False}
    assert 0.0 <= rules.delay_s <= CRAWL_DELAY_S_MAX


def _compressed() -> tuple[bytes, ...]:
    text = b"<rss>" + b"snow " * 50
    packed, small = gzip.compress(text, mtime=0), brotli.compress(text)
    return (
        *with_ways([packed + packed, packed + b"\x00\x00"]),
        *with_ways([small], 1),
        *with_ways([brotli.compress(packed)], 2),
        *with_ways([gzip.compress(small, mtime=0)], 3),
    )


FETCHING: Final = (
    Target("urls", _urls, with_ways(ADDRESSES), "fetch", 600),
    Target("fetch-head", _fetch_head, with_ways(HEADS), "fetch", 2_048),
    Target("fetch-codings", _codings, _compressed(), "fetch", 4_096),
    Target("robots", _robots, with_ways(ROBOTS), "fetch", 2_048),
)
"""Any publisher reaches all of them."""
