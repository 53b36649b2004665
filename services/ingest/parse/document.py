"""What every parser gives: entries and problems, never an exception.

``parse(bytes)`` of each format is pure: the same bytes give the same value on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Reason = Literal[
    "empty",
    "too-large",
    "binary",
    "undecodable",
    "control-characters",
    "line-too-long",
    "no-headline",
    "heading-uncertain",
    "article-without-text",
    "too-many-entries",
    "text-too-long",
    "ticker-unreadable",
    "ticker-disagrees",
    "rate-not-positive",
    "rate-out-of-range",
    "currency-unknown",
    "date-unreadable",
    "date-in-future",
    "date-missing",
    "unreadable",
    "unsupported",
    "manifest-invalid",
    "event-invalid",
]
"""Why something was not taken, or was taken with doubt. A closed list: docs/glossary.md."""

REASONS_THAT_KEEP_THE_ENTRY: Final[frozenset[Reason]] = frozenset(
    {"heading-uncertain", "control-characters", "date-missing"}
)
"""Notes: the entry was taken all the same."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong, where, and what was expected."""

    reason: Reason
    where: str
    """``line 12``, ``bytes 0–512``, a path; what a person needs to find it."""
    detail: str
    """One sentence: what was expected, what came (shortened to 120 characters)."""


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One article as a document offers it; services.ingest.identity says which one it is."""

    headline: str
    paragraphs: tuple[str, ...]
    """Plain text, in order, non-empty, wrapped lines joined."""
    position: int
    """Place on the page, from 1, over the articles that were taken."""
    dateline: str | None = None
    line: int = 1
    """Line of the headline in the document, from 1."""


@dataclass(frozen=True, slots=True)
class RateEntry:
    """One quotation as a document offers it, repeated prints folded."""

    base: str
    quote: str
    value: str
    """Decimal text exactly as printed."""
    nominal: int
    change: str | None
    """Percent as printed, sign of zero kept, without the percent sign; None: none printed."""
    occurrences: int
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document read: what it holds, in its order, and what was wrong."""

    format: str
    """Parser name: ``front-page``."""
    parser_version: int
    media_type: str
    encoding: str | None
    """The encoding it was decoded with; None: not decoded."""
    sha256: str
    """Of the bytes, lower-case hex."""
    listed_on: date | None
    articles: tuple[ArticleEntry, ...]
    rates: tuple[RateEntry, ...]
    problems: tuple[Problem, ...]
