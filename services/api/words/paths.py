"""The language of a page stands in front of its path: ``/ru/articles/…``; of English nothing does.

No cookie and no ``Accept-Language``: one URL is one page, for every reader and every cache.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from services.api.words import speaking
from services.api.words.languages import BY_CODE, ENGLISH, LANGUAGES, Language
from services.api.words.speaking import Place

MACHINES: Final = frozenset(
    {
        "docs", "feeds", "livez", "metrics", "openapi.json", "readyz", "sources.opml", "static",
        "status", "v1",
    }
)  # fmt: skip
"""First parts of paths that are for programs, or for those who write or run them: English alone."""
TARGET_CHARACTERS_MAX: Final = 1_000
"""Of a page that is named in every language; ten times on one page. A cursor and some tags."""
_SAFE_IN_QUERY: Final = "%&=+;:/?@!$'()*,[]"


class Alternate(NamedTuple):
    """A page in one of its languages."""

    language: Language
    href: str
    is_here: bool


def href(path: str) -> str:
    """Our page at this path, in the language of the page that leads there."""
    return speaking.language().prefix + path


def alternates() -> list[Alternate]:
    """This page in every language, with its query.

    Of one that is in English alone, and of one with a long address, the front page.
    """
    place = speaking.here()
    # Of two slashes at the beginning a browser makes the name of a host.
    path = "/" + quote(place.path.lstrip("/"), safe="/:@!$&'()*+,;=~")
    query = quote(place.query, safe=_SAFE_IN_QUERY)
    whole = f"{path}?{query}" if query else path
    is_named = len(whole) <= TARGET_CHARACTERS_MAX and not _is_for_machines(place.path)
    target = whole if is_named else "/"
    return [Alternate(one, one.prefix + target, one is place.language) for one in LANGUAGES]


class InLanguages:
    """The layer that takes the language off a path, and speaks it while the request lasts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        language, path = taken_apart(scope["path"])
        with speaking.at(Place(language, path, scope["query_string"])):
            await self._app({**scope, "path": path, "language": language.code}, receive, send)


def taken_apart(path: str) -> tuple[Language, str]:
    """The language of a path and the rest; English and all of it where no page can be meant.

    ``/ru`` is the front page as ``/ru/`` is: nothing here redirects.
    """
    code, _, page = path.removeprefix("/").partition("/")
    language = BY_CODE.get(code, ENGLISH) if path.startswith("/") else ENGLISH
    if language is ENGLISH or _is_for_machines(f"/{page}"):
        return ENGLISH, path
    return language, f"/{page}"


def _is_for_machines(path: str) -> bool:
    return path.removeprefix("/").partition("/")[0] in MACHINES
