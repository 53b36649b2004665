"""Blocks to roles: which of them are headlines, and what is doubtful about that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from services.ingest.parse.blocks import Block
from services.ingest.parse.casing import is_title_case, words_of
from services.ingest.parse.headings import (
    Shape,
    ends_in_abbreviation,
    may_open_the_page,
    shape_of,
)
from services.ingest.parse.problems import Problems, shown
from services.ingest.parse.quotations import quoted_blocks, quotes_of

Role = Literal["headline", "bare-headline", "paragraph", "subhead", "label", "loose"]
"""``bare-headline``: no paragraph follows it. ``subhead`` and ``label``: kept as paragraphs, but
an article may begin below them. ``loose``: text before the first headline."""

_CROSSHEAD_WORDS_MAX = 3
_TELLING_WORDS_MIN = 3  # one or two capitalised words are a headline or a name alike


class Part(NamedTuple):
    """A block and what it is on its page."""

    block: Block
    role: Role


class Ahead(NamedTuple):
    """What follows a block; labels are passed over."""

    soon: bool
    """A paragraph is one of the next two blocks."""
    ever: bool
    """A paragraph follows somewhere."""


@dataclass(slots=True)
class _Page:
    """What is known of the page when its next block is judged."""

    problems: Problems
    is_in_title_case: bool | None = None
    """Of the first headline; None: none yet, or a script without capitals."""
    has_headline: bool = False
    article_has_text: bool = True
    """A paragraph that is no subhead and no label; True before the first headline."""


def outlined(blocks: Sequence[Block], problems: Problems) -> list[Part]:
    """Every block with its role, in order; doubts are noted as ``heading-uncertain``."""
    quotes = [quotes_of(block.text) for block in blocks]
    shapes = [shape_of(block, marks) for block, marks in zip(blocks, quotes, strict=True)]
    for n, is_quoted in enumerate(quoted_blocks(blocks, quotes)):
        if is_quoted:
            shapes[n] = "prose"
    page = _Page(problems)
    parts = []
    for n, (block, ahead) in enumerate(zip(blocks, _ahead(shapes), strict=True)):
        opens = n == 0 and may_open_the_page(block, quotes[n])
        role = _opening(page, block) if opens else _role(page, block, shapes[n], ahead)
        parts.append(Part(block, role))
    return parts


def _ahead(shapes: Sequence[Shape]) -> list[Ahead]:
    """What follows each block, found from the end of the page in one pass."""
    following = []
    next_is_prose = second_is_prose = ever = False
    for shape in reversed(shapes):
        following.append(Ahead(next_is_prose or second_is_prose, ever))
        if shape != "label":
            next_is_prose, second_is_prose = shape == "prose", next_is_prose
            ever = ever or next_is_prose
    return following[::-1]


def _opening(page: _Page, block: Block) -> Role:
    """The first block: a headline, doubtful only where it was wrapped."""
    if block.lines > 1:
        _note(page, block, "read as a headline over several lines")
    return _headline(page, block)


def _headline(page: _Page, block: Block) -> Role:
    if not page.has_headline and block.text != block.text.lower():
        page.is_in_title_case = is_title_case(block.text)
    page.has_headline = True
    page.article_has_text = False
    return "headline"


def _role(page: _Page, block: Block, shape: Shape, ahead: Ahead) -> Role:
    """What a block is that does not open the page."""
    if shape == "heading":
        return _heading_role(page, block, ahead)
    if not page.has_headline:
        return "loose"
    if shape == "label":
        return "label"
    return _text(page)


def _text(page: _Page) -> Role:
    page.article_has_text = True
    return "paragraph" if page.has_headline else "loose"


def _heading_role(page: _Page, block: Block, ahead: Ahead) -> Role:
    """The rules for a heading below the first block, in the order in which they decide."""
    if not page.article_has_text:
        _note(page, block, "read as a subhead, a headline stands right before it")
        return "subhead"
    if _is_crosshead(page, block):
        return _text(page)
    if not ahead.ever:
        return "bare-headline"
    if not ahead.soon:
        _note(page, block, "read as a paragraph, none follows within two blocks")
        return _text(page)
    if page.is_in_title_case and len(words_of(block.text)) < _TELLING_WORDS_MIN:
        _note(page, block, "read as a headline, though it is short as a crosshead")
    if not page.is_in_title_case and ends_in_abbreviation(block.text):
        _note(page, block, "read as a headline, though its full stop may end a sentence")
    return _headline(page, block)


def _is_crosshead(page: _Page, block: Block) -> bool:
    """Whether the heading is set unlike the first headline; without that one nothing is known.

    A sentence such as “He left for the U.S.” on a page of Title Case is prose without doubt.
    """
    words = len(words_of(block.text))
    if page.is_in_title_case and (words == 1 or not is_title_case(block.text)):
        if not ends_in_abbreviation(block.text):
            _note(page, block, "read as a crosshead, the first headline is in Title Case")
        return True
    if page.is_in_title_case is False and words <= _CROSSHEAD_WORDS_MAX:
        _note(page, block, "read as a crosshead, it has fewer than four words")
        return True
    return False


def _note(page: _Page, block: Block, reading: str) -> None:
    detail = f"expected a headline or a paragraph, came {shown(block.text)}; {reading}"
    page.problems.add_at(block.line, "heading-uncertain", detail)
