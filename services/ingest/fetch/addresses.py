"""Which addresses may be connected to: those of the public internet, and what an operator allows.

A table of our own: ``ipaddress.is_global`` differs between versions of Python and lets multicast,
6to4, NAT64 and others pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_V4: Final[tuple[tuple[IPv4Network, str], ...]] = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),  # RFC 1122 3.2.1.3
        ("10.0.0.0/8", "private"),  # RFC 1918
        ("100.64.0.0/10", "of a carrier's network"),  # RFC 6598; clouds keep metadata here too
        ("127.0.0.0/8", "of this machine"),  # RFC 1122 3.2.1.3
        ("168.63.129.16/32", "of a cloud's host"),  # Azure; looks public
        ("169.254.0.0/16", "of the local link"),  # RFC 3927; metadata of most clouds
        ("172.16.0.0/12", "private"),  # RFC 1918
        ("192.0.0.0/24", "for protocols"),  # RFC 6890; metadata of one cloud
        ("192.0.2.0/24", "for documentation"),  # RFC 5737
        ("192.31.196.0/24", "for name servers"),  # RFC 7535
        ("192.52.193.0/24", "for multicast relays"),  # RFC 7450
        ("192.88.99.0/24", "of 6to4 relays"),  # RFC 7526
        ("192.168.0.0/16", "private"),  # RFC 1918
        ("192.175.48.0/24", "for name servers"),  # RFC 7534
        ("198.18.0.0/15", "for benchmarks"),  # RFC 2544
        ("198.51.100.0/24", "for documentation"),  # RFC 5737
        ("203.0.113.0/24", "for documentation"),  # RFC 5737
        ("224.0.0.0/4", "multicast"),  # RFC 5771
        ("240.0.0.0/4", "reserved"),  # RFC 1112 section 4, and broadcast
    )
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")
"""All that is given out for unicast (RFC 3513); what lies outside is refused unseen."""
_REFUSED_V6: Final[tuple[tuple[IPv6Network, str], ...]] = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("2001::/23", "for protocols"),  # RFC 2928, Teredo among it: an IPv4 address inside
        ("2001:db8::/32", "for documentation"),  # RFC 3849
        ("2002::/16", "of 6to4"),  # RFC 3056: an IPv4 address inside
        ("2620:4f:8000::/48", "for name servers"),  # RFC 7534
        ("3fff::/20", "for documentation"),  # RFC 9637
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""Source: RFC 6052 2.1. The IPv4 address in the last 32 bits is the one that is reached."""


def parsed(text: str) -> Address | None:
    """The address that a text is in its one usual notation; None: it is a name, or something odd.

    ``127.1``, ``0x7f000001`` and ``2130706433`` are odd; so is an address with a zone.
    """
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(found, IPv6Address) and found.scope_id else found


def refusal(address: Address, allowed: Iterable[Network]) -> str | None:
    """Why an address may not be connected to, as ``private``; None: it may be."""
    if isinstance(address, IPv6Address) and address.scope_id:
        return "with a zone"
    reached = _reached(address)
    if any(one in network for network in allowed for one in (address, reached)):
        return None
    if isinstance(reached, IPv4Address):
        return next((what for network, what in _REFUSED_V4 if reached in network), None)
    if reached not in _GLOBAL_V6:
        return "outside the public part of IPv6"
    return next((what for network, what in _REFUSED_V6 if reached in network), None)


def _reached(address: Address) -> Address:
    """The IPv4 address to which a mapped one or one of NAT64 leads; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:  # RFC 4291 2.5.5.2
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address
