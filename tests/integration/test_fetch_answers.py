"""What is sent, and what becomes of an answer."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import brotli
import pytest

from services.ingest.fetch import Failed, Fetched, HttpFetcher, Unmodified, Validators
from shared.version import VERSION
from tests.http_server import Publisher, answer, by_path, publishing, settings, world

NONE = Validators()
NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


async def fetch(data: bytes, known: Validators = NONE) -> Fetched | Unmodified | Failed:
    async with publishing(data) as publisher:
        here = replace(world(), now=lambda: NOW)
        async with HttpFetcher(settings(publisher), here) as fetcher:
            return await fetcher.fetch(publisher.url("/feed"), known)


async def test_a_document_comes_with_what_its_head_says() -> None:
    async with (
        publishing(
            answer(
                b"<rss/>",
                "Content-Type: Application/RSS+XML; charset=windows-1251",
                'ETag: "a"',
                "Last-Modified: Mon, 02 Mar 2026 08:00:00 GMT",
                "Cache-Control: public, max-age=900",
                'Link: <https://hub.example/>; rel="hub", </feed>; rel=self',
            )
        ) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        assert await fetcher.fetch(publisher.url("/feed"), NONE) == Fetched(
            url=publisher.url("/feed"),
            status=200,
            body=b"<rss/>",
            media_type="application/rss+xml",
            charset="windows-1251",
            validators=Validators('"a"', "Mon, 02 Mar 2026 08:00:00 GMT"),
            max_age_s=900,
            links=(("hub", "https://hub.example/"), ("self", publisher.url("/feed"))),
            moved_to=None,
        )


async def test_a_request_says_who_asks_and_no_more() -> None:
    async with publishing(answer(b"<rss/>", "Set-Cookie: id=7")) as publisher:
        told = replace(settings(publisher), fetch_contact="https://desk.example/about")
        async with HttpFetcher(told, world()) as fetcher:
            await fetcher.fetch(publisher.url("/feed?a=1#part"), NONE)
            await fetcher.fetch(publisher.url("/feed?a=1#part"), NONE)

        first, second = publisher.asked
        assert first == second  # no cookie came back
        assert (first.method, first.path) == ("GET", "/feed?a=1")
        assert dict(first.fields) == {
            "host": f"127.0.0.1:{publisher.port}".encode(),
            "user-agent": f"Newswire/{VERSION} (+https://desk.example/about)".encode(),
            "accept": first.field("accept"),
            "accept-encoding": b"gzip, br",
            "connection": b"close",
        }


@pytest.mark.parametrize(
    "etag",
    [
        b'"strong"',
        b'W/"weak"',
        b'w/"weaker"',
        b"unquoted",
        b'"open',
        b'""',
        b'"a b\tc"',
        b'"a\\"b"',
        b'"a","b"',
        b'"5f1-gzip"',
        b"*",
        b'"\xd0\xb6\xff\x80"',
        b'"' + b"x" * 900 + b'"',
    ],
)
async def test_validators_go_back_exactly_as_they_came(etag: bytes) -> None:
    modified = b"Monday, something odd \xff"
    data = answer(b"<rss/>", b"ETag: " + etag, b"Last-Modified: " + modified)
    async with (
        publishing(data) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        first = await fetcher.fetch(publisher.url(), NONE)
        assert isinstance(first, Fetched)
        await fetcher.fetch(publisher.url(), first.validators)

        assert publisher.asked[0].field("if-none-match") is None
        assert publisher.asked[1].field("if-none-match") == etag
        assert publisher.asked[1].field("if-modified-since") == modified


async def test_a_validator_that_no_field_may_hold_is_not_sent() -> None:
    async with (
        publishing(answer(b"<rss/>", f'ETag: "{"x" * 2_000}"')) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        for odd in ("a\r\nHost: b", "a\x00", "жаңы", " a", "", "x" * 1_001):
            outcome = await fetcher.fetch(publisher.url(), Validators(odd, odd))
            assert isinstance(outcome, Fetched)
            assert outcome.validators == NONE

        assert {one.field("if-none-match") for one in publisher.asked} == {None}
        assert {one.field("host") for one in publisher.asked} == {
            f"127.0.0.1:{publisher.port}".encode()
        }


async def test_a_304_keeps_what_is_known_and_takes_what_is_new() -> None:
    unmodified = b'HTTP/1.1 304 Not Modified\r\nETag: "b"\r\nCache-Control: max-age=60\r\n\r\n'

    outcome = await fetch(unmodified, Validators('"a"', "yesterday"))

    assert outcome == Unmodified(60, Validators('"b"', "yesterday"))


async def test_a_304_behind_a_permanent_redirect_says_where_to_ask() -> None:
    hops = by_path(
        {"/old": answer(b"", "Location: /new", status="308 Permanent Redirect")},
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
    )
    async with (
        Publisher(hops) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url("/old"), Validators('"a"'))

        assert outcome == Unmodified(None, Validators('"a"'), publisher.url("/new"))
        assert [one.field("if-none-match") for one in publisher.asked] == [b'"a"', b'"a"']


@pytest.mark.parametrize(
    ("status", "field", "expected"),
    [
        ("304 Not Modified", "X: y", Failed("bad-answer", "", None, 304)),  # nothing was known
        ("401 Unauthorized", "X: y", Failed("refused-by-publisher", "", None, 401)),
        ("404 Not Found", "X: y", Failed("refused-by-publisher", "", None, 404)),
        ("410 Gone", "X: y", Failed("gone", "", None, 410)),
        ("429 Slow", "Retry-After: 120",
         Failed("too-many-requests", "", 120, 429, closed_host="127.0.0.1")),
        ("429 Slow", "X: y", Failed("too-many-requests", "", None, 429)),
        ("503 Busy", "Retry-After: 9999999", Failed("publisher-fault", "", 86_400, 503)),
        ("503 Busy", "Retry-After: Tue, 03 Mar 2026 12:01:00 GMT",
         Failed("publisher-fault", "", 61, 503)),
        ("503 Busy", "Retry-After: Tue, 03 Mar 2020 12:01:00 GMT",
         Failed("publisher-fault", "", 0, 503)),
        ("503 Busy", "Retry-After: soon", Failed("publisher-fault", "", None, 503)),
        ("503 Busy", "Retry-After: -1", Failed("publisher-fault", "", None, 503)),
        ("500 Oops", "X: y", Failed("publisher-fault", "", None, 500)),
        ("302 Found", "Location: /b\r\nRetry-After: 30", Failed("asked-to-wait", "", 30, 302)),
        ("202 Accepted", "X: y", Failed("bad-answer", "", None, 202)),
        ("206 Partial", "X: y", Failed("bad-answer", "", None, 206)),
        ("300 Choices", "X: y", Failed("bad-answer", "", None, 300)),
        ("999 Denied", "X: y", Failed("bad-answer", "", None, 999)),
    ],
)  # fmt: skip
async def test_an_answer_that_brings_nothing_says_why(
    status: str, field: str, expected: Failed
) -> None:
    outcome = await fetch(answer(b"sorry", field, status=status))

    assert isinstance(outcome, Failed)
    assert replace(outcome, detail="") == expected


async def test_a_host_that_says_429_is_left_alone_by_all_its_sources() -> None:
    slow = answer(b"", "Retry-After: 7200", status="429 Too Many Requests")
    async with (
        publishing(by_path({"/a": slow}, answer(b"<rss/>"))) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        await fetcher.fetch(publisher.url("/a"), NONE)
        other = await fetcher.fetch(publisher.url("/b"), NONE)
        elsewhere = await fetcher.fetch(publisher.url("/c", "a.example"), NONE)

        assert isinstance(other, Failed)
        assert other.reason == "too-many-requests"
        assert other.retry_after_s is not None
        assert 3_590 <= other.retry_after_s <= 3_601  # an hour at most, for what one source did
        assert isinstance(elsewhere, Fetched)
        assert publisher.paths == ["/a", "/c"]


def packed(data: bytes) -> bytes:
    """The same bytes in every second: names of tests hold them, and workers compare those."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", packed(b"news" * 1000)),
        ("x-gzip", packed(b"news" * 1000)),
        ("GZIP", packed(b"news" * 400) + packed(b"news" * 600)),
        ("gzip", packed(b"news" * 1000) + b"\0" * 100),
        ("br", brotli.compress(b"news" * 1000)),
        ("identity", b"news" * 1000),
        ("", b"news" * 1000),
        ("gzip, br", brotli.compress(packed(b"news" * 1000))),
        ("br, identity, gzip", packed(brotli.compress(b"news" * 1000))),
    ],
)
async def test_codings_are_undone(coding: str, body: bytes) -> None:
    outcome = await fetch(answer(body, f"Content-Encoding: {coding}"))

    assert isinstance(outcome, Fetched)
    assert outcome.body == b"news" * 1000


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", packed(b"news" * 1000)[:-1], "truncated"),
        ("gzip", packed(b"news" * 1000)[:20], "truncated"),
        ("br", brotli.compress(b"news" * 1000)[:-1], "truncated"),
        ("gzip", b"<rss/>", "bad-answer"),
        ("br", b"<rss/><rss/>", "bad-answer"),
        ("gzip", packed(b"") * 1_001, "bad-answer"),
        ("deflate", b"x", "encoding-refused"),
        ("zstd", b"x", "encoding-refused"),
        ("compress", b"x", "encoding-refused"),
        ("gzip, gzip, gzip", b"x", "encoding-refused"),
        (", ".join(["gzip"] * 200), b"x", "encoding-refused"),
        ("\x1b[31m", b"x", "encoding-refused"),
    ],
)
async def test_a_coding_that_cannot_be_undone_is_refused(
    coding: str, body: bytes, reason: str
) -> None:
    outcome = await fetch(answer(body, f"Content-Encoding: {coding}"))

    assert isinstance(outcome, Failed)
    assert outcome.reason == reason
    assert "\x1b" not in outcome.detail
