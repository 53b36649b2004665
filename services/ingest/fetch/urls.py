"""URLs: taken apart strictly, made absolute, and shown without their secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urljoin

import idna

from services.ingest.fetch.addresses import parsed
from services.ingest.fetch.words import Trouble
from shared.faults import visible

URL_CHARACTERS_MAX: Final = 4_000
"""What the log keeps of an address."""
SHOWN_CHARACTERS_MAX: Final = 200
"""Of a URL in a message."""
HOST_CHARACTERS_MAX: Final = 253
"""Source: RFC 1035 2.3.4, without the root."""

Scheme = Literal["http", "https"]

_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?"
)
"""Source: RFC 3986 appendix B; the authority must be there."""
_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]*)(?::(?P<port>[0-9]{0,5}))?")
_NEVER: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
"""Control characters and line ends, which readers of URLs drop, and ``\\``, which some take for
``/``: two readers would see two hosts."""
_QUOTED: Final = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label like this makes a resolver read the host as an address (WHATWG URL 3.5)."""
_PORTS: Final[dict[Scheme, int]] = {"http": 80, "https": 443}
_SECRET: Final = re.compile(
    r"key|token|secret|passw|pwd|auth|sig|credential|session|code", re.IGNORECASE
)
"""In the name of a parameter. Looked for in one name after another: an expression for a whole
query takes the cube of its length, and a publisher may send one of 64 kB."""
_PARAMETERS: Final = re.compile(r"([&;])")
_LOGIN: Final = re.compile(r"//[^/?#]*@")
_QUOTED_LOGIN: Final = re.compile(r"//[^/?#\s“”]{1,200}@")
_QUOTED_SECRET: Final = re.compile(
    r"([?&;][^&;=?\s“”]{0,60}(?:key|token|secret|passw|pwd|auth|sig|credential|session|code)"
    r"[^&;=\s“”]{0,60}=)[^&;\s“”]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: whom to ask, and for what."""

    scheme: Scheme
    host: str
    """ASCII, lower case, without the final dot; an IPv6 address without brackets."""
    port: int
    path: str
    """Path and query as they are sent, ASCII."""

    @property
    def authority(self) -> str:
        """Host and port as the Host field has them; a usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """``https://example.org``, with the port where it is unusual."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole URL; without a fragment, which is never sent."""
        return self.origin + self.path


def parse(text: str) -> Target:
    """Whom a URL names and what is asked for.

    Strict where readers of URLs differ: what one takes for another host than the other is refused.
    Names become ASCII by IDNA (UTS 46), which also maps full-width digits and dots.

    Raises:
        Trouble: url-invalid.
    """
    if len(text) > URL_CHARACTERS_MAX:
        raise _invalid(f"expected at most {URL_CHARACTERS_MAX} characters, came {len(text)}")
    if found := _NEVER.search(text):
        raise _invalid(f"expected neither control characters nor backslashes, came {found[0]!a}")
    match = _URL.fullmatch(text)
    if match is None or (scheme := _scheme(match["scheme"])) is None:
        raise _invalid(f"expected http:// or https:// and a host, came {shown_url(text)}")
    host, port = _host_and_port(match["authority"], scheme)
    path = _QUOTED.sub(_percent, (match["path"] or "/") + (match["query"] or ""))
    return Target(scheme, host, port, path)


def resolve(reference: str, base: Target) -> Target:
    """A reference, as a Location or Link field has it, against the URL that answered.

    Raises:
        Trouble: url-invalid.
    """
    if not reference or len(reference) > URL_CHARACTERS_MAX or _NEVER.search(reference):
        raise _invalid("expected a URL without control characters and backslashes")
    try:
        return parse(_joined(base.url, reference.partition("#")[0]))
    except ValueError as error:  # an open bracket
        raise _invalid("expected a URL, came an open bracket") from error


def _joined(base: str, reference: str) -> str:
    """As ``urljoin``, which loses a mark with nothing behind it: ``/feed?`` is not ``/feed``.

    Whoever is sent from one to the other would go round in circles. Source: RFC 3986 5.3, 6.2.3.
    """
    if _URL.fullmatch(reference):
        return reference
    place, mark, query = reference.partition("?")
    if mark and not query:
        return (urljoin(base, place) if place else base.partition("?")[0]) + mark
    return urljoin(base, reference)


def without_secrets(text: str) -> str:
    """A URL without login, fragment, and the parameters whose names speak of a secret.

    For an operator's own URL where others read it: it may lead nowhere.
    """
    place, _, query = _LOGIN.sub("//", text.partition("#")[0]).partition("?")
    kept = "&".join(one for one in query.split("&") if _without_value(one) is None)
    return f"{place}?{kept}" if kept else place


def redacted(text: str) -> str:
    """A sentence that may quote a URL, on one line, without its login and its secrets."""
    return visible(_QUOTED_SECRET.sub(r"\1***", _QUOTED_LOGIN.sub("//***@", text)))


def shown_url(text: str) -> str:
    """A URL as it may be shown and logged: short, on one line, no login, no value of a secret.

    Secrets are known by the names of their parameters; one in a path is not recognised.
    """
    plain = text.partition("#")[0]
    place, mark, query = plain.partition("?")
    place = _LOGIN.sub("//***@", place)
    if _is_deceptive(place):  # a / or \ in the login: nobody can say where it ends
        place = place.partition("//")[0] + "//***@" + place.rpartition("@")[2]
    shown = "".join(_without_value(one) or one for one in _PARAMETERS.split(query))
    told = visible(place + mark + shown)
    return told if len(told) <= SHOWN_CHARACTERS_MAX else told[: SHOWN_CHARACTERS_MAX - 1] + "…"


def _without_value(parameter: str) -> str | None:
    """``api_key=***`` of ``api_key=9f3``; None: its name speaks of no secret."""
    parts = parameter.split("=")
    for at, name in enumerate(parts[:-1], start=1):
        if _SECRET.search(name):
            return "=".join((*parts[:at], "***"))
    return None


def _is_deceptive(place: str) -> bool:
    """Whether what stands before an ``@`` cannot be host and port: then it may be a login."""
    match = _URL.fullmatch(place)
    if "@" not in place or "//***@" in place:
        return False
    return match is None or "\\" in place or not _AUTHORITY.fullmatch(match["authority"])


def _scheme(text: str) -> Scheme | None:
    match text.lower():
        case "http":
            return "http"
        case "https":
            return "https"
        case _:
            return None


def _host_and_port(authority: str, scheme: Scheme) -> tuple[str, int]:
    if "@" in authority:
        raise _invalid(
            "expected no login in the URL: it would stand in logs; ask the publisher for a feed "
            "that needs none, or put a proxy of yours in front of it"
        )
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise _invalid("expected host or host:port; an IPv6 address in brackets, without a zone")
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not 0 < port < 65_536:
        raise _invalid(f"expected a port between 1 and 65535, came {port}")
    return _host(match["host"]), port


def _host(text: str) -> str:
    if text.startswith("["):
        address = parsed(text[1:-1])
        if address is None or address.version != 6:
            raise _invalid("expected an IPv6 address in the brackets")
        return str(address)
    host = _ascii(text).removesuffix(".")
    labels = host.split(".")
    if len(host) > HOST_CHARACTERS_MAX or not all(map(_LABEL.fullmatch, labels)):
        raise _invalid("expected a host of labels with 1 to 63 letters, digits and hyphens each")
    if _NUMBER.fullmatch(labels[-1]) and parsed(host) is None:
        raise _invalid("expected an IPv4 address as four decimal numbers")
    return host


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    if len(host) > HOST_CHARACTERS_MAX:
        raise _invalid(f"expected a host of at most {HOST_CHARACTERS_MAX} characters")
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except UnicodeError as error:  # idna's errors among them
        raise _invalid("expected a host name that IDNA allows") from error


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _invalid(detail: str) -> Trouble:
    return Trouble("url-invalid", detail)
