"""Whether two addresses are of one site."""

from __future__ import annotations

import re
from typing import Final

_PARTS: Final = re.compile(r"https?://(?P<host>[^/?#:]*)[^/?#]*(?P<path>[^?#]*)", re.IGNORECASE)
_FRONTS: Final = re.compile(r"\A(?:www\d?|m|mobile|amp)\.")


def host_of(address: str) -> str:
    """The host of an absolute address, without the name of its machine."""
    match = _PARTS.match(address)
    return _FRONTS.sub("", match["host"].lower().rstrip(".")) if match else ""


def path_of(address: str) -> str:
    """The path of an absolute address."""
    match = _PARTS.match(address)
    return match["path"] if match else ""


def same_site(one: str, other: str) -> bool:
    """Whether the hosts are one, or one lies in the other: ``kz.example.org``."""
    first, second = sorted((host_of(one), host_of(other)), key=len)
    return "." in first and (first == second or second.endswith(f".{first}"))
