"""The two addresses of WebSub that an operator sets: where hubs reach us, and which hub is ours."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from shared.errors import Rejected

_HUB: Final = re.compile(
    r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
    r"([/?]([!$&'()*+,;=:@/?A-Za-z0-9._~-]|%[0-9A-Fa-f]{2}){0,1000})?"
)
"""It stands in a Link field and in feeds as it is written: nothing of it needs to be escaped."""


def callback_base(text: str) -> str | None:
    """NEWSWIRE_WEBSUB_URL without a slash at its end; None: it is not set.

    Raises:
        Rejected: it is no address of that kind.
    """
    try:
        url = urlsplit(text)
        is_base = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:  # a port that is no number, an open bracket
        is_base = False
    if text and (not is_base or url.query or url.fragment or "@" in url.netloc):
        raise Rejected(
            "NEWSWIRE_WEBSUB_URL: expected https://host[:port][/path] without a login, under which "
            "the world reaches the push door"
        )
    return text.rstrip("/") or None


def hub(text: str, desk_url: str | None) -> str | None:
    """NEWSWIRE_WEBSUB_HUB; None: it is not set.

    Raises:
        Rejected: it is no address of that kind, or nobody said where the hub finds our feeds.
    """
    try:
        is_hub = bool(_HUB.fullmatch(text)) and urlsplit(text).port != 0
    except ValueError:  # a port above 65535, brackets around what is no address
        is_hub = False
    if text and not is_hub:  # not shown: a key of the hub may be in it
        raise Rejected(
            "NEWSWIRE_WEBSUB_HUB: expected https://host[:port][/path][?query] of a hub, ASCII, "
            f"without a login, found {len(text)} other characters"
        )
    if text and desk_url is None:
        raise Rejected(
            "NEWSWIRE_WEBSUB_HUB: a hub fetches our feeds at the address that readers use, which "
            "nobody said; set NEWSWIRE_URL to https://host[:port]"
        )
    return text or None
