"""Addresses out of feeds: made absolute, and none but those that a reader may safely follow."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from services.ingest.parse.limits import ADDRESS_CHARACTERS_MAX

_PARTS: Final = re.compile(
    r"(?:(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*):)?(?://(?P<authority>[^/?#]*))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
"""Source: RFC 3986 appendix B."""
_SCHEMES: Final = frozenset({"http", "https"})
_AUTHORITY: Final = re.compile(
    r"(?:[^\s<>\"'\\^`{|}%@:/?#\[\]\x00-\x1f\x7f]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{0,5}))?"
)
"""A host and a port. None with a login in front, which is only there to deceive."""
_PORTS: Final = {"http": "80", "https": "443"}
_PLAIN: Final = re.compile(
    r"(?:https?://[a-zA-Z0-9.-]++(?=/))?/(?!/)[\w/~.%+=,;:@!$&()*-]*+(?:\?[\w/~.%+=,;:@!$&()*-]++)?"
)
"""An address or path of which nothing need be changed, as nearly all are; it has no fragment."""
_SKIPPED: Final = re.compile(r"[\t\n\r]+")
_ENDS: Final = "".join(map(chr, range(0x21))) + "\xa0\ufeff"
_QUOTED: Final = re.compile(r"[\s\x00-\x20\x7f-\xa0\"'<>\\^`{|}\ud800-\udfff]")
_MAILTO: Final = re.compile(r"mailto:[^\s@:/?#]+@[^\s@:/?#]+\Z", re.IGNORECASE)
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|(?:fb|g|y)clid|mc_[ce]id|_openstat)=[^&]*", re.IGNORECASE
)


def absolute(reference: str, base: str | None) -> str | None:
    """A reference as an http or https address; None: it is none, or one that is not taken.

    ``base`` is such an address, or None: then the reference must be absolute by itself.
    Source: RFC 3986 5.2.2, and the WHATWG URL Standard for what is stripped.
    """
    if len(reference) > ADDRESS_CHARACTERS_MAX:
        return None
    if _PLAIN.fullmatch(reference) and "/." not in reference:
        if reference[0] != "/":
            return reference
        if base and (origin := _origin(base)):
            whole = origin + reference
            return whole if len(whole) <= ADDRESS_CHARACTERS_MAX else None
    found = _split(_SKIPPED.sub("", reference.strip(_ENDS)))
    made = _resolved(found, _split(base)) if base and not found["scheme"] else _joined(found)
    return made if made and len(made) <= ADDRESS_CHARACTERS_MAX else None


def link(reference: str, base: str | None) -> str | None:
    """Where a link of a text leads, a mail address among it; None: nowhere that is taken."""
    plain = reference.strip(_ENDS)
    if _MAILTO.match(plain) and len(plain) <= ADDRESS_CHARACTERS_MAX:
        return _quoted(plain)
    return absolute(reference, base)


def address_key(address: str) -> str:
    """What an absolute address identifies a document by: ``//host/path?query``.

    The same for http and https, a host in capitals, a default port, a fragment that names a place
    in the document, and the parameters by which campaigns are followed.
    """
    if address[:1] != "/" and "?" not in address and _PLAIN.fullmatch(address):
        # Without a port, a query and a fragment there is nothing to leave out.
        authority, slash, path = address.partition("//")[2].partition("/")
        return f"//{authority.lower()}{slash}{path}"
    parts = _split(address)
    authority = parts["authority"].lower().removesuffix(f":{_PORTS.get(parts['scheme'].lower())}")
    query = "&".join(one for one in parts["query"].split("&") if not _TRACKING.fullmatch(one))
    fragment = parts["fragment"] if parts["fragment"].startswith(("!", "/")) else ""
    ends = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"//{authority}{parts['path'] or '/'}{ends}"


@lru_cache(maxsize=64)
def _origin(base: str) -> str | None:
    """Scheme and authority of an address; None: what is relative to it is no address either."""
    parts = _split(base)
    bare = {"scheme": parts["scheme"], "authority": parts["authority"]}
    return _joined(bare | {"path": "", "query": "", "fragment": ""})


def _split(address: str) -> dict[str, str]:
    match = _PARTS.match(address)
    # The pattern matches anything; an authority that is there and empty is as bad as none.
    return match.groupdict("") if match else {}


def _resolved(found: dict[str, str], base: dict[str, str]) -> str | None:
    """A reference without a scheme, against a base. Source: RFC 3986 5.2.2."""
    if not any(found.values()):
        return None  # the base itself is no address of an entry
    made = found | {"scheme": base["scheme"]}
    if not found["authority"]:
        made["authority"] = base["authority"]
        if not found["path"]:
            made["path"] = base["path"]
            made["query"] = found["query"] or base["query"]
        elif not found["path"].startswith("/"):
            made["path"] = base["path"].rpartition("/")[0] + "/" + found["path"]
    return _joined(made)


def _joined(parts: dict[str, str]) -> str | None:
    scheme, authority = parts["scheme"].lower(), parts["authority"]
    match = _AUTHORITY.fullmatch(authority)
    if scheme not in _SCHEMES or match is None or int(match["port"] or 0) > 65_535:
        return None
    ends = "".join(
        mark + parts[name] for mark, name in (("?", "query"), ("#", "fragment")) if parts[name]
    )
    return _quoted(f"{scheme}://{authority}{_without_dots(parts['path'])}{ends}")


def _without_dots(path: str) -> str:
    """Source: RFC 3986 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]  # the empty one before the first slash stays
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) + ("/" if segments[-1] in {".", ".."} else "")


def _quoted(address: str) -> str:
    """Characters that no address may have, percent-encoded; letters of any script stay."""
    return _QUOTED.sub(lambda found: _percent(found[0]), address)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
