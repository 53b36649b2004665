"""URLs are taken apart as every reader does, or refused."""

from __future__ import annotations

import pytest

from services.ingest.fetch.urls import Target, parse, resolve, shown_url, without_secrets
from services.ingest.fetch.words import Trouble

REFUSED = [
    "", " ", "example.org", "//example.org/", "/feed", "http:", "http:/", "http://", "http:///feed",
    "http:example.org", "http:/example.org", "http://?x", "http://#x", "http://:80/", "http://./",
    "http://../", "http://a..example/", "http://.example.org/", "http://example.org../",
    "file:///etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/passwd", "ftp://example.org/",
    "gopher://127.0.0.1:6379/_FLUSHALL", "data:text/xml,<rss/>", "dict://127.0.0.1:6379/",
    "jar:http://example.org!/", "javascript:alert(1)", "ws://example.org/", "feed://example.org/",
    "source:file:///etc/passwd", "http+unix://x/", "view-source:http://example.org/", "ldap://x/",
    # addresses in notations that a resolver reads and a table does not
    "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7F.0.0.1/", "http://017700000001/", "http://0177.0.0.1/", "http://127.0.0.0x1/",
    "http://127.0.0.01/", "http://127.0.0.1.1/", "http://256.0.0.1/", "http://1/", "http://0/",
    "http://0x/", "http://a.0x7f/", "http://a.example.1/", "http://0x7f.1./", "http://4294967296/",
    "http://①②⑦.①/", "http://2852039166/", "http://0xa9fea9fe/", "http://169.254.43518/",
    # percent signs, logins, backslashes, control characters, spaces
    "http://%31%32%37.0.0.1/", "http://127%2e0%2e0%2e1/", "http://local%68ost/",
    "http://example.org%00.internal/", "http://example.org%2f@internal/",
    "http://user@example.org/", "http://user:secret@example.org/", "http://@example.org/",
    "http://example.org@127.0.0.1/", "http://example.org:80@127.0.0.1/", "http://a:b@c:d@e/",
    "http://example.org\\@127.0.0.1/", "http:\\\\example.org\\", "http://127.0.0.1\\.example.org/",
    "http://example.org/a\\b", "http://exam\tple.org/", "http://exam\nple.org/", "http://x\r\n.org/",
    "http://example.org/\r\nHost: internal", "http://example.org/a\x00b", "\thttp://example.org/",
    "http://example.org/\x7f", "http://example.org/\u2028", "http://exa mple.org/",
    "http://example.org /", " http://example.org/", "http://example.org/\ud800",
    # ports
    "http://example.org:0/", "http://example.org:65536/", "http://example.org:999999/",
    "http://example.org:-1/", "http://example.org:+80/", "http://example.org:8a/",
    "http://example.org:８０/", "http://example.org:80:80/", "http://example.org:0x50/",
    # IPv6
    "http://[::1/", "http://::1/", "http://[]/", "http://[127.0.0.1]/", "http://[::1]a/",
    "http://[::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::g]/", "http://[1:2]/",
    "http://[::1]]/", "http://a[::1]/", "http://[v1.x]/", "http://[::127.0.0.0x1]/",
    # names
    "http://" + "a" * 64 + ".example/", "http://" + "a." * 127 + "example/", "http://-a.example/",
    "http://a-.example/", "http://ex*mple.org/", "http://exa<mple.org/", "http://a,b.example/",
    "http://a!b.example/", "http://exa\u200bmple..org/", "http://\u00ad/", "http://。/",
    "http://ア゛.example/", "http://💩.example/", "http://\u202eexample.org/",
    "http://example.org/" + "a" * 4_000,
]  # fmt: skip

TAKEN = [
    ("http://example.org", "http://example.org/"),
    ("HTTP://EXAMPLE.ORG/Feed", "http://example.org/Feed"),
    ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
    ("http://example.org:/", "http://example.org/"),
    ("http://example.org:0080/", "http://example.org/"),
    ("http://example.org:443/", "http://example.org:443/"),
    ("http://example.org./", "http://example.org/"),
    ("http://example.org?a", "http://example.org/?a"),
    ("http://example.org/a b", "http://example.org/a%20b"),
    ("http://example.org/баа?т=1", "http://example.org/%D0%B1%D0%B0%D0%B0?%D1%82=1"),
    ("http://example.org/%2e%2E/%zz", "http://example.org/%2e%2E/%zz"),
    ("http://example.org/a@b", "http://example.org/a@b"),
    ("http://my_site.example/", "http://my_site.example/"),
    ("http://xn--e1afmkfd.example/", "http://xn--e1afmkfd.example/"),
    ("http://пример.example/", "http://xn--e1afmkfd.example/"),
    ("http://ПРИМЕР。example/", "http://xn--e1afmkfd.example/"),
    ("http://faß.example/", "http://xn--fa-hia.example/"),
    ("http://ｅｘａｍｐｌｅ．org/", "http://example.org/"),
    ("http://localhost/", "http://localhost/"),
    ("http://127.0.0.1/", "http://127.0.0.1/"),
    ("http://127.0.0.1./", "http://127.0.0.1/"),
    ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
    ("http://127。0。0。1/", "http://127.0.0.1/"),
    ("http://[::1]:8080/", "http://[::1]:8080/"),
    ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
    ("http://169.254.169.254.nip.io/", "http://169.254.169.254.nip.io/"),
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_what_readers_take_for_different_hosts_is_refused(text: str) -> None:
    with pytest.raises(Trouble) as refused:
        parse(text)

    assert refused.value.failed.reason == "url-invalid"


@pytest.mark.parametrize(("text", "url"), TAKEN, ids=ascii)
def test_a_url_has_one_form(text: str, url: str) -> None:
    assert parse(text).url == url
    assert parse(url).url == url


def test_a_login_is_refused_with_a_hint_and_not_shown() -> None:
    with pytest.raises(Trouble) as refused:
        parse("https://reader:hunter2@example.org/feed")

    assert "expected no login in the URL" in refused.value.failed.detail
    assert "hunter2" not in refused.value.failed.detail


def test_a_target_says_whom_to_ask() -> None:
    assert parse("https://[2001:DB8::1]:8443/a?b") == Target("https", "2001:db8::1", 8443, "/a?b")
    assert parse("https://[2001:DB8::1]:8443/a?b").authority == "[2001:db8::1]:8443"
    assert parse("https://example.org/").origin == "https://example.org"


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/other", "https://example.org/other"),
        ("other?x=1", "https://example.org/a/other?x=1"),
        ("../up", "https://example.org/up"),
        ("?q", "https://example.org/a/b?q"),
        ("//other.example/x", "https://other.example/x"),
        ("http://other.example", "http://other.example/"),
        ("/новости", "https://example.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        ("/a b", "https://example.org/a%20b"),
        ("#part", "https://example.org/a/b?x"),
    ],
)
def test_a_reference_is_made_absolute(reference: str, url: str) -> None:
    assert resolve(reference, parse("https://example.org/a/b?x")).url == url


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("https://example.org/feed?", "https://example.org/feed?"),
        ("https://example.org/feed;#part", "https://example.org/feed;"),
        ("feed?#part", "https://example.org/a/feed?"),
        ("//other.example?", "https://other.example/?"),
        ("?", "https://example.org/a/b?"),
    ],
)
def test_a_mark_with_nothing_behind_it_is_part_of_an_address(reference: str, url: str) -> None:
    assert resolve(reference, parse("https://example.org/a/b?x")).url == url


@pytest.mark.parametrize(
    "reference",
    ["", "file:///etc/passwd", "//user@127.0.0.1/", "/\\127.0.0.1/", "\\\\127.0.0.1\\", "http:",
     "ht\ntp://x/", "http://[::1", "javascript:alert(1)", "//127.1/", "a" * 5_000],
)  # fmt: skip
def test_a_reference_that_leads_astray_is_refused(reference: str) -> None:
    with pytest.raises(Trouble) as refused:
        resolve(reference, parse("https://example.org/a/b"))

    assert refused.value.failed.reason == "url-invalid"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://example.org/feed?page=2", "https://example.org/feed?page=2"),
        ("https://example.org/feed?api_key=abc&page=2",
         "https://example.org/feed?api_key=***&page=2"),
        ("https://example.org/?TOKEN=abc;x=1#f", "https://example.org/?TOKEN=***;x=1"),
        ("https://example.org/?a=1&user_password=p?w&b=2",
         "https://example.org/?a=1&user_password=***&b=2"),
        ("https://example.org/?X-Amz-Signature=abc", "https://example.org/?X-Amz-Signature=***"),
        ("https://user:hunter2@example.org/", "https://***@example.org/"),
        ("https://user:hun/ter2@example.org/", "https://***@example.org/"),
        ("https://user:h\\ter2@example.org/", "https://***@example.org/"),
        ("https://example.org/@author", "https://example.org/@author"),
        ("a\r\nb\x1b[31m", "a\\r\\nb\\x1b[31m"),
    ],
)  # fmt: skip
def test_a_url_is_shown_without_its_secrets(text: str, shown: str) -> None:
    assert shown_url(text) == shown


def test_a_long_url_is_shown_short() -> None:
    assert len(shown_url("https://example.org/" + "a" * 5_000)) == 200


def test_a_url_of_any_length_is_shown_at_once() -> None:
    """A Location field may have 64 kB; an expression that takes the cube of it never ends."""
    assert shown_url("https://h.example/?" + "key" * 21_000) == (
        "https://h.example/?" + "key" * 60 + "…"
    )
    assert shown_url("https://h.example/?" + "a" * 64_000 + "=1") == (
        "https://h.example/?" + "a" * 180 + "…"
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://h.example/f?a=1&api_key=9f3&b=2#c", "https://h.example/f?a=1&b=2"),
        ("https://h.example/f?a=1;token=9f3", "https://h.example/f"),
        ("https://h.example/f?next=token=9f3&b=2", "https://h.example/f?b=2"),
        ("https://me:pw@h.example/f?key", "https://h.example/f?key"),
    ],
)
def test_what_may_be_secret_is_left_out(text: str, kept: str) -> None:
    assert without_secrets(text) == kept
