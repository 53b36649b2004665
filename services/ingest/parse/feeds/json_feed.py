"""JSON Feed 1.0 and 1.1. Source: jsonfeed.org/version/1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.feeds.draft import AboutDraft, Attached, Draft, Text
from services.ingest.parse.feeds.feed import Feed, Format, parsed
from services.ingest.parse.feeds.tags import category
from services.ingest.parse.feeds.text import clean
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.json_text import beginning, decoded, value_of
from services.ingest.parse.limits import ARTICLES_MAX, ENTRY_PARTS_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused, shown

FORMAT: Final = Format("json-feed", 3, "application/feed+json")
_VERSION: Final = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.[0-9]+)?/?")
_BEGINNING: Final = re.compile(r'\s*\{\s*["}]')
_SIGN: Final = "jsonfeed.org/version/"
_OTHER_JSON: Final = "expected plain text or a feed, came JSON; save the page as text"

_Object = dict[str, object]


def claims(data: bytes) -> bool:
    """Whether the bytes may be an object of JSON."""
    return _BEGINNING.match(beginning(data)) is not None


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The items of a JSON Feed, and what was wrong with them."""
    text = decoded(data)
    if isinstance(text, Problem):
        return refused(data, text)
    found = _read(text.text, data)
    if isinstance(found, Problem):
        return refused(data, found)
    problems = Problems()
    if text.is_wide:
        came = f"expected UTF-8, came {text.encoding.upper()}; it was read as that"
        problems.add("encoding-uncertain", WHOLE_DOCUMENT, came)
    base = _base(found, arrival)
    feed = Feed(FORMAT, text.encoding, _about(found, base), _drafts(found, base))
    return parsed(data, feed, arrival, problems)


def _read(text: str, data: bytes) -> _Object | Problem:
    """The object that a document is, or why nothing is taken of it."""
    found = value_of(text)
    if isinstance(found, Problem):
        return _broken(data, found)
    feed = _object(found)
    version = _string(feed, "version")
    if _VERSION.fullmatch(version):
        return feed
    detail = f"expected a JSON Feed of the version 1 or 1.1, came {shown(version)}"
    return Problem("unsupported", WHOLE_DOCUMENT, detail if version else _OTHER_JSON)


def _broken(data: bytes, problem: Problem) -> Problem:
    """What begins like JSON and does not name the format may be anything."""
    if _SIGN in beginning(data).replace("\\", ""):
        return problem
    return Problem("unsupported", WHOLE_DOCUMENT, _OTHER_JSON)


def _base(feed: _Object, arrival: Arrival) -> str | None:
    """What addresses are relative to; the format says nothing of it."""
    pages = (absolute(_string(feed, name), arrival.url) for name in ("home_page_url", "feed_url"))
    return next(filter(None, pages), arrival.url)


def _about(feed: _Object, base: str | None) -> AboutDraft:
    """Source: JSON Feed 1.1, “Top-level”; ``hubs`` in “Subscribing to Real-time Notifications”."""
    return AboutDraft(
        base=base,
        title=Text(_string(feed, "title"), "plain"),
        description=Text(_string(feed, "description"), "plain"),
        url=_string(feed, "home_page_url"),
        own_url=_string(feed, "feed_url"),
        language=_string(feed, "language"),
        authors=_authors(feed),
        pictures=[_string(feed, name) for name in ("icon", "favicon")],
        hubs=[
            _string(hub, "url") for hub in _objects(feed, "hubs")
            if _string(hub, "type").lower() in {"", "websub", "pubsubhubbub"}
        ],
    )  # fmt: skip


def _drafts(feed: _Object, base: str | None) -> Iterator[Draft]:
    language = _string(feed, "language")
    authors = _authors(feed)
    for number, item in enumerate(_objects(feed, "items")):
        yield _draft(item, f"items[{number}]", base, (language, authors))


def _draft(item: _Object, where: str, base: str | None, about: tuple[str, list[str]]) -> Draft:
    """``about`` are language and authors of the feed, for items that say none themselves."""
    language, authors = about
    html, plain = _string(item, "content_html"), _string(item, "content_text")
    return Draft(
        where=where,
        line=None,
        base=base,
        item_id=_string(item, "id"),
        url=_string(item, "url") or _string(item, "external_url"),
        title=Text(_string(item, "title"), "plain"),
        content=Text(html) if html else Text(plain, "plain"),
        summary=Text(_string(item, "summary"), "plain"),
        authors=_authors(item) or authors,
        categories=_strings(item, "tags"),
        tags=list(map(category, _strings(item, "tags"))),
        media=list(islice(_attachments(item), ENTRY_PARTS_MAX)),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        language=_string(item, "language") or language,
    )


def _authors(said: _Object) -> list[str]:
    """``authors`` of version 1.1, else ``author`` of version 1."""
    named = [_string(one, "name") or _string(one, "url") for one in _objects(said, "authors")]
    alone = _object(said.get("author"))
    return [name for name in named or [_string(alone, "name") or _string(alone, "url")] if name]


def _attachments(item: _Object) -> Iterator[Attached]:
    for name in ("image", "banner_image"):
        if url := _string(item, name):
            yield Attached(url)
    for one in _objects(item, "attachments"):
        yield Attached(_string(one, "url"), _string(one, "mime_type"), _string(one, "title"))


def _string(said: _Object, name: str) -> str:
    """A text or a number as text; empty: it is neither."""
    value = said.get(name)
    return clean(value).strip() if isinstance(value, str) else ""


def _strings(said: _Object, name: str) -> list[str]:
    return [clean(one) for one in _few(said, name) if isinstance(one, str)]


def _objects(said: _Object, name: str) -> list[_Object]:
    return [_object(one) for one in _few(said, name)]


def _few(said: _Object, name: str) -> list[object]:
    """A list, as much of it as is looked at; one thing alone, without its brackets, is one too."""
    value = said.get(name)
    if isinstance(value, list):
        return value[: max(ENTRY_PARTS_MAX, ARTICLES_MAX) + 1]
    return [] if value is None else [value]


def _object(value: object) -> _Object:
    """An object, or an empty one in the place of what is none."""
    return value if isinstance(value, dict) else {}
