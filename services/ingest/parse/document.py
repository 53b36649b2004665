"""What every parser gives: entries and problems, never an exception.

``parse(bytes)`` of each format is pure: the same bytes give the same value on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from shared.news import (
    Association,
    Change,
    DeclaredTag,
    Media,
    Precision,
    PubStatus,
    RateKind,
)

Reason = Literal[
    "empty",
    "too-large",
    "binary",
    "undecodable",
    "not-well-formed",
    "repaired",
    "encoding-uncertain",
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
    "rate-unreadable",
    "rate-disagrees",
    "rate-incomplete",
    "another-day",
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
    "field-unusable",
    "parser-stopped",
    "text-incomplete",
]
"""Why something was not taken, or was taken with doubt. A closed list: docs/glossary.md."""

REASONS_THAT_KEEP_THE_ENTRY: Final[frozenset[Reason]] = frozenset(
    {
        "heading-uncertain",
        "control-characters",
        "date-missing",
        "encoding-uncertain",
        "repaired",
        "url-unusable",
        "field-unusable",
        "text-incomplete",
        "rate-incomplete",
        "another-day",
    }
)
"""Notes: the entry was taken all the same."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a document came: what its bytes alone do not say."""

    observed_on: date
    """The day on which it was fetched: a date after the next day is not believed."""
    url: str | None = None
    """Where it was fetched from in the end; what its addresses are relative to."""
    charset: str | None = None
    """The encoding that the transport declared."""
    media_type: str | None = None
    """The media type that the transport declared."""
    zone: str | None = None
    """IANA name of the clock of a source that writes times without an offset; None: unknown."""
    asked_on: date | None = None
    """The day for which the document was asked; None: for the latest."""
    bank: str | None = None
    """The central bank whose rates the source declares, of ``bank_files.BANKS``: then it is read as
    nothing else. None: it declares none."""


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
    published_precision: Precision | None = None
    published_offset_min: int | None = None
    """Minutes east of UTC of the clock that ``published_at`` was given by; None: not known."""
    published_confidence: int | None = None
    """Percent, of a time that was found and not declared."""
    pubstatus: PubStatus = "usable"
    declares_usable: bool = False
    """The document says ``usable`` in so many words."""
    declared_change: Change | None = None
    embargoed_until: datetime | None = None
    urgency: int | None = None
    ednote: str | None = None
    slugline: str | None = None
    located: str | None = None
    source_version: str | None = None
    declared_tags: tuple[DeclaredTag, ...] = ()
    associations: tuple[Association, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """What a document offers without a headline or a text: kept as listed, not published."""

    url: str | None
    media: tuple[Media, ...] = ()
    source_item_id: str | None = None
    where: str = ""
    """For a person: ``line 12``."""
    authors: tuple[str, ...] = ()
    """These and the following for who fetches the text, as in ``ArticleEntry``."""
    categories: tuple[str, ...] = ()
    declared_language: str | None = None
    published_at: datetime | None = None
    published_on: date | None = None
    updated_at: datetime | None = None
    title: str | None = None
    """What the link to it reads; None: there is no link, or it is a picture."""


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself: a feed's channel, a page's site."""

    title: str = ""
    description: str = ""
    """Plain text, like the title."""
    url: str | None = None
    """The page that it belongs to."""
    own_url: str | None = None
    """Where it says that it lies: Atom ``link rel=self``."""
    own_id: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_on: date | None = None
    updated_at: datetime | None = None
    rights: str | None = None
    hubs: tuple[str, ...] = ()
    """WebSub hubs, http or https."""
    refresh_s: int | None = None
    """Seconds for which the source says that it need not be read again: RSS ``ttl``, ``sy:``."""
    picture: str | None = None
    """Address of the picture that stands for it: logo, cover, else icon."""
    feeds: tuple[str, ...] = ()
    """Addresses of feeds that an HTML page names as its alternates."""


@dataclass(frozen=True, slots=True)
class RateEntry:
    """One quotation as a document offers it, repeated prints folded."""

    base: str
    quote: str
    value: str
    """Decimal text exactly as printed."""
    nominal: int
    change: str | None
    """As printed, sign of zero kept, without a percent sign; None: none printed."""
    occurrences: int
    line: int
    """From 1; 1 where the format has no lines."""
    kind: RateKind = "ticker"
    as_of: str | None = None
    """``2026-05-24``, or an instant in UTC with ``Z``; None: the day of the document."""
    change_unit: Literal["percent", "absolute"] = "percent"
    valid_days: int | None = None
    """Days for which the source says that it stands."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document read: what it holds, in its order, and what was wrong."""

    format: str
    """Parser: ``front-page``, ``rss``, ``atom``, ``json-feed``, ``ninjs``, ``newsml-g2``,
    ``article-page``, ``link-page``, a bank's; ``unknown``: it was refused."""
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
    about: About | None = None
    """None: the format has no line of its own, or the document was refused."""
    listed: tuple[Listed, ...] = ()
