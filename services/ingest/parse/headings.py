"""What one block looks like by itself: a heading, a label or prose."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

from services.ingest.parse.blocks import Block
from services.ingest.parse.casing import words_of
from services.ingest.parse.labels import is_label
from services.ingest.parse.limits import HEADLINE_CHARACTERS_MAX, HEADLINE_WORDS_MAX
from services.ingest.parse.quotations import CLOSING_MARKS, Quotes

Shape = Literal["heading", "label", "prose"]
"""A heading may be a headline, a subhead or a crosshead; its neighbours decide."""

_BULLETS: Final = frozenset("•‣◦⁃∙·*※†‡¶§")
_BULLETS_BEFORE_A_SPACE: Final = frozenset("+>~=|<#")
_LETTER: Final = re.compile(r"[^\W\d_]")
_NUMERO: Final = "№"
_NUMBERED: Final = re.compile(r"\d{1,3}[.)]\s|[^\W\d_]\)\s")
_SENTENCE_ENDS: Final = frozenset(".…:;,")
_CREDIT: Final = re.compile(r"\s*\([^()]*\)$")
_INITIALS: Final = re.compile(r"(?:[A-ZА-Я]\.){2,}")
# Only what ends a headline more often than a sentence: no “г.”, “млн.”, “etc.”, “a.m.”.
_SHORT: Final = "inc. ltd. corp. co. bros. llc. jr. sr. st. mt. dr. ph.d."
_ABBREVIATIONS: Final = frozenset(_SHORT.split())


def shape_of(block: Block, quotes: Quotes) -> Shape:
    """What the block looks like; a wrapped or a long one is prose whatever it begins with."""
    if block.lines > 1 or len(block.text) > HEADLINE_CHARACTERS_MAX:
        return "prose"
    if is_label(block.text):
        return "label"
    return "heading" if _is_heading(block.text, quotes) else "prose"


def may_open_the_page(block: Block, quotes: Quotes) -> bool:
    """Whether the first block can be a headline at all.

    Nearly any line can; a wrapped one must look like a heading.
    """
    if len(block.text) > HEADLINE_CHARACTERS_MAX or not _has_letter(block.text):
        return False
    return block.lines == 1 or _is_heading(block.text, quotes)


def ends_in_abbreviation(text: str) -> bool:
    """Whether the full stop at the end, if it is one, may be that of ``U.S.`` or ``Inc.``."""
    last = text.rstrip(CLOSING_MARKS).rpartition(" ")[2].lstrip('(“«"‘')
    return last.lower() in _ABBREVIATIONS or _INITIALS.fullmatch(last) is not None


def _is_heading(text: str, quotes: Quotes) -> bool:
    return (
        quotes.are_balanced
        and _has_letter(text)
        and len(words_of(text)) <= HEADLINE_WORDS_MAX
        and not _opens_a_list_item(text)
        and not _ends_a_sentence(text)
    )


def _has_letter(text: str) -> bool:
    return _LETTER.search(text) is not None


def _opens_a_list_item(text: str) -> bool:
    """A bullet, a dash of dialogue or a number of a list stands in front."""
    first = text[0]
    if first in _BULLETS_BEFORE_A_SPACE:
        return text[1:2].isspace()
    is_mark = first in _BULLETS or unicodedata.category(first) in {"Pd", "Pc", "So", "Sm"}
    return (is_mark and first != _NUMERO) or _NUMBERED.match(text) is not None


def _ends_a_sentence(text: str) -> bool:
    """“He left. (AKIpress)” ends one as well."""
    body = _CREDIT.sub("", text) or text
    end = body.rstrip(CLOSING_MARKS)
    return end[-1:] in _SENTENCE_ENDS and not ends_in_abbreviation(body)
