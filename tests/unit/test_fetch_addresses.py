"""Which addresses may be connected to, written out one by one."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

import pytest

from services.ingest.fetch.addresses import parsed, refusal

INTERNAL = [
    "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.0",
    "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.0.0.2",
    "127.1.2.3", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.253",
    "169.254.169.254", "169.254.170.2", "169.254.255.255", "172.16.0.0", "172.16.0.1", "172.17.0.1",
    "172.31.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.0.255",
    "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.0", "192.88.99.1", "192.168.0.0",
    "192.168.0.1", "192.168.255.255", "192.175.48.1", "198.18.0.0", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.0", "203.0.113.255", "224.0.0.0", "224.0.0.1", "239.255.255.250",
    "239.255.255.255", "240.0.0.0", "240.0.0.1", "250.1.2.3", "255.255.255.254", "255.255.255.255",
    "::", "::1", "::2", "::127.0.0.1", "::7f00:1", "::a9fe:a9fe", "::ffff:0:127.0.0.1",
    "::ffff:0.0.0.0", "::ffff:7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",
    "::ffff:169.254.169.254", "::ffff:192.168.1.1", "::ffff:224.0.0.1", "::ffff:255.255.255.255",
    "::ffff:100.64.0.1", "::ffff:168.63.129.16", "64:ff9b::", "64:ff9b::7f00:1",
    "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::c0a8:101",
    "64:ff9b::e000:1", "64:ff9b::1:808:808", "64:ff9b:1::1", "64:ff9b:1::808:808", "100::1",
    "100:0:0:1::1", "1000::1", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:1::1", "2001:2::1", "2001:3::1", "2001:4:112::1",
    "2001:10::1", "2001:20::1", "2001:30::1", "2001:1ff:ffff::1", "2001:db8::", "2001:db8::1",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:7f00:1::", "2002:7f00:1::1",
    "2002:a9fe:a9fe::", "2002:c0a8:101::1", "2002:808:808::1", "2620:4f:8000::1", "3fff::",
    "3fff::1", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::1", "5f00::1", "8000::1", "c000::1",
    "e000::1", "fc00::", "fc00::1", "fd00::1", "fd00:ec2::254", "fd12:3456:789a::1", "fe00::1",
    "fe80::", "fe80::1", "fe80::1%eth0", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "feff::1",
    "ff00::1", "ff02::1", "ff02::fb", "ff05::1:3", "ff0e::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]  # fmt: skip

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.1", "168.63.129.15", "168.63.129.17", "169.253.255.255",
    "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.1", "192.0.3.1",
    "192.88.98.1", "192.88.100.1", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "2000::1",
    "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1", "2001:db9::1", "2003::1",
    "2606:4700::1111", "2620:4f:7fff::1", "2620:4f:8001::1", "2a00:1450:4001::1", "3ffe::1",
    "3fff:1000::1", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:8.8.8.8", "::ffff:808:808",
    "64:ff9b::8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("text", INTERNAL)
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert refusal(ip_address(text), ()) is not None


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_not_refused(text: str) -> None:
    assert refusal(ip_address(text), ()) is None


def test_the_table_has_150_forms() -> None:
    assert len(set(INTERNAL)) >= 120
    assert len(set(INTERNAL + PUBLIC)) >= 160


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("192.168.1.1", "private"),
        ("::ffff:192.168.1.1", "private"),
        ("64:ff9b::a9fe:a9fe", "of the local link"),
        ("127.0.0.1", "of this machine"),
        ("::1", "outside the public part of IPv6"),
        ("2002:808:808::1", "of 6to4"),
        ("2001:4860::1%1", "with a zone"),
    ],
)
def test_a_refusal_says_what_the_address_is(text: str, sentence: str) -> None:
    assert refusal(ip_address(text), ()) == sentence


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("192.168.1.7", "reached"),
        ("::ffff:192.168.1.7", "reached"),
        ("64:ff9b::192.168.1.7", "reached"),
        ("192.168.2.7", "refused"),
        ("10.0.0.1", "refused"),
        ("fd00::1", "reached"),
        ("fd00::1%eth0", "refused"),
        ("fe80::1", "refused"),
        ("8.8.8.8", "reached"),
    ],
)
def test_what_an_operator_allows_is_reached_and_nothing_else(text: str, refused: str) -> None:
    allowed = (ip_network("192.168.1.0/24"), ip_network("fd00::/8"))

    assert ("refused" if refusal(ip_address(text), allowed) else "reached") == refused


@pytest.mark.parametrize(
    "text",
    [
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.1.",
        "①②⑦.0.0.1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "fe80::1%eth0",
        "[::1]",
        "::1%0",
        "a.example",
        "1.1.1.1/32",
    ],
)
def test_only_the_usual_notation_is_an_address(text: str) -> None:
    assert parsed(text) is None


def test_an_address_in_the_usual_notation_is_one() -> None:
    assert parsed("::FFFF:7F00:1") == IPv6Address("::ffff:127.0.0.1")
    assert str(parsed("127.0.0.1")) == "127.0.0.1"
