"""Tags and text, one after the other, to paragraphs and to HTML that is well nested and shallow.

The HTML is written anew from the few elements that a text needs. What is open is a short list, and
each tag costs the same however many came before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Final

from services.ingest.parse.feeds.elements import (
    AROUND,
    BLOCKS,
    BREAKS,
    CELLS,
    CLOSES,
    DROPPED,
    FILLERS,
    HEADINGS,
    INLINE,
    LEAVES,
    LINES,
    PLAIN_TAGS,
    SCOPES,
)
from services.ingest.parse.feeds.text import folded, unescaped
from services.ingest.parse.feeds.tokens import (
    End,
    Paragraph,
    Start,
    attributes_of,
    pieces_of,
    spans_of,
    tokens_of,
)
from services.ingest.parse.feeds.urls import absolute, link
from services.ingest.parse.feeds.whole import whole
from services.ingest.parse.limits import ARTICLE_CHARACTERS_MAX, ARTICLE_PARAGRAPHS_MAX, MEDIA_MAX

_CHARACTERS_MAX: Final = 2 * ARTICLE_CHARACTERS_MAX
"""Before spaces are folded; with more of them there is hardly a text."""
_DEPTH_MAX: Final = 12
"""Blocks in blocks; a table in a quotation in a list is six deep."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, sound or film that stood in a text."""

    url: str
    caption: str
    media_type: str = ""


@dataclass(slots=True)
class Folding:
    """Tags and text on their way to paragraphs and HTML; one object lives as long as one text."""

    base: str | None
    out: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    pictures: dict[Picture, None] = field(default_factory=dict)
    """Each once, in order."""
    characters: int = 0
    _words: list[str] = field(default_factory=list)
    is_full: bool = False
    """It is longer than an article may be, so that the rest need not be read."""
    _blocks: list[str] = field(default_factory=lambda: [""])
    """The names of what is open, the outermost first; one without a name is around them all."""
    _parted: list[bool] = field(default_factory=lambda: [False])
    """Of each: a paragraph has ended in it, and what follows needs one of its own."""
    _wanted: list[tuple[str, str]] = field(default_factory=list)
    """Inline elements, each once, with their start tags, to be open around the next text."""
    _open: int = 0
    """How many of the wanted ones are open."""
    _is_linked: bool = False
    """The link that is open in a whole paragraph leads somewhere."""
    _breaks: int = 0
    _dropped: tuple[str, int] | None = None
    """The element that is being left out, and how many of its name are open."""

    def text(self, text: str) -> None:
        """Text as it stands between two tags."""
        if self._dropped:
            return
        if not text.strip():
            if self._words:
                self._put(text if self._blocks[-1] == "pre" else " ", " ")
            return
        if self._breaks:
            self._break()
        if self._blocks[-1] in FILLERS:
            self._fill()
        if self._blocks[-1] not in LEAVES or self._parted[-1]:
            self._push("p", "<p>")
        if self._open < len(self._wanted):
            self.out.extend(markup for _, markup in self._wanted[self._open :])
            self._open = len(self._wanted)
        self._put(escape(text, quote=False), text)

    def paragraph(self, paragraph: Paragraph) -> None:
        """A whole paragraph: what its tags and texts would make of it one by one."""
        if self._dropped or self._wanted or self._blocks[-1] not in AROUND:
            self.by_parts(paragraph)
            return
        self._part()
        if made := whole(paragraph.inside, self.base, self._picture):
            self.out.append(made.markup)
            self._words.append(made.words)
            self.characters += len(made.words)
        else:
            self._pieces(paragraph)
        self.is_full |= self.characters > _CHARACTERS_MAX
        self._flush()
        self._parted[-1] = True

    def _pieces(self, paragraph: Paragraph) -> None:
        """A whole paragraph, piece by piece."""
        out, words = self.out, self._words
        begin = len(out)
        out.append("<p>")
        for place, piece in enumerate(pieces_of(paragraph)):
            if place & 1:
                self._tag_of_paragraph(piece)
            elif piece:
                text = unescaped(piece)
                if not text.isspace():
                    out.append(escape(text, quote=False))
                    words.append(text)
                elif words:
                    out.append(" ")
                    words.append(" ")
        self.characters += sum(map(len, words))
        if words:
            out.append("</p>")
        else:
            del out[begin:]

    def _tag_of_paragraph(self, piece: str) -> None:
        """A tag that stands in a whole paragraph; a link that leads nowhere is none."""
        if piece in PLAIN_TAGS:
            self.out.append(piece)
        elif piece.startswith("<a"):
            address = link(attributes_of(Start("a", piece[2:-1])).get("href", ""), self.base)
            self._is_linked = address is not None
            if address:
                self.out.append(f'<a href="{escape(address)}">')
        elif piece.startswith("<img"):
            self._picture(Start("img", piece[4:-1]))
        elif piece == "</a>":
            if self._is_linked:
                self.out.append(piece)
        elif self._words:
            self.out.append("<br>")
            self._words.append(" ")

    def start(self, tag: Start) -> None:
        """A start tag."""
        name = tag.name
        if self._dropped:
            self._start_dropped(tag)
        elif name == "br":
            self._breaks += 1
        elif name in INLINE:
            self._start_inline(INLINE[name], tag)
        elif name in BLOCKS:
            self._start_block(BLOCKS[name], tag)
        elif name in BREAKS:
            self._part()
        elif name == "img":
            self._picture(tag)
        elif name in DROPPED:
            self._start_dropped(tag)

    def end(self, name: str) -> None:
        """An end tag, of an element that is open or not."""
        if self._dropped:
            kept, count = self._dropped
            if name == kept:
                self._dropped = (kept, count - 1) if count > 1 else None
        elif name in INLINE:
            self._end_inline(INLINE[name])
        elif name in BLOCKS:
            self._end_block(BLOCKS[name])
        elif name in BREAKS:
            self._part()

    def by_parts(self, paragraph: Paragraph) -> None:
        """A whole paragraph, tag by tag and text by text: in a table, in a list, in a link."""
        self.start(Start("p", ""))
        for token in tokens_of(paragraph.inside):
            if isinstance(token, str):
                self.text(token)
            elif isinstance(token, Start):
                self.start(token)
            elif isinstance(token, End):
                self.end(token.name)
        self.end("p")

    def finish(self) -> None:
        """The end of the text: all that is open is closed."""
        while len(self._blocks) > 1:
            self._close()
        self._flush()

    def _put(self, markup: str, words: str) -> None:
        self.out.append(markup)
        self._words.append(words)
        self.characters += len(words)
        if self.characters > _CHARACTERS_MAX:
            self.is_full = True

    def _break(self) -> None:
        """The breaks before a text: one goes on a line below, two or more begin a paragraph."""
        if self._breaks > 1 or not self._words:
            self._part()
        else:
            self._put("\n" if self._blocks[-1] == "pre" else "<br>", " ")
        self._breaks = 0

    def _start_inline(self, name: str, tag: Start) -> None:
        if any(name == one for one, _ in self._wanted):
            if name != "a":
                return
            self._end_inline("a")  # links do not nest: HTML 13.2.6.4.7
        if name != "a":
            self._wanted.append((name, f"<{name}>"))
        elif address := link(attributes_of(tag).get("href", ""), self.base):
            self._wanted.append((name, f'<a href="{escape(address)}">'))

    def _end_inline(self, name: str) -> None:
        """End one; those opened after it go on around the next text."""
        for index, (one, _) in enumerate(self._wanted):
            if one == name:
                self._close_inline(index)
                del self._wanted[index]
                return

    def _close_inline(self, down_to: int = 0) -> None:
        while self._open > down_to:
            self._open -= 1
            self.out.append(f"</{self._wanted[self._open][0]}>")

    def _start_block(self, name: str, tag: Start) -> None:
        scopes = SCOPES.get(name)
        place = self._innermost(scopes) if scopes else -1
        if scopes:
            while not CLOSES.get(name, frozenset()).isdisjoint(self._blocks[place + 1 :]):
                self._close()
        if name in HEADINGS and self._blocks[-1] in HEADINGS:
            self._close()
        if name in CELLS and self._blocks[-1] == "tr":
            self._close_inline()
            self._words.append(" ")  # the cells of a row are one paragraph
        else:
            self._part()
        if not scopes:
            self._fill()
        is_too_deep = len(self._blocks) > _DEPTH_MAX
        if is_too_deep or self._blocks[-1] in LINES or (scopes and place < 0):
            return
        self._push(name, f"<{name}{spans_of(tag)}>" if name in CELLS else f"<{name}>")

    def _fill(self) -> None:
        """Open the item or cell that a text or block right in a list or table stands in."""
        for name in FILLERS.get(self._blocks[-1], ()):
            self._push(name, f"<{name}>")

    def _innermost(self, names: tuple[str, ...]) -> int:
        """Where the innermost of these blocks is open; -1: none is."""
        for place in range(len(self._blocks) - 1, 0, -1):
            if self._blocks[place] in names:
                return place
        return -1

    def _end_block(self, name: str) -> None:
        place = self._innermost((name,))
        if place < 0:
            self._part()
            return
        while len(self._blocks) > place:
            self._close()

    def _push(self, name: str, markup: str) -> None:
        self.out.append(markup)
        self._blocks.append(name)
        self._parted.append(False)

    def _close(self) -> None:
        """End the innermost block, and with it the paragraph; a cell ends none."""
        if self._open:
            self._close_inline()
        name = self._blocks.pop()
        self._parted.pop()
        self.out.append(f"</{name}>")
        if name not in CELLS:
            self._flush()
            self._parted[-1] = True

    def _part(self) -> None:
        """The end of a paragraph, wherever one may end."""
        self._breaks = 0
        top = self._blocks[-1]
        if top in LINES:
            if self._words and not self._words[-1].isspace():
                self._put("\n" if top == "pre" else " ", " ")
            return
        if self._open:
            self._close_inline()
        if self._wanted:
            self._wanted = [one for one in self._wanted if one[0] != "a"]
        if top == "p":
            self._close()
        elif self._words:
            self._flush()
            self._parted[-1] = True

    def _flush(self) -> None:
        if self._words:
            if paragraph := folded("".join(self._words)):
                self.paragraphs.append(paragraph)
                self.is_full |= len(self.paragraphs) > ARTICLE_PARAGRAPHS_MAX
            self._words.clear()

    def _start_dropped(self, tag: Start) -> None:
        """An element that is left out; its film or sound is kept as an address."""
        if tag.name in {"audio", "video", "source"}:
            self._picture(tag)
        if self._dropped is None:
            self._dropped = (tag.name, 1)
        elif self._dropped[0] == tag.name:
            self._dropped = (tag.name, self._dropped[1] + 1)

    def _picture(self, tag: Start) -> None:
        if len(self.pictures) > MEDIA_MAX:
            return
        given = attributes_of(tag)
        if "1" in (given.get("width"), given.get("height")):
            return  # there to count readers
        references = (given.get(name, "") for name in ("src", "data-src", "data-lazy-src"))
        found = (absolute(reference, self.base) for reference in references if reference)
        if url := next(filter(None, found), None):
            kind = "" if tag.name == "img" else given.get("type", "")
            self.pictures[Picture(url, folded(given.get("alt", "")), kind)] = None
