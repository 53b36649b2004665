"""What every parser gives: entries and problems, never an exception.

``parse(bytes)`` of each format is pure: the same bytes give the same value on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from shared.news import Media

Reason = Literal[
    "empty",
    "too-large",
    "binary",
    "undecodable",
    "not-well-formed",
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
    "id-repeated",
    "url-unusable",
    "event-invalid",
]
"""Why something was not taken, or was taken with doubt. A closed list: docs/glossary.md."""

REASONS_THAT_KEEP_THE_ENTRY: Final[frozenset[Reason]] = frozenset(
    {"heading-uncertain", "control-characters", "date-missing", "url-unusable"}
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
    """Plain text, in order, non-empty, wrapped lines joined; an entry of a feed may have none."""
    position: int | None = None
    """Place on the page, from 1, over the articles that were taken; None: it stands on no page."""
    dateline: str | None = None
    line: int | None = 1
    """Line of the headline or entry in the document, from 1; None: the format has no lines."""
    source_item_id: str | None = None
    """The source's own id: RSS ``guid``, ``atom:id``, ``id`` of a JSON Feed."""
    url: str | None = None
    """http or https, absolute; so are all addresses of an entry."""
    canonical_url: str | None = None
    """What the source declares to be the address, where ``url`` leads there by a detour."""
    summary: str | None = None
    """Plain text, where the entry has a text besides it."""
    body_html: str | None = None
    """The paragraphs as clean HTML; None: the source had no markup."""
    authors: tuple[str, ...] = ()
    declared_language: str | None = None
    """BCP 47 tag."""
    categories: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    published_at: datetime | None = None
    """UTC, like ``updated_at``."""
    published_on: date | None = None
    """The day of publication, where that is all that is known; then ``published_at`` is None."""
    updated_at: datetime | None = None
    rights: str | None = None


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
    """Parser: ``front-page``, ``rss``, ``atom``, ``json-feed``; ``unknown``: it was refused."""
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
