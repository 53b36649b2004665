"""Addresses out of feeds. Source: RFC 3986 5.4 for what is relative."""

import pytest

from services.ingest.parse.feeds.urls import absolute, address_key, link

BASE = "http://a/b/c/d;p?q"


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"),
        ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"),
        (".", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
    ],
)
def test_a_relative_reference_is_resolved(reference: str, address: str) -> None:
    assert absolute(reference, BASE) == address


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("https://c.example/a", "https://c.example/a"),
        ("HTTPS://C.example/a", "https://C.example/a"),
        (" \n https://c.example/a\t\u00a0", "https://c.example/a"),
        ("https://c.exa\nmple/a\t b", "https://c.example/a%20b"),
        ("https://c.example/“é”?ж", "https://c.example/“é”?ж"),
        ("https://c.example/\"<>\\^`{|}'", "https://c.example/%22%3C%3E%5C%5E%60%7B%7C%7D%27"),
        ("https://c.example:8443/", "https://c.example:8443/"),
        ("https://[::1]/", "https://[::1]/"),
        ("https://пример.рф/", "https://пример.рф/"),
    ],
)
def test_an_absolute_address_is_taken_as_it_stands(reference: str, address: str) -> None:
    assert absolute(reference, None) == address


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "a",
        "/a",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " jAvAsCrIpT:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://c.example/",
        "mailto:a@c.example",
        "https:",
        "https:c.example",
        "https://",
        "https:///a",
        "https://user:password@c.example/",
        "https://bank.example@c.example/",
        "https://c.example:99999/",
        "https://c.example:x/",
        "https://[::1/",
        "https://[x]/",
        "https://a b/",
        "https://a%2e/",
        "https://\x00/",
        "https://c.example/" + "x" * 4_000,
        "https://c.example/" + " " * 2_000 + "x",
    ],
)
def test_what_is_no_address_of_the_web_is_none(reference: str) -> None:
    assert absolute(reference, None) is None


def test_nothing_but_the_base_is_no_address() -> None:
    assert absolute("", BASE) is None


def test_a_link_may_also_be_a_mail_address() -> None:
    assert link("mailto:a@c.example", None) == "mailto:a@c.example"
    assert link("mailto:a@c.example?body=x", None) is None
    assert link("javascript:a@c.example", None) is None


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://c.example/a?b=1", "//c.example/a?b=1"),
        ("http://C.Example:80/a?b=1", "//c.example/a?b=1"),
        ("https://c.example:443/a?b=1#top", "//c.example/a?b=1"),
        ("https://c.example/a?utm_source=x&b=1&utm_medium=y&fbclid=z", "//c.example/a?b=1"),
        ("https://c.example/A?B=1", "//c.example/A?B=1"),
        ("https://c.example:8443/", "//c.example:8443/"),
        ("https://c.example", "//c.example/"),
        ("https://c.example/#!/a", "//c.example/#!/a"),
    ],
)
def test_what_identifies_an_address_leaves_out_what_leads_to_the_same(
    address: str, key: str
) -> None:
    assert address_key(address) == key
