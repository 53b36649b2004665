"""Addresses in feeds: of the desk, which an operator says, and of originals, as URIs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit

import idna

from services.api import typeset
from services.api.articles.wanted import listed_by
from services.api.schemas import Filter
from services.api.syndication.filters import Parameters, chosen, of_page, searched
from services.api.syndication.query import LIMIT_DEFAULT, ListQuery

_HOST: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]+\]")
_STRAY: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_KEPT: Final = "%:@!$&'()*+,;=/?"


@dataclass(frozen=True, slots=True)
class Format:
    """A format of feeds."""

    suffix: str
    name: str
    media_type: str


ATOM: Final = Format("atom", "Atom", "application/atom+xml")
RSS: Final = Format("rss", "RSS", "application/rss+xml")
JSON_FEED: Final = Format("json", "JSON Feed", "application/feed+json")
FORMATS: Final = (ATOM, RSS, JSON_FEED)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a desk is, as its operator says: the Host header is the client's to choose."""

    url: str
    """Without a slash at its end."""
    desk: str
    hub: str | None = None
    """Whom ingest tells of our feeds; None: nobody."""

    def article(self, article_id: str) -> str:
        """Our page of an article."""
        return f"{self.url}/articles/{quote(article_id, safe=':')}"

    def story(self, story_id: str) -> str:
        """Our page of a story."""
        return f"{self.url}/stories/{quote(story_id, safe=':')}"

    def pair(self, pair: str) -> str:
        """Our page of a pair of currencies."""
        return f"{self.url}/rates/{pair}"

    def page(self, parameters: Parameters) -> str:
        """The page of a list: that of searches, of a story, else the front page, filtered."""
        said = dict(parameters)
        if "q" in said:
            return self.url + _with("/search", of_page(parameters))
        return self.story(said["story"]) if "story" in said else self._front(parameters)

    def _front(self, parameters: Parameters) -> str:
        return self.url + _with("/", of_page(parameters))

    def feed(self, form: Format, parameters: Parameters) -> str:
        """A feed."""
        return self.url + path(form, parameters)

    def hub_of(self, parameters: Parameters) -> str | None:
        """The hub of a feed, by all its parameters; None: no hub is told of it.

        It is told of all articles and of each source (services.ingest.websub.announcer): who finds
        a hub in a feed asks us no more, so no other feed may name it.
        """
        is_told = not parameters or [name for name, _ in parameters] == ["source"]
        return self.hub if is_told else None

    def feed_at(self, where: str, form: Format, parameters: Parameters) -> str:
        """Another feed than that of articles: ``/feeds/stories`` and the like."""
        return self.url + _with(f"{where}.{form.suffix}", parameters)

    def named(self, name: str) -> str:
        """A URN for a list that has no filter: ``stories``."""
        return f"urn:newswire:feed:{self.desk}:{name}"

    def feed_id(self, parameters: Parameters) -> str:
        """A URN for a list in all formats; it stays when the desk moves. Source: RFC 4287 4.2.6.

        The name of the desk is in it: two desks have two lists. The filter is written in what RFC
        2141 lets stand in a URN, which validators go by: no ``&`` and no ``~``.
        """
        filters = ";".join(f"{name}={quote(value, safe=':')}" for name, value in parameters)
        told = f":{filters.replace('~', '%7E')}" if parameters else ""
        return f"urn:newswire:feed:{self.desk}:articles{told}"


def path(form: Format, parameters: Parameters) -> str:
    """Where a feed is on this desk."""
    return _with(f"/feeds/articles.{form.suffix}", parameters)


def offered(query: Filter) -> list[tuple[Format, str]]:
    """Every feed of a list, and where it is."""
    return offered_of_search(query, None)


def offered_of_search(query: Filter, typed: str | None) -> list[tuple[Format, str]]:
    """Every feed of a search in a list, and where it is; None: of the list."""
    wanted = listed_by(query.tag, query.source, query.language)
    return [(form, path(form, [*searched(typed), *chosen(wanted)])) for form in FORMATS]


def offered_of_story(story_id: str) -> list[tuple[Format, str]]:
    """Every feed of one story, and where it is."""
    return [(form, f"/feeds/stories/{quote(story_id, safe=':')}.{form.suffix}") for form in FORMATS]


def offered_of_pair(pair: str) -> list[tuple[Format, str]]:
    """Every feed of a pair's rates, and where it is."""
    return [(form, f"/feeds/rates/{pair}.{form.suffix}") for form in FORMATS]


def limited(query: ListQuery) -> list[tuple[str, str]]:
    """The number of articles as a parameter, where it is not what it is anyway."""
    return [] if query.limit == LIMIT_DEFAULT else [("limit", str(query.limit))]


def original(addresses: Iterable[str | None]) -> str | None:
    """The first of these that a reader may follow, as a URI; None: there is none."""
    on_the_web = filter(None, map(typeset.web_address, addresses))
    return next(filter(None, map(_uri, on_the_web)), None)


def _uri(url: str) -> str | None:
    """An address as a publisher writes it, in the characters of a URI; None: it cannot be one.

    A login in it is left out. Source: RFC 3986 3; RFC 5891 for names of hosts.
    """
    try:
        parts = urlsplit(url)
        host = _host(parts)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:  # a port that is no number, an open bracket, a name that is none
        return None
    if not _HOST.fullmatch(host):
        return None
    rest = (_quoted(parts.path), _quoted(parts.query), _quoted(parts.fragment))
    return urlunsplit((parts.scheme, host + port, *rest))


def _host(parts: SplitResult) -> str:
    name = parts.hostname or ""
    if ":" in name:
        return f"[{name}]"
    return name if name.isascii() else idna.encode(name, uts46=True).decode()


def _quoted(text: str) -> str:
    return quote(_STRAY.sub("%25", text), safe=_KEPT, errors="replace")


def _with(where: str, parameters: Parameters) -> str:
    return f"{where}?{urlencode(parameters)}" if parameters else where
