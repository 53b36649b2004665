"""XML that breaks its own rules, written anew so that it keeps them: in one pass, and counted.

What is mended is what the wild does: bare ``&`` and ``<``, names of HTML, elements that are not
closed or closed twice, attributes without quotation marks, prefixes without a namespace, an end
that is missing. An entry in whose middle a document breaks off is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from services.ingest.parse.feeds import entities
from services.ingest.parse.feeds.prolog import Body
from services.ingest.parse.limits import ELEMENTS_DEPTH_MAX, ENTITIES_ADD_CHARACTERS_MAX

_NAME: Final = r"[A-Za-z_\u0370-\ufffd](?:[\w.-]*:)?[\w.-]*"
_TOKEN: Final = re.compile(
    rf"""<!\[CDATA\[(?P<raw>.*?)(?P<shut>\]\]>|\Z)
       | <!--.*?(?:-->|\Z) | <\?.*?(?:\?>|\Z) | <![^<>]*>
       | </\s*(?P<end>{_NAME})[^<>]*(?P<closed>>|(?=<)|\Z)
       | <(?P<start>{_NAME})(?P<given>(?:[\s/](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)?)(?P<tail>>)
       | <(?P<odd>{_NAME})(?P<rest>[^<>]*+)(?P<last>>|(?=<)|\Z)""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE: Final = re.compile(
    rf"""({_NAME})\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|["']?([^\s"'>]*+))""", re.VERBOSE
)
_MARK: Final = re.compile(
    r"&(?:\#(?P<number>[0-9]{1,8}|[xX][0-9A-Fa-f]{1,7});|(?P<name>[A-Za-z_][\w.:-]{0,60});)?|<|\]\]>"
)
_NAMED: Final = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?P<name>[A-Za-z_][\w.:-]{0,60});", re.DOTALL
)
_ENTRIES: Final = frozenset({"item", "entry"})
_AROUND_ENTRIES: Final = frozenset({"channel", "feed", "rdf", "items", "rss"})
_LINE_NAMES: Final = """
    title link guid id pubdate updated published category comments author creator date name
"""
_LINES: Final = frozenset(_LINE_NAMES.split())
"""Elements that hold a line of text: where one is open, what follows stands beside it."""
_BESIDE: Final = _LINES | {"description", "summary", "content", "encoded", "enclosure", "source"}
_VOID_NAMES: Final = "area br col embed hr img input param track wbr"
_VOID: Final = frozenset(_VOID_NAMES.split())
"""Elements of HTML that are never closed. Source: HTML 13.1.2."""


@dataclass(slots=True)
class Repair:
    """A document on its way; one object lives as long as one parse."""

    own: dict[str, str]
    done: Counter[str] = field(default_factory=Counter)
    """What was mended, and how often."""
    line: int = 0
    """Of the first repair, from 1; 0: none was needed."""
    is_too_deep: bool = False
    _out: list[str] = field(default_factory=list)
    _open: list[tuple[str, str]] = field(default_factory=list)
    """The elements that are open: as they are written, and the local name in lower case."""
    _counts: Counter[str] = field(default_factory=Counter)
    _entry: tuple[int, int] = (0, 0)
    """Of the entry that is open: its place in what is written, and its depth."""
    _added: int = 0
    _is_ended: bool = False
    _lines: int = 1

    def tag(self, token: re.Match[str]) -> None:
        """Anything between ``<`` and ``>``."""
        if token["raw"] is not None:
            if not token["shut"]:
                self._note("section not closed")
            self._out.append(f"<![CDATA[{token['raw']}]]>")
        elif token["end"]:
            self._end(token["end"])
        elif token["start"] or token["odd"]:
            name, given = token["start"] or token["odd"], token["given"] or token["rest"] or ""
            if token["odd"]:
                self._note("tag mended")
            self._start(name, given.rstrip())
        else:
            self._out.append("\n" * token[0].count("\n"))

    def text(self, text: str) -> None:
        """Text between two tags."""
        if self._open or not text.strip():
            self._out.append(self.mended(text))

    def mended(self, text: str) -> str:
        """Text or the value of an attribute, with what it may not hold written as it may."""
        return _MARK.sub(self._mark, text) if "&" in text or "<" in text or "]]>" in text else text

    def _mark(self, found: re.Match[str]) -> str:
        if number := found["number"]:
            code = int(number[1:], 16) if number[0] in "xX" else int(number)
            is_allowed = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
            if is_allowed or 0x10000 <= code <= 0x10FFFF:
                return found[0]
            self._note("character left out")
            return ""
        if name := found["name"]:
            made = entities.character(name, self.own)
            if made == found[0]:
                return made
            if made is not None and self._added < ENTITIES_ADD_CHARACTERS_MAX:
                self._added += len(made)
                self._note("name of HTML read")
                return made
        self._note("mark written as text")
        return entities.escaped(found[0])

    def _start(self, name: str, given: str) -> None:
        is_closed = given.endswith("/")
        local = name.rpartition(":")[2].lower()
        self._close_before(name, local)
        if local in _ENTRIES and not self._counts[local]:
            self._entry = (len(self._out), len(self._open))
        markup = self._attributes(given.removesuffix("/"))
        if is_closed or local in _VOID:
            if not is_closed:
                self._note("element closed")
            self._out.append(f"<{name}{markup}/>")
            return
        self._out.append(f"<{name}{markup}>")
        self._open.append((name, local))
        self._counts[local] += 1
        self.is_too_deep = self.is_too_deep or len(self._open) > ELEMENTS_DEPTH_MAX

    def _close_before(self, name: str, local: str) -> None:
        """Close what a new element cannot stand in: a line of text, another entry."""
        root_prefix = self._open[0][0].rpartition(":")[0] if self._open else ""
        is_entry = local in _ENTRIES and name.rpartition(":")[0] in {"", root_prefix}
        if is_entry and self._open and self._open[-1][1] not in _AROUND_ENTRIES:
            if any(one in _AROUND_ENTRIES for _, one in self._open):
                while self._open[-1][1] not in _AROUND_ENTRIES:
                    self._close("element closed")
        elif self._open and self._open[-1][1] in _LINES and local in _BESIDE:
            top = self._open[-1][1]
            if not (top == "author" and local == "name"):
                self._close("element closed")

    def _attributes(self, given: str) -> str:
        if not given.strip():
            return ""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(given):
            value = next((one for one in match.groups()[1:] if one is not None), "")
            if match[1] in found:
                self._note("attribute given twice")
            found.setdefault(match[1], self.mended(value).replace('"', "&quot;"))
        return "".join(f' {name}="{value}"' for name, value in found.items())

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2].lower()
        if not self._counts[local]:
            if local not in _VOID:
                self._note("end of nothing left out")
            return
        while self._open[-1][1] != local:
            self._close("element closed")
        self._close("")
        self._is_ended = not self._open

    def _close(self, what: str) -> None:
        name, local = self._open.pop()
        self._counts[local] -= 1
        self._out.append(f"</{name}>")
        if what:
            self._note(what)

    def _note(self, what: str) -> None:
        self.done[what] += 1
        self.line = self.line or self._lines

    def read(self, text: str) -> None:
        """The whole of a document, up to the end of its root element."""
        place, counted = 0, 0
        for token in _TOKEN.finditer(text):
            if token.start() > place:
                self.text(text[place : token.start()])
            if not self.line:
                self._lines += text.count("\n", counted, token.start())
                counted = token.start()
            self.tag(token)
            place = token.end()
            if self._is_ended or self.is_too_deep:
                break
        if text[place:].strip():
            self._note("text behind the end left out" if self._is_ended else "end mended")
            if not self._is_ended:
                self.text(text[place:])

    def finished(self) -> str:
        """The document as it may be parsed."""
        place, depth = self._entry
        if len(self._open) > depth + 1 and self._open[depth][1] in _ENTRIES:
            self._note("entry that breaks off left out")
            del self._out[place:]
            del self._open[depth:]
        while self._open:
            self._close("element closed")
        return "".join(self._out)


def with_own_names(body: Body) -> str:
    """A document that has a type, with the names of characters read that it or HTML declares."""
    left = ENTITIES_ADD_CHARACTERS_MAX

    def read(found: re.Match[str]) -> str:
        nonlocal left
        made = entities.character(found["name"], body.own) if found["name"] else None
        if made is None or left < len(made):
            return found[0]
        left -= len(made)
        return made

    return _NAMED.sub(read, body.text) if "&" in body.text else body.text
