"""What a feed holds, whatever its format; every text of it can stand in XML 1.0. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Category:
    """A tag of an article."""

    tag: str
    """``scheme:code``, as lists are filtered by it."""
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a feed offers it, as far as the rights of its source go."""

    id: str
    """A URN: the same in every feed and format, for ever."""
    page_url: str
    """Our page of it."""
    original_url: str | None
    """The source's; None: it has none on the web."""
    headline: str
    language: str
    """BCP 47; empty: not known."""
    source: str
    """Id of the source."""
    credit: str
    """The source's name for readers."""
    authors: tuple[str, ...]
    """Empty: the source names none."""
    published_at: datetime | None
    """None: its source gives a day at most."""
    day: str | None
    """``2026-03-02``, where a day is all that is known."""
    updated_at: datetime
    summary: str
    """The source's own, or the excerpt that may be shown; empty: there is none."""
    lead: str
    """The summary, else the beginning of the text; of a headline alone: empty."""
    paragraphs: tuple[str, ...]
    """The text as a page shows it; empty: the summary is all that may be shown, or all there is."""
    is_whole: bool
    """False: the source lets an excerpt or the headline alone be shown."""
    categories: tuple[Category, ...]
    rights: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of articles under its address."""

    id: str
    """A URN: the same in every format, wherever the desk moves."""
    title: str
    self_url: str
    page_url: str
    """The same list as a page."""
    language: str
    """Of all its articles; empty: they are in several, or in one that is not known."""
    updated_at: datetime
    items: tuple[Item, ...]
    hub: str | None = None
    """Where one subscribes to it; None: nowhere."""
