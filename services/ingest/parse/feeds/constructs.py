"""Texts, persons and links of Atom, wherever they stand. Source: RFC 4287 3.1, 3.2, 4.2.7."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Final

from services.ingest.parse.feeds.draft import NO_TEXT, Attached, Text
from services.ingest.parse.feeds.parts import Part
from services.ingest.parse.feeds.urls import absolute

_REGISTERED: Final = "http://www.iana.org/assignments/relation/"
_OF_A_PAGE: Final = frozenset({"", "text/html", "application/xhtml+xml"})
_XML: Final = ("+xml", "/xml")
_TEXTS_OF_OTHER_TYPES: Final = frozenset({"application/json", "application/javascript"})


def construct(part: Part | None, base: str | None = None) -> Text:
    """A text construct; a type that is not known is taken for text.

    ``base`` is what stands around it declares. Source: RFC 4287 3.1.1; of Atom 0.3, ``mode``.
    """
    if part is None:
        return NO_TEXT
    base, kind, mode = part.base(base), _kind(part), part.attribute("mode").lower()
    if mode == "base64" or _is_encoded(kind):
        return Text(_from_base64(part.text()), "html", base)
    if mode == "escaped" or kind in {"html", "text/html"}:
        is_plain = mode == "escaped" and kind == "text/plain"
        return Text(part.html(), "plain" if is_plain else "html", base)
    if kind == "xhtml" or kind.endswith(_XML) or (mode == "xml" and len(part.element)):
        div = part.first("xhtml:div")
        inner = div or part
        return Text(inner.inner_html(), "html", inner.base(base) if div else base)
    if len(part.element):
        return Text(part.inner_html(), "html", base)  # of no type, and with elements all the same
    return Text(part.text(), "plain", base)


def content(part: Part | None, base: str | None) -> Text:
    """A content element; what lies elsewhere, or is of a type that is no text, is left out.

    Source: RFC 4287 4.1.3.3.
    """
    if part is None or part.attribute("src"):
        return NO_TEXT
    kind = _kind(part)
    if "/" not in kind or kind.startswith("text/") or kind.endswith(_XML):
        return construct(part, base)
    if part.attribute("mode") in {"escaped", "base64"}:
        return construct(part, base)
    return Text(part.text(), "plain", base) if kind in _TEXTS_OF_OTHER_TYPES else NO_TEXT


def is_of_no_kind(part: Part) -> bool:
    """Whether a content element holds bytes of which it is not said what they are."""
    return _kind(part) == "application/octet-stream" and not part.attribute("src")


def _kind(part: Part) -> str:
    return part.attribute("type").partition(";")[0].strip().lower() or "text"


def _is_encoded(kind: str) -> bool:
    """Whether what is of this type stands as Base64. Source: RFC 4287 4.1.3.3, number 6."""
    is_text = kind.startswith("text/") or kind.endswith(_XML) or kind in _TEXTS_OF_OTHER_TYPES
    return "/" in kind and not is_text


def _from_base64(text: str) -> str:
    """A text that was encoded; as it came, where it was not."""
    try:
        return b64decode("".join(text.split()), validate=True).decode()
    except ValueError:  # of Base64 or of UTF-8
        return text


def persons(part: Part, *names: str) -> tuple[str, ...]:
    """Source: RFC 4287 3.2: a person has a name; in the wild, an address or a text alone."""
    found = (
        person.text_at("atom:name", "name", "atom:email", "email")
        or (person.text() if not len(person.element) else "")
        or person.text_at("atom:uri", "atom:url")
        for person in part.every(*names)
    )
    return tuple(name for name in found if name)


def alternate(part: Part, base: str | None) -> str:
    """The page of a feed or an entry; of several the first that is for readers of HTML."""
    links = [link for link in part.every("atom:link") if relation(link) == "alternate"]
    pages = [link for link in links if link.attribute("type").lower() in _OF_A_PAGE]
    return address(next(iter(pages or links)), base) if links else ""


def linked(part: Part, related: str, base: str | None) -> str:
    """The address of the first link of a relation; empty without one."""
    return next(iter(all_linked(part, related, base)), "")


def all_linked(part: Part, related: str, base: str | None) -> list[str]:
    """The addresses of the links of a relation, in their order."""
    links = part.every("atom:link")
    return [address(link, base) for link in links if relation(link) == related]


def relation(link: Part) -> str:
    """Source: RFC 4287 4.2.7.2: without one it is alternate; registered ones have a long form."""
    said = link.attribute("rel").strip().removeprefix(_REGISTERED).lower()
    return said or "alternate"


def address(link: Part, base: str | None) -> str:
    """Made absolute where the link itself declares another base; else as it stands there."""
    reference = link.attribute("href").strip() or link.text()
    return absolute(reference, link.base(base)) or reference


def enclosures(part: Part, base: str | None) -> Iterator[Attached]:
    """What is attached by links."""
    for link in part.every("atom:link"):
        if relation(link) == "enclosure":
            yield Attached(address(link, base), link.attribute("type"), link.attribute("title"))
