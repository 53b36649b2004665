"""No way leads to an address that is not public, unless an operator allows it. S1 to S8."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address

import pytest

from services.ingest.fetch import Failed, Fetched, HttpFetcher, Validators
from services.ingest.fetch.addresses import Address
from shared.settings import Settings
from tests.http_server import (
    HOST,
    Publisher,
    answer,
    by_path,
    everyone,
    names,
    publishing,
    settings,
    world,
)

NONE = Validators()
PUBLIC = "8.8.8.8"


def reason(outcome: object) -> str:
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1.2.3",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "100.100.100.200",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fec0::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    ],
)
async def test_an_internal_address_is_refused_in_every_form(host: str) -> None:
    async with (
        publishing(answer(b"secret")) as publisher,
        HttpFetcher(Settings(fetch_ports=frozenset({publisher.port})), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(f"http://{host}:{publisher.port}/", NONE)

        assert reason(outcome) == "address-refused"
        assert publisher.connections == 0


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ("127.0.0.1", "address-refused"),
        (f"{PUBLIC} 127.0.0.1", "address-refused"),
        (f"127.0.0.1 {PUBLIC}", "address-refused"),
        (f"{PUBLIC} ::1", "address-refused"),
        (f"{PUBLIC} fe80::1%2", "address-refused"),
        (f"{PUBLIC} ::ffff:169.254.169.254", "address-refused"),
        (" ".join([PUBLIC] * 200 + ["10.0.0.1"]), "address-refused"),
        ("", "name-unresolved"),
    ],
)
async def test_every_answer_for_a_name_must_be_public(addresses: str, expected: str) -> None:
    async with HttpFetcher(Settings(), world(names(a=addresses))) as fetcher:
        assert reason(await fetcher.fetch("http://a.example/", NONE)) == expected


async def test_a_name_that_nobody_knows_is_unresolved() -> None:
    async with HttpFetcher(Settings(), world(names())) as fetcher:
        outcome = await fetcher.fetch("http://a.example/", NONE)

    assert outcome == Failed(
        "name-unresolved", "no address of a.example: Name or service not known"
    )


async def test_the_resolver_of_the_system_is_judged_as_well() -> None:
    async with HttpFetcher(Settings()) as fetcher:
        outcome = await fetcher.fetch("http://localhost/", NONE)

    assert reason(outcome) == "address-refused"


async def test_a_name_is_resolved_once_per_connection_and_that_answer_is_used() -> None:
    # DNS rebinding: the first answer is allowed, every later one leads elsewhere.
    lookups: Counter[str] = Counter()

    async def rebinding(name: str) -> tuple[Address, ...]:
        lookups[name] += 1
        return (ip_address(HOST if lookups[name] == 1 else "10.0.0.1"),)

    async with (
        publishing(answer(b"news")) as publisher,
        HttpFetcher(settings(publisher), world(rebinding)) as fetcher,
    ):
        url = publisher.url(host="a.example")
        first = await fetcher.fetch(url, NONE)
        second = await fetcher.fetch(url, NONE)

        assert isinstance(first, Fetched)
        assert reason(second) == "address-refused"
        assert lookups == {"a.example": 2}
        assert publisher.asked[0].field("host") == f"a.example:{publisher.port}".encode()


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async with (
        publishing(answer(b"news")) as publisher,
        HttpFetcher(settings(publisher), world(names(a="127.0.0.9 127.0.0.1"))) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url(host="a.example"), NONE)

    assert isinstance(outcome, Fetched)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://10.0.0.1/", "address-refused"),
        ("http://169.254.169.254/latest/meta-data/", "address-refused"),
        ("//192.168.1.1/", "address-refused"),
        ("http://[::1]/", "address-refused"),
        ("http://[::ffff:10.0.0.1]/", "address-refused"),
        ("http://inside.example/", "address-refused"),
        ("http://127.0.0.1:6379/", "address-refused"),
        ("http://127.0.0.1:22/", "address-refused"),
        ("http://2130706433/", "redirect-refused"),
        ("http://user:pw@127.0.0.1/", "redirect-refused"),
        ("file:///etc/passwd", "redirect-refused"),
        ("gopher://127.0.0.1/", "redirect-refused"),
        ("javascript:alert(1)", "redirect-refused"),
        ("http://127.0.0.1\\@other.example/", "redirect-refused"),
        ("", "redirect-refused"),
    ],
)
async def test_a_redirect_is_judged_like_a_first_request(location: str, expected: str) -> None:
    moved = answer(b"", f"Location: {location}", status="302 Found")
    async with (
        publishing(moved) as publisher,
        HttpFetcher(settings(publisher), world(names(inside="10.1.1.1"))) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url(), NONE)

        assert reason(outcome) == expected
        assert publisher.connections == 1


async def test_a_redirect_that_does_not_say_where_to_is_a_bad_answer() -> None:
    async with (
        publishing(answer(status="302 Found")) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        assert reason(await fetcher.fetch(publisher.url(), NONE)) == "bad-answer"


@pytest.mark.parametrize("location", ["/", "/?", "//a.example:{port}/"])
async def test_a_loop_ends_after_five_redirects(location: str) -> None:
    async with (
        Publisher(by_path({})) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        where = location.format(port=publisher.port)
        publisher.reply = by_path({}, answer(b"", f"Location: {where}", status="301 Moved"))
        outcome = await fetcher.fetch(publisher.url(), NONE)

        assert reason(outcome) == "too-many-redirects"
        assert publisher.connections == 6


async def test_five_redirects_are_followed() -> None:
    hops = {f"/{n}": answer(b"", f"Location: /{n + 1}", status="302 Found") for n in range(5)}
    async with (
        publishing(by_path({**hops, "/5": answer(b"news")})) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url("/0"), NONE)

        assert isinstance(outcome, Fetched)
        assert outcome.url == publisher.url("/5")
        assert outcome.moved_to is None


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        (["301 Moved"], "/1"),
        (["308 Permanent Redirect"], "/1"),
        (["301 Moved", "308 Permanent Redirect"], "/2"),
        (["302 Found"], None),
        (["301 Moved", "302 Found"], None),
        (["307 Temporary Redirect", "301 Moved"], None),
        (["303 See Other"], None),
        ([], None),
    ],
)
async def test_a_source_has_moved_when_every_redirect_was_permanent(
    statuses: list[str], moved_to: str | None
) -> None:
    hops = {
        f"/{n}": answer(b"", f"Location: /{n + 1}", status=status)
        for n, status in enumerate(statuses)
    }
    last = f"/{len(statuses)}"
    async with (
        publishing(by_path({**hops, last: answer(b"news")})) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        outcome = await fetcher.fetch(publisher.url("/0"), NONE)

        assert isinstance(outcome, Fetched)
        assert outcome.moved_to == (publisher.url(moved_to) if moved_to else None)


async def test_two_hosts_that_redirect_to_each_other_do_not_wait_for_each_other() -> None:
    async with (
        Publisher(by_path({})) as publisher,
        HttpFetcher(settings(publisher), world()) as fetcher,
    ):
        a, b = publisher.url("/b", "a.example"), publisher.url("/a", "b.example")
        publisher.reply = by_path(
            {
                "/a": answer(b"", f"Location: {a}", status="302 Found"),
                "/b": answer(b"", f"Location: {b}", status="302 Found"),
            }
        )

        assert reason(await fetcher.fetch(a, NONE)) == "too-many-redirects"


async def test_from_https_no_redirect_leads_to_http() -> None:
    from services.ingest.fetch.answers import Head
    from services.ingest.fetch.client import _redirected
    from services.ingest.fetch.urls import parse
    from services.ingest.fetch.words import Trouble

    head = Head(301, (("location", "http://example.org/feed"),))

    with pytest.raises(Trouble) as refused:
        _redirected(parse("https://example.org/feed"), head)

    assert refused.value.failed.reason == "redirect-refused"
    assert _redirected(parse("http://example.org/"), head).url == "http://example.org/feed"


async def test_a_proxy_of_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        publishing(answer(b"news")) as publisher,
        publishing(answer(b"proxied")) as proxy,
    ):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
            monkeypatch.setenv(name.lower(), proxy.url())
        async with HttpFetcher(settings(publisher, proxy), world()) as fetcher:
            outcome = await fetcher.fetch(publisher.url(), NONE)

        assert isinstance(outcome, Fetched)
        assert outcome.body == b"news"
        assert proxy.connections == 0


async def test_a_port_that_is_not_allowed_is_refused_before_a_name_is_looked_up() -> None:
    async with HttpFetcher(Settings(), world(names())) as fetcher:
        outcome = await fetcher.fetch("http://a.example:6379/", NONE)

    assert outcome == Failed(
        "address-refused",
        "expected port 80 or 443, came 6379; an operator may allow it with NEWSWIRE_FETCH_PORTS",
    )


async def test_a_url_that_is_none_is_an_outcome() -> None:
    async with HttpFetcher(Settings(), world(everyone)) as fetcher:
        for url in ("", "file:///etc/passwd", "http://user:pw@a.example/", "http://[::1"):
            assert reason(await fetcher.fetch(url, NONE)) == "url-invalid"
