"""Names of elements as the readers of feeds know them, however a feed declares its namespaces.

In the wild a module is declared under an old, misspelt or unfinished address, or not at all. An
address that is known decides; where it is not, the customary prefix does.
"""

from __future__ import annotations

import re
from typing import Final

_ADDRESSES: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "backend.userland.com/rss2",
        "backend.userland.com/rss",
        "backend.userland.com/rss091",
        "backend.userland.com/rss092",
        "blogs.law.harvard.edu/tech/rss",
        "channel.netscape.com/rdf/simple/0.9",
        "cyber.law.harvard.edu/rss/rss.html",
        "my.netscape.com/publish/formats/rss-0.91.dtd",
        "my.netscape.com/rdf/simple/0.9",
        "purl.org/net/rss1.1",
        "purl.org/rss/1.0",
        "purl.org/rss/2.0",
        "rssboard.org/rss-specification",
    ),
    "atom": (
        "purl.org/atom/ns",
        "purl.org/atom/app",
        "w3.org/2005/atom",
        "example.com/newformat",
        "example.com/necho",
        "purl.org/echo",
        "uri/of/echo/namespace",
    ),
    "content": ("purl.org/rss/1.0/modules/content", "purl.org/rss/modules/content"),
    "dc": (
        "purl.org/dc/elements/1.0",
        "purl.org/dc/elements/1.1",
        "purl.org/dc/elements",
        "purl.org/metadata/dublin_core",
    ),
    "dcterms": ("purl.org/dc/terms",),
    "feedburner": ("rssnamespace.org/feedburner/ext/1.0",),
    "georss": ("georss.org/georss", "georss.org/georss/10"),
    "itunes": (
        "itunes.com/dtds/podcast-1.0.dtd",
        "example.com/dtds/podcast-1.0.dtd",
        "itunes.apple.com/dtds/podcast-1.0.dtd",
        "itunes.com/dtds/podcast",
    ),
    "media": (
        "search.yahoo.com/mrss",
        "search.yahoo.com/mrss/1.0",
        "tools.search.yahoo.com/mrss",
        "yahoo.com/mrss",
        "video.search.yahoo.com/mrss",
    ),
    "googleplay": ("google.com/schemas/play-podcasts/1.0",),
    "rdf": ("w3.org/1999/02/22-rdf-syntax-ns",),
    "slash": ("purl.org/rss/1.0/modules/slash",),
    "sy": ("purl.org/rss/1.0/modules/syndication",),
    "thr": ("purl.org/syndication/thread/1.0",),
    "xhtml": ("w3.org/1999/xhtml",),
}
PREFIX_BY_ADDRESS: Final = {
    address: prefix for prefix, addresses in _ADDRESSES.items() for address in addresses
}
ADDRESS_BY_PREFIX: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""What a customary prefix stands for that a feed uses and does not declare."""
RDF: Final = f"{{{ADDRESS_BY_PREFIX['rdf']}}}"
XHTML: Final = ADDRESS_BY_PREFIX["xhtml"]
_PREFIXES: Final = frozenset(_ADDRESSES) | {"atom10", "atom03", "a10", "syn", "mrss", "dct"}
_SPELT: Final = {
    "atom10": "atom", "atom03": "atom", "a10": "atom", "syn": "sy", "mrss": "media",
    "dct": "dcterms",
}  # fmt: skip
"""Other customary prefixes of a module."""
_ENDS: Final = re.compile(r"^https?://(?:www\.)?|[/#]+$")


def known_name(tag: str, prefix: str | None) -> str:
    """``dc:creator`` for an element by its Clark name and its prefix; lower case throughout.

    An element of RSS has no prefix, whatever its namespace. One of a namespace that nobody knows
    is named by the whole of it, so that it is mistaken for nothing.
    """
    address, _, local = tag.rpartition("}")
    if not address:
        prefix, _, local = local.rpartition(":")
        return _joined(prefix, local)
    return _joined(prefix_of(address[1:], prefix), local)


def prefix_of(address: str, prefix: str | None) -> str:
    """The customary prefix of a namespace; for an unknown one, its address."""
    known = PREFIX_BY_ADDRESS.get(_ENDS.sub("", address.strip().lower()))
    if known is None:
        is_customary = bool(prefix) and str(prefix).lower() in _PREFIXES
        return str(prefix).lower() if is_customary else address
    return known


def _joined(prefix: str, local: str) -> str:
    prefix = prefix.lower() if len(prefix) < 20 else prefix
    prefix = _SPELT.get(prefix, prefix)
    return f"{prefix}:{local.lower()}" if prefix else local.lower()
