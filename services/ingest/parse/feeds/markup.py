"""HTML to paragraphs, to clean HTML of the same words, and to the pictures in it.

What a browser gets has passed two doors that know nothing of each other: ``folding.py`` wrote it,
and nh3 judged it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import nh3

from services.ingest.parse.feeds.elements import BLOCKS, INLINE
from services.ingest.parse.feeds.folding import Folding, Picture
from services.ingest.parse.feeds.text import clean, paragraphs_of, unescaped
from services.ingest.parse.feeds.tokens import End, Paragraph, Start, has_markup, tokens_of
from services.ingest.parse.limits import ARTICLE_CHARACTERS_MAX, ARTICLE_PARAGRAPHS_MAX

__all__ = ["Picture", "Prose", "plain", "prose_of"]

_EMPTY: Final = re.compile(r"<(blockquote|caption|h[234]|li|ol|p|pre|table|td|th|tr|ul)></\1>")
_FIRST_LINE_BREAKS: Final = re.compile(r"<pre>[\r\n]+")
"""Each reader of HTML drops the first, and so would give another text than it was given."""
_CLEANER: Final = nh3.Cleaner(
    tags=set(INLINE.values()) | set(BLOCKS.values()) | {"p", "br", "tbody"},
    attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener nofollow",
)


@dataclass(frozen=True, slots=True)
class Prose:
    """What a text says: in paragraphs, as clean HTML, with its pictures."""

    paragraphs: tuple[str, ...] = ()
    html: str | None = None
    """None: the text had no markup."""
    pictures: tuple[Picture, ...] = ()
    tags: int = 0
    """How many were read."""
    is_whole: bool = True
    """False: it has more tags, paragraphs or characters than are read, and ended there."""

    def with_pictures(self, pictures: tuple[Picture, ...]) -> Prose:
        """The same text with these pictures before its own."""
        return replace(self, pictures=pictures + self.pictures) if pictures else self

    def without_markup(self) -> Prose:
        """The same text in paragraphs alone."""
        return replace(self, html=None)


def plain(text: str) -> Prose:
    """A text without markup, whose blank lines part its paragraphs."""
    return _within(Prose(tuple(paragraphs_of(clean(text)))))


def prose_of(html: str, base: str | None, tags_max: int) -> Prose:
    """HTML read; ``base`` is what its addresses are relative to, None: then such are left out."""
    html = clean(html).replace("<![CDATA[", "").replace("]]>", "")  # one section in another
    if not has_markup(html):
        return plain(unescaped(html))
    folding = Folding(base)
    tags = 0
    for token in tokens_of(html):
        match token:
            case str():
                folding.text(token)
            case Start():
                tags += 1
                folding.start(token)
            case End():
                tags += 1
                folding.end(token.name)
            case Paragraph():
                tags += 2 + token.inside.count("<")
                if tags <= tags_max:
                    folding.paragraph(token)
        if tags > tags_max or folding.is_full:
            return Prose(tags=min(tags, tags_max + 1), is_whole=False)
    folding.finish()
    markup = _CLEANER.clean(_without_empty("".join(folding.out))) or None
    return _within(Prose(tuple(folding.paragraphs), markup, tuple(folding.pictures), tags))


def _without_empty(made: str) -> str:
    """The HTML without blocks that hold or then hold nothing, and without first line breaks."""
    emptied = 1
    while emptied and "></" in made:  # as often as blocks are deep
        made, emptied = _EMPTY.subn("", made)
    return _FIRST_LINE_BREAKS.sub("<pre>", made)


def _within(prose: Prose) -> Prose:
    too_many = len(prose.paragraphs) > ARTICLE_PARAGRAPHS_MAX
    too_long = sum(map(len, prose.paragraphs)) > ARTICLE_CHARACTERS_MAX
    return Prose(tags=prose.tags, is_whole=False) if too_many or too_long else prose
