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


class Paragraph(NamedTuple):
    """A ``p`` from its start to its end tag that holds no more than most of them do.

    That is text, pictures, line breaks before text, and inline elements with one text each.
    """

    inside: str
    """As it stands; of an attribute neither name nor value has an angle bracket."""


Token = str | Start | End | Paragraph
"""Text, with its character references read, a tag, or a paragraph in one piece."""

_GIVEN: Final = r"""(?:\s++[^\s<>"'=/]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"'=`/]++))?+)*+\s*+"""
_SEEN: Final = r"(?=\s*+(?:[^\s<>&]|&(?:amp|lt|gt|quot|[lr][ds]quo|[lr]aquo|[mn]dash|hellip);))"
"""A text that is not of spaces alone, which references may stand for too."""
_MARKED: Final = "|".join(
    rf"<{name}>{_SEEN}[^<>]++</{name}>" for name in ("b", "code", "em", "i", "strong", "sub", "sup")
)
_PARAGRAPH: Final = re.compile(
    rf"(?:{_SEEN}[^<>]++|\s++(?=<)|{_MARKED}|<a{_GIVEN}>{_SEEN}[^<>]++</a>|<img{_GIVEN}/?>"
    rf"|<br ?/?>{_SEEN})*+</p>"
)
"""What follows the start tag. Each character is looked at a few times at most.

Without groups: Python 3.11 loses their places in what it may not give back.
"""
_PIECE: Final = re.compile(r"(<[^<>]*+>)")


def pieces_of(paragraph: Paragraph) -> list[str]:
    """Texts, not yet read, and tags as they stand, in turn; it begins and ends with a text."""
    return _PIECE.split(paragraph.inside)


_OFTEN: Final = (
    "a", "b", "blockquote", "br", "div", "em", "figure", "h2", "h3", "i", "li", "ol", "p", "span",
    "strong", "table", "td", "tr", "ul",
)  # fmt: skip
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


def tags_of(html: str) -> Iterator[str | Start | End]:
    """The same as ``tokens_of``, each tag of a paragraph by itself."""
    for token in tokens_of(html, joins_paragraphs=False):
        if not isinstance(token, Paragraph):
            yield token


def tokens_of(html: str, *, joins_paragraphs: bool = True) -> Iterator[Token]:
    """The tags and texts of HTML in their order; comments and the content of scripts left out."""
    place = 0
    tags = _TAG.finditer(html)
    while tag := next(tags, None):
        begin, behind = tag.span()
        if begin > place:
            yield unescaped(html[place:begin])
        place = behind
        mark, name, given = tag.groups()
        if not name:
            continue
        name = name.lower()
        if mark:
            yield _ENDS.get(name) or End(name)
        elif joins_paragraphs and name == "p" and (inside := _PARAGRAPH.match(html, place)):
            yield Paragraph(inside[0].removesuffix("</p>"))
            place = inside.end()
            tags = _TAG.finditer(html, place)
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
    for name, double, single, bare in _ATTRIBUTE.findall(tag.given[:_GIVEN_CHARACTERS_MAX]):
        found.setdefault(name.lower(), unescaped(double or single or bare))
    return found


def spans_of(tag: Start) -> str:
    """How many columns and rows a cell fills."""
    given = attributes_of(tag)
    found = ((name, given.get(name, "")) for name in ("colspan", "rowspan"))
    return "".join(
        f' {name}="{value}"' for name, value in found if value.isascii() and value.isdigit()
        and len(value) <= 2
    )  # fmt: skip
