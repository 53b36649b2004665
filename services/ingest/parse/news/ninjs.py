"""ninjs 1.x, 2.x and 3.x, and the envelopes that agencies send it in. Source: iptc.org/std/ninjs.

One item, an array of them, an object with ``items`` (``_items``, ``data.items``), or one a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.parse.json_text import decoded, value_of
from services.ingest.parse.limits import ARTICLES_MAX
from services.ingest.parse.news.entry import Kind, parsed, reading_of
from services.ingest.parse.news.fields import Notes, Said, kind_of, said
from services.ingest.parse.news.item import Item
from services.ingest.parse.news.ninjs_item import item_of
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, refused

KIND: Final = Kind("ninjs", 2, "application/json")
_BEGINNING: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_NAMES_AN_ITEM: Final = re.compile(
    rb'"(?:uri|guid|urn|alt_?ids|item_?id|entry_id)"\s*+:', re.IGNORECASE
)
_NINJS: Final = re.compile(
    rb'"(?:pub_?status|(?:version|first|content)_?created|representation_?type|headlines|bodies'
    rb'|descriptions|(?:body|description)_\w{1,40}|slug_?line|profile)"\s*+:'
    rb'|"type"\s*+:\s*+"(?:text|picture|video|audio|graphic|composite|component|event|planning)"',
    re.IGNORECASE,
)
"""Words that no JSON Feed and no bank has."""
_JSON_FEED: Final = re.compile(
    rb'"version"\s*+:\s*+"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org\\?/version'
)
_LISTS: Final = ("items", "data", "item")

_Located = tuple[str, object]
"""Where a value stands, and the value."""


def claims(data: bytes) -> bool:
    """Whether the bytes may be ninjs: JSON in its words, and no JSON Feed."""
    return (
        _BEGINNING.match(data) is not None
        and _NAMES_AN_ITEM.search(data) is not None
        and _NINJS.search(data) is not None
        and _JSON_FEED.search(data) is None
    )


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The items of a document of ninjs, and what was wrong with them."""
    problems = Problems()
    found = _read(data, problems)
    if isinstance(found, Problem):
        return refused(data, found)
    return parsed(data, KIND, "utf-8", _items(found, problems), reading_of(arrival, problems))


def _items(found: list[_Located], problems: Problems) -> Iterator[Item]:
    notes = Notes(problems)
    for where, value in found:
        for place, one in _unwrapped(where, value, notes):
            if isinstance(one, dict):
                yield item_of(said(place, one, notes))
            else:
                detail = f"expected an item, came {kind_of(one)}; it was left out"
                notes.add(place or WHOLE_DOCUMENT, detail)


def _unwrapped(where: str, value: object, notes: Notes) -> Iterator[_Located]:
    """The items in an envelope; what is no envelope is an item."""
    for _ in _LISTS:  # as deep as an envelope is: ``data.items[0].item``
        if isinstance(value, dict):
            inner = _inside(said(where, value, notes))
            if inner is None:
                break
            where, value = inner
    if not isinstance(value, list):
        yield where, value
        return
    for number, one in enumerate(islice(value, ARTICLES_MAX + 1)):
        place = f"{where}[{number}]"
        envelope = said(place, one, notes)
        inner = (place, one) if _is_item(envelope) else _inside(envelope)
        yield inner or (place, one)


def _inside(envelope: Said) -> _Located | None:
    if _is_item(envelope):
        return None
    for name in _LISTS:
        key, value = envelope.members.get(name, ("", None))
        if isinstance(value, dict | list):
            return (f"{envelope.where}.{key}" if envelope.where else key), value
    return None


def _is_item(one: Said) -> bool:
    return any(one.value(name) is not None for name in ("uri", "guid", "urn", "altids"))


def _read(data: bytes, problems: Problems) -> list[_Located] | Problem:
    """The values of a document: one, or one a line; a line that is none is left out."""
    document = decoded(data)
    if isinstance(document, Problem):
        return document
    text = document.text
    whole = value_of(text)
    if not isinstance(whole, Problem):
        return [("", whole)]
    lines = [(f"line {number}", line) for number, line in _lines(text)]
    if len(lines) < 2 or isinstance(value_of(lines[0][1]), Problem):
        return whole
    found: list[_Located] = []
    for where, line in lines:
        value = value_of(line, where)
        if isinstance(value, Problem):
            problems.add(value.reason, value.where, value.detail)
        else:
            found.append((where, value))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = enumerate(text.split("\n"), start=1)
    return islice(((number, line) for number, line in lines if line.strip()), ARTICLES_MAX + 1)
