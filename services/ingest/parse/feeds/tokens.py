"""HTML to tags and text, in one pass and in proportion to its length.

Only the words of HTML are told apart here; ``markup.py`` gives them an order. Neither a tree nor
the scopes of HTML's own algorithm are kept: both grow with the square of a hostile text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from services.ingest.parse.feeds.text import unescaped

_TAG: Final = re.compile(
    r"""<(?:
        !--(?:-?>|.*?(?:--!?>|\Z))
      | (?P<end>/)?(?P<name>[a-zA-Z][^\s/>]*+)
        (?P<given>(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+)(?:>|\Z)
      | [!?/][^>]*+(?:>|\Z)
    )""",
    re.DOTALL | re.VERBOSE,
)
"""Source: HTML 13.2.5: a quotation mark hides a ``>`` behind an equals sign alone."""
_ATTRIBUTE: Final = re.compile(
    r"""([^\s=/"'>]++)\s*+(?:=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s"'][^\s]*+)))?""", re.VERBOSE
)
_GIVEN_CHARACTERS_MAX: Final = 20_000
"""Of the attributes of a tag: five addresses of the greatest length."""
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp")
}
"""Elements whose content is no markup. Source: HTML 13.1.2."""
_MARK: Final = re.compile(r"<[a-zA-Z/!?]")


class Start(NamedTuple):
    """A start tag; ``<br/>`` is one too."""

    name: str
    """Lower case."""
    given: str
    """Its attributes, not yet read."""


class End(NamedTuple):
    """An end tag."""

    name: str


Token = str | Start | End
"""Text, with its character references read, or a tag."""

_OFTEN: Final = "a b blockquote br div em figure h2 h3 i li ol p span strong table td tr ul".split()
_STARTS: Final = {name: Start(name, "") for name in _OFTEN}
_ENDS: Final = {name: End(name) for name in _OFTEN}
"""Tags without attributes, made once."""


def has_markup(text: str) -> bool:
    """Whether there is anything in a text that HTML would take for a tag or a comment."""
    return _MARK.search(text) is not None


def without_its_tag(element: str) -> str:
    """What is in an element that is written out with its start and end tag."""
    start = _TAG.match(element)
    return element[start.end() :].rpartition("</")[0] if start else ""


def tokens_of(html: str) -> Iterator[Token]:
    """The tags and texts of HTML in their order; comments and the content of scripts left out."""
    place = 0
    tags = _TAG.finditer(html)
    while tag := next(tags, None):
        begin, behind = tag.span()
        if begin > place:
            text = html[place:begin]
            yield unescaped(text) if "&" in text else text
        place = behind
        mark, name, given = tag.groups()
        if not name:
            continue
        name = name.lower()
        if mark:
            yield _ENDS.get(name) or End(name)
        elif name in _RAW:
            end = _RAW[name].search(html, place)
            place = end.start() if end else len(html)
            tags = _TAG.finditer(html, place)
        elif given:
            yield Start(name, given)
        else:
            yield _STARTS.get(name) or Start(name, given)
    if place < len(html):
        yield unescaped(html[place:])


def attributes_of(tag: Start) -> dict[str, str]:
    """The attributes of a tag by their names in lower case; of two of a name, the first."""
    if not tag.given:
        return {}
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(tag.given[:_GIVEN_CHARACTERS_MAX]):
        found.setdefault(name.lower(), unescaped(next(filter(None, values), "")))
    return found
