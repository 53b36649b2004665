"""The plain-text front page: ticker lines, the date, then headlines and paragraphs."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import islice
from typing import Final

from services.ingest.parse.articles import articles_of
from services.ingest.parse.blocks import Block, blocks_of, is_blank
from services.ingest.parse.decode import ENCODING, lines_of
from services.ingest.parse.document import Arrival, ArticleEntry, Parsed
from services.ingest.parse.limits import BLOCKS_MAX
from services.ingest.parse.prelude import Prelude, read_prelude
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems

FORMAT: Final = "front-page"
"""The name of this parser."""

PARSER_VERSION: Final = 1
"""Raised when the same bytes may give another value."""

MEDIA_TYPE: Final = "text/plain"
"""Source: RFC 2046 4.1.3."""

_MARKUP: Final = re.compile(
    rb'\s*(?:<[!?/a-zA-Z]|\{\s*(?:["}]|\\rtf)|\[\s*(?:[\[{"\]]|-?[0-9.]+\s*,)|%PDF-)'
)
_HEAD_BYTES: Final = 4096  # HTML that begins later than this is text with a quotation of HTML


def claims(data: bytes) -> bool:
    """Whether the bytes may be a front page: anything but HTML, XML, JSON, RTF and PDF."""
    return _MARKUP.match(data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")) is None


def parse(data: bytes, arrival: Arrival) -> Parsed:
    """The rates and articles of a front page, and what was wrong with it.

    Never raises; the same bytes and day give the same value. The page's own date is checked
    against the day on which it came.
    """
    problems = Problems()
    lines = lines_of(data, problems)
    prelude, articles = _read(lines or [], arrival, problems)
    return Parsed(
        format=FORMAT,
        parser_version=PARSER_VERSION,
        media_type=MEDIA_TYPE,
        encoding=None if lines is None else ENCODING,
        sha256=sha256(data).hexdigest(),
        listed_on=prelude.listed_on,
        articles=articles,
        rates=prelude.rates,
        problems=problems.listed(),
    )


def _read(
    lines: list[str], arrival: Arrival, problems: Problems
) -> tuple[Prelude, tuple[ArticleEntry, ...]]:
    """The prelude and the articles; a page that has neither says so once."""
    is_seen = not all(map(is_blank, lines))
    if not is_seen and not problems.listed():
        problems.add("empty", WHOLE_DOCUMENT, "expected a front page, came no visible character")
    prelude = read_prelude(lines, observed_on=arrival.observed_on, problems=problems)
    blocks = _blocks(lines, prelude.lines, problems)
    if is_seen and not blocks and not prelude.rates:
        problems.add_at(len(lines), "no-headline", "expected a headline, came the end of the page")
    return prelude, articles_of(blocks, problems)


def _blocks(lines: list[str], after: int, problems: Problems) -> list[Block]:
    blocks = list(islice(blocks_of(lines, after=after), BLOCKS_MAX + 1))
    if len(blocks) > BLOCKS_MAX:
        detail = f"expected at most {BLOCKS_MAX} paragraphs, came more; split the document"
        problems.add_at(blocks.pop().line, "too-many-entries", detail)
    return blocks
