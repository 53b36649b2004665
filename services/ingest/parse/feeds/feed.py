"""The drafts of a feed to what a parser gives: so many entries, each once, and the problems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Final

from services.ingest.parse.document import Arrival, ArticleEntry, Listed, Parsed
from services.ingest.parse.feeds.about import about_of
from services.ingest.parse.feeds.draft import AboutDraft, Draft
from services.ingest.parse.feeds.entry import entry_of
from services.ingest.parse.feeds.keys import Located, each_once
from services.ingest.parse.feeds.taking import Reading
from services.ingest.parse.feeds.urls import address_key
from services.ingest.parse.limits import ARTICLES_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, shown

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of feeds, as facts name it."""

    name: str
    version: int
    """Raised when the same bytes may give another value."""
    media_type: str
    repeats_ids: bool = False
    """Whether entries of one id are one entry by its rules, and not a mistake."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as a format module gives it."""

    format: Format
    encoding: str
    about: AboutDraft
    drafts: Iterable[Draft]
    """In the order of the document; made as they are taken."""


def parsed(data: bytes, feed: Feed, arrival: Arrival, problems: Problems) -> Parsed:
    """What a feed holds. One without entries, or with too many, says so."""
    drafts = list(islice(feed.drafts, ARTICLES_MAX + 1))
    if not drafts:
        problems.add("empty", WHOLE_DOCUMENT, "expected entries, came a feed without any")
    if len(drafts) > ARTICLES_MAX:
        detail = f"expected at most {ARTICLES_MAX} entries, came more; the rest was left out"
        problems.add("too-many-entries", drafts.pop().where, detail)
    reading = Reading(arrival.observed_on, problems, zone=arrival.zone)
    about = about_of(feed.about, reading)
    made = [(draft.where, entry_of(draft, reading)) for draft in drafts]
    entries = [(where, entry) for where, entry in made if isinstance(entry, ArticleEntry)]
    if not feed.format.repeats_ids:
        entries = _by_link(entries, problems)
    return Parsed(
        format=feed.format.name,
        parser_version=feed.format.version,
        media_type=feed.format.media_type,
        encoding=feed.encoding,
        sha256=sha256(data).hexdigest(),
        listed_on=None,
        # Source: RFC 4287 4.1.1: entries of one id are one entry.
        articles=each_once(entries, _is_later, "expected an id of its own", problems),
        rates=(),
        problems=problems.listed(),
        about=about,
        listed=tuple(entry for _, entry in made if isinstance(entry, Listed)),
    )


def _by_link(entries: list[Located], problems: Problems) -> list[Located]:
    """Entries whose id stands with other links too, without it: the link names them."""
    links: dict[str, set[str]] = {}
    for _, entry in entries:
        # The original address, where there is one: a detour may differ from look to look.
        address = entry.canonical_url or entry.url
        if entry.source_item_id and address:
            links.setdefault(entry.source_item_id, set()).add(address_key(address))
    unfit = {one for one, found in links.items() if len(found) > 1}
    for where, entry in entries:
        if entry.source_item_id in unfit:
            came = f"came {shown(entry.source_item_id)} with several links; the link stands for it"
            problems.add("id-repeated", where, f"expected an id of its own, {came}")
    return [
        (where, replace(entry, source_item_id=None) if entry.source_item_id in unfit else entry)
        for where, entry in entries
    ]


def _is_later(entry: ArticleEntry, known: ArticleEntry) -> bool:
    """Of those of one instant the first is: feeds begin with the latest."""
    return _changed_at(entry) > _changed_at(known)


def _changed_at(entry: ArticleEntry) -> datetime:
    day = entry.published_on
    known = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else _NEVER
    return entry.updated_at or entry.published_at or known
