"""From what agencies say of their items to entries: what may be shown, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Final

from services.ingest.parse.document import Arrival, ArticleEntry, Listed, Parsed
from services.ingest.parse.feeds.dates import read_when
from services.ingest.parse.feeds.draft import Text
from services.ingest.parse.feeds.entry import entry_of, media_of
from services.ingest.parse.feeds.keys import each_once
from services.ingest.parse.feeds.taking import Reading, Taking
from services.ingest.parse.feeds.text import folded
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.limits import (
    ARTICLES_MAX,
    ASSOCIATIONS_MAX,
    SUMMARY_CHARACTERS_MAX,
)
from services.ingest.parse.news.item import Item, Linked
from services.ingest.parse.news.words import (
    EMBARGOED,
    PUBLISHED_KINDS,
    STATUS_BY_WORD,
    change_of,
    word_of,
)
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, shown
from services.ingest.parse.versions import compared
from shared.news import Association, PubStatus

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
_YEAR_MAX: Final = 9998
"""An embargo until 9999 has no end."""
_DASHES: Final = " -–—"


@dataclass(frozen=True, slots=True)
class Kind:
    """A format, as facts name it."""

    name: str
    version: int
    """Raised when the same bytes may give another value."""
    media_type: str


@dataclass(frozen=True, slots=True)
class _Showing:
    """Whether and when an item may be shown."""

    pubstatus: PubStatus
    embargoed_until: datetime | None
    declares_usable: bool


def parsed(
    data: bytes, kind: Kind, encoding: str, items: Iterable[Item], reading: Reading
) -> Parsed:
    """What the items of a document are: articles, each once, and what is kept as listed."""
    problems = reading.problems
    taken = list(islice(items, ARTICLES_MAX + 1))
    if not taken and not problems.listed():
        problems.add("empty", WHOLE_DOCUMENT, "expected items, came a document without any")
    if len(taken) > ARTICLES_MAX:
        detail = f"expected at most {ARTICLES_MAX} items, came more; the rest was left out"
        problems.add("too-many-entries", taken.pop().draft.where, detail)
    made = [(item.draft.where, made) for item in taken if (made := _made(item, reading))]
    articles = [(where, one) for where, one in made if isinstance(one, ArticleEntry)]
    return Parsed(
        format=kind.name,
        parser_version=kind.version,
        media_type=kind.media_type,
        encoding=encoding,
        sha256=sha256(data).hexdigest(),
        listed_on=None,
        articles=each_once(articles, _is_later, "expected each item once", problems),
        rates=(),
        problems=problems.listed(),
        listed=tuple(one for _, one in made if isinstance(one, Listed)),
    )


def reading_of(arrival: Arrival, problems: Problems) -> Reading:
    """What the items of one document share."""
    return Reading(arrival.observed_on, problems, zone=arrival.zone)


def _is_later(entry: ArticleEntry, known: ArticleEntry) -> bool:
    """By version, time of change, place."""
    if order := compared(entry.source_version, known.source_version):
        return order > 0
    return (entry.updated_at or _NEVER) >= (known.updated_at or _NEVER)


def _made(item: Item, reading: Reading) -> ArticleEntry | Listed | None:
    """The article that an item is; one without words, or of another kind, is kept as listed.

    A kill or hold needs no words: its headline is then its slugline or its id.
    """
    draft = item.draft
    taking = Taking(reading, draft.where, draft.item_id or draft.url, draft.base)
    showing = _showing(item, taking)
    is_named = any(text.value for text in (draft.title, draft.content, draft.summary))
    may_be_shown = showing.pubstatus == "usable"
    if item.kind not in PUBLISHED_KINDS or (may_be_shown and (item.is_test or not is_named)):
        return _listed(item, taking)
    if not may_be_shown and not draft.title.value:
        stand_in = item.slugline or draft.item_id
        draft = replace(draft, title=Text(stand_in, "plain"))
    entry = entry_of(replace(draft, media=item.media), reading)
    return _completed(entry, item, taking, showing) if isinstance(entry, ArticleEntry) else entry


def _completed(entry: ArticleEntry, item: Item, taking: Taking, showing: _Showing) -> ArticleEntry:
    ednote = taking.cut(folded(item.ednote), SUMMARY_CHARACTERS_MAX, "an editor's note")
    dateline = taking.line(item.dateline, "a dateline").strip(_DASHES)
    return replace(
        entry,
        dateline=dateline or entry.dateline,
        pubstatus=showing.pubstatus,
        declares_usable=showing.declares_usable,
        embargoed_until=showing.embargoed_until,
        declared_change=change_of(item.signals),
        urgency=_urgency(item, taking),
        ednote=ednote or None,
        slugline=taking.line(item.slugline, "a slugline") or None,
        located=taking.line(item.located, "where it was written") or None,
        source_version=taking.code(item.version, "a version") or None,
        associations=tuple(_associations(item, taking)),
    )


def _listed(item: Item, taking: Taking) -> Listed | None:
    """An item that is no article: its address, its media and its id; None: it has none of them."""
    draft = item.draft
    media = media_of(taking, item.media)
    item_id = taking.code(draft.item_id, "an id") or None
    url = absolute(draft.url, draft.base) if draft.url else None
    if not (url or media or item_id):
        taking.problem("article-without-text", "expected a headline, a text or an id, came neither")
        return None
    return Listed(url, media, item_id, draft.where)


def _showing(item: Item, taking: Taking) -> _Showing:
    """In doubt an item is withheld: what was shown cannot be taken back.

    Source: ninjs 3.x ``pubStatus``, ``embargoedUntil``; NewsML-G2 ``pubStatus``, ``embargoed``,
    whose empty element is an embargo without an end.
    """
    word = word_of(item.pubstatus)
    status: PubStatus = STATUS_BY_WORD.get(word, "withheld") if word else "usable"
    if word and word not in STATUS_BY_WORD:
        expected = "expected the status usable, withheld or canceled"
        taking.problem("field-unusable", f"{expected}, came {shown(word)}; it is withheld")
    until = None if item.embargo is None else _end_of(item.embargo, taking.reading.zone)
    if item.embargo and until is None:
        came = f"came {shown(item.embargo)}; it is withheld"
        taking.problem("date-unreadable", f"expected an instant as the end of the embargo, {came}")
    if word == EMBARGOED and until is not None:
        status = "usable"
    if status == "usable" and item.embargo is not None and until is None:
        status = "withheld"
    return _Showing(status, until, declares_usable=status == "usable" and bool(word))


def _end_of(embargo: str, zone: str | None) -> datetime | None:
    """The instant at which an embargo ends; None: it has no end that can be told.

    Of a day, or a time whose offset is not known, the latest instant that it may mean.
    """
    when = read_when(embargo, zone) if embargo else None
    if when is None or when.precision in {"month", "year"}:
        return None
    if when.at is not None:
        return when.at if when.at.year <= _YEAR_MAX else None
    day = when.day
    if day is None or day.year > _YEAR_MAX:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=36)


def _urgency(item: Item, taking: Taking) -> int | None:
    """Source: IPTC ``urgency``: 1, the most urgent, to 9; 0 is reserved."""
    said = item.urgency
    if not said:
        return None
    if said.isascii() and said.isdecimal() and len(said) == 1 and said != "0":
        return int(said)
    taking.problem("field-unusable", f"expected an urgency of 1 to 9, came {shown(said)}")
    return None


def _associations(item: Item, taking: Taking) -> Iterator[Association]:
    for one in taking.few(item.associations, ASSOCIATIONS_MAX, "associations"):
        made = _association(taking, one)
        if made.item_id or made.url or made.headline:
            yield made


def _association(taking: Taking, one: Linked) -> Association:
    return Association(
        rel=taking.line(one.rel, "an association's name") or "related",
        item_id=taking.code(one.item_id, "an association's id") or None,
        url=absolute(one.url, None) if one.url else None,
        headline=taking.line(one.headline, "an association's headline") or None,
    )
