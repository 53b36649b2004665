"""An article as agencies hand articles on, whatever the format. Values only.

Every text of it can stand in XML 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.news import PubStatus


@dataclass(frozen=True, slots=True)
class Subject:
    """What an article is about, as enrichment found it."""

    kind: str
    """``country``, ``region``, ``place``, ``person``, ``organisation``, ``topic``, …"""
    tag: str
    """``scheme:code``, as lists are filtered by it."""
    uri: str
    """The concept in the vocabulary of its scheme; of a scheme of ours a URN."""
    name: str
    relevance: int
    """Percent."""
    confidence: int
    """Percent."""
    method: str
    """Who set it: ``gazetteer/2``."""
    point: tuple[float, float] | None
    """Longitude and latitude; None: it is no place that has them."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """An article, as far as the rights of its source go, or the notice in its place."""

    id: str
    """A URN: the same in every format, for ever."""
    version: int
    """Of its last event on the wire: a higher one is later."""
    status: PubStatus
    changed_at: datetime
    published_at: datetime | None = None
    """None: its source gives a day at most."""
    day: str = ""
    """``2026-03-02``, where a day is all that is known."""
    headline: str = ""
    language: str = ""
    """BCP 47; empty: not known."""
    source: str = ""
    """Id of the source."""
    credit: str = ""
    """The source's name for readers."""
    by: str = ""
    """Who wrote it, as it is printed."""
    summary: str = ""
    paragraphs: tuple[str, ...] = ()
    """Empty: the summary is all that may be shown, or all there is."""
    is_whole: bool = True
    """False: the source lets an excerpt or the headline alone be shown."""
    subjects: tuple[Subject, ...] = ()
    rights: str = ""
    urgency: int | None = None
    """1 is the most urgent."""
    note: str = ""
    """To editors; of what was taken back, why."""
    slugline: str = ""
    located: str = ""
    dateline: str = ""
    original_url: str | None = None
    """The source's; None: it has none on the web."""
    copy_of: str | None = None
    """Id of the article that it is a copy of."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Several articles under one name."""

    id: str
    desk: str
    sent_at: datetime
    items: tuple[NewsItem, ...]
