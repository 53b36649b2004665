"""A page is fetched if its publisher's robots.txt lets us. RFC 9309."""

from __future__ import annotations

import asyncio

import pytest

from services.ingest.fetch import Failed, Fetched, HttpFetcher, Validators
from services.ingest.fetch.robots import Remembered, Rules, rules
from services.ingest.fetch.words import FetchReason
from tests.http_server import Publisher, answer, by_path, endless, settings, world

NONE = Validators()
PAGE = answer(b"<html/>", "Content-Type: text/html")


def served(body: bytes) -> Fetched:
    return Fetched("http://a.example/robots.txt", 200, body, None, None, NONE, None, (), None)


async def fetched(robots: bytes, path: str = "/news/1") -> tuple[Fetched | Failed, list[str]]:
    async with (
        Publisher(by_path({"/robots.txt": robots}, PAGE)) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url(path), NONE, "page")
        assert isinstance(outcome, Fetched | Failed)
        return outcome, publisher.paths


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        (b"User-agent: *\nDisallow: /news", "robots-refused"),
        (b"User-agent: *\nDisallow: /", "robots-refused"),
        (b"User-agent: Newswire\nDisallow: /\n\nUser-agent: *\nAllow: /", "robots-refused"),
        (b"User-agent: *\nDisallow: /*1$", "robots-refused"),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", "robots-refused"),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: newswire\nAllow: /", "fetched"),
        (b"User-agent: *\nDisallow: /\nAllow: /news/", "fetched"),
        (b"User-agent: Other\nDisallow: /", "fetched"),
        (b"", "fetched"),
        (b"<html>not found</html>", "fetched"),
        (b"\xff\xfe\x00\x01" * 100, "fetched"),
        (b"User-agent: *\nDisallow: /x\n" + b"#" * 600_000 + b"\nDisallow: /", "fetched"),
    ],
)
async def test_a_page_is_fetched_where_robots_txt_allows_it(robots: bytes, expected: str) -> None:
    outcome, paths = await fetched(answer(robots))

    assert (outcome.reason if isinstance(outcome, Failed) else "fetched") == expected
    assert paths == (["/robots.txt", "/news/1"] if expected == "fetched" else ["/robots.txt"])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404 Not Found", "fetched"),
        ("403 Forbidden", "fetched"),
        ("410 Gone", "fetched"),
        ("429 Slow", "robots-refused"),
        ("500 Oops", "robots-refused"),
        ("503 Busy", "robots-refused"),
        ("301 Moved", "fetched"),  # to itself, without end
    ],
)
async def test_where_robots_txt_is_not_served_the_rfc_says_what_follows(
    status: str, expected: str
) -> None:
    outcome, _ = await fetched(answer(b"", "Location: /robots.txt", status=status))

    assert (outcome.reason if isinstance(outcome, Failed) else "fetched") == expected


async def test_robots_txt_is_asked_for_once_however_many_come() -> None:
    robots = answer(b"User-agent: *\nDisallow: /private")
    async with (
        Publisher(by_path({"/robots.txt": robots}, PAGE)) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        paths = [*(f"/news/{n}" for n in range(5)), "/private/1"]
        outcomes = await asyncio.gather(
            *(fetcher.fetch(publisher.url(path), NONE, "page") for path in paths)
        )

        assert [isinstance(one, Fetched) for one in outcomes] == [True] * 5 + [False]
        assert publisher.paths.count("/robots.txt") == 1
        assert "/private/1" not in publisher.paths


async def test_a_feed_is_fetched_whatever_robots_txt_says() -> None:
    async with (
        Publisher(by_path({}, answer(b"<rss/>"))) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        assert isinstance(await fetcher.fetch(publisher.url("/feed"), NONE), Fetched)
        assert publisher.paths == ["/feed"]


async def test_a_page_that_redirects_is_asked_about_again() -> None:
    replies = {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private"),
        "/news": answer(b"", "Location: /private", status="302 Found"),
    }
    async with (
        Publisher(by_path(replies, PAGE)) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url("/news"), NONE, "page")

        assert isinstance(outcome, Failed)
        assert outcome.reason == "robots-refused"
        assert publisher.paths == ["/robots.txt", "/news"]


async def test_a_robots_txt_that_never_ends_bars_its_pages_and_nothing_else() -> None:
    async with (
        Publisher(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.05)) as publisher,
        HttpFetcher(settings(publisher), world(request_s=0.3)) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url("/news"), NONE, "page")

    assert isinstance(outcome, Failed)
    assert outcome.reason == "robots-refused"
    assert "timeout" in outcome.detail


@pytest.mark.parametrize(
    ("line", "delay_s"),
    [
        (b"Crawl-delay: 5", 5.0),
        (b"Crawl-delay: 0.5", 0.5),
        (b"Crawl-delay: 86400", 60.0),
        (b"Crawl-delay: -1", 0.0),
        (b"Crawl-delay: inf", 0.0),
        (b"Crawl-delay: nan", 0.0),
        (b"Crawl-delay: soon", 0.0),
        (b"", 0.0),
    ],
)
def test_a_pause_that_is_asked_for_is_kept_up_to_a_minute(line: bytes, delay_s: float) -> None:
    assert rules(served(b"User-agent: *\n" + line)).delay_s == delay_s


def test_rules_hold_for_a_day_and_are_kept_while_no_new_ones_can_be_read() -> None:
    kept, known = Remembered(), rules(served(b""))
    away = rules(Failed("publisher-fault", ""))

    kept.keep("http://a.example", known, 0.0)
    assert kept.recall("http://a.example", 86_399.0) is known
    assert kept.recall("http://a.example", 86_400.0) is None
    assert kept.keep("http://a.example", away, 86_400.0) is known
    assert kept.recall("http://a.example", 86_999.0) is known
    assert kept.recall("http://a.example", 87_000.0) is None


def test_only_so_many_origins_are_remembered() -> None:
    kept = Remembered()
    for number in range(600):
        kept.keep(f"http://{number}.example", Rules(None), 0.0)

    assert kept.recall("http://99.example", 1.0) is None
    assert kept.recall("http://100.example", 1.0) is not None


@pytest.mark.parametrize("reason", ["timeout", "name-unresolved", "bad-answer", "truncated"])
def test_a_robots_txt_that_cannot_be_read_bars_everything(reason: FetchReason) -> None:
    assert rules(Failed(reason, "")).refusal is not None
