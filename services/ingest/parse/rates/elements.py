"""XML as banks write it, to a tree: whole and well formed, or nothing of it.

Feeds are read by libxml2; here expat is enough, knows the line of every element, and never opens
what a document names. A file that was cut off must give no rate, so nothing is mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat

from services.ingest.parse.document import Problem
from services.ingest.parse.feeds.encodings import decoded
from services.ingest.parse.limits import XML_DEPTH_MAX, XML_ELEMENTS_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT
from services.ingest.parse.rates.sheet import legible

_HEAD_BYTES: Final = 65_536  # a licence in a comment may stand before the root
_MISC: Final = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*>", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")


@dataclass(slots=True)
class Element:
    """An element: its name without a prefix, what it says, and what stands in it."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        """For a person."""
        return f"line {self.line}"

    def text(self) -> str:
        """Its own text, blanks at the ends left out."""
        return "".join(self.texts).strip()

    def attribute(self, name: str) -> str:
        """An attribute, blanks at the ends left out; empty without one."""
        return self.attributes.get(name, "").strip()

    def every(self, name: str) -> list[Element]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]

    def text_at(self, name: str) -> str:
        """The text of the child of a name; empty without one.

        Several that say different things stand beside each other: that reads as no number.
        """
        return " / ".join(dict.fromkeys(child.text() for child in self.every(name)))


class Tree(NamedTuple):
    """A document as elements."""

    root: Element
    encoding: str
    """Python's name of what it was decoded with."""


class _RefusedError(Exception):
    """Raised inside of expat, which has no other way to be stopped."""


def root_name(data: bytes) -> str:
    """The local name of the root element, found without reading the document; empty: no XML."""
    text, place = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").decode("latin-1"), 0
    while found := _MISC.match(text, place):
        place = found.end()
    root = _ROOT.match(text, place)
    return root[1] if root else ""


def read_elements(data: bytes) -> Tree | Problem:
    """A document as elements, or why nothing is taken of it."""
    found = decoded(data, None)
    if isinstance(found, Problem):
        return found
    # Names may be of any bytes: what a rate is made of is ASCII.
    text = legible(found.text).lstrip("\ufeff \t\r\n")
    # A blank line before the declaration is a common slip; its lines count all the same.
    begun = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    skipped = data[: len(data) - len(begun)].count(b"\n")
    root = _parsed(text, skipped)
    return root if isinstance(root, Problem) else Tree(root, found.encoding)


def _parsed(text: str, skipped: int) -> Element | Problem:
    building = _Building(skipped)
    try:
        building.parser.Parse(text, True)
    except expat.ExpatError as error:
        came = f"came: {expat.errors.messages[error.code]}; ask for the document again"
        where = f"line {error.lineno + skipped}"
        return Problem("not-well-formed", where, f"expected well-formed XML, {came}")
    except _RefusedError as error:
        return Problem("unsupported", WHOLE_DOCUMENT, str(error))
    return building.root.children[0]


class _Building:
    """Builds the tree while expat reads."""

    def __init__(self, skipped: int) -> None:
        self.root = Element("", {}, 0)
        self._open = [self.root]
        self._skipped = skipped
        self._elements = 0
        # A str is handed over as UTF-8, whatever it declares itself to be.
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = _refuse_entity
        self.parser.SkippedEntityHandler = _refuse_entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > XML_ELEMENTS_MAX:
            expected = f"expected at most {XML_ELEMENTS_MAX} elements"
            raise _RefusedError(f"{expected}, came more; ask for fewer days")
        if len(self._open) > XML_DEPTH_MAX:
            raise _RefusedError(f"expected rates, came elements {XML_DEPTH_MAX} deep")
        line = self.parser.CurrentLineNumber + self._skipped
        element = Element(name.rpartition(":")[2], attributes, line)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].texts.append(text)


def _refuse_entity(*_: object) -> None:
    raise _RefusedError("expected rates, came entities of the document's own; leave them out")
