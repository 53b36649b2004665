"""Style sheet, icon and scripts, kept in memory and addressed by content: asked for once."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import brotli
from starlette.responses import Response

from services.api.words import catalogues
from shared.hashing import sha256

_FOLDER: Final = files("services.api") / "static"
_TEMPLATES: Final = files("services.api") / "templates"
_MEDIA_TYPES: Final = {
    "newswire.css": "text/css",
    "docs.css": "text/css",
    "wall.css": "text/css",
    "site.css": "text/css",
    "pair.css": "text/css",
    "search.css": "text/css",
    "differences.css": "text/css",
    "icon.svg": "image/svg+xml",
    "status.css": "text/css",
    "slider.js": "text/javascript",
    "status.js": "text/javascript",
    "chart.js": "text/javascript",
    "parts.js": "text/javascript",
    "stream.js": "text/javascript",
    "article.js": "text/javascript",
    "keys.js": "text/javascript",
    "list.js": "text/javascript",
    "wall.js": "text/javascript",
}
"""By name; a script stands behind those that it imports."""
_IMPORTED: Final = re.compile(rb"from '\./([a-z]+\.js)'")
_VENDORED: Final = {
    "uplot.js": "text/javascript",
    "uplot.css": "text/css",
    "uplot.LICENSE": "text/plain",
}
"""As they were published: a test knows their hashes, THIRD-PARTY.md where they are from."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers."""

    body: bytes
    media_type: str
    version: str
    encoded: Mapping[str, bytes]
    """As brotli and gzip make it smallest: once, at the start."""


def _read() -> dict[str, Asset]:
    """Every asset, as it is sent: a script asks for others under their versions too."""
    found: dict[str, Asset] = {}

    def versioned(imported: re.Match[bytes]) -> bytes:
        name = imported[1].decode()
        return f"from './{name}?v={found[name].version}'".encode()

    for name, media_type in _MEDIA_TYPES.items():
        body = _IMPORTED.sub(versioned, (_FOLDER / name).read_bytes())
        found[name] = _asset(body, media_type)
    for name, media_type in _VENDORED.items():
        body = (_FOLDER / "vendor" / name).read_bytes()
        found[name] = _asset(body, media_type)
    return found


def _asset(body: bytes, media_type: str) -> Asset:
    encoded = {"br": brotli.compress(body), "gzip": gzip.compress(body, mtime=0)}
    return Asset(body, media_type, sha256(body)[:12], encoded)


ASSETS: Final = _read()

EDITION: Final = sha256(
    b"".join(path.read_bytes() for path in sorted(_TEMPLATES.iterdir(), key=lambda p: p.name))
    + b"".join(asset.body for asset in ASSETS.values())
    + catalogues.EDITION.encode()
)[:12]
"""Of everything that decides how a page looks: part of every page's ``ETag``."""


def url(name: str) -> str:
    """Where a page finds an asset; another content is another URL."""
    return f"/static/{name}?v={ASSETS[name].version}"


def answer(name: str, version: str | None, encoding: str | None) -> Response | None:
    """An asset; for ever under its own version only. None: there is none of this name."""
    if (asset := ASSETS.get(name)) is None:
        return None
    keep = _FOR_EVER if version == asset.version else "no-cache"
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    if encoding is None:
        return Response(asset.body, headers=headers, media_type=asset.media_type)
    headers["Content-Encoding"] = encoding
    return Response(asset.encoded[encoding], headers=headers, media_type=asset.media_type)
